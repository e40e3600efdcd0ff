"""The alarms of a channel, and whether its webhook was told."""

from __future__ import annotations

from nicegui.element import Element

from server.alarms import Alarm
from server.room.channel_watch import ChannelWatch
from server.room.parts.alarm_text import alarm_text
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
        self._rows.show([f"{alarm.number} {alarm.cleared_at}" for alarm in alarms], lambda i: self._row(alarms[i]))
        self._none.set_visibility(not alarms)
        webhook = self._watch.sight.webhook
        told = self._words("webhook_state", sent=webhook.sent, waiting=webhook.waiting, lost=webhook.lost)
        self._webhook.set_text(told if webhook.is_set else self._words("webhook_none"))

    def _row(self, alarm: Alarm) -> Element:
        return Text("li", alarm_text(alarm, self._words), "lasting" if alarm.cleared_at is None else "")
