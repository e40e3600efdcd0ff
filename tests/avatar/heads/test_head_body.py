"""A photo whose mouth a network moves: only the mouth, by the sound, as often as the machine allows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.avatar import Body, BodyError, Heard, open_body
from engine.avatar.heads import HeadBody
from engine.avatar.heads import body as head_body
from engine.avatar.heads.contract import HeadError
from engine.avatar.photo.body import open_photo
from engine.flow import CURVE_INDEX, CURVES, SAMPLE_RATE
from engine.settings.channel import Canvas
from tests.avatar.heads.networks import echoing, head_file, talking

PHOTO = Path(__file__).parents[1] / "photo" / "leo.ehp"
CANVAS = Canvas(width=360, height=640)
LOUD = np.random.default_rng(1).normal(0, 0.2, SAMPLE_RATE).astype(np.float32)
QUIET = np.zeros(SAMPLE_RATE, np.float32)
MIDDLE = SAMPLE_RATE // 2


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HeadBody]:
    folder = tmp_path_factory.mktemp("head")
    opened = open_body(head_file(folder, talking(folder / "net.onnx"), PHOTO), CANVAS)
    assert isinstance(opened, HeadBody)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def photo() -> Iterator[Body]:
    opened = open_photo(PHOTO, CANVAS)
    yield opened
    opened.close()


def painted(body: Body, heard: Heard | None = None, **curves: float) -> NDArray[np.int64]:
    row = np.zeros(len(CURVES), np.float32)
    for name, value in curves.items():
        row[CURVE_INDEX[name]] = value
    canvas = np.full((CANVAS.height, CANVAS.width, 3), 90, np.uint8)
    body.paint(row, canvas, heard=heard)
    return canvas.astype(np.int64)


def test_without_sound_it_is_the_photo(body: HeadBody, photo: Body) -> None:
    assert (painted(body, jawOpen=0.5) == painted(photo, jawOpen=0.5)).all()


def test_the_network_moves_the_mouth_and_nothing_else(body: HeadBody, photo: Body) -> None:
    turned = {"headYaw": 6.0, "eyeBlinkLeft": 1.0}
    changed = np.abs(painted(body, Heard(LOUD, MIDDLE), jawOpen=1.0, **turned) - painted(photo, **turned)).max(2)
    row = np.zeros(len(CURVES), np.float32)
    row[CURVE_INDEX["headYaw"]] = 6.0
    border = photo.border(row)  # type: ignore[attr-defined]
    (left, top), (right, chin) = border.min(0), border.max(0)
    y, x = np.nonzero(changed > 0)
    assert x.min() > left
    assert x.max() < right
    assert y.min() > top + 0.5 * (chin - top), "something above the nose changed"
    assert y.max() < chin + 0.05 * (chin - top)
    middle = changed[int(top + 0.78 * (chin - top)), int((left + right) / 2)]
    assert middle > 3


def test_it_follows_the_sound(body: HeadBody) -> None:
    assert painted(body, Heard(LOUD, MIDDLE)).sum() > painted(body, Heard(QUIET, MIDDLE)).sum() + 20_000
    assert (painted(body, Heard(LOUD, MIDDLE)) == painted(body, Heard(LOUD, MIDDLE))).all()


def test_it_fades_in_and_out_at_a_lines_ends(body: HeadBody, photo: Body) -> None:
    rest, picture = painted(photo), SAMPLE_RATE // 25

    def off(sound: NDArray[np.float32], sample: int) -> float:
        return float(np.abs(painted(body, Heard(sound, sample)) - rest).sum())

    assert off(LOUD, 0) == off(LOUD, SAMPLE_RATE) == 0
    longer = np.concatenate([QUIET, LOUD, QUIET])
    for sample in (picture, SAMPLE_RATE - picture):
        assert off(LOUD, sample) / off(longer, SAMPLE_RATE + sample) == pytest.approx(0.5, abs=0.03)


def test_what_is_cut_out_and_laid_back_is_the_same_picture(tmp_path: Path, photo: Body) -> None:
    """The reference of a face at rest is that face, so a network that gives it back must not be seen."""
    head = open_body(head_file(tmp_path, echoing(tmp_path / "net.onnx", 3), PHOTO), CANVAS)
    off = np.abs(painted(head, Heard(LOUD, MIDDLE)) - painted(photo))
    head.close()
    assert off.mean() < 0.08
    assert off.max() < 60


def slowed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seconds: float) -> HeadBody:
    monkeypatch.setattr(HeadBody, "_measured", lambda _: seconds)
    opened = open_body(head_file(tmp_path, talking(tmp_path / "net.onnx"), PHOTO), CANVAS)
    assert isinstance(opened, HeadBody)
    return opened


def mouths(body: HeadBody, monkeypatch: pytest.MonkeyPatch, pictures: int = 12) -> int:
    """How often the network is asked on so many pictures."""
    asked: list[int] = []
    generate = body._generator.generate
    monkeypatch.setattr(body._generator, "generate", lambda *given: asked.append(1) or generate(*given))
    for picture in range(6, 6 + pictures):
        painted(body, Heard(LOUD, picture * SAMPLE_RATE // 25))
    return len(asked)


@pytest.mark.parametrize(
    ("cost_s", "detail", "drawn"),
    [(0.010, 1.0, 12), (0.030, 1.0, 6), (0.050, 1.0, 4), (0.015, 0.6, 6), (0.050, 0.6, 4)],
)
def test_a_slow_network_draws_less_often(monkeypatch, tmp_path, cost_s: float, detail: float, drawn: int) -> None:
    body = slowed(monkeypatch, tmp_path, cost_s)
    body.detail = detail
    assert body.hears
    assert mouths(body, monkeypatch) == drawn
    body.close()


def test_one_that_is_too_slow_leaves_the_lips_to_the_photo_and_says_what_it_needs(monkeypatch, tmp_path, photo) -> None:
    body = slowed(monkeypatch, tmp_path, 0.270)
    assert not body.hears
    assert body.note.startswith("the network takes 270 ms CPU a picture, and about 5.0 times as fast a machine")
    assert (painted(body, Heard(LOUD, MIDDLE), jawOpen=0.6) == painted(photo, jawOpen=0.6)).all()
    body.close()


def test_one_that_fails_on_air_leaves_the_lips_to_the_photo(monkeypatch, tmp_path, caplog) -> None:
    body = slowed(monkeypatch, tmp_path, 0.001)

    def fail(*_: object) -> NDArray[np.uint8]:
        raise HeadError("the network fails: out of memory")

    monkeypatch.setattr(body._generator, "generate", fail)
    painted(body, Heard(LOUD, MIDDLE))
    assert "the photo's own lips speak instead" in caplog.text
    assert not body.hears
    assert "out of memory" in body.note
    body.close()


def test_its_speed_is_measured(body: HeadBody) -> None:
    assert 0 < body.cost_s < 0.02
    assert head_body.MOST_STRIDE >= body.stride >= 1


def test_a_host_file_is_told_how_to_become_a_body() -> None:
    looks = Path(__file__).parents[3] / "avatars" / "looks" / "leo.yaml"
    with pytest.raises(BodyError, match=r"leo\.yaml.* this is a host file.*everhost avatar bake leo\.yaml"):
        open_body(looks, CANVAS)
