"""The alarms of a channel, and whether its webhook was told."""

from __future__ import annotations

from server.room.channel_watch import ChannelWatch
from server.room.parts.alarm_text import alarm_key, alarm_row
from server.room.parts.elements import Text, box
from server.room.parts.rows import Rows
from server.room.words import Words

SHOWN = 20


class AlarmList:
    """Newest first; those that last are marked."""

    def __init__(self, watch: ChannelWatch, words: Words) -> None:
        self._watch, self._words = watch, words
        with box("section", "alarms"):
            Text("h3", words("alarms"))
            self._rows = Rows(box("ol", "alarm-list"))
            self._none = Text("p", words("no_alarm"), "none")
            self._webhook = Text("p", classes="hint")
        self.refresh()

    def refresh(self) -> None:
        """Show what is so now."""
        alarms = self._watch.sight.alarms.all[::-1][:SHOWN]
        self._rows.show([alarm_key(alarm) for alarm in alarms], lambda i: alarm_row("li", alarms[i], self._words))
        self._none.set_visibility(not alarms)
        webhook = self._watch.sight.webhook
        told = self._words("webhook_state", sent=webhook.sent, waiting=webhook.waiting, lost=webhook.lost)
        self._webhook.set_text(told if webhook.is_set else self._words("webhook_none"))
