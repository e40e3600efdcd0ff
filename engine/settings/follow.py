"""Follows a catalogue while the show runs: a file that changes on disk, or an address that is asked again."""

from __future__ import annotations

import hashlib
import logging
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from engine.settings.address import Address, is_address
from engine.settings.catalogue import Catalogue
from engine.settings.errors import Problem
from engine.settings.fetch import NOTHING_ALLOWED, Allowance, FetchError
from engine.settings.picture_places import with_pictures
from engine.settings.picture_shelf import PictureShelf
from engine.settings.read import Loaded, read_catalogue
from engine.settings.sources import Given, Origin
from engine.settings.state import state_dir

log = logging.getLogger(__name__)

HASH_EVERY_S = 15.0
"""A file whose time and size stay the same is still compared by its content this often."""

GONE = "the catalogue file is not there, the last good one stays"

GONE_LOOKS = 2
"""An editor that writes a new file in the place of the old one may leave none for a moment."""

PICTURES_EVERY_S = 5.0
"""Pictures that come one after the other are shown together, so that the show does not go by a new version for each."""

MOST_ASKED, ASKED_WITHIN_S = 3, 3600.0
"""A picture of which there is one at the same address but for the query is fetched so often within so long. A shop may
sign its addresses anew in each answer: every time would be all its pictures every ten seconds, day and night."""

Stamp = tuple[int, int, int]


def place_of(named: str, allowance: Allowance = NOTHING_ALLOWED) -> Path | Address:
    """Where a catalogue is, from what the channel file says."""
    return Address(named, state_dir() / "catalogue", allowance) if is_address(named) else Path(named)


class Follower:
    """One catalogue. The last good version stays until there is a better one; ``trouble`` says what is wrong now.

    Pictures at addresses come when they are there, as a new version; only ``patient`` waits for them.
    """

    def __init__(
        self,
        place: Path | Address,
        given: Given,
        *,
        check_files: bool = True,
        pictures: PictureShelf | None = None,
        patient: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.trouble = ""
        self._mistake = ""
        self._place = place
        self._given = given
        self._check_files = check_files
        self._pictures = pictures or PictureShelf(state_dir() / "pictures")
        self._patient = patient
        self._gallery = _Gallery(self._pictures, clock)
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

    def at_hand(self) -> Catalogue | None:
        """The catalogue as it lies on the disk now, of an address the last good version: nobody is asked.

        None while it is not there or has problems; ``trouble`` says which.
        """
        if self.file is None or not self.file.is_file():
            return None
        loaded = self._read(self.file)
        self._judge(loaded)
        return self._shown(loaded)

    def look(self) -> Catalogue | None:
        """A new good version, if there is one now. Cheap when nothing has changed."""
        if isinstance(self._place, Address):
            loaded = self._ask(self._place) if self._place.due else None
        else:
            loaded = self._read(self._place) if self._has_changed(self._place) else None
            if loaded is not None:
                self._judge(loaded)
        return (self._shown(loaded) if loaded is not None else None) or self._gallery.look()

    def _shown(self, loaded: Loaded) -> Catalogue | None:
        """The catalogue of a good version, with the pictures that are there."""
        if loaded.catalogue is None or loaded.problems:
            return None
        return self._gallery.hang(loaded) if self._check_files else loaded.catalogue

    def _ask(self, address: Address) -> Loaded | None:
        """What the address says now; None if it says the same as before, or nothing."""
        try:
            path = address.ask()
        except FetchError:
            self.trouble = f"{address.trouble}; the last good version stays" if address.good else address.trouble
            return None
        except OSError as error:
            self.trouble = f"{address.url}: its answer cannot be kept: {error}; the last good version stays"
            return None
        if path is None:
            self.trouble = self._mistake  # It answers; what it says has the same mistake as before, or none.
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
        self._mistake = f"the catalogue has a mistake, the last good one stays: {wrong[0]}" if wrong else ""
        self.trouble = self._mistake
        if wrong:
            # It may just have been written, or lack a picture that comes: it is read again also as it is.
            self._hash = ""

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
        """The catalogue at ``path``. A mistake of ours in reading it is a problem like the merchant's own: whatever a
        file holds, the last good version stays, and what is wrong is told.
        """
        origin = Origin(path, self._place.url if isinstance(self._place, Address) else "")
        try:
            return read_catalogue(
                origin,
                self._given,
                check_files=self._check_files,
                pictures=self._pictures,
                patient=self._patient,
            )
        except Exception as error:  # the thread that follows the catalogue must outlive any file
            log.exception("%s cannot be read", origin.shown)
            hint = "look at what was changed last; the log has more, please report it"
            return Loaded(None, None, [Problem(origin.shown, 0, "", f"the catalogue cannot be read: {error!r}", hint)])


class _Gallery:
    """The pictures of the version that is gone by: those at addresses are fetched behind it, and hung when they come.

    Until then a product keeps the picture that it had at the same address without its query, which is where shops put
    signatures and versions.
    """

    def __init__(self, shelf: PictureShelf, clock: Callable[[], float]) -> None:
        self._shelf = shelf
        self._clock = clock
        self._catalogue: Catalogue | None = None
        self._awaited: dict[str, str] = {}
        self._hung: dict[str, Path] = {}
        self._by_bare: dict[str, Path] = {}
        self._later: dict[str, str] = {}
        """By product, addresses that are asked when it is their time."""
        self._asked: dict[str, deque[float]] = {}
        """When each product's picture was asked for."""
        self._due = clock()

    def hang(self, loaded: Loaded) -> Catalogue | None:
        """The catalogue of a new version, with the pictures that are known."""
        known = {url: self._shelf.known(url) for url in loaded.addresses.values()}
        before, self._by_bare = self._by_bare, {}
        self._catalogue, self._awaited, self._hung, self._later = loaded.catalogue, {}, {}, {}
        self._asked = {product_id: at for product_id, at in self._asked.items() if product_id in loaded.addresses}
        for product_id, url in loaded.addresses.items():
            path = known[url]
            if path is None:
                path = before.get(_bare(url))
                (self._later if path is not None else self._awaited)[product_id] = url
                self._hung |= {product_id: path} if path is not None else {}
            self._by_bare |= {_bare(url): path} if path is not None else {}
        self._due = self._clock()
        return with_pictures(loaded.catalogue, self._hung) if loaded.catalogue is not None else None

    def look(self) -> Catalogue | None:
        """The catalogue with pictures that have come since, if some have; those that lack are asked for."""
        self._ask_what_is_due()
        if self._catalogue is None or not self._awaited:
            return None
        self._shelf.fetch_behind(self._awaited.values())
        if self._clock() < self._due and self._shelf.is_fetching:
            return None
        come = {each: path for each, url in self._awaited.items() if (path := self._shelf.known(url)) is not None}
        if not come:
            return None
        for product_id, path in come.items():
            self._by_bare[_bare(self._awaited.pop(product_id))] = path
        self._hung |= come
        self._due = self._clock() + PICTURES_EVERY_S
        return with_pictures(self._catalogue, self._hung)

    def _ask_what_is_due(self) -> None:
        """Await the pictures that stand in for others and were not asked for too often lately."""
        now = self._clock()
        for product_id in list(self._later):
            asked = self._asked.setdefault(product_id, deque(maxlen=MOST_ASKED))
            if len(asked) < MOST_ASKED or now - asked[0] >= ASKED_WITHIN_S:
                asked.append(now)
                self._awaited[product_id] = self._later.pop(product_id)


def _bare(url: str) -> str:
    return url.partition("?")[0]


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
