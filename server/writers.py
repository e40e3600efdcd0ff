"""Who wrote in the chat, and what became of it, beyond the life of a page's socket.

A phone changes its network and its page comes back on another socket. It then shows a token that it got on the one
before, and gets what is its own: its questions that wait, and their replies, private ones too. Whoever does not have
the token gets nothing of it; names count for nothing.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

Payload = dict[str, object]

OWN = 5
"""Messages that are kept of one writer; the oldest is forgotten."""

KEPT_S = 120.0
"""Seconds that a reply is kept for its writer, and a writer whose page is away."""

MOST_AWAY = 1000
"""Writers who are kept while their pages are away; who has been away longest is forgotten."""


@dataclass(slots=True)
class Own:
    """One message as its writer's page was told of it, and its reply, made at monotonic second ``replied_at``."""

    message: Payload
    reply: Payload | None = None
    replied_at: float = 0.0


@dataclass(slots=True, eq=False)
class Writer:
    """Who writes from one page. ``guest`` is the name of who gives none, ``token`` a secret of the page."""

    guest: str = field(default_factory=lambda: f"Guest {secrets.randbelow(9000) + 1000}")
    token: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    own: OrderedDict[str, Own] = field(default_factory=OrderedDict)

    def wrote(self, message_id: str, message: Payload) -> None:
        """Keep a message."""
        self.own[message_id] = Own(message)
        if len(self.own) > OWN:
            self.own.popitem(last=False)

    def replied(self, message_id: str, reply: Payload, now: float) -> None:
        """Keep the reply to a message, if that is still kept."""
        own = self.own.get(message_id)
        if own is not None:
            own.reply, own.replied_at = reply, now


class Writers:
    """The writers of one channel, by their tokens: those whose pages are there, and for a while those that left."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[str, Writer] = {}
        self._left: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def new(self) -> Writer:
        """A writer whom nobody knows yet."""
        self._forget()
        writer = Writer()
        self._known[writer.token] = writer
        return writer

    def leave(self, writer: Writer) -> None:
        """The page has gone. Who has written nothing is forgotten at once."""
        if writer.token not in self._known:
            return
        if writer.own:
            self._left[writer.token] = self._clock()
            self._left.move_to_end(writer.token)
        else:
            del self._known[writer.token]
        self._forget()

    def back(self, token: str) -> Writer | None:
        """The writer whose page has come back with its token; None when nobody is known by it (any more)."""
        self._forget()
        self._left.pop(token, None)
        return self._known.get(token)

    def own(self, writer: Writer) -> list[Payload]:
        """What the writer's page may not have heard, in order: each message that waits, and each with its reply.

        The page knows by the ids what it has heard already.
        """
        since = self._clock() - KEPT_S
        told: list[Payload] = []
        for own in writer.own.values():
            if own.reply is None:
                told.append(own.message)
            elif own.replied_at >= since:
                told += [own.message, own.reply]
        return told

    def _forget(self) -> None:
        since = self._clock() - KEPT_S
        while self._left and (next(iter(self._left.values())) < since or len(self._left) > MOST_AWAY):
            token, _ = self._left.popitem(last=False)
            del self._known[token]
