"""The chat as an operator sees it: each question with what became of it."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from dataclasses import dataclass

from engine.runtime.messages import ChatMessage, ChatReply
from server.state import Plain

KEPT = 100
"""Questions that are shown; older ones are in the ledger."""


@dataclass(slots=True)
class Asked:
    """One question. ``outcome`` is "asked", "answered" or "refused"; all text is as untrusted as the chat itself."""

    message_id: str
    viewer: str
    text: str
    outcome: str = "asked"
    reply: str = ""
    spoken: bool = False

    def plain(self) -> Plain:
        """The question for JSON."""
        return dataclasses.asdict(self)


class ChatLog:
    """The last ``KEPT`` questions, oldest first. Messages may come twice, and a reply without its message."""

    def __init__(self) -> None:
        self._asked: OrderedDict[str, Asked] = OrderedDict()

    @property
    def entries(self) -> list[Asked]:
        """All that are kept, oldest first."""
        return list(self._asked.values())

    def asked(self, message: ChatMessage) -> None:
        """Take in what a viewer typed."""
        self._entry(message.message_id, message.viewer, message.text)

    def replied(self, reply: ChatReply) -> None:
        """Take in what the studio made of it."""
        entry = self._entry(reply.message_id, reply.viewer, reply.question)
        entry.outcome = "refused" if reply.refused else "answered"
        entry.reply, entry.spoken = reply.text, bool(reply.performance_id)

    def _entry(self, message_id: str, viewer: str, text: str) -> Asked:
        entry = self._asked.setdefault(message_id, Asked(message_id, viewer, text))
        if len(self._asked) > KEPT:
            self._asked.popitem(last=False)
        return entry
