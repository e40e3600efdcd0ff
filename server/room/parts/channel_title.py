"""Whose channel it is, whether it is on air, and the buttons for the line on air."""

from __future__ import annotations

import json

from server.room.channel_watch import ChannelWatch
from server.room.parts.air_badge import AirBadge
from server.room.parts.elements import Text, box, button
from server.room.words import Words


class ChannelTitle:
    """The head of a channel's page; who may only watch gets no buttons."""

    def __init__(self, watch: ChannelWatch, words: Words, *, may_steer: bool) -> None:
        self._watch = watch
        orders = {"data_channels": json.dumps([watch.channel_id])}
        with box("div", "channel-title"):
            with box("div", "names"):
                Text("h1", watch.channel.name)
                Text("p", watch.channel.items.shop)
            self._badge = AirBadge(watch, words)
            with box("div", "buttons") as self._buttons:
                self._pause = button(words("pause"), "pause", id_="pause", data_action="pause", **orders)
                self._skip = button(words("skip"), "skip", id_="skip", data_action="skip", **orders)
                self._resume = button(words("resume"), "play", "go", id_="resume", data_action="resume", **orders)
            self._buttons.set_visibility(may_steer)
        self.refresh()

    def refresh(self) -> None:
        """Show what is so now: what was stopped or paused can be resumed, anything else paused or skipped."""
        self._badge.refresh()
        waits = self._watch.air in {"stopped", "paused"}
        self._pause.set_visibility(not waits)
        self._skip.set_visibility(not waits)
        self._resume.set_visibility(waits)
