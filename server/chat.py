"""The chat: what viewers type goes to the studio, what the studio lets through goes to everybody.

A message is shown to its writer at once. Others see it only with the studio's reply, after the desk has let it
through and the host has understood it, so nobody can put words on the shop's page. Chat is text, never markup.
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

Payload = dict[str, object]


class Typed(msgspec.Struct, forbid_unknown_fields=True):
    """What a viewer's page sends."""

    text: str
    name: str = ""


class TokenBucket:
    """Lets ``burst`` messages through at once and ``per_minute`` in the long run."""

    def __init__(self, per_minute: float, burst: float, clock: Callable[[], float]) -> None:
        self._rate = per_minute / 60
        self._burst = burst
        self._clock = clock
        self._tokens = burst
        self._at = clock()

    def take(self) -> bool:
        """Whether one more may pass now."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Open:
    """A message that the studio has not answered, and when it is sent again."""

    def __init__(self, message: ChatMessage, due: float) -> None:
        self.message = message
        self.due = due
        self.sent = 1


class ChatClient:
    """One open page. ``outbox`` is bounded; ``gone`` is set when it was too slow."""

    def __init__(self, guest: str, bucket: TokenBucket, address: str) -> None:
        self.guest = guest
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
        self._awaited: OrderedDict[str, ChatClient] = OrderedDict()
        self._by_address: OrderedDict[str, TokenBucket] = OrderedDict()
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
        guest = f"Guest {secrets.randbelow(9000) + 1000}"
        bucket = TokenBucket(self._rules.messages_per_minute, min(3, self._rules.messages_per_minute), self._clock)
        client = ChatClient(guest, bucket, address)
        self._clients.add(client)
        return client

    def leave(self, client: ChatClient) -> None:
        """Forget a client; harmless when it has left."""
        if client in self._clients:
            self._clients.discard(client)
            self.dropped_clients += client.gone.is_set()

    def typed(self, client: ChatClient, frame: str) -> ChatMessage | None:
        """Read what a page sent; returns the message for the studio, or None after telling the client why not."""
        try:
            typed = msgspec.json.decode(frame, type=Typed)
        except (msgspec.DecodeError, UnicodeEncodeError):
            self._refuse(client, "", "malformed")
            return None
        text = clean(typed.text)
        if not self._rules.enabled:
            self._refuse(client, text, "closed")
            return None
        if not text:
            self._refuse(client, text, "empty")
            return None
        if len(text) > self._rules.max_length:
            self._refuse(client, "", "too_long")
            return None
        if not (client.bucket.take() and self._bucket_of(client.address).take()):
            self._refuse(client, text, "too_fast")
            return None
        name = self._name(client, typed.name)
        message = ChatMessage(secrets.token_hex(8), name, text)
        self._awaited[message.message_id] = client
        if len(self._awaited) > AWAITED:
            self._awaited.popitem(last=False)
        self._open[message.message_id] = Open(message, self._clock() + ASK_AGAIN_S)
        if len(self._open) > AWAITED:
            self._open.popitem(last=False)
        self.received += 1
        self._note({"id": message.message_id, "name": name, "text": text, "kind": "asked"})
        client.put({"type": "message", "id": message.message_id, "name": name, "text": text, "mine": True})
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
        if writer is not None and writer in self._clients:
            writer.put(payload | {"mine": True})
        if reply.refused or reply.private:
            return
        self._history.append(payload)
        for client in self._clients:
            if client is not writer:
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

    def _note(self, entry: Payload) -> None:
        self.log_count += 1
        self.log.append(entry | {"n": self.log_count})

    def _refuse(self, client: ChatClient, text: str, reason: str) -> None:
        self.refused += 1
        client.put({"type": "refused", "reason": reason, "text": text[:60], "limit": self._rules.max_length})

    def _bucket_of(self, address: str) -> TokenBucket:
        """The bucket of everybody behind one address, so that opening more pages does not help much."""
        bucket = self._by_address.get(address)
        if bucket is None:
            rate = self._rules.messages_per_minute * 5
            bucket = self._by_address[address] = TokenBucket(rate, rate, self._clock)
            if len(self._by_address) > 1000:
                self._by_address.popitem(last=False)
        self._by_address.move_to_end(address)
        return bucket

    def _name(self, client: ChatClient, wanted: str) -> str:
        name = clean("".join(c for c in wanted if c.isalnum() or c in " ._-'"))[:NAME_LENGTH].strip()
        return client.guest if not name or name.casefold() in self._reserved else name


def clean(text: str) -> str:
    """``text`` in NFC on one line, without control, format and unassigned characters, single spaces."""
    kept = (
        " " if c.isspace() else c
        for c in unicodedata.normalize("NFC", text)
        if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return " ".join("".join(kept).split())
