"""What comes next and what was said, line by line."""

from __future__ import annotations

from server.room.channel_watch import ChannelWatch
from server.room.parts.elements import Text, box
from server.room.parts.line_row import line_row
from server.room.parts.rows import Rows
from server.room.parts.wishes import dialog, hidden_field, text_field, wish_form
from server.room.words import Words

SHOWN_NEXT, SHOWN_SAID = 12, 20


class NextCard:
    """The lines that wait for the air, first to come first; who may steer edits, drops, moves and approves them."""

    def __init__(self, watch: ChannelWatch, words: Words, *, may_steer: bool) -> None:
        self._watch, self._words, self._may_steer = watch, words, may_steer
        with box("section", "card", aria_labelledby="next-title"):
            with box("header"):
                Text("h2", words("next")).props["id"] = "next-title"
                self._ahead = Text("span", classes="count")
            self._waits = Text("p", classes="notice", text="")
            self._rows = Rows(box("ol", "lines next"))
            self._none = Text("p", words("nothing_next"), "none")
        if may_steer:
            with (
                dialog("edit", words("edit_title"), words),
                wish_form(watch, words, {"type": "edit"}, words("edit_it"), icon_name="check"),
            ):
                hidden_field("performance_id")
                text_field(words("edit_text"), "text", rows=3)
        self.refresh()

    def refresh(self) -> None:
        """Show what is so now."""
        told = self._watch.state.on_air
        lines = told.upcoming[:SHOWN_NEXT] if told is not None else ()
        keys = [f"{line.performance_id} {line.movable} {line.held}" for line in lines]
        self._rows.show(keys, lambda i: line_row(lines[i], self._watch, self._words, may_steer=self._may_steer))
        pictures = sum(line.pictures for line in told.upcoming) if told is not None else 0
        seconds = pictures / self._watch.channel.canvas.fps
        self._ahead.set_text(self._words("ahead", n=f"{seconds:.0f}") if lines else "")
        held = sum(line.held for line in told.upcoming) if told is not None else 0
        self._waits.set_visibility(self._watch.show.approving)
        self._waits.set_text(self._words("held_lines", n=held) if held else self._words("all_approved"))
        self._none.set_visibility(not lines)


class SaidCard:
    """The lines that were said, newest first."""

    def __init__(self, watch: ChannelWatch, words: Words) -> None:
        self._watch, self._words = watch, words
        with box("section", "card said-card", aria_labelledby="said-title"):
            with box("header"):
                Text("h2", words("said")).props["id"] = "said-title"
            self._rows = Rows(box("ol", "lines said", tabindex="0", aria_labelledby="said-title"))
            self._none = Text("p", words("nothing_said"), "none")
        self.refresh()

    def refresh(self) -> None:
        """Show what is so now."""
        said = self._watch.said
        lines = list(said.lines)[::-1][:SHOWN_SAID]
        cuts = [said.was_cut(line.performance_id) for line in lines]
        keys = [f"{line.performance_id} {cut}" for line, cut in zip(lines, cuts, strict=True)]
        self._rows.show(keys, lambda i: line_row(lines[i], self._watch, self._words, cut=cuts[i]))
        self._none.set_visibility(not lines)
