"""Follows a catalogue while the show runs: a file that changes on disk, or an address that is asked again."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

from engine.settings.address import Address, is_address
from engine.settings.catalogue import Catalogue
from engine.settings.fetch import NOTHING_ALLOWED, Allowance, FetchError
from engine.settings.pictures import PictureShelf
from engine.settings.read import Loaded, read_catalogue
from engine.settings.sources import Given, Origin
from engine.settings.state import state_dir

HASH_EVERY_S = 15.0
"""A file whose time and size stay the same is still compared by its content this often."""

GONE = "the catalogue file is not there, the last good one stays"

GONE_LOOKS = 2
"""An editor that writes a new file in the place of the old one may leave none for a moment."""

Stamp = tuple[int, int, int]


def place_of(named: str, allowance: Allowance = NOTHING_ALLOWED) -> Path | Address:
    """Where a catalogue is, from what the channel file says."""
    return Address(named, state_dir() / "catalogue", allowance) if is_address(named) else Path(named)


class Follower:
    """One catalogue. The last good version stays until there is a better one; ``trouble`` says what is wrong now."""

    def __init__(
        self,
        place: Path | Address,
        given: Given,
        *,
        check_files: bool = True,
        pictures: PictureShelf | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.trouble = ""
        self._place = place
        self._given = given
        self._check_files = check_files
        self._pictures = pictures
        self._clock = clock
        path = self.file
        self._stamp = _stamp(path)
        self._changing: Stamp | None = None
        self._gone_looks = 0
        self._hash = _hash(path)
        self._hash_due = clock() + HASH_EVERY_S

    @property
    def file(self) -> Path | None:
        """The file that holds the catalogue, or the last good version of an address."""
        return self._place.good if isinstance(self._place, Address) else self._place

    def first(self) -> Loaded | None:
        """The catalogue to begin with, with its problems; None when an address gives none and never did."""
        if not isinstance(self._place, Address):
            return self._read(self._place)
        loaded = None if self._place.is_fresh else self._ask(self._place)
        if loaded is not None and not loaded.problems:
            return loaded
        good = self._place.good
        return self._read(good) if good is not None else loaded

    def look(self) -> Catalogue | None:
        """A new good version, if there is one now. Cheap when nothing has changed."""
        if isinstance(self._place, Address):
            loaded = self._ask(self._place) if self._place.due else None
        else:
            loaded = self._read(self._place) if self._has_changed(self._place) else None
            if loaded is not None:
                self._judge(loaded)
        return loaded.catalogue if loaded is not None and not loaded.problems else None

    def _ask(self, address: Address) -> Loaded | None:
        """What the address says now; None if it says the same as before, or nothing."""
        try:
            path = address.ask()
        except FetchError:
            self.trouble = f"{address.trouble}; the last good version stays" if address.good else address.trouble
            return None
        if path is None:
            if self.trouble.startswith(address.url) and "; the last good" in self.trouble:
                self.trouble = ""
            return None
        loaded = self._read(path)
        self._judge(loaded)
        if loaded.problems or loaded.catalogue is None:
            address.refuse(path)
        else:
            address.accept(path)
        return loaded

    def _judge(self, loaded: Loaded) -> None:
        wrong = loaded.problems
        self.trouble = f"the catalogue has a mistake, the last good one stays: {wrong[0]}" if wrong else ""

    def _has_changed(self, path: Path) -> bool:
        """Whether the content is another; a file that is still being written is left until it rests."""
        stamp = _stamp(path)
        if stamp is None:
            self._gone_looks += 1
            if self._gone_looks >= GONE_LOOKS:
                self.trouble = f"{GONE}: {path}"
            return False
        if self._gone_looks:
            self._gone_looks = 0
            self._hash_due = self._clock()
            if self.trouble.startswith(GONE):
                self.trouble = ""
        if stamp != self._stamp:
            rests = stamp == self._changing
            self._changing = stamp
            if not rests:
                return False
        elif self._clock() < self._hash_due:
            return False
        self._stamp, self._changing = stamp, None
        self._hash_due = self._clock() + HASH_EVERY_S
        before, self._hash = self._hash, _hash(path)
        return self._hash != before

    def _read(self, path: Path) -> Loaded:
        name = self._place.url if isinstance(self._place, Address) else ""
        return read_catalogue(Origin(path, name), self._given, check_files=self._check_files, pictures=self._pictures)


def _stamp(path: Path | None) -> Stamp | None:
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if found is not None else None


def _hash(path: Path | None) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path is not None else ""
    except OSError:
        return ""
