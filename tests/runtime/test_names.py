"""No two channels keep things under one name."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.runtime.names import name_problems, other_of_that_name, take_names
from engine.settings import Channel, in_chinese


def moved(channel: Channel, file: Path, *, shop: str = "", name: str = "") -> Channel:
    """The channel in another file, of another shop or name."""
    file.parent.mkdir(exist_ok=True)
    file.touch()
    items = channel.items.model_copy(update={"shop": shop or channel.items.shop})
    return channel.model_copy(update={"file": file, "items": items, "name": name or channel.name})


def test_two_files_of_one_name_in_a_run_are_refused_and_both_are_named(channel: Channel, tmp_path: Path) -> None:
    one, other = moved(channel, tmp_path / "a" / "shop.yaml"), moved(channel, tmp_path / "b" / "shop.yaml")
    (problem,) = name_problems([one, other], tmp_path / "state")
    assert problem.file == other.file
    assert str(one.file) in problem.message
    assert "rename one of the two files" in problem.hint
    assert in_chinese(problem.message) != problem.message
    assert name_problems([one, moved(channel, tmp_path / "b" / "other.yaml")], tmp_path / "state") == []


@pytest.mark.parametrize("differs", ["shop", "name"])
def test_another_shop_s_channel_in_another_run_may_not_have_the_name(
    channel: Channel, tmp_path: Path, differs: str
) -> None:
    state = tmp_path / "state"
    first = moved(channel, tmp_path / "a" / "shop.yaml")
    take_names([first], state)
    other = moved(channel, tmp_path / "b" / "shop.yaml", **{differs: "Another"})
    (problem,) = name_problems([other], state)
    assert str(first.file) in problem.message
    assert other_of_that_name(other, state) == first.file
    assert other_of_that_name(first, state) is None
    first.file.unlink()
    assert name_problems([other], state) == []


def test_a_channel_may_be_moved_copied_and_given_another_shop(channel: Channel, tmp_path: Path) -> None:
    state = tmp_path / "state"
    first = moved(channel, tmp_path / "releases-1" / "shop.yaml")
    take_names([first], state)
    assert name_problems([moved(channel, tmp_path / "releases-2" / "shop.yaml")], state) == []
    renamed = moved(channel, first.file, shop="Another")
    assert name_problems([renamed], state) == []
    take_names([renamed], state)
    assert other_of_that_name(moved(channel, tmp_path / "c" / "shop.yaml"), state) == first.file


def test_a_list_that_cannot_be_read_or_written_keeps_nobody_off_the_air(
    channel: Channel, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "channels.json").write_text("[1]")
    assert name_problems([channel], tmp_path) == []
    (tmp_path / "file").touch()
    take_names([channel], tmp_path / "file")
    assert "could not be noted" in caplog.text
