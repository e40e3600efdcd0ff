"""Where a running channel keeps its sockets and shared pictures: a folder in memory that goes with it."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil

from engine.broadcast.ring import RING

STAFF_HEADER = "everhost-staff"
"""What the control room sends with an operator's offer, so that a channel's server counts it as no viewer."""

_STAFF = "staff"
_PREFIX = "everhost-"
_LOCK = "lock"
_STATE = "state"
_MEMORY = Path("/dev/shm")
_ENOUGH_BYTES = 100_000_000
"""A channel's pictures take up to 66 MB (1080×1920). Containers often have 64 MB there, and a program that writes more
into a mapped file is killed (SIGBUS)."""

_BESIDE_BYTES = 34_000_000
"""What a channel needs in its folder beside its pictures, with much to spare."""

_locks: dict[Path, tuple[IO[str], int]] = {}
"""The locks of this process's own folders, and of what lies in them. The kernel lets go of them when the process ends,
however it ends."""


def make_run_dir(picture_bytes: int = 0, state: Path | None = None) -> Path:
    """A new empty folder for this process, readable by its user only. Folders of dead processes are removed.

    ``picture_bytes`` are taken at once, so that the next channel does not count on them; ``state`` is the run's state
    folder, for those who look for it (``living_states``). ``leave_run_dir`` gives the folder back.
    """
    remove_left_behind()
    root = _root(max(_ENOUGH_BYTES, picture_bytes + _BESIDE_BYTES))
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=root))
    _locks[folder] = _locked(folder), _kept_from_cleaning(folder)
    (folder / "pid").write_text(str(os.getpid()))
    (folder / _STAFF).write_text(secrets.token_urlsafe(32))
    if state is not None:
        (folder / _STATE).write_text(str(state))
    if picture_bytes:
        # Another program may have been faster: then the pictures say so when they are made.
        with suppress(OSError), (folder / RING).open("wb") as ring:
            os.posix_fallocate(ring.fileno(), 0, picture_bytes)
    return folder


def leave_run_dir(folder: Path) -> None:
    """Remove a folder of ``make_run_dir``; a second time does nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    locks = _locks.pop(folder, None)
    if locks is not None:
        locks[0].close()
        os.close(locks[1])


def staff_pass(run_dir: Path) -> str:
    """The secret that this run's processes know each other by, sent in ``STAFF_HEADER``; empty where there is none."""
    try:
        return (run_dir / _STAFF).read_text()
    except OSError:
        return ""


def living_states() -> set[Path]:
    """The state folders of the runs on this machine that this user may look into."""
    found = set()
    for folder in _folders():
        with suppress(OSError):
            if not _is_left_behind(folder):
                found.add(Path((folder / _STATE).read_text()))
    return found


def remove_left_behind() -> list[Path]:
    """Remove the folders whose process was killed before it could; returns them."""
    gone = []
    for folder in _folders():
        if _is_left_behind(folder):
            shutil.rmtree(folder, ignore_errors=True)
            gone.append(folder)
    return gone


def _root(needed_bytes: int) -> Path:
    """Where run folders are made: in memory, or on the disk where there is too little for them."""
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= needed_bytes:
        return _MEMORY
    return Path(tempfile.gettempdir())


def _folders() -> Iterator[Path]:
    for root in {_MEMORY, Path(tempfile.gettempdir())}:
        yield from root.glob(f"{_PREFIX}*")


def _locked(folder: Path) -> IO[str]:
    """The lock of a folder, which has its name only once it is held."""
    fresh = folder / f"{_LOCK}.new"
    lock = fresh.open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    fresh.replace(folder / _LOCK)
    return lock


def _kept_from_cleaning(folder: Path) -> int:
    """A descriptor of the folder with a lock of its own.

    Where it is in /tmp, systemd-tmpfiles removes after ten days what nobody has touched since the start: the channel's
    settings, sockets. What lies in a locked folder it leaves alone (tmpfiles.d(5), "Age").
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def _is_left_behind(folder: Path) -> bool:
    """Whether the process that made a folder has ended; False where that cannot be known.

    Its lock says so also of a process in another container, whose id means nothing here.
    """
    try:
        with (folder / _LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return _has_dead_pid(folder)
    except OSError:
        return False
    return True


def _has_dead_pid(folder: Path) -> bool:
    """The same of a folder that was made by a version without locks."""
    try:
        return not psutil.pid_exists(int((folder / "pid").read_text()))
    except (OSError, ValueError):
        return False
