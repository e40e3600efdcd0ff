"""A choice among the products of a channel, which may change while the page is open."""

from __future__ import annotations

from nicegui.element import Element

from server.room.channel_watch import ChannelWatch
from server.room.parts.elements import Text
from server.room.parts.rows import Rows
from server.room.parts.wishes import choice
from server.room.words import Words


class ProductChoice:
    """“About”: nothing in particular, or one product."""

    def __init__(self, watch: ChannelWatch, words: Words) -> None:
        self._watch, self._words = watch, words
        self._rows = Rows(choice(words("about"), "product_id", {}))
        self.refresh()

    def refresh(self) -> None:
        """Offer the products of now."""
        names = {"": self._words("about_shop")} | {card.product_id: card.name for card in self._watch.state.cards}
        options = list(names.items())
        self._rows.show([f"{value} {name}" for value, name in options], lambda i: self._option(*options[i]))

    def _option(self, value: str, name: str) -> Element:
        option = Text("option", name)
        option.props["value"] = value
        return option
