"""The tables of the insight page; bars show at a glance what is much and what is little."""

from __future__ import annotations

from collections.abc import Sequence

from engine.records import insight
from server.room.channel_watch import ChannelWatch
from server.room.parts.elements import Text, box, button
from server.room.parts.wishes import plain
from server.room.words import Words

SHOWN = 12


def topic_table(rows: Sequence[insight.TopicCount], watch: ChannelWatch, words: Words) -> None:
    """Questions by topic, with an example."""
    if not rows:
        Text("p", words("no_questions_asked"), "none")
        return
    most = rows[0].questions
    with box("ol", "bars"):
        for row in rows[:SHOWN]:
            name = words.known("topic", row.topic or "unknown")
            about = watch.product_name(row.product_id)
            with box("li"):
                with box("p", "bar-title"):
                    Text("span", f"{name} · {about}" if about else name)
                    Text("b", str(row.questions))
                _bar(row.questions, most)
                Text("p", f"“{row.example}”", "hint")


def unanswered_list(rows: Sequence[insight.Unanswered], watch: ChannelWatch, words: Words, *, may_answer: bool) -> None:
    """Questions that wait for the shop; an operator answers right here."""
    if not rows:
        Text("p", words("nothing_unanswered"), "none")
        return
    with box("ol", "lines"):
        for row in rows[:SHOWN]:
            with box("li", "line-row"):
                with box("p", "tags"):
                    if row.product_id:
                        Text("span", watch.product_name(row.product_id), "tag soft")
                    Text("span", words("asked_times", n=row.asked), "count")
                Text("p", row.text, "said-text")
                if may_answer:
                    fill = plain({"question": row.text, "product_id": row.product_id or ""})
                    button(words("answer_it"), "edit", "small", data_open="#faq", data_fill=fill)


def product_table(rows: Sequence[insight.ProductFigures], watch: ChannelWatch, words: Words) -> None:
    """Products by air time, questions and clicks."""
    if not rows:
        Text("p", words("nothing_shown"), "none")
        return
    most = max(row.air_seconds for row in rows) or 1.0
    with box("table", "table"):
        with box("thead"), box("tr"):
            for name in ("product", "air_time", "questions", "clicks"):
                Text("th", words(name)).props["scope"] = "col"
        with box("tbody"):
            for row in rows[:SHOWN]:
                with box("tr"):
                    Text("th", watch.product_name(row.product_id)).props["scope"] = "row"
                    with box("td"):
                        Text("span", words("minutes", n=f"{row.air_seconds / 60:.1f}"))
                        _bar(row.air_seconds, most)
                    Text("td", str(row.questions))
                    Text("td", str(row.clicks))


def effect_table(rows: Sequence[insight.Effect], watch: ChannelWatch, words: Words) -> None:
    """What was said just before viewers opened a link or left."""
    Text("p", words("effects_hint"), "hint")
    if not rows:
        Text("p", words("no_effects"), "none")
        return
    with box("ol", "lines"):
        for row in rows[:SHOWN]:
            with box("li", "line-row"):
                with box("p", "tags"):
                    Text("span", words.known("kind", row.kind), "tag")
                    if row.product_id:
                        Text("span", watch.product_name(row.product_id), "tag soft")
                    Text("span", words("clicked_times", n=row.clicks), "count good")
                    Text("span", words("left_times", n=row.left), "count bad")
                    Text("span", words("said_times", n=row.said), "seconds")
                Text("p", row.what, "said-text")


def _bar(value: float, most: float) -> None:
    share = 100 * value / most if most else 0.0
    box("span", "bar-line", aria_hidden="true").style(f"--share: {share:.1f}%")
