"""One line of the timeline with all that allows it."""

from __future__ import annotations

from nicegui.element import Element

from engine.runtime.messages import LineView
from server.room.channel_watch import ChannelWatch
from server.room.parts.elements import Text, box
from server.room.words import Words

VERDICTS = {True: "allowed", False: "refused", None: "unknown"}


def line_row(line: LineView, watch: ChannelWatch, words: Words, *, cut: bool = False) -> Element:
    """A row with the text, what kind of line it is, its facts, the guard's word and the writer."""
    with box("li", "line-row") as row:
        with box("p", "tags"):
            Text("span", words.known("kind", line.kind), f"tag {line.kind}")
            if line.product_id:
                Text("span", watch.product_name(line.product_id), "tag soft")
            if cut:
                Text("span", words("cut"), "tag warn")
            seconds = line.pictures / watch.channel.canvas.fps
            Text("span", words("seconds", n=f"{seconds:.1f}"), "seconds")
        Text("p", line.text, "said-text")
        line_evidence(line, watch, words)
    return row


def line_evidence(line: LineView, watch: ChannelWatch, words: Words) -> Element:
    """What allows a line: the guard's word, the writer, and each fact with its id."""
    with box("ul", "evidence", aria_label=words("facts")) as place:
        verdict = VERDICTS[line.allowed]
        Text("li", words(f"verdict_{verdict}"), f"verdict {verdict}")
        if line.writer:
            Text("li", words("written_by", writer=words.known("writer", line.writer)), "writer")
        for fact_id, text in watch.state.facts_of(line):
            with box("li", "fact"):
                Text("code", fact_id)
                Text("span", text)
        if not line.fact_ids:
            Text("li", words("no_facts"), "none")
    return place
