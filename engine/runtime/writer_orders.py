"""What the studio tells a language model, and takes from it."""

from __future__ import annotations

from engine.runtime.bus import Bus
from engine.runtime.messages import WriteFor, Written
from engine.settings import Writer
from engine.show import Director


class WriterOrders:
    """Tells the writer's process, where there is one, what comes next, and the catalogue when it has changed."""

    def __init__(self, settings: Writer, director: Director, bus: Bus) -> None:
        self._wanted = settings.kind != "template"
        self._director = director
        self._bus = bus
        self._told: WriteFor | None = None

    def tell(self) -> None:
        """Say what is new since the last time; to be called often."""
        if not self._wanted:
            return
        version, upcoming = self._director.catalogue_edition, self._director.upcoming()
        last = self._told
        if last is not None and (last.version, last.upcoming) == (version, upcoming):
            return
        changed = last is None or last.version != version
        self._told = WriteFor(version, upcoming)
        self._bus.publish(WriteFor(version, upcoming, self._director.catalogue.model_dump_json() if changed else ""))

    def forget(self) -> None:
        """The writer has just started: the next time it is told everything."""
        self._told = None

    def receive(self, written: Written) -> None:
        """Take lines in, if they were written for the catalogue that the show goes by."""
        if self._told is not None and written.version == self._told.version:
            self._director.receive(written.drafts)
