"""Where Coqui's environment lies, and the programs that run in it."""

from __future__ import annotations

from pathlib import Path

PYTHON = Path(__file__).resolve().parents[3] / "var" / "coqui" / "bin" / "python"
STAMP = PYTHON.parents[1] / ".everhost"
"""Written when all was installed, by ``scripts/setup_coqui.sh``."""

COMMAND = "make coqui"

PROGRAM = Path(__file__).with_name("program.py")
CONVERT = Path(__file__).with_name("convert.py")


def missing() -> str:
    """What Coqui's environment lacks, with the command that makes it; "" when it is there."""
    if PYTHON.is_file() and STAMP.is_file():
        return ""
    return f"backend 'coqui' is not installed: run `{COMMAND}` (5.5 GB)"
