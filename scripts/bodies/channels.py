"""Channel files with each kind of body and voice that a merchant can bring, made by the commands that merchants use.

Each is a context: what it speaks through lives until the block ends. No voice has another to fall back on, so every
line is its own.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from measure.processes import ROOT, MeasureError
from PIL import Image
from ruamel.yaml import YAML

from bodies import jaw
from bodies.mascot import write_mascot
from engine.commands import CommandError
from engine.speech.coqui import place
from tests.avatar.heads.networks import head_file
from tests.speech.coqui.made import made_vits
from tests.speech.speaking_endpoint import SpeakingEndpoint

MODEL = ROOT / "avatars" / "mia.yaml"
"""The channel that all are like, but for body and voice."""

BODIES = ROOT / "avatars" / "bodies"
EXPORTED = "sofia"
PHOTO = ROOT / "tests" / "avatar" / "photo" / "leo.ehp"
CONSENT = """\
who: NASA astronaut
when: 2026-01-01
what_for: a benchmark; the portrait is in the public domain
adult: true
"""

UNTIMED = dict.fromkeys(
    ("recording_lips_lag", "recording_lips_lag_median_line", "recording_closed_in_pbm"),
    "the voice tells no times of phonemes; recording_sound_late holds the mouth against the one that was acted",
)
SCATTERED = {
    "recording_sound_slope_over_run": "the network's mouth is not the one that was acted, so single lines scatter by "
    "tens of milliseconds; viewer_sound_slope_over_run tells",
}


class SkippedError(Exception):
    """Something that this kind of channel needs is not installed."""


@dataclass(frozen=True, slots=True)
class Made:
    """A channel file, who is seen and heard, and the figures that cannot be judged of it, with the reason."""

    file: Path
    body: str
    voice: str
    left_out: dict[str, str] = field(default_factory=dict)


def everhost(*words: object) -> None:
    """Run a command; what it prints goes to standard error.

    Raises:
        MeasureError: it refused.
    """
    command = [sys.executable, "-m", "engine.cli", *map(str, words)]
    done = subprocess.run(command, stdout=sys.stderr, check=False, cwd=ROOT)
    if done.returncode:
        raise MeasureError(f"everhost {' '.join(map(str, words))} refused")


def write(file: Path, **changes: Any) -> Path:
    """A channel like ``MODEL`` with other keys, which passes ``everhost check``.

    Raises:
        MeasureError: it does not.
    """
    yaml = YAML()
    channel: dict[str, Any] = yaml.load(MODEL.read_text())
    for key in ("body", "catalogue"):
        channel[key] = str((MODEL.parent / channel[key]).resolve())
    with file.open("w") as out:
        yaml.dump(channel | changes, out)
    everhost("check", file)
    return file


@contextmanager
def photo(folder: Path) -> Iterator[Made]:
    """NASA's astronaut, by Kokoro."""
    from skimage import data  # noqa: PLC0415 (tests of this module do without)

    picture, consent, body = (folder / name for name in ("astronaut.png", "consent.yaml", "astronaut.ehp"))
    Image.fromarray(data.astronaut()).save(picture)
    consent.write_text(CONSENT)
    everhost("avatar", "photo", picture, "--consent", consent, "--out", body)
    file = write(folder / "photo.yaml", body=str(body), voice={"backend": "kokoro", "name": "af_heart"})
    yield Made(file, "photo of NASA's astronaut", "kokoro af_heart")


@contextmanager
def model(folder: Path) -> Iterator[Made]:
    """A VRM 1.0 that one of our hosts was exported as, by a VITS of Coqui's with weights of chance."""
    if lacks := place.missing():
        raise SkippedError(lacks)
    vrm, body = folder / f"{EXPORTED}.vrm", folder / f"{EXPORTED}.ehb"
    everhost("avatar", "export", BODIES / body.name, "--out", vrm)
    everhost("avatar", "import", vrm, "--out", body)
    try:
        with redirect_stdout(sys.stderr):
            coqui = made_vits(folder)
    except (subprocess.CalledProcessError, CommandError) as error:
        raise MeasureError(f"a voice of Coqui's could not be made: {error}") from error
    voice = {"backend": "coqui", "name": "chance", "coqui": coqui.model_dump(mode="json", exclude_defaults=True)}
    file = write(folder / "model.yaml", body=str(body), voice=voice)
    yield Made(file, f"VRM 1.0 of {EXPORTED}", "coqui vits with weights of chance", UNTIMED)


@contextmanager
def toon(folder: Path) -> Iterator[Made]:
    """A rabbit in VRM 0.x with toon shading and ears on springs, by another of Kokoro's voices."""
    vrm, body = folder / "rabbit.vrm", folder / "rabbit.ehb"
    write_mascot(vrm)
    everhost("avatar", "import", vrm, "--out", body)
    file = write(folder / "toon.yaml", body=str(body), voice={"backend": "kokoro", "name": "am_michael"})
    yield Made(file, "VRM 0.x of a rabbit (MToon, springs)", "kokoro am_michael")


@contextmanager
def head(folder: Path) -> Iterator[Made]:
    """A photo whose jaw a tiny network drops, by a speech endpoint that has hibari's voice."""
    body = head_file(folder, jaw.write(folder / "jaw.onnx"), PHOTO)
    with closing(SpeakingEndpoint()) as endpoint:
        file = write(folder / "head.yaml", body=str(body), voice=endpoint.voice(deadline_s=20, stall_s=10))
        yield Made(file, "head by weights over a photo of leo", "endpoint", UNTIMED | SCATTERED)


@contextmanager
def host(folder: Path) -> Iterator[Made]:
    """Our own host and voice, as a reference."""
    yield Made(write(folder / "host.yaml"), "our host mia", "hibari heart")


Making = Callable[[Path], AbstractContextManager[Made]]

CHANNELS: dict[str, Making] = {"photo": photo, "model": model, "toon": toon, "head": head, "host": host}
