"""Our hosts as VRM 1.0: valid for other programs, and the same host when they come back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.avatar import Body, BodyError, open_body
from engine.avatar.body import branded
from engine.avatar.body_file import BodyData, read_body, write_body
from engine.avatar.gltf import Report, export_vrm, import_model
from engine.avatar.gltf.container import open_container
from engine.avatar.gltf.document import Document
from engine.avatar.gltf.model import read_model
from engine.avatar.pose import ARM_BONES
from engine.flow import ARKIT_CURVES, CURVE_INDEX, rest_curves
from engine.settings.channel import Canvas
from tests.avatar.gltf.conftest import parts_of

MIA = Path(__file__).resolve().parents[3] / "avatars" / "bodies" / "mia.ehb"
CANVAS = Canvas(width=360, height=640)

REQUIRED = (
    "hips", "spine", "head", "leftUpperLeg", "leftLowerLeg", "leftFoot", "rightUpperLeg", "rightLowerLeg", "rightFoot",
    "leftUpperArm", "leftLowerArm", "leftHand", "rightUpperArm", "rightLowerArm", "rightHand",
)  # fmt: skip
"""Bones that VRMC_vrm 1.0 requires."""

FACES: dict[str, dict[str, float]] = {
    "rest": {},
    "aa": {"jawOpen": 0.74, "mouthLowerDownLeft": 0.28, "mouthLowerDownRight": 0.28},
    "blink": {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0},
    "turned": {"headYaw": 14.0, "headPitch": 5.0},
    "gaze": {"gazeYaw": 16.0},
    "arm": {"armForwardLeft": 38.0, "elbowLeft": 85.0, "armTwistLeft": 26.0},
}


@pytest.fixture(scope="module")
def vrm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("export") / "mia.vrm"
    export_vrm(branded(read_body(MIA), CANVAS.brand_colour), file)
    return file


@pytest.fixture(scope="module")
def back(vrm: Path) -> tuple[BodyData, Report]:
    return import_model(vrm, "", lambda share, what: None, draft=True)


def test_it_is_a_vrm_that_others_read(vrm: Path) -> None:
    document, binary = parts_of(vrm)
    said = document["extensions"]["VRMC_vrm"]
    assert (said["specVersion"], said["meta"]["licenseUrl"]) == ("1.0", "https://vrm.dev/licenses/1.0/")
    assert set(REQUIRED) <= said["humanoid"]["humanBones"].keys()
    assert {"aa", "ih", "ou", "ee", "oh", "blink", "blinkLeft", "blinkRight"} <= said["expressions"]["preset"].keys()
    assert set(ARKIT_CURVES) - {"mouthClose"} <= said["expressions"]["custom"].keys() | {"eyeLookInLeft"}
    assert document["buffers"][0]["byteLength"] <= len(binary)
    for accessor in document["accessors"]:
        view = document["bufferViews"][accessor["bufferView"]]
        assert view["byteOffset"] % 4 == 0
    for mesh in document["meshes"]:
        targets = mesh["primitives"][0].get("targets", [])
        assert len(targets) == len(mesh.get("extras", {}).get("targetNames", []))
    assert not json.dumps(document).count("NaN")


def test_only_strands_of_hair_repeat_their_picture(vrm: Path) -> None:
    document, _ = parts_of(vrm)
    edges = {}
    for material in document["materials"]:
        base = material["pbrMetallicRoughness"].get("baseColorTexture")
        if base:
            sampler = document["samplers"][document["textures"][base["index"]]["sampler"]]
            edges[material["name"]] = sampler.get("wrapS"), sampler.get("wrapT")
    assert {name: edge for name, edge in edges.items() if "hair" not in name} == dict.fromkeys(
        ("skin", "eye"), (33071, 33071)
    )
    assert edges["hair"] == (None, None)


def test_it_stands_in_t_pose(vrm: Path) -> None:
    model = read_model(vrm)
    world = model.document.world_matrices()
    for side, sign in (("left", 1), ("right", -1)):
        shoulder, elbow, hand = (world[model.bones[side + b], :3, 3] for b in ("UpperArm", "LowerArm", "Hand"))
        assert sign * (hand[0] - shoulder[0]) > 0.4
        np.testing.assert_allclose(hand[1:], shoulder[1:], atol=1e-5)
        np.testing.assert_allclose(elbow[1:], shoulder[1:], atol=1e-5)
    assert world[model.bones["head"], 1, 3] > world[model.bones["hips"], 1, 3] + 0.4


def test_weights_sum_to_one(vrm: Path) -> None:
    document = Document(open_container(vrm))
    for mesh in document.entries("meshes"):
        attributes = mesh["primitives"][0]["attributes"]
        np.testing.assert_allclose(document.accessor(attributes["WEIGHTS_0"]).sum(1), 1, atol=1e-5)
        assert document.accessor(attributes["JOINTS_0"]).max() < len(document.entry("skins", 0)["joints"])


def test_it_comes_back_with_all_that_acts(back: tuple[BodyData, Report]) -> None:
    body, report = back
    assert "gaze by eye bones" in report.recipes.has
    assert not report.recipes.lacks
    original = read_body(MIA)
    proportions = [
        (b.landmarks["crown"] - b.eye_height) / (b.eye_height - b.landmarks["chin"]) for b in (original, body)
    ]
    assert proportions[1] == pytest.approx(proportions[0], abs=0.05)
    ratio = (original.landmarks["crown"] - original.landmarks["chin"]) / (
        body.landmarks["crown"] - body.landmarks["chin"]
    )
    for which in (0, 1):
        old, new = (b.arm_joints[which] - b.arm_joints[which][0] for b in (original, body))
        at = [ARM_BONES.index(bone) for bone in ("lowerarm01", "wrist", "finger1-1", "finger2-1", "finger5-3")]
        np.testing.assert_allclose((new * ratio)[at], old[at], atol=0.01)


def test_teeth_are_lit_though_the_mouth_is_closed_at_rest(back: tuple[BodyData, Report]) -> None:
    body, marks = back[0], back[0].landmarks
    lit = []
    for part in body.parts:
        x, y, z = part.position.T
        near = (np.abs(x) < 0.015) & (np.abs(z - marks["mouth_height"]) < 0.01)
        near &= (y > marks["lip_front"] + 0.010) & (y < marks["lip_front"] + 0.022)
        if near.any() and part.kind == "soft":
            lit.append(float(part.attributes["light"][near].mean()))
    assert lit
    assert max(lit) > 0.35


def drawn(body: Body, name: str) -> np.ndarray:
    row = rest_curves()
    for curve, value in FACES[name].items():
        row[CURVE_INDEX[curve]] = value
    picture = np.full((CANVAS.height, CANVAS.width, 3), 200, np.uint8)
    body.paint(row, picture)
    return picture


def test_the_round_trip_looks_the_same(back: tuple[BodyData, Report], tmp_path: Path) -> None:
    """Shapes are compared by where the host is, and shades by blurred pictures: highlights differ a little."""
    write_body(tmp_path / "back.ehb", back[0])
    ours, theirs = open_body(MIA, CANVAS), open_body(tmp_path / "back.ehb", CANVAS)
    try:
        for name in FACES:
            a, b = drawn(ours, name), drawn(theirs, name)
            inside = [np.abs(each.astype(int) - 200).max(2) > 6 for each in (a, b)]
            overlap = (inside[0] & inside[1]).sum() / (inside[0] | inside[1]).sum()
            assert overlap > 0.95, name
            soft = [cv2.GaussianBlur(each, (0, 0), 3).astype(int) for each in (a, b)]
            assert np.abs(soft[0] - soft[1])[inside[0] & inside[1]].mean() < 12, name
    finally:
        ours.close()
        theirs.close()


def test_the_comparison_sees_another_host(tmp_path: Path) -> None:
    ours, other = open_body(MIA, CANVAS), open_body(MIA.with_name("leo.ehb"), CANVAS)
    a, b = drawn(ours, "rest"), drawn(other, "rest")
    ours.close()
    other.close()
    soft = [cv2.GaussianBlur(each, (0, 0), 3).astype(int) for each in (a, b)]
    inside = [np.abs(each.astype(int) - 200).max(2) > 6 for each in (a, b)]
    assert np.abs(soft[0] - soft[1])[inside[0] & inside[1]].mean() > 20


def test_somebody_elses_model_is_not_exported(rabbit_body: tuple[BodyData, Report], tmp_path: Path) -> None:
    with pytest.raises(BodyError, match=r"was made of a VRM 0\.x file: give that file on instead"):
        export_vrm(replace(rabbit_body[0]), tmp_path / "x.vrm")
