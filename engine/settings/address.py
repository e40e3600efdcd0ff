"""A catalogue at an address: asked now and then, with the last good version kept on disk.

The answer is kept as it came. It becomes the good version only when the reader and the checks have found nothing
wrong with it, so a broken answer never replaces what the show goes by.
"""

from __future__ import annotations

import hashlib
import json
import logging
import random
import time
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from engine.settings.fetch import NOTHING_ALLOWED, Allowance, FetchError, Limits, fetch
from engine.settings.pictures import write_whole

log = logging.getLogger(__name__)

LIMITS = Limits(max_bytes=20_000_000, seconds=20.0)
EVERY_S = 10.0
MOST_BACKOFF_S = 300.0
FRESH_S = 60.0
"""A process that starts takes what another asked for less than this long ago, instead of asking itself."""

_TYPES = {"text/csv": ".csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
          "application/yaml": ".yaml", "text/yaml": ".yaml"}  # fmt: skip
_ENDINGS = frozenset({".json", ".csv", ".tsv", ".xlsx", ".yaml", ".yml"})


def is_address(place: object) -> bool:
    """Whether a merchant's "catalogue:" is an address rather than a path."""
    return isinstance(place, str) and "://" in place


@dataclass(frozen=True, slots=True)
class _Memory:
    """What is known of an address on disk; ``asked`` is wall-clock time and only says how fresh it is."""

    etag: str = ""
    modified: str = ""
    good: str = ""
    asked: float = 0.0


class Address:
    """One address, with its copy in ``folder``. ``clock`` counts seconds and never goes back."""

    def __init__(
        self,
        url: str,
        folder: Path,
        allowance: Allowance = NOTHING_ALLOWED,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.url = url
        self.trouble = ""
        self._allowance = allowance
        self._clock = clock
        self._stem = folder / hashlib.sha256(url.encode()).hexdigest()[:20]
        self._memory = self._read_memory()
        self._is_good = bool(self._memory.etag or self._memory.modified)
        self._due = clock()
        self._failures = 0

    @property
    def good(self) -> Path | None:
        """The file of the last good version, if there is one."""
        path = self._stem.with_name(self._memory.good) if self._memory.good else None
        return path if path is not None and path.is_file() else None

    @property
    def is_fresh(self) -> bool:
        """Whether some process has asked lately and a good version is there."""
        return self.good is not None and 0 <= time.time() - self._memory.asked < FRESH_S

    @property
    def due(self) -> bool:
        """Whether it is time to ask again."""
        return self._clock() >= self._due

    def ask(self) -> Path | None:
        """An answer that is not known to be good yet; None if it is the last good version, or the same as before.

        Raises:
            FetchError: it could not be fetched; ``due`` comes later and later.
            OSError: the answer could not be kept on disk; the address will be asked for it again.
        """
        headers = {"Accept": "application/json, text/csv;q=0.9, */*;q=0.5"}
        if self.good is not None:
            headers |= {"If-None-Match": self._memory.etag} if self._memory.etag else {}
            headers |= {"If-Modified-Since": self._memory.modified} if self._memory.modified else {}
        try:
            answer = fetch(self.url, LIMITS, headers=headers, allowance=self._allowance)
        except FetchError as error:
            self._back_off(error)
            raise
        self.trouble, self._failures = "", 0
        self._due = self._clock() + EVERY_S
        if answer.status == 304:
            self._remember(replace(self._memory, asked=time.time()))
            return None
        path = self._stem.with_name(
            f"{self._stem.name}-{hashlib.sha256(answer.content).hexdigest()[:12]}{self._ending(answer.headers)}"
        )
        write_whole(path, answer.content)
        etag, modified = (answer.headers.get(name, "") for name in ("etag", "last-modified"))
        self._is_good = self._is_good and path == self.good
        self._remember(_Memory(etag, modified, self._memory.good, time.time()))
        return None if self._is_good else path

    def accept(self, path: Path) -> None:
        """Make ``path`` the last good version; the one before is removed."""
        before = self.good
        self._is_good = True
        self._remember(replace(self._memory, good=path.name, asked=time.time()))
        if before is not None and before != path:
            before.unlink(missing_ok=True)

    def refuse(self, path: Path) -> None:
        """Do not go by ``path``.

        This process looks at it again when the address has another answer. One that starts later asks anew, because
        what was wrong may have been put right in the channel's file.
        """
        self._is_good = False
        self._remember(self._memory)
        if path != self.good:
            path.unlink(missing_ok=True)

    def _back_off(self, error: FetchError) -> None:
        self._failures += 1
        wait = min(MOST_BACKOFF_S, EVERY_S * 2 ** min(self._failures, 10))
        wait = max(wait * random.uniform(0.9, 1.1), min(error.retry_after_s, 3600.0))
        self._due = self._clock() + wait
        self.trouble = f"{self.url}: {error}"

    def _ending(self, headers: Mapping[str, str]) -> str:
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        ending = Path(urllib.parse.urlsplit(self.url).path).suffix.lower()
        return _TYPES.get(kind, ending if ending in _ENDINGS else ".json")

    def _read_memory(self) -> _Memory:
        try:
            data = json.loads(self._stem.with_suffix(".memory").read_text("utf-8"))
            return _Memory(str(data["etag"]), str(data["modified"]), str(data["good"]), float(data["asked"]))
        except (OSError, ValueError, KeyError, TypeError):
            return _Memory()

    def _remember(self, memory: _Memory) -> None:
        """Keep what is known; of an answer that is not known to be good, others are told nothing."""
        self._memory = memory
        told = memory if self._is_good else _Memory(good=memory.good)
        try:
            write_whole(self._stem.with_suffix(".memory"), json.dumps({**asdict(told), "url": self.url}).encode())
        except OSError as error:  # this process still knows it; the next one will ask anew
            log.warning("what is known of %s cannot be kept: %s", self.url, error)
