"""What is said now: each word lit in its time (``spoken-line.js``), with its evidence.

The card is as high for a long line as for a short one or none, since what one says next is typed right below it.
"""

from __future__ import annotations

import time

from server.room.channel_watch import ChannelWatch
from server.room.parts.elements import Text, box, set_attributes
from server.room.parts.line_row import line_evidence
from server.room.words import Words

DRIFT_S = 0.15
"""The page counts on by itself; it is told again when it would be further off than this."""


class NowCard:
    """The card of the line on air. Between two lines it keeps the evidence of the one before, dimmed."""

    def __init__(self, watch: ChannelWatch, words: Words) -> None:
        self._watch, self._words = watch, words
        self._id: str | None = ""
        self._began = 0.0
        with box("section", "card now", aria_labelledby="now-title") as self._card:
            with box("header"):
                Text("h2", words("said_now")).props("id=now-title")
                self._kind = Text("span", classes="tag")
                self._product = Text("span", classes="tag soft")
            self._line = box(
                "spoken-line", "line", quiet=words("quiet"), tabindex="0", role="group", aria_labelledby="now-title"
            )
            self._evidence = box("div", "proofs", tabindex="0", role="group", aria_label=words("facts"))
        self.refresh()

    def refresh(self) -> None:
        """Show what is so now."""
        told = self._watch.state.on_air
        now = told.now if told is not None else None
        picture = told.picture if told is not None else 0
        elapsed = 0.0 if now is None else (picture - now.start_picture) / self._watch.channel.canvas.fps
        began = time.monotonic() - elapsed
        now_id = now.performance_id if now is not None else None
        if now_id == self._id and (now is None or abs(began - self._began) < DRIFT_S):
            return
        self._began = began
        self._line.props["line"] = None if now is None else self._watch.state.line_plain(now) | {"elapsed_s": elapsed}
        self._line.update()
        if now_id == self._id:
            return
        self._id = now_id
        set_attributes(self._card, data_over="yes" if now is None else "no")
        if now is not None:
            product = self._watch.product_name(now.product_id)
            self._kind.set_text(self._words.known("kind", now.kind))
            self._product.set_text(product)
            set_attributes(self._product, title=product)
            self._evidence.clear()
            with self._evidence:
                line_evidence(now, self._watch, self._words)
