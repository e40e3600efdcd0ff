"""How the show is run now, where operators changed it: kept for a studio that is started again within the same run."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from engine.runtime.run_file import RunFile
from engine.runtime.steering import ShowNow
from engine.settings import Channel

log = logging.getLogger(__name__)


def show_at_start(channel: Channel) -> ShowNow:
    """As the channel's settings have it."""
    return ShowNow(approving=channel.show.approve, captions=channel.canvas.captions, label=channel.canvas.label)


class ShowState:
    """The present ``now``, in a file of the run's folder: what operators changed ends with the run."""

    def __init__(self, channel: Channel, run_dir: Path) -> None:
        file = run_dir / "show.json"
        self._file = RunFile(file)
        self.now = show_at_start(channel)
        try:
            self.now = msgspec.json.decode(file.read_bytes(), type=ShowNow)
        except FileNotFoundError:
            pass
        except (OSError, msgspec.DecodeError) as error:
            log.warning("%s cannot be read, so the show is run as the settings say: %s", file, error)

    def change(self, now: ShowNow) -> None:
        """Run the show like this from now on, also where that cannot be kept yet."""
        self.now = now
        self._file.put(msgspec.json.encode(now))

    def catch_up(self) -> None:
        """Keep what could not be kept before."""
        self._file.catch_up()
