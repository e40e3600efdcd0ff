"""Whether a channel is on air, as a coloured word."""

from __future__ import annotations

from server.room.channel_watch import ChannelWatch
from server.room.parts.elements import Text, box, set_attributes
from server.room.words import Words


class AirBadge:
    """The badge of one channel."""

    def __init__(self, watch: ChannelWatch, words: Words) -> None:
        self._watch, self._words = watch, words
        self._place = box("p", "air", role="status")
        with self._place:
            box("span", "dot", aria_hidden="true")
            self._text = Text("span")
        self.refresh()

    def refresh(self) -> None:
        """Show what is so now."""
        set_attributes(self._place, data_air=self._watch.air)
        self._text.set_text(self._words(f"air_{self._watch.air}"))
