"""``everhost voice convert``: a Coqui checkpoint in pickle format to safetensors, with the hash to write down."""

from __future__ import annotations

import subprocess
from pathlib import Path

from engine.commands import CommandError
from engine.commands.telling import tell
from engine.settings.weights import sha256_of
from engine.speech.coqui import place

LONGEST_S = 600.0


def convert(checkpoint: Path, out: Path | None) -> int:
    """Write the weights of a checkpoint as safetensors; nothing that it holds beside them is run.

    Raises:
        CommandError: Coqui's environment is missing, or the checkpoint is none that may be opened.
    """
    out = out or checkpoint.with_suffix(".safetensors")
    if lacks := place.missing():
        raise CommandError(lacks)
    if not checkpoint.is_file():
        raise CommandError(f"there is no checkpoint at {checkpoint}")
    command = [str(place.PYTHON), "-I", str(place.CONVERT), str(checkpoint), str(out)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise CommandError(f"{checkpoint} was not converted within {LONGEST_S:g} s") from error
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["the converter ended"])[-1]
        raise CommandError(f"{checkpoint} was not converted: {why}")
    print(f"{out}: {out.stat().st_size / 1e6:.1f} MB")
    print(tell("below “voice” in the channel file:"))
    print(
        f"  coqui:\n    weights: {out}\n    sha256: {sha256_of(out)}\n    config: {checkpoint.with_name('config.json')}"
    )
    return 0
