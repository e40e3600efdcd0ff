"""What comes next and what was said, line by line."""

from __future__ import annotations

from server.room.channel_watch import ChannelWatch
from server.room.parts.elements import Text, box
from server.room.parts.line_row import line_row
from server.room.parts.rows import Rows
from server.room.words import Words

SHOWN_NEXT, SHOWN_SAID = 8, 20


class NextCard:
    """The lines that wait for the air, first to come first."""

    def __init__(self, watch: ChannelWatch, words: Words) -> None:
        self._watch, self._words = watch, words
        with box("section", "card", aria_labelledby="next-title"):
            with box("header"):
                Text("h2", words("next")).props("id=next-title")
                self._ahead = Text("span", classes="count")
            self._rows = Rows(box("ol", "lines"))
            self._none = Text("p", words("nothing_next"), "none")
        self.refresh()

    def refresh(self) -> None:
        """Show what is so now."""
        told = self._watch.state.on_air
        lines = told.upcoming[:SHOWN_NEXT] if told is not None else ()
        self._rows.show([line.performance_id for line in lines], lambda i: line_row(lines[i], self._watch, self._words))
        pictures = sum(line.pictures for line in told.upcoming) if told is not None else 0
        seconds = pictures / self._watch.channel.canvas.fps
        self._ahead.set_text(self._words("ahead", n=f"{seconds:.0f}") if lines else "")
        self._none.set_visibility(not lines)


class SaidCard:
    """The lines that were said, newest first."""

    def __init__(self, watch: ChannelWatch, words: Words) -> None:
        self._watch, self._words = watch, words
        with box("section", "card", aria_labelledby="said-title"):
            with box("header"):
                Text("h2", words("said")).props("id=said-title")
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
