"""The field for a line that the host should say next."""

from __future__ import annotations

from server.room.channel_watch import ChannelWatch
from server.room.parts.elements import Text, box
from server.room.parts.product_choice import ProductChoice
from server.room.parts.wishes import text_field, wish_form
from server.room.words import Words


class SayCard:
    """“Say this”: typed text passes the guard, or an operator insists and says why."""

    def __init__(self, watch: ChannelWatch, words: Words) -> None:
        with box("section", "card say", aria_labelledby="say-title"):
            with box("header"):
                Text("h2", words("say_this")).props["id"] = "say-title"
            with wish_form(watch, words, {"type": "say"}, words("say_it")):
                text_field(words("say_text"), "text")
                self._about = ProductChoice(watch, words)
                with box("label", "tick"):
                    box("input", type="checkbox", name="now")
                    Text("span", words("say_now"))

    def refresh(self) -> None:
        """Offer the products of now."""
        self._about.refresh()
