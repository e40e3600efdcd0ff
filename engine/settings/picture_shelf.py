"""Product pictures from addresses: fetched safely, checked to be pictures, kept by the hash of what is in them.

Prices never wait for pictures: threads of the shelf's own fetch them, and who follows a catalogue takes what is there.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from engine.settings.fetch import NOTHING_ALLOWED, Allowance, FetchError, Limits, fetch
from engine.settings.pictures import ENDINGS, PictureError, checked_format, write_whole

log = logging.getLogger(__name__)

MAX_BYTES = 12_000_000
ONE_PICTURE_S = 15.0
ALL_PICTURES_S = 60.0
"""Who waits for all pictures of a catalogue goes on without the rest by then."""

AT_ONCE = 6
TRY_AGAIN_S = 600.0
"""A picture that could not be fetched is not asked for again before, not by another process either."""

MOST_KEPT = 2000
"""So many addresses are remembered: those that were wanted last. A shop may give another one in each answer."""

_TOUCH_S = 3600.0
_WRITE_EVERY_S = 2.0


@dataclass(frozen=True, slots=True)
class _Entry:
    """What became of an address: the ``file`` it has, or ``why`` there is none. ``at`` is wall-clock time."""

    file: str
    why: str
    at: float


class PictureShelf:
    """The pictures under ``folder``; ``index.json`` there tells what became of which address."""

    def __init__(
        self, folder: Path, allowance: Allowance = NOTHING_ALLOWED, wall: Callable[[], float] = time.time
    ) -> None:
        self._folder = folder
        self._allowance = allowance
        self._wall = wall
        self._lock = threading.Lock()
        self._come = threading.Condition(self._lock)
        self._index = self._read_index()
        self._waiting: deque[str] = deque()
        self._under_way: set[str] = set()
        self._workers = 0
        self._writing = threading.Lock()
        self._written = float("-inf")

    @property
    def is_fetching(self) -> bool:
        """Whether a picture is on its way."""
        with self._lock:
            return bool(self._under_way)

    def known(self, url: str) -> Path | None:
        """The file of an address that was fetched before."""
        with self._lock:
            entry = self._index.get(url)
        path = self._folder / entry.file if entry is not None and entry.file else None
        return path if path is not None and path.is_file() else None

    def at_hand(self, urls: Iterable[str]) -> dict[str, Path | str]:
        """The file of each address that was fetched, or why that failed lately; the others are left out."""
        found: dict[str, Path | str] = {}
        for url in dict.fromkeys(urls):
            path = self.known(url)
            why = self._failed(url) if path is None else ""
            if path is not None:
                found[url] = path
                self._touch(url)
            elif why:
                found[url] = why
        return found

    def fetch_behind(self, urls: Iterable[str]) -> None:
        """Begin to fetch what is not there, unless that failed lately; returns at once."""
        fresh = [url for url in dict.fromkeys(urls) if self.known(url) is None and not self._failed(url)]
        with self._lock:
            for url in fresh:
                if url not in self._under_way:
                    self._under_way.add(url)
                    self._waiting.append(url)
            for _ in range(min(AT_ONCE - self._workers, len(self._waiting))):
                try:
                    # A daemon: a server that hangs must not keep the process from ending.
                    threading.Thread(target=self._work, name="pictures", daemon=True).start()
                except RuntimeError:  # no room for another thread: those that wait are begun another time
                    return
                self._workers += 1

    def get_all(self, urls: Iterable[str]) -> dict[str, Path | str]:
        """The file of each address, or why there is none; waits for those that were not fetched before."""
        wanted = list(dict.fromkeys(urls))
        self.fetch_behind(wanted)
        until = time.monotonic() + ALL_PICTURES_S
        with self._come:
            has_waited = any(url in self._under_way for url in wanted)
            self._come.wait_for(
                lambda: not any(url in self._under_way for url in wanted), max(0.0, until - time.monotonic())
            )
        if has_waited:
            self._write_index()
        return dict.fromkeys(wanted, "there was no time left to fetch it") | self.at_hand(wanted)

    def get(self, url: str) -> Path:
        """Fetch and keep one picture.

        Raises:
            PictureError: it cannot be fetched, or is no picture that can be shown.
        """
        try:
            content = fetch(url, Limits(MAX_BYTES, ONE_PICTURE_S), allowance=self._allowance).content
        except FetchError as error:
            raise PictureError(str(error)) from error
        path = self._folder / f"{hashlib.sha256(content).hexdigest()}{ENDINGS[checked_format(content)]}"
        if not path.is_file():
            write_whole(path, content)
        return path

    def _failed(self, url: str) -> str:
        """Why an address failed, if it did so lately."""
        with self._lock:
            entry = self._index.get(url)
        is_recent = entry is not None and 0 <= self._wall() - entry.at < TRY_AGAIN_S
        return entry.why if entry is not None and is_recent else ""

    def _touch(self, url: str) -> None:
        """Remember that an address is still wanted."""
        with self._lock:
            entry = self._index.get(url)
            if entry is not None and abs(self._wall() - entry.at) > _TOUCH_S:
                self._index[url] = replace(entry, at=self._wall())

    def _work(self) -> None:
        """Fetch what waits, until nothing does."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._workers -= 1
                    return
                url = self._waiting.popleft()
            entry = self._outcome(url)
            with self._come:
                self._index[url] = entry
                self._under_way.discard(url)
                is_time = not self._under_way or time.monotonic() - self._written > _WRITE_EVERY_S
                self._come.notify_all()
            if is_time:
                self._write_index()

    def _outcome(self, url: str) -> _Entry:
        try:
            return _Entry(self.get(url).name, "", self._wall())
        except PictureError as error:
            why = str(error)
        except OSError as error:
            why = f"it cannot be kept: {error.strerror}"
        except Exception as error:  # whatever is in a picture, the others are still to be fetched
            log.exception("the picture at %s cannot be read", url)
            why = f"it cannot be read: {error!r}"
        return _Entry("", why or "it cannot be fetched", self._wall())

    def _read_index(self) -> dict[str, _Entry]:
        try:
            data = json.loads((self._folder / "index.json").read_text("utf-8"))
            return {
                str(url): _Entry(str(each["file"]), str(each["why"]), float(each["at"]))
                for url, each in data.items()
                if isinstance(each, dict)
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def _write_index(self) -> None:
        """Keep what became of the addresses that were wanted last; a full disk only costs the memory of them."""
        with self._writing:
            others = self._read_index()
            with self._lock:
                self._written = time.monotonic()
                merged = dict(others)
                for url, entry in self._index.items():
                    if url not in merged or entry.at >= merged[url].at:
                        merged[url] = entry
                last = sorted(merged.items(), key=lambda item: item[1].at, reverse=True)[:MOST_KEPT]
                self._index = dict(last)
            content = json.dumps({url: asdict(each) for url, each in last}, indent=0)
            try:
                write_whole(self._folder / "index.json", content.encode())
            except OSError as error:
                log.warning("what is known of the pictures in %s cannot be kept: %s", self._folder, error)
