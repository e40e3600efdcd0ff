"""One line of the timeline with all that allows it, and what may be done with it."""

from __future__ import annotations

from nicegui.element import Element

from engine.runtime.messages import LineView
from server.room.channel_watch import ChannelWatch
from server.room.parts.elements import Text, box, button
from server.room.parts.wishes import icon_button, plain, wish_button
from server.room.words import Words

VERDICTS = {True: "allowed", False: "refused", None: "unknown"}
OPERATOR = "operator"


def line_row(
    line: LineView, watch: ChannelWatch, words: Words, *, cut: bool = False, may_steer: bool = False
) -> Element:
    """A row with the text, what kind of line it is, and, to unfold, its facts, the guard's word and the writer."""
    with box("li", "line-row", **({"data_movable": ""} if line.movable else {})) as row:
        with box("p", "tags"):
            if line.held:
                Text("span", words("held"), "tag held")
            Text("span", words.known("kind", line.kind), f"tag {line.kind}")
            if line.writer == OPERATOR:
                Text("span", words("by_operator"), "tag typed")
            if line.product_id:
                Text("span", watch.product_name(line.product_id), "tag soft")
            if cut:
                Text("span", words("cut"), "tag warn")
            seconds = line.pictures / watch.channel.canvas.fps
            Text("span", words("seconds", n=f"{seconds:.1f}"), "seconds")
        Text("p", line.text, "said-text")
        if may_steer:
            _actions(line, watch, words)
        with box("details", "proof"):
            verdict = VERDICTS[line.allowed]
            Text("summary", words("proof", n=len(line.fact_ids), verdict=words(f"verdict_{verdict}")), verdict)
            line_evidence(line, watch, words)
    return row


def _actions(line: LineView, watch: ChannelWatch, words: Words) -> None:
    """The buttons of a line. Where it cannot be changed (any more) they stay in their places and do nothing, so that
    the row keeps its height and what stands below stays where it is.
    """
    this = {"performance_id": line.performance_id}
    can = {} if line.movable else {"disabled": True}
    with box("div", "row-actions"):
        if line.held:
            wish_button(words("approve"), "check", watch, {"type": "approve", **this}, "small go")
        fill = plain({**this, "text": line.text})
        button(words("edit"), "edit", "small", data_open="#edit", data_fill=fill, **can)
        wish_button(words("drop"), "close", watch, {"type": "drop", **this}, "small quiet", **can)
        for name, icon_name, by in (("earlier", "up", -1), ("later", "down", 1)):
            move = plain({"type": "move", **this, "by": by})
            icon_button(words(name), icon_name, data_channel=watch.channel_id, data_wish=move, data_again="", **can)


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
