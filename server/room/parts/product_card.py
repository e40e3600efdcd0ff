"""The products: what each costs now, how many are left, and which one is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui.element import Element

from engine.flow import Card
from server.room.channel_watch import ChannelWatch
from server.room.parts.elements import Text, box, set_attributes
from server.room.parts.rows import Rows
from server.room.parts.wishes import wish_button, wish_form
from server.room.words import Words
from server.state import picture_version


class ProductCard:
    """Pin, go on, price and stock."""

    def __init__(self, watch: ChannelWatch, words: Words, *, may_steer: bool) -> None:
        self._watch, self._words, self._may_steer = watch, words, may_steer
        self._rows_of: dict[str, Element] = {}
        with box("section", "card", aria_labelledby="products-title"):
            with box("header"):
                Text("h2", words("products")).props["id"] = "products-title"
                if may_steer:
                    wish_button(words("leave"), "skip", watch, {"type": "leave"}, "small")
                    self._free = wish_button(words("unpin"), "pin", watch, {"type": "pin", "product_id": None}, "small")
            self._rows = Rows(box("ol", "products"))
            self._none = Text("p", words("no_product"), "none")
        self.refresh()

    def refresh(self) -> None:
        """Show what is so now."""
        cards, pinned = self._watch.state.cards, self._watch.show.pinned
        keys = [f"{c.product_id} {c.name} {c.price} {c.stock} {c.product_id == pinned}" for c in cards]
        self._rows.show(keys, lambda i: self._row(cards[i], is_pinned=cards[i].product_id == pinned))
        for card in cards:
            on_show = "yes" if card.product_id == self._watch.on_show else "no"
            set_attributes(self._rows_of[card.product_id], data_on_show=on_show)
        self._none.set_visibility(not cards)
        if self._may_steer:
            self._free.set_visibility(pinned is not None)

    def _row(self, card: Card, *, is_pinned: bool) -> Element:
        words, watch = self._words, self._watch
        with box("li", "product") as row:
            box(
                "img", "product-picture",
                src=f"{watch.path}/products/{card.product_id}/picture{picture_version(card)}",
                alt="", loading="lazy", width="52", height="52",
            )  # fmt: skip
            with box("div", "product-text"):
                Text("p", card.name, "product-name")
                with box("p", "product-figures"):
                    Text("span", card.price, "price")
                    Text("span", card.stock, "count")
                    Text("span", words("on_show"), "tag live")
                    if is_pinned:
                        Text("span", words("pinned"), "tag")
            if self._may_steer:
                self._actions(card, is_pinned=is_pinned)
        self._rows_of[card.product_id] = row
        return row

    def _actions(self, card: Card, *, is_pinned: bool) -> None:
        words, watch = self._words, self._watch
        pin: dict[str, object] = {"type": "pin", "product_id": None if is_pinned else card.product_id}
        wish_button(
            words("unpin" if is_pinned else "pin"), "pin", watch, pin, "small", aria_pressed=str(is_pinned).lower()
        )
        with box("details", "change"):
            Text("summary", words("change_price")).props["aria-label"] = words("change_price_of", name=card.name)
            with self._field({"type": "price", "product_id": card.product_id}, words("price")):
                box("input", name="price", inputmode="decimal", required="required", placeholder=card.price,
                    autocomplete="off", maxlength="12")  # fmt: skip
            with self._field({"type": "stock", "product_id": card.product_id}, words("stock")):
                box("input", name="stock", type="number", min="0", max="999999", step="1", required="required",
                    autocomplete="off")  # fmt: skip

    @contextmanager
    def _field(self, wish: dict[str, object], label: str) -> Iterator[None]:
        with wish_form(self._watch, self._words, wish, self._words("set"), icon_name="check"), box("label", "field"):
            Text("span", label)
            yield
