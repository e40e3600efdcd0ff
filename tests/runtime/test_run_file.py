"""What a run's folder that is full costs: nothing on air, and what could not be kept is kept later."""

from __future__ import annotations

import errno
import logging
import os
from pathlib import Path

import pytest

from engine.records import Ledger
from engine.runtime.kept_channel import KeptCatalogue, channel_for_child, keep_channel
from engine.runtime.run_file import RunFile, write_whole
from engine.runtime.show_state import ShowState
from engine.runtime.steering import Pin
from engine.runtime.studio import Studio
from engine.runtime.take_over import ShowMark
from engine.settings import Channel
from tests.runtime.studio_bench import fill, waiting, wish, work

FULL = Path("/dev/full")


def fill_up(file: Path) -> None:
    """Nothing can be written in the place of ``file`` until ``make_room``."""
    file.with_name(f"{file.name}.part").mkdir()


def make_room(file: Path) -> None:
    file.with_name(f"{file.name}.part").rmdir()


def beat(studio: Studio) -> None:
    """Let the studio's heartbeat be due, and come."""
    studio._heart._due = 0.0
    studio._step()


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.name == "engine.runtime.run_file"]


def test_what_is_half_written_takes_no_room_and_the_old_one_stays(tmp_path: Path) -> None:
    file, part = tmp_path / "show", tmp_path / "show.part"
    write_whole(file, b"old")
    part.symlink_to(FULL)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        write_whole(file, b"new")
    assert (file.read_bytes(), list(tmp_path.iterdir())) == (b"old", [file])
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_newest_is_written_once_there_is_room_and_its_lack_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "show"
    file = RunFile(path)
    fill_up(path)
    file.put(b"one")
    file.put(b"two")
    file.catch_up()
    assert not path.exists()
    make_room(path)
    file.catch_up()
    assert path.read_bytes() == b"two"
    path.unlink()
    file.catch_up()
    assert not path.exists()
    assert told(caplog) == [f"{path} cannot be written yet: {os.strerror(errno.EISDIR)}"]
    fill_up(path)
    file.put(b"three")
    assert len(told(caplog)) == 2


def test_a_price_that_changes_on_disk_is_on_air_at_once_and_kept_later(
    studio: Studio, channel: Channel, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keep_channel(channel, tmp_path)
    fill(studio)
    fill_up(tmp_path / "channel")
    channel.catalogue.write_text(channel.catalogue.read_text().replace("price: 19.99", "price: 24.50", 1))
    work(studio, lambda: studio._company.director.cards()[0].price == "$24.50")
    assert not any("$19.99" in line.text for line in waiting(studio))
    beat(studio)
    assert channel_for_child(channel.file, tmp_path) == channel
    make_room(tmp_path / "channel")
    beat(studio)
    assert channel_for_child(channel.file, tmp_path).items == studio._company.director.catalogue
    assert len(told(caplog)) == 1


def test_a_studio_that_is_started_while_the_newest_is_not_kept_goes_on_air_with_it(
    channel: Channel, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    keep_channel(channel, tmp_path)
    fill_up(tmp_path / "channel")
    channel.catalogue.write_text(channel.catalogue.read_text().replace("price: 19.99", "price: 24.50", 1))
    studio: Studio = request.getfixturevalue("studio")
    work(studio, lambda: studio._company.director.cards()[0].price == "$24.50")


def test_what_an_operator_wishes_holds_at_once_and_is_kept_later(
    studio: Studio, channel: Channel, tmp_path: Path, ledger: Ledger
) -> None:
    fill(studio)
    fill_up(tmp_path / "show.json")
    assert wish(studio, Pin("bottle")).granted
    assert studio.show.pinned == "bottle"
    assert ShowState(channel, tmp_path).now.pinned is None
    make_room(tmp_path / "show.json")
    beat(studio)
    assert ShowState(channel, tmp_path).now.pinned == "bottle"
    assert ledger.steerings()[0].outcome == "done"


def test_a_show_that_cannot_be_marked_begins_and_is_marked_later(tmp_path: Path) -> None:
    fill_up(tmp_path / "show")
    mark = ShowMark(tmp_path)
    assert mark.first_run(3) is None
    make_room(tmp_path / "show")
    mark.catch_up()
    assert ShowMark(tmp_path).first_run(4) == 3


def test_without_a_kept_channel_no_catalogue_is_kept(channel: Channel, tmp_path: Path) -> None:
    KeptCatalogue(tmp_path).keep(channel.items)
    assert not (tmp_path / "channel").exists()


@pytest.fixture(autouse=True)
def _warnings(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
