"""A voice of Coqui's own classes with weights of chance, from checkpoint to safetensors by the real command."""

from __future__ import annotations

import subprocess
from pathlib import Path

from engine.commands.voice import convert
from engine.settings.voice import Coqui
from engine.settings.weights import sha256_of
from engine.speech.coqui import place

MAKE = Path(__file__).with_name("make_voice.py")
DEADLINE_S = 20.0
"""For one line: machines that run tests are busy."""


def made(kind: str, folder: Path) -> Path:
    """The weights of a checkpoint of that kind, converted; its config is beside it."""
    subprocess.run([str(place.PYTHON), "-I", str(MAKE), kind, str(folder)], check=True, capture_output=True)
    assert convert(folder / "model.pth", None) == 0
    return folder / "model.safetensors"


def made_vits(folder: Path) -> Coqui:
    """The settings of a small VITS."""
    weights = made("vits", folder)
    return Coqui(
        weights=weights, sha256=sha256_of(weights), config=weights.with_name("config.json"), deadline_s=DEADLINE_S
    )
