"""The chat: what viewers type goes to the studio, what the studio lets through goes to everybody.

A message is shown to its writer at once. Others see it only with the studio's reply, after the desk has let it
through and the host has understood it, so nobody can put words on the shop's page. Chat is text, never markup.

A page whose socket broke takes up where it was (``writers.py``).
"""

from __future__ import annotations

import asyncio
import secrets
import time
import unicodedata
from collections import OrderedDict, deque
from collections.abc import Callable

import msgspec

from engine.runtime.messages import ChatMessage, ChatReply
from engine.settings.channel import Channel
from server.limits import AddressBuckets, TokenBucket
from server.writers import Payload, Writer, Writers

CLIENT_QUEUE = 64
"""Messages that wait for one client; a client further behind is dropped."""

HISTORY = 40
"""Answered questions that a joiner gets."""

AWAITED = 2000
"""Messages whose reply is awaited; older ones are forgotten."""

ASK_AGAIN_S = 2.0
ASK_TIMES = 40
"""A message without a reply is sent to the studio again every ``ASK_AGAIN_S``, so often in all: one that is just
being started must not cost a question.
"""

NAME_LENGTH = 20

FRAME_LIMIT = 8192
"""Bytes of the largest frame that a client may send."""


class Typed(msgspec.Struct, forbid_unknown_fields=True):
    """What a viewer's page sends: a message, or the token ``again`` of the socket that it had before."""

    text: str = ""
    name: str = ""
    again: str = ""


class Open:
    """A message that the studio has not answered, and when it is sent again."""

    def __init__(self, message: ChatMessage, due: float) -> None:
        self.message = message
        self.due = due
        self.sent = 1


class ChatClient:
    """One open page. ``outbox`` is bounded; ``gone`` is set when it was too slow.

    ``writer`` is another's after ``again``, which may be said once (``is_back``).
    """

    def __init__(self, writer: Writer, bucket: TokenBucket, address: str) -> None:
        self.writer = writer
        self.is_back = False
        self.bucket = bucket
        self.address = address
        self.outbox: asyncio.Queue[Payload] = asyncio.Queue(CLIENT_QUEUE)
        self.gone = asyncio.Event()

    def put(self, payload: Payload) -> None:
        """Queue a message; a full queue ends the client."""
        try:
            self.outbox.put_nowait(payload)
        except asyncio.QueueFull:
            self.gone.set()


class Chat:
    """All chat clients of a channel."""

    def __init__(self, channel: Channel, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rules = channel.chat
        self._reserved = {channel.name.casefold(), channel.items.shop.casefold()}
        self._clients: set[ChatClient] = set()
        self._max_clients = channel.server.max_viewers * 2 + 20
        self._writers = Writers(clock)
        self._page_of: dict[Writer, ChatClient] = {}
        self._awaited: OrderedDict[str, Writer] = OrderedDict()
        rate = self._rules.messages_per_minute * 5
        self._by_address = AddressBuckets(rate, rate, clock)
        self._open: OrderedDict[str, Open] = OrderedDict()
        self._history: deque[Payload] = deque(maxlen=HISTORY)
        self.log: deque[Payload] = deque(maxlen=100)
        self.log_count = 0
        self.received = 0
        self.refused = 0
        self.dropped_clients = 0

    @property
    def clients(self) -> int:
        """Open pages."""
        return len(self._clients)

    @property
    def history(self) -> list[Payload]:
        """The last answered questions, oldest first."""
        return list(self._history)

    def enter(self, address: str) -> ChatClient | None:
        """A new client, or None when the room is full."""
        if len(self._clients) >= self._max_clients:
            return None
        bucket = TokenBucket(self._rules.messages_per_minute, min(3, self._rules.messages_per_minute), self._clock)
        client = ChatClient(self._writers.new(), bucket, address)
        self._clients.add(client)
        self._page_of[client.writer] = client
        return client

    def leave(self, client: ChatClient) -> None:
        """Forget a client; harmless when it has left."""
        if client in self._clients:
            self._clients.discard(client)
            self.dropped_clients += client.gone.is_set()
            if self._page_of.get(client.writer) is client:
                del self._page_of[client.writer]
                self._writers.leave(client.writer)

    def typed(self, client: ChatClient, frame: str) -> ChatMessage | None:
        """Read what a page sent; returns the message for the studio, or None after telling the client why not."""
        try:
            typed = msgspec.json.decode(frame, type=Typed)
        except (msgspec.DecodeError, UnicodeEncodeError):
            self._refuse(client, "", "malformed")
            return None
        if typed.again:
            self._take_up(client, typed.again)
            return None
        text = clean(typed.text)
        reason = self._objection(client, text)
        if reason:
            self._refuse(client, "" if reason == "too_long" else text, reason)
            return None
        name = self._name(client, typed.name)
        message = ChatMessage(secrets.token_hex(8), name, text)
        self._awaited[message.message_id] = client.writer
        if len(self._awaited) > AWAITED:
            self._awaited.popitem(last=False)
        self._open[message.message_id] = Open(message, self._clock() + ASK_AGAIN_S)
        if len(self._open) > AWAITED:
            self._open.popitem(last=False)
        self.received += 1
        self._note({"id": message.message_id, "name": name, "text": text, "kind": "asked"})
        echo: Payload = {"type": "message", "id": message.message_id, "name": name, "text": text, "mine": True}
        client.writer.wrote(message.message_id, echo | {"again": True})
        client.put(echo)
        return message

    def replied(self, reply: ChatReply) -> None:
        """Pass on the studio's reply: to everybody, or to the writer alone when it is refused or private."""
        writer = self._awaited.get(reply.message_id)
        if self._open.pop(reply.message_id, None) is None and writer is not None:
            return  # A second reply to a message that was sent twice.
        payload: Payload = {
            "type": "reply",
            "id": reply.message_id,
            "name": reply.viewer,
            "question": reply.question,
            "text": reply.text,
            "spoken": bool(reply.performance_id),
            "refused": reply.refused,
        }
        kind = "refused" if reply.refused else "answered"
        self._note({"id": reply.message_id, "name": reply.viewer, "text": reply.question, "kind": kind,
                    "reply": reply.text, "spoken": bool(reply.performance_id)})  # fmt: skip
        page = None if writer is None else self._page_of.get(writer)
        if writer is not None:
            writer.replied(reply.message_id, payload | {"mine": True}, self._clock())
        if page is not None:
            page.put(payload | {"mine": True})
        if reply.refused or reply.private:
            return
        self._history.append(payload)
        for client in self._clients:
            if client is not page:
                client.put(payload)

    def unanswered(self) -> list[ChatMessage]:
        """Messages that are due to be sent to the studio again."""
        now, due = self._clock(), []
        for message_id, waiting in list(self._open.items()):
            if waiting.due > now:
                continue
            if waiting.sent >= ASK_TIMES:
                del self._open[message_id]
                continue
            waiting.sent, waiting.due = waiting.sent + 1, now + ASK_AGAIN_S
            due.append(waiting.message)
        return due

    def tell_all(self, payload: Payload) -> None:
        """Send something that is not chat (cards, the product on air, viewers) to every page."""
        for client in self._clients:
            client.put(payload)

    def _take_up(self, client: ChatClient, token: str) -> None:
        """A page has come back: it gets what it may have missed, and replies go to it from now on.

        The socket before may seem to stand for minutes yet. With a token that nobody has, the page goes on as the new
        writer that it is; which token holds from now on, it is told.
        """
        if client.is_back:
            self._refuse(client, "", "malformed")
            return
        client.is_back = True
        writer = None if client.writer.own else self._writers.back(token)
        if writer is not None and writer is not client.writer:
            del self._page_of[client.writer]
            self._writers.leave(client.writer)
            client.writer = writer
            self._page_of[writer] = client
        client.put({"type": "again", "token": client.writer.token})
        for payload in self._writers.own(client.writer):
            client.put(payload)

    def _note(self, entry: Payload) -> None:
        self.log_count += 1
        self.log.append(entry | {"n": self.log_count})

    def _objection(self, client: ChatClient, text: str) -> str:
        """Why a message is not taken; "" when it is."""
        if not self._rules.enabled:
            return "closed"
        if not text:
            return "empty"
        if len(text) > self._rules.max_length:
            return "too_long"
        if not (client.bucket.take() and self._by_address.take(client.address)):
            return "too_fast"
        return ""

    def _refuse(self, client: ChatClient, text: str, reason: str) -> None:
        self.refused += 1
        client.put({"type": "refused", "reason": reason, "text": text[:60], "limit": self._rules.max_length})

    def _name(self, client: ChatClient, wanted: str) -> str:
        name = clean("".join(c for c in wanted if c.isalnum() or c in " ._-'"))[:NAME_LENGTH].strip()
        return client.writer.guest if not name or name.casefold() in self._reserved else name


def clean(text: str) -> str:
    """``text`` in NFC on one line, without control, format and unassigned characters, single spaces."""
    kept = (
        " " if c.isspace() else c
        for c in unicodedata.normalize("NFC", text)
        if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return " ".join("".join(kept).split())
