"""Whose a name is: what a channel keeps is called after its file, so no two channels may have files of one name.

Their ledgers, the shop's answers and the prices set on air would be one: a shop would answer for the other.
"""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.settings import Channel, Problem
from engine.settings.state import STATE_DIR_VARIABLE

log = logging.getLogger(__name__)

_FILE = "channels.json"
"""In the state folder: the channels that went on air with it, by the names of their files."""


def name_problems(channels: Sequence[Channel], state: Path) -> list[Problem]:
    """Channels whose name another one has, of these or of those that went on air with this state before."""
    problems = []
    taken: dict[str, Path] = {}
    for channel in channels:
        other = taken.setdefault(channel.file.stem, channel.file)
        if other == channel.file:
            found = other_of_that_name(channel, state)
            if found is None:
                continue
            other = found
        message = f"“{channel.file.stem}” is also the name of {other}, and what a channel keeps is kept under its name"
        hint = f"rename one of the two files, or give each a state folder of its own with {STATE_DIR_VARIABLE}"
        problems.append(Problem(channel.file, 0, "", message, hint))
    return problems


def other_of_that_name(channel: Channel, state: Path) -> Path | None:
    """Another channel's file that is there still and went on air under this channel's name.

    A file that was moved or copied is the same channel while the host's and the shop's name are.
    """
    known = _known(state).get(channel.file.stem)
    if known is None or Path(known["file"]) == channel.file:
        return None
    is_same = (known["name"], known["shop"]) == (channel.name, channel.items.shop)
    return None if is_same or not Path(known["file"]).is_file() else Path(known["file"])


def take_names(channels: Sequence[Channel], state: Path) -> None:
    """Note that these channels go on air with ``state``. What cannot be noted costs nothing on air."""
    before = _known(state)
    now = {c.file.stem: {"file": str(c.file), "name": c.name, "shop": c.items.shop} for c in channels}
    if before | now == before:
        return
    try:
        state.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=state, prefix=".channels-", delete=False) as fresh:
            json.dump(before | now, fresh, ensure_ascii=False, indent=1)
        Path(fresh.name).replace(state / _FILE)
    except OSError as error:
        log.warning("the names of the channels could not be noted in %s: %s", state, error.strerror)


def _known(state: Path) -> dict[str, dict[str, str]]:
    try:
        data: Any = json.loads((state / _FILE).read_text("utf-8"))
        return {str(name): {key: str(row[key]) for key in ("file", "name", "shop")} for name, row in data.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        log.warning("the names of the channels in %s cannot be read: %s", state, type(error).__name__)
        return {}
