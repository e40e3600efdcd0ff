"""Where a running channel keeps its sockets and shared pictures: a folder in memory that goes with it."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from pathlib import Path

import psutil

STAFF_HEADER = "everhost-staff"
"""What the control room sends with an operator's offer, so that a channel's server counts it as no viewer."""

_STAFF = "staff"
_PREFIX = "everhost-"
_MEMORY = Path("/dev/shm")


def _root() -> Path:
    return _MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())


def make_run_dir() -> Path:
    """A new empty folder for this process, readable by its user only. Folders of dead processes are removed."""
    remove_left_behind()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_root()))
    (folder / "pid").write_text(str(os.getpid()))
    (folder / _STAFF).write_text(secrets.token_urlsafe(32))
    return folder


def staff_pass(run_dir: Path) -> str:
    """The secret that this run's processes know each other by, sent in ``STAFF_HEADER``; empty where there is none."""
    try:
        return (run_dir / _STAFF).read_text()
    except OSError:
        return ""


def remove_left_behind() -> list[Path]:
    """Remove the folders whose process was killed before it could; returns them."""
    gone = []
    for folder in _root().glob(f"{_PREFIX}*"):
        try:
            pid = int((folder / "pid").read_text())
        except (OSError, ValueError):
            continue
        if not psutil.pid_exists(pid):
            shutil.rmtree(folder, ignore_errors=True)
            gone.append(folder)
    return gone
