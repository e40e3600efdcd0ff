"""The log of a channel's processes: kept without secrets, bounded, found by words."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from engine.runtime import logbook
from engine.runtime.logbook import LogBook, Scrubber, keep_apart, keep_log, secrets_of
from engine.settings import Channel, Rtmp, load_channel

ROOT = Path(__file__).resolve().parents[2]
KEY = "canary-live_9f8e7d"


@pytest.fixture
def channel() -> Channel:
    told = load_channel(ROOT / "avatars" / "mia.yaml", check_files=False)
    rtmp = Rtmp(kind="rtmp", url="rtmp://live.example/app", key=SecretStr(KEY))
    records = SecretStr("postgresql://ann:pa55word@db/mia")
    return told.model_copy(update={"outputs": (*told.outputs, rtmp), "records": records})


@pytest.fixture
def _own_logging() -> Iterator[None]:
    """Logging as it was, afterwards."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = list(root.handlers), root.level
    filters = {handler: list(handler.filters) for handler in handlers}
    yield
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
        handler.close()
    for logger in _apart:
        for handler in logger.handlers:
            handler.close()
    _apart.clear()
    for handler, kept in filters.items():
        handler.filters[:] = kept
    root.setLevel(level)
    sys.excepthook = hook


pytestmark = pytest.mark.usefixtures("_own_logging")


_apart: list[logging.Logger] = []


def apart(process: str, channel: Channel, run_dir: Path) -> logging.Logger:
    _apart.append(keep_apart(process, channel, run_dir))
    return _apart[-1]


def fail(error: Exception) -> None:
    raise error


def start(process: str, channel: Channel, run_dir: Path, *more: str) -> logging.Logger:
    keep_log(process, channel, run_dir, more)
    logger = logging.getLogger("engine.outlets.rtmp")
    logger.setLevel(logging.DEBUG)
    return logger


def test_secrets_are_found_however_deep(channel: Channel) -> None:
    assert set(secrets_of(channel)) >= {KEY, "postgresql://ann:pa55word@db/mia"}


def test_what_is_logged_is_found_and_no_secret_is(tmp_path: Path, channel: Channel) -> None:
    log = start("outlet:rtmp", channel, tmp_path, "the-control-token")
    log.warning("cannot send to %s", f"rtmp://live.example/app/{KEY}")
    log.info("address %s", "https://ann:secret@host/x?token=abc&n=1 Key=zzz the-control-token ehb_Ab-12")
    try:
        fail(OSError(f"broken pipe at {KEY}"))
    except OSError:
        log.exception("it broke")
    begin, first, second, third = LogBook(tmp_path).search()
    assert begin.text == f"started as process {os.getpid()}"
    assert (first.process, first.level, first.source) == ("outlet:rtmp", "WARNING", "engine.outlets.rtmp")
    assert first.text == "cannot send to rtmp://live.example/app/•••"
    assert second.text == "address https://•••@host/x?token=•••&n=1 Key=••• ••• •••"
    assert third.text.startswith("it broke\nTraceback")
    assert "OSError: broken pipe at •••" in third.text
    for file in (tmp_path / "log").iterdir():
        assert KEY not in file.read_text()


def test_stderr_is_clean_too(tmp_path: Path, channel: Channel, caplog: pytest.LogCaptureFixture) -> None:
    log = start("outlet:rtmp", channel, tmp_path)
    log.warning("at %s", KEY)
    assert KEY not in caplog.text
    assert "at •••" in caplog.text


def test_an_error_that_ends_the_process_is_kept(tmp_path: Path, channel: Channel) -> None:
    start("stage", channel, tmp_path)
    try:
        fail(RuntimeError("no more memory"))
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    (entry,) = LogBook(tmp_path).search("stage memory", level="CRITICAL")
    assert "RuntimeError: no more memory" in entry.text


def test_a_search_goes_by_words_level_time_and_process(tmp_path: Path, channel: Channel) -> None:
    log = apart("outlet:rtmp", channel, tmp_path)
    log.setLevel(logging.DEBUG)
    for level, text in ((10, "fine detail"), (20, "Connected to Platform"), (30, "slow platform"), (40, "gone")):
        log.log(level, text)
    book = LogBook(tmp_path)
    assert [entry.text for entry in book.search("platform")] == ["Connected to Platform", "slow platform"]
    assert [entry.text for entry in book.search("PLATFORM slow")] == ["slow platform"]
    assert [entry.text for entry in book.search(level="WARNING")] == ["slow platform", "gone"]
    assert next(entry.text for entry in book.search(level="DEBUG")) == "fine detail"
    assert [entry.text for entry in book.search(limit=1)] == ["gone"]
    last = book.search(limit=1)[0].at
    assert [entry.text for entry in book.search(since=last)] == ["gone"]
    assert book.search(since=last + 1) == ()
    assert len(book.search(process="outlet:rtmp")) == 3
    assert book.search(process="stage") == ()
    with pytest.raises(ValueError, match="“LOUD” is not a level"):
        book.search(level="LOUD")


def test_what_is_kept_is_bounded_and_the_newest_is_there(
    tmp_path: Path, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logbook, "FILE_BYTES", 4000)
    log = apart("stage", channel, tmp_path)
    for number in range(200):
        log.info("picture %d", number)
    log.info("x" * 9000)
    files = list((tmp_path / "log").iterdir())
    assert len(files) == 2
    assert sum(file.stat().st_size for file in files) < 2 * 4000 + logbook.LONGEST
    found = LogBook(tmp_path).search(limit=1000)
    assert len(found[-1].text) == logbook.LONGEST
    assert found[-2].text == "picture 199"


@pytest.mark.parametrize("entries", [1, 3000])
def test_a_full_run_folder_costs_entries_and_nobody_an_error(
    tmp_path: Path, channel: Channel, capsys: pytest.CaptureFixture[str], entries: int
) -> None:
    log = apart("stage", channel, tmp_path)
    file = tmp_path / "log" / "stage.jsonl"
    file.symlink_to("/dev/full")
    for number in range(entries):
        log.info("lost %d", number)
    file.unlink()
    log.info("kept")
    assert [entry.text for entry in LogBook(tmp_path).search()] == ["kept"]
    log.handlers[0].close()
    file.unlink()
    file.symlink_to("/dev/full")
    log.info("lost at the end")
    for handler in log.handlers:
        handler.close()
    assert capsys.readouterr().err == ""


def test_an_entry_that_cannot_be_put_into_words_is_told(
    tmp_path: Path, channel: Channel, capsys: pytest.CaptureFixture[str]
) -> None:
    apart("stage", channel, tmp_path).info("of \udcff")
    assert "UnicodeEncodeError" in capsys.readouterr().err


def test_a_line_that_was_cut_off_by_a_kill_is_left_out(tmp_path: Path, channel: Channel) -> None:
    apart("stage", channel, tmp_path).info("one")
    with (tmp_path / "log" / "stage.jsonl").open("a") as file:
        file.write('{"at": 1.0, "proc')
    assert [entry.text for entry in LogBook(tmp_path).search()] == ["one"]
    assert LogBook(tmp_path / "nothing").search() == ()


def test_a_supervisor_of_two_channels_keeps_them_apart(
    tmp_path: Path, channel: Channel, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [tmp_path / name for name in ("ann", "bob")]
    for folder in folders:
        folder.mkdir()
        apart("supervisor", channel, folder).error("%s: the stage ended at %s", folder.name, KEY)
    assert [entry.text for entry in LogBook(folders[0]).search()] == ["ann: the stage ended at •••"]
    assert [entry.process for entry in LogBook(folders[1]).search()] == ["supervisor"]
    first, second = capsys.readouterr().err.splitlines()
    assert first.endswith("supervisor ERROR ann: the stage ended at •••")
    assert second.endswith("supervisor ERROR bob: the stage ended at •••")


def test_parts_of_secrets_and_short_ones_do_not_spoil_the_text() -> None:
    scrubber = Scrubber(["abc", "", "longer-secret", "longer"])
    assert scrubber.clean("abc longer-secret longer") == "abc ••• •••"
