"""Where Everhost keeps what it makes: ledgers, accounts, secrets, caches, fetched pictures."""

from __future__ import annotations

import os
from pathlib import Path

STATE_DIR_VARIABLE = "EVERHOST_STATE_DIR"

INSTALLATION = Path(__file__).resolve().parents[2]


def state_dir() -> Path:
    """``$EVERHOST_STATE_DIR``; without it the same folder wherever a command is typed.

    That is ``var`` beside the installation, or, where this user may not write there, a folder of their own.
    """
    named = os.environ.get(STATE_DIR_VARIABLE)
    if named:
        return Path(named).resolve()
    beside = INSTALLATION / "var"
    return beside.resolve() if _may_write(beside) else _own_folder().resolve()


def is_state_dir_given() -> bool:
    """Whether somebody has said where the state is, so that nobody need guess."""
    return bool(os.environ.get(STATE_DIR_VARIABLE))


def _may_write(beside: Path) -> bool:
    if beside.exists():
        return os.access(beside, os.W_OK)
    # Beside a package that pip has copied stand other packages: no place for a state.
    return (INSTALLATION / "pyproject.toml").is_file() and os.access(INSTALLATION, os.W_OK)


def _own_folder() -> Path:
    """By the XDG Base Directory Specification."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path("~/.local/state").expanduser()) / "everhost"
