"""Standard error that nobody reads holds up nobody; one that is read gets every entry as before."""

from __future__ import annotations

import fcntl
import io
import logging
import os
import pty
import re
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pytest

from engine.runtime import stderr_handler
from engine.runtime.stderr_handler import LEFT_OUT, StderrHandler

ENTRY = "x" * 99
PIPE_BYTES = 65536

CHILD = """
import logging, sys
from pathlib import Path
from engine.runtime.child import set_up
from engine.runtime.logbook import keep_log
from engine.settings import load_channel
set_up("studio")
keep_log("studio", load_channel(Path(sys.argv[1]), check_files=False), Path(sys.argv[2]))
for number in range(3000):
    logging.getLogger("engine").warning("entry %d", number)
print("done", flush=True)
"""

RUN = """
import logging
from engine.commands.run import _log_without_waiting
_log_without_waiting()
log = logging.getLogger("engine.runtime.room_keeper")
log.setLevel(logging.INFO)
log.info("not said")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("the %s ended", "room")
"""


@contextmanager
def logger_to(stream: TextIO | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[logging.Logger]:
    """A logger whose standard error is ``stream``."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stream)
        handler = StderrHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.Logger("apart")
    logger.addHandler(handler)
    yield logger
    handler.close()
    handler.close()


def drained(descriptor: int) -> str:
    """All that lies in a pipe, a terminal or a socket."""
    found = b""
    while select.select([descriptor], [], [], 0.2)[0] and (more := os.read(descriptor, PIPE_BYTES)):
        found += more
    return found.decode()


def read_until(descriptor: int, end: str) -> str:
    found, until = "", time.monotonic() + 20
    while not found.endswith(end) and time.monotonic() < until:
        found += drained(descriptor)
    return found


def a_pipe() -> tuple[int, int]:
    return os.pipe()


def a_socket() -> tuple[int, int]:
    reading, writing = socket.socketpair()
    return reading.detach(), writing.detach()


@pytest.mark.parametrize("made", [a_pipe, pty.openpty, a_socket])
def test_what_nobody_takes_is_left_out_and_counted(
    made: Callable[[], tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = made()
    entries = 20_000
    with os.fdopen(writing, "w") as stream, logger_to(stream, monkeypatch) as logger:
        began = time.monotonic()
        for _ in range(entries):
            logger.error(ENTRY)
        assert time.monotonic() - began < 30
        found = drained(reading)
        logger.error("after")
        found += drained(reading)
        logger.error("again")
        found = (found + drained(reading)).replace("\r\n", "\n")
        # Others that write there still wait for room, as they did.
        assert not fcntl.fcntl(writing, fcntl.F_GETFL) & os.O_NONBLOCK
    os.close(reading)
    taken = found.count(f"ERROR {ENTRY}\n")
    notices = [int(count) for count in re.findall(re.escape(LEFT_OUT).replace(r"\{\}", r"(\d+)"), found)]
    assert taken > 30
    # One that was cut off right before its end looks whole.
    assert 0 <= taken + sum(notices) - entries <= len(notices)
    assert found.endswith(")\nERROR after\nERROR again\n")


def test_a_long_entry_is_waited_for_while_somebody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stderr_handler, "PATIENCE_MS", 5000)
    reading, writing = pty.openpty()
    with ThreadPoolExecutor(1) as reader, os.fdopen(writing, "w") as stream:
        with logger_to(stream, monkeypatch) as logger:
            found = reader.submit(read_until, reading, "ERROR next\r\n")
            logger.error("x" * 40_000)
            logger.error("next")
        assert found.result().replace("\r\n", "\n") == f"ERROR {'x' * 40_000}\nERROR next\n"
    os.close(reading)


def test_a_terminal_that_is_stopped_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = pty.openpty()
    with os.fdopen(writing, "w") as stream, logger_to(stream, monkeypatch) as logger:
        os.write(reading, b"\x13")  # Ctrl-S
        time.sleep(0.1)
        logger.error("stopped")
        assert drained(reading) == ""
        os.write(reading, b"\x11")  # Ctrl-Q
        time.sleep(0.1)
        logger.error("goes on")
        assert drained(reading).replace("\r\n", "\n") == f"{LEFT_OUT.format(1)}ERROR goes on\n"
    os.close(reading)


def test_a_pipe_that_cannot_be_opened_again_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise PermissionError

    reading, writing = os.pipe()
    monkeypatch.setattr(os, "open", refused)
    with os.fdopen(writing, "w") as stream, logger_to(stream, monkeypatch) as logger:
        for _ in range(2000):
            logger.error(ENTRY)
    assert drained(reading).startswith(f"ERROR {ENTRY}\n" * 500)
    os.close(reading)


def test_nobody_who_reads_any_more_is_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stream, logger_to(stream, monkeypatch) as logger:
        os.close(reading)
        logger.error("gone")
    with logger_to(None, monkeypatch) as logger:
        logger.error("never was")


def test_a_file_gets_all_of_a_long_entry_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = "价 é \udcff\n" + "x" * 200_000
    with (tmp_path / "log").open("w", encoding="utf-8", errors="backslashreplace") as stream:
        with logger_to(stream, monkeypatch) as logger:
            logger.error(entry)
            logger.error("next")
        mine = (tmp_path / "log").read_bytes()
        stream.truncate(0)
        plain = logging.StreamHandler(stream)
        plain.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
        for text in (entry, "next"):
            plain.emit(logging.makeLogRecord({"msg": text, "levelname": "ERROR"}))
        assert (tmp_path / "log").read_bytes().lstrip(b"\0") == mine


def test_what_is_said_after_the_end_is_still_said(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stream:
        with logger_to(stream, monkeypatch) as logger:
            pass
        logger.error("late")
        assert drained(reading) == "ERROR late\n"
    os.close(reading)


def test_an_entry_that_cannot_be_put_into_words_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    with logger_to(stream, monkeypatch) as logger:
        logger.error("%d lines", "many")
    assert "TypeError: %d format" in stream.getvalue()
    assert stream.getvalue().endswith("in the log entry '%d lines'\n")


def test_a_child_whose_standard_error_nobody_reads_goes_on(tmp_path: Path) -> None:
    file = Path(__file__).resolve().parents[2] / "avatars" / "mia.yaml"
    environment = os.environ | {"EVERHOST_STATE_DIR": str(tmp_path)}
    command = [sys.executable, "-c", CHILD, str(file), str(tmp_path)]
    reading, writing = os.pipe()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=writing, env=environment, check=True, timeout=60)
    os.close(writing)
    assert done.stdout == b"done\n"
    assert drained(reading).count("WARNING entry") > 500
    os.close(reading)
    assert '"text":"entry 2999"' in (tmp_path / "log" / "studio.jsonl").read_text()


def test_the_program_itself_says_warnings_as_python_does() -> None:
    plain = RUN.replace("_log_without_waiting()\n", "\n")
    said = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stderr for code in (RUN, plain)
    ]
    assert said[0] == said[1]
    assert said[0].startswith(b"the room ended\nTraceback")
