"""What the processes of a channel say in words: kept in memory for a search, without secrets.

Each process writes a file of its own, one JSON object a line, in ``RUN_DIR/log`` (in memory, so that a log line never
waits for a disk). A full file becomes the old one, and the one before is forgotten: at most ``2 * FILE_BYTES`` a
process. The files outlive a process that dies, and end with the run; the same lines go to stderr, where the system's
log keeps them. Neither is waited for: what one of them does not take is left out there.
"""

from __future__ import annotations

import logging
import logging.handlers
import os
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import msgspec
from pydantic import SecretStr

from engine.runtime.stderr_handler import StderrHandler
from engine.settings import Channel

FILE_BYTES = 256 * 1024
"""Of one file; about two thousand lines."""

LONGEST = 4000
"""Letters of one entry's text; the rest is cut off."""

MOST_FOUND = 1000

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

_HIDDEN = "•••"
_SHORTEST_SECRET = 4
_SECRETS = (
    (re.compile(r"(://)[^/@\s]+@"), rf"\1{_HIDDEN}@"),
    (re.compile(r"\behb_[\w-]+"), _HIDDEN),
    (re.compile(r"((?:token|key|password|secret)=)[^&\s\"']+", re.IGNORECASE), rf"\1{_HIDDEN}"),
)
"""What looks like a secret: user and password in an address, our tokens, and values of telling names."""


class LogEntry(msgspec.Struct, frozen=True):
    """One entry. ``at`` is seconds since the epoch, ``level`` one of ``LEVELS``, ``source`` the module that said it."""

    at: float
    process: str
    level: str
    source: str
    text: str


class Scrubber(logging.Filter):
    """Takes ``secrets``, and what looks like one, out of every record that passes; passes all."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        # The longest first: one secret may be part of another.
        self._secrets = sorted({s for s in secrets if len(s) >= _SHORTEST_SECRET}, key=len, reverse=True)

    def clean(self, text: str) -> str:
        """``text`` without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        for pattern, instead in _SECRETS:
            text = pattern.sub(instead, text)
        return text

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean the message and the traceback."""
        record.msg, record.args = self.clean(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.clean(record.exc_text)
        return True


class _Line(logging.Formatter):
    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        text = record.getMessage() + (f"\n{record.exc_text}" if record.exc_text else "")
        entry = LogEntry(record.created, self._process, record.levelname, record.name, text[:LONGEST])
        return msgspec.json.encode(entry).decode()


class _File(logging.handlers.RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (the name is logging's)
        """Leave an entry out that the run's folder has no room for, and open the file again with the next one.

        What was not written would else be tried again when the file is closed, and whoever closes it would fail.
        """
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)
        stream, self.stream = self.stream, None
        if stream is not None:
            with suppress(OSError):
                stream.close()


def keep_log(process: str, channel: Channel, run_dir: Path, more_secrets: Iterable[str] = ()) -> None:
    """From now on, keep what this process logs, and what ends it; secrets are taken out, also on stderr.

    ``more_secrets`` are those that the channel's settings do not hold.
    """
    handler = _handler(process, run_dir)
    root = logging.getLogger()
    root.addHandler(handler)
    scrubber = Scrubber([*secrets_of(channel), *more_secrets])
    for each in root.handlers:
        each.addFilter(scrubber)
    sys.excepthook = _log_end
    handler.handle(root.makeRecord(__name__, logging.INFO, "", 0, f"started as process {os.getpid()}", (), None))


def keep_apart(process: str, channel: Channel, run_dir: Path) -> logging.Logger:
    """A logger for one channel in a process that has several: kept with that channel's log; warnings and worse
    are said on stderr too.

    The caller closes its handlers.
    """
    logger = logging.Logger(process, logging.INFO)
    logger.addFilter(Scrubber(secrets_of(channel)))
    logger.addHandler(_handler(process, run_dir))
    aloud = StderrHandler()
    aloud.setLevel(logging.WARNING)
    aloud.setFormatter(logging.Formatter(f"%(asctime)s {process} %(levelname)s %(message)s"))
    logger.addHandler(aloud)
    return logger


def _handler(process: str, run_dir: Path) -> logging.Handler:
    folder = run_dir / "log"
    folder.mkdir(exist_ok=True)
    file = folder / f"{process.replace(':', '-')}.jsonl"
    # Opened with the first entry, so that nothing is open where nothing is said.
    handler = _File(file, maxBytes=FILE_BYTES, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(_Line(process))
    return handler


def _log_end(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    logging.getLogger(__name__).critical("the process ends by an error", exc_info=(kind, error, where))


def secrets_of(value: object) -> list[str]:
    """Every secret text in settings, however deep."""
    if isinstance(value, SecretStr):
        return [value.get_secret_value()]
    if isinstance(value, (tuple, list)):
        return [secret for each in value for secret in secrets_of(each)]
    fields = getattr(type(value), "model_fields", None)
    return [] if fields is None else [secret for name in fields for secret in secrets_of(getattr(value, name))]


class LogBook:
    """Reads what all processes of the channel with ``run_dir`` have kept."""

    def __init__(self, run_dir: Path) -> None:
        self._folder = run_dir / "log"

    def search(
        self,
        text: str = "",
        level: str = "INFO",
        since: float = 0.0,
        process: str = "",
        limit: int = 200,
    ) -> tuple[LogEntry, ...]:
        """The newest ``limit`` entries, newest last, that fit all conditions.

        Every word of ``text`` is in the entry's text, source or process, in any case; ``level`` or worse; not before
        ``since``; of ``process`` ("" is all). Reads up to some megabytes: call it in a thread.

        Raises:
            ValueError: ``level`` is none of ``LEVELS``.
        """
        if level not in LEVELS:
            raise ValueError(f"“{level}” is not a level; there are: {', '.join(LEVELS)}")
        levels = frozenset(LEVELS[LEVELS.index(level) :])
        words = text.casefold().split()
        found = [
            entry
            for entry in self._entries()
            if entry.at >= since and entry.level in levels and process in {"", entry.process} and _has_all(words, entry)
        ]
        found.sort(key=lambda entry: entry.at)
        return tuple(found[-min(limit, MOST_FOUND) :])

    def _entries(self) -> Iterable[LogEntry]:
        for file in sorted(self._folder.glob("*.jsonl*")):
            try:
                lines = file.read_bytes().splitlines()
            except FileNotFoundError:  # It has just become the old one.
                continue
            for line in lines:
                try:
                    yield _decoder.decode(line)
                except msgspec.DecodeError:  # The last line of a process that was killed while it wrote.
                    continue


_decoder = msgspec.json.Decoder(LogEntry)


def _has_all(words: list[str], entry: LogEntry) -> bool:
    if not words:
        return True
    whole = f"{entry.process} {entry.source} {entry.text}".casefold()
    return all(word in whole for word in words)
