"""When a change takes effect on a channel that runs: some are also told to the show, the others wait for a restart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.runtime.steering import Pin, Wish

NOW = frozenset({"show.pinned"})
"""Keys that the show is told of when they are saved. The content of a catalogue's file is followed in any case."""


def effect_of(key: str) -> str:
    """Either "now" or "restart"."""
    return "now" if key in NOW else "restart"


def wishes_of(changes: Mapping[str, Any]) -> list[Wish]:
    """What the show is told of changes that were saved."""
    if "show.pinned" not in changes:
        return []
    return [Pin(str(changes["show.pinned"] or "") or None)]
