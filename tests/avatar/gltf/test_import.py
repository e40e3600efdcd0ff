"""A model of another make becomes a body that speaks, blinks, turns and lifts its arms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.avatar import Body, open_body
from engine.avatar.arms import ARM_BONES
from engine.avatar.body_file import BodyData, Shown, read_body, write_body
from engine.avatar.gltf import Report, import_model
from engine.flow import CURVE_INDEX, rest_curves
from engine.settings.channel import Canvas
from tests.avatar.gltf.conftest import Change

CANVAS = Canvas(width=360, height=640)
GREY = 190

Imported = tuple[BodyData, Report]
Image = NDArray[np.uint8]


@pytest.fixture(scope="module")
def body_file(rabbit_body: Imported, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("body") / "momo.ehb"
    write_body(file, rabbit_body[0])
    return file


@pytest.fixture(scope="module")
def body(body_file: Path) -> Iterator[Body]:
    opened = open_body(body_file, CANVAS)
    yield opened
    opened.close()


def seen(body: Body, times: int = 1, **curves: float) -> Image:
    row = rest_curves()
    for name, value in curves.items():
        for curve in (name,) if name in CURVE_INDEX else (f"{name}Left", f"{name}Right"):
            row[CURVE_INDEX[curve]] = value
    for _ in range(times):
        picture = np.full((CANVAS.height, CANVAS.width, 3), GREY, np.uint8)
        body.paint(row, picture)
    return picture


def changed_share(a: Image, b: Image, rows: slice = slice(None)) -> float:
    return float((np.abs(a[rows].astype(int) - b[rows]).max(2) > 40).mean())


def test_the_model_stands_as_our_hosts_do(rabbit_body: Imported) -> None:
    body, _ = rabbit_body
    assert body.landmarks["crown"] - body.landmarks["chin"] == pytest.approx(0.205, abs=1e-6)
    assert body.landmarks["chin"] < body.landmarks["mouth_height"] < body.eye_height < body.landmarks["crown"]
    shoulder, elbow, wrist = (body.arm_joints[0][ARM_BONES.index(b)] for b in ("upperarm01", "lowerarm01", "wrist"))
    assert shoulder[0] > 0 > body.arm_joints[1][0][0]
    assert elbow[2] < shoulder[2] - 0.05
    assert wrist[2] < elbow[2] - 0.05
    front = min(float(part.position[:, 1].min()) for part in body.parts)
    assert front < body.neck_joints[3][1] - 0.05


def test_weights_are_shares(rabbit_body: Imported) -> None:
    for part in rabbit_body[0].parts:
        assert part.neck.min() >= 0
        assert part.neck.sum(1).max() <= 1 + 1e-5
        if part.shown is Shown.RAISED:
            assert part.bone_weights.sum(1).max() <= 1 + 1e-5
            assert part.bones.max() < len(ARM_BONES)


def test_the_report_is_plain(rabbit_body: Imported) -> None:
    lines = rabbit_body[1].lines()
    assert lines[0] == "VRM 0.x: Momo the rabbit"
    assert "  licence: CC0" in lines
    assert any("mouths aa, oh; blink; moods happy, angry, surprised" in line for line in lines)
    assert "lacks    the mouth ou: 0.70 oh" in lines
    assert "lacks    finger bones: hands stay open" in lines
    assert "  PP   the closed mouth" in lines


def test_a_body_file_keeps_all_that_was_imported(rabbit_body: Imported, body_file: Path) -> None:
    body, back = rabbit_body[0], read_body(body_file)
    assert [p.surface for p in back.parts] == [p.surface for p in body.parts]
    assert len(back.chains) == len(body.chains) == 2
    np.testing.assert_allclose(back.chains[0].joints, body.chains[0].joints, atol=1e-6)
    assert back.licence == body.licence
    assert back.imported


def test_it_speaks_blinks_and_smiles(body: Body) -> None:
    rest = seen(body, 40)
    upper, lower = slice(0, 290), slice(290, 400)
    spoken = seen(body, 2, jawOpen=0.74, mouthLowerDown=0.28, mouthUpperUp=0.22)
    assert changed_share(rest, spoken, lower) > 0.004
    assert changed_share(rest, spoken, upper) < 0.0005
    blinked = seen(body, 2, eyeBlink=1.0)
    assert changed_share(rest, blinked, upper) > 0.004
    one = seen(body, 2, eyeBlinkLeft=1.0)
    assert 0.3 < changed_share(rest, one, upper) / changed_share(rest, blinked, upper) < 0.7
    assert changed_share(rest, seen(body, 2, mouthSmile=0.8), lower) > 0.001


def test_it_turns_and_lifts_an_arm(body: Body) -> None:
    rest = seen(body, 40)
    assert changed_share(rest, seen(body, 1, headYaw=15.0)) > 0.01
    raised = seen(body, 3, armForwardLeft=38.0, elbowLeft=85.0, armTwistLeft=26.0)
    right_half, left_half = raised[:, : CANVAS.width // 2], raised[:, CANVAS.width // 2 :]
    assert changed_share(rest[:, CANVAS.width // 2 :], left_half) > 5 * changed_share(
        rest[:, : CANVAS.width // 2], right_half
    )


def test_ears_swing_behind_the_head(body: Body) -> None:
    rest = seen(body, 60)
    ears = slice(0, 130)
    nudged = seen(body, 1, bodyShift=3.0)
    settled = seen(body, 60, bodyShift=3.0)
    swung = changed_share(nudged, settled, ears)
    assert swung > 0.005
    assert changed_share(rest, seen(body, 60), ears) < 0.3 * swung


def test_springs_that_are_left_still_are_said(changed: Callable[[Change], Path]) -> None:
    def change(document: dict[str, Any]) -> None:
        for node in document["nodes"]:
            node["name"] = node["name"].replace("leftEar", "J_Sec_L_Bust")

    body, report = import_model(changed(change), "", lambda share, what: None, draft=True)
    assert len(body.chains) == 1
    assert any(line.startswith("ignored  1 spring chains: on arms, at the bust") for line in report.lines())


def test_hair_that_shines_through_is_drawn_with_the_face(changed: Callable[[Change], Path]) -> None:
    def change(document: dict[str, Any]) -> None:
        document["materials"][0] |= {"name": "hair", "alphaMode": "BLEND"}

    body, _ = import_model(changed(change), "", lambda share, what: None, draft=True)
    blended = [p for p in body.parts if p.surface is not None and p.surface.blended]
    assert blended
    assert not any(p.surface is not None and p.surface.covers for p in blended)
    assert body.parts[-len(blended) :] == blended


def test_a_model_without_arms_or_springs(changed: Callable[[Change], Path], tmp_path: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        vrm = document["extensions"]["VRM"]
        vrm["humanoid"]["humanBones"] = [b for b in vrm["humanoid"]["humanBones"] if b["bone"] in ("head", "hips")]
        del vrm["secondaryAnimation"], vrm["firstPerson"], vrm["materialProperties"]

    imported, report = import_model(changed(change), "", lambda share, what: None, draft=True)
    assert any(line.startswith("lacks    arm bones") for line in report.lines())
    assert "lacks    neck bone: the head turns on one joint" in report.lines()
    write_body(tmp_path / "b.ehb", imported)
    opened = open_body(tmp_path / "b.ehb", CANVAS)
    assert (seen(opened, 1, elbowLeft=85.0, headYaw=10.0) != GREY).any()
    opened.close()
