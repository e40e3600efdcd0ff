"""One channel on the wall."""

from __future__ import annotations

from server.room.channel_watch import ChannelWatch
from server.room.parts.air_badge import AirBadge
from server.room.parts.alarm_text import alarm_key, alarm_row
from server.room.parts.elements import Text, box
from server.room.parts.live_picture import live_picture
from server.room.parts.rows import Rows
from server.room.words import Words


class Tile:
    """Live picture, state, viewers, product on show and last alarm."""

    def __init__(self, watch: ChannelWatch, words: Words) -> None:
        self._watch, self._words = watch, words
        channel = watch.channel
        with box("article", "card tile", aria_label=channel.name):
            live_picture(watch, words, sound_on_hover=True)
            with box("div", "tile-text"):
                with box("header"), box("h2"):
                    Text("a", channel.name).props["href"] = watch.path
                self._badge = AirBadge(watch, words)
                Text("p", channel.items.shop, "shop")
                with box("dl", "tile-facts"):
                    self._viewers = self._row("viewer-count", "")
                    self._product = self._row("product", words("on_show"))
                    self._alarm = self._row("alarm", words("last_alarm"))
                    self._alarms = Rows(self._alarm)
        self.refresh()

    def _row(self, name: str, title: str) -> Text:
        with box("div", name):
            Text("dt", title, "" if title else "for-ears")
            return Text("dd")

    def refresh(self) -> None:
        """Show what is so now."""
        watch, words = self._watch, self._words
        self._badge.refresh()
        self._viewers.set_text(words("viewers", n=watch.viewers))
        self._product.set_text(watch.product_name(watch.on_show) or words("no_product"))
        last = watch.sight.alarms.last
        if last is None:
            self._alarms.show([""], lambda _: Text("span", words("no_alarm")))
        else:
            self._alarms.show([alarm_key(last)], lambda _: alarm_row("span", last, words))
        is_new = last is not None and last.cleared_at is None
        self._alarm.classes(add="bad" if is_new else "", remove="" if is_new else "bad")
