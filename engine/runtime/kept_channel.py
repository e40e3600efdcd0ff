"""The channel as it went on air, for every process that is started: all of them must go by the same one.

What is changed in its file meanwhile waits for a restart of the channel; only the catalogue is followed while on air,
by the studio (``CatalogueWatch``). The file lies in the run's folder, in memory and readable by its user only, because
it holds the secrets of the settings; it ends with the run.
"""

from __future__ import annotations

import pickle
from pathlib import Path

from engine.runtime.run_file import RunFile, write_whole
from engine.settings import Catalogue, Channel, load_channel

_NAME = "channel"


def keep_channel(channel: Channel, run_dir: Path) -> None:
    """Keep a channel that was loaded without mistakes.

    Raises:
        OSError: the run's folder has no room for it; the one kept before stays.
    """
    write_whole(run_dir / _NAME, pickle.dumps(channel))


class KeptCatalogue:
    """Keeps the version of the catalogue that the show goes by now, with the channel that was kept before.

    A studio that is started while the newest could not be kept begins with the one before, and follows the file.
    """

    def __init__(self, run_dir: Path) -> None:
        self._run_dir = run_dir
        self._file = RunFile(run_dir / _NAME)

    def keep(self, catalogue: Catalogue) -> None:
        """Keep ``catalogue``, now or as soon as that goes."""
        kept = _kept(self._run_dir)
        if kept is not None:
            self._file.put(pickle.dumps(kept.model_copy(update={"items": catalogue})))

    def catch_up(self) -> None:
        """Keep what could not be kept before."""
        self._file.catch_up()


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
