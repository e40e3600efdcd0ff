"""The questions that wait for their answer, the most useful first."""

from __future__ import annotations

from nicegui.element import Element

from engine.runtime.steering import WaitingQuestion
from server.room.channel_watch import ChannelWatch
from server.room.parts.elements import Text, box, button
from server.room.parts.rows import Rows
from server.room.parts.wishes import dialog, hidden_field, plain, text_field, wish_button, wish_form
from server.room.words import Words


class QuestionCard:
    """The queue; who may steer answers, lets go, or types the answer."""

    def __init__(self, watch: ChannelWatch, words: Words, *, may_steer: bool) -> None:
        self._watch, self._words, self._may_steer = watch, words, may_steer
        with box("section", "card", aria_labelledby="questions-title"):
            with box("header"):
                Text("h2", words("questions")).props["id"] = "questions-title"
                self._count = Text("span", classes="count")
            self._rows = Rows(box("ol", "lines questions"))
            self._none = Text("p", words("no_questions"), "none")
        if may_steer:
            with dialog("answer", words("answer_title"), words):
                box("blockquote", "asked", data_about="question")
                with wish_form(watch, words, {"type": "answer"}, words("answer_it")):
                    hidden_field("message_id")
                    text_field(words("answer_text"), "text", rows=3)
        self.refresh()

    def refresh(self) -> None:
        """Show what is so now."""
        waiting = self._watch.steering.questions.waiting
        self._rows.show([f"{each.message_id} {each.asked}" for each in waiting], lambda i: self._row(waiting[i]))
        self._count.set_text(str(len(waiting)) if waiting else "")
        self._none.set_visibility(not waiting)

    def _row(self, each: WaitingQuestion) -> Element:
        words, watch = self._words, self._watch
        with box("li", "line-row") as row:
            with box("p", "tags"):
                Text("span", each.viewer, "asker").props["title"] = each.viewer
                Text("span", words.known("topic", each.topic), "tag")
                if each.product_id:
                    Text("span", watch.product_name(each.product_id), "tag soft")
                if each.asked > 1:
                    Text("span", words("asked_by", n=each.asked), "count")
            Text("p", each.text, "said-text")
            if self._may_steer:
                with box("div", "row-actions"):
                    now = {"type": "answer_now", "message_id": each.message_id}
                    wish_button(words("answer_now"), "up", watch, now, "small")
                    fill = plain({"message_id": each.message_id, "question": each.text})
                    button(words("answer_typed"), "edit", "small", data_open="#answer", data_fill=fill,
                        data_channel=watch.channel_id, data_first=plain({**now, "type": "keep"}))  # fmt: skip
                    wish_button(words("dismiss"), "close", watch, {**now, "type": "dismiss"}, "small quiet")
        return row
