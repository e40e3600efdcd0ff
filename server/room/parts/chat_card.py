"""The chat with what became of each question, newest first."""

from __future__ import annotations

from nicegui.element import Element

from server.room.channel_watch import ChannelWatch
from server.room.chat_log import Asked
from server.room.parts.elements import Text, box
from server.room.parts.rows import Rows
from server.room.words import Words


class ChatCard:
    """The chat of one channel."""

    def __init__(self, watch: ChannelWatch, words: Words) -> None:
        self._watch, self._words = watch, words
        with box("section", "card talk", aria_labelledby="chat-title"):
            with box("header"):
                Text("h2", words("chat")).props("id=chat-title")
                self._viewers = Text("span", classes="count")
            self._rows = Rows(box("ol", "log", role="log", tabindex="0", aria_labelledby="chat-title"))
            self._none = Text("p", words("no_chat"), "none")
        self.refresh()

    def refresh(self) -> None:
        """Show what is so now."""
        entries = self._watch.chat.entries[::-1]
        self._rows.show([f"{e.message_id} {e.outcome}" for e in entries], lambda i: self._row(entries[i]))
        self._none.set_visibility(not entries)
        self._viewers.set_text(self._words("viewers", n=self._watch.viewers))

    def _row(self, entry: Asked) -> Element:
        with box("li", entry.outcome) as row:
            with box("p", "who"):
                Text("span", entry.viewer)
                Text("span", self._words(f"chat_{entry.outcome}"), "state")
                if entry.spoken:
                    Text("span", self._words("answered_aloud"))
            Text("p", entry.text)
            if entry.reply:
                Text("p", entry.reply, "reply")
        return row
