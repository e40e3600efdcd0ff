"""The channel as it went on air, for every process that is started: all of them must go by the same one.

What is changed in its file meanwhile waits for a restart of the channel; only the catalogue is followed while on air,
by the studio (``CatalogueWatch``). The file lies in the run's folder, in memory and readable by its user only, because
it holds the secrets of the settings; it ends with the run.
"""

from __future__ import annotations

import os
import pickle
from pathlib import Path

from engine.settings import Catalogue, Channel, load_channel

_NAME = "channel"


def keep_channel(channel: Channel, run_dir: Path) -> None:
    """Keep a channel that was loaded without mistakes."""
    part = run_dir / f"{_NAME}.part"
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        pickle.dump(channel, out)
    part.replace(run_dir / _NAME)


def keep_catalogue(catalogue: Catalogue, run_dir: Path) -> None:
    """Keep the version of the catalogue that the show goes by now, with the channel that was kept before."""
    kept = _kept(run_dir)
    if kept is not None:
        keep_channel(kept.model_copy(update={"items": catalogue}), run_dir)


def channel_for_child(file: Path, run_dir: Path) -> Channel:
    """The channel as it went on air; the one in ``file`` where none was kept.

    Raises:
        SettingsError: none was kept, and the file has mistakes.
    """
    return _kept(run_dir) or load_channel(file)


def _kept(run_dir: Path) -> Channel | None:
    try:
        # Our own file in our own folder: what could write it could as well run as this user.
        found = pickle.loads((run_dir / _NAME).read_bytes())
    except FileNotFoundError:
        return None
    assert isinstance(found, Channel)
    return found
