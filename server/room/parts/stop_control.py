"""The button that stops, on every page, and the one that brings back what was stopped."""

from __future__ import annotations

import json
from collections.abc import Sequence

from server.room.channel_watch import ChannelWatch
from server.room.parts.elements import Text, box, button, set_attributes
from server.room.words import Words

STOPPED = frozenset({"stopped", "paused"})


class StopControl:
    """Stops and resumes ``watches``; the buttons act without the page's feed (``room.js``)."""

    def __init__(self, watches: Sequence[ChannelWatch], words: Words) -> None:
        self._watches = watches
        ids = json.dumps([watch.channel_id for watch in watches])
        is_one = len(watches) == 1
        with box("div", "stop-control"):
            self._resume = button(
                words("resume" if is_one else "resume_all"), "play", "go", id_="resume-all", data_action="resume"
            )
            with button(
                words("stop_now" if is_one else "stop_all"), "stop", "stop", id_="stop", data_action="stop",
                data_channels=ids, aria_keyshortcuts="S Escape", title=words("keys_hint"),
            ):  # fmt: skip
                Text("kbd", "S").props["aria-hidden"] = "true"
        self.refresh()

    def refresh(self) -> None:
        """Offer to resume exactly what is stopped or paused."""
        held = [watch.channel_id for watch in self._watches if watch.air in STOPPED]
        self._resume.set_visibility(bool(held))
        set_attributes(self._resume, data_channels=json.dumps(held))
