"""The server's one owner of bus, feed, viewers and chat; the web routes only ask it."""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import psutil

from engine.flow import MediaFormat, Stream
from engine.records import Ledger
from engine.runtime.bus import AsyncBus
from engine.runtime.feed import AsyncPacketReader
from engine.runtime.heap import HeapTrimmer
from engine.runtime.heart import own_figures
from engine.runtime.messages import (
    Cards,
    ChatMessage,
    ChatReply,
    Control,
    Health,
    Hello,
    KeyframeRequest,
    OnAir,
    ProcessState,
    SmallWanted,
    Viewers,
)
from engine.runtime.place import staff_pass
from engine.runtime.steering import Questions, Steer, Steered
from engine.settings.channel import Channel
from server.admission import LEAST_CROWD, Admission
from server.audience import Audience
from server.books import Books
from server.chat import Chat
from server.clicks import ClickCounter
from server.fanout import Fanout
from server.sessions import Sessions
from server.state import ChannelState
from server.steering import Steering
from server.tasks import TaskSet

logger = logging.getLogger(__name__)

LISTENS = (Health, ProcessState, OnAir, Cards, ChatReply, Steered, Questions)

ASK_AGAIN_S = 0.25
"""Seconds after which a keyframe is asked for again while somebody still waits for one."""

HEALTH_S = 1.0
"""Seconds between two Healths."""

TRIM_EVERY_S = 60.0
"""What a crowd leaves behind goes back to the system."""


class Station:
    """Connects one channel's bus and feed to its viewers. ``start`` and ``aclose`` bracket its life.

    ``failed`` is set when a part of it has ended that should not: the process is then started again. ``open_ledger``
    opens the ledger that viewers and clicks are counted in; the studio and the control room write into it as well.
    """

    def __init__(self, channel: Channel, run_dir: Path, open_ledger: Callable[[], Ledger]) -> None:
        self.channel = channel
        self._run_dir = run_dir
        self._staff_pass = staff_pass(run_dir)
        self.state = ChannelState(channel)
        self.chat = Chat(channel)
        self.books = Books(open_ledger)
        self._audience = Audience(lambda count: self.books.write(lambda ledger: ledger.watched(count)))
        self._clicks = ClickCounter()
        self.steering = Steering(self.publish)
        self.fanout = Fanout(self._ask_keyframe)
        self.sessions = Sessions(self.fanout, channel.server.max_viewers, self._ask_keyframe, self._viewers_changed)
        self.admission = Admission(max(LEAST_CROWD, channel.server.max_viewers))
        self.changed = asyncio.Condition()
        self.media: MediaFormat | None = None
        self._wants_keyframe = asyncio.Event()
        self._count_changed = asyncio.Event()
        self._bus: AsyncBus | None = None
        self._reader: AsyncPacketReader | None = None
        self.failed = asyncio.Event()
        self._tasks = TaskSet(self.failed.set)
        self._told_air: dict[str, object] = {}

    def knows(self, shown: str) -> bool:
        """Whether ``shown`` is this run's own pass: the control room asks for an operator."""
        return bool(self._staff_pass) and hmac.compare_digest(shown.encode(), self._staff_pass.encode())

    async def start(self) -> None:
        """Join the bus and the feed and say Hello."""
        self._bus = AsyncBus(self._run_dir, LISTENS)
        self._reader = AsyncPacketReader(self._run_dir, (Stream.VIDEO, Stream.SMALL, Stream.OPUS))
        self._tasks.spawn(self._pump(self._reader), "feed-pump")
        self._tasks.spawn(self._listen(self._bus), "bus-listen")
        self._tasks.spawn(self._tell_health(self._bus), "health")
        self._tasks.spawn(self._tell_viewers(self._bus), "viewers")
        self._tasks.spawn(self._ask(self._bus), "keyframes")

    async def aclose(self) -> None:
        """End all sessions and leave bus and feed; may be called twice or before start."""
        await self.sessions.aclose()
        await self._tasks.aclose()
        self._audience.close()
        await self.books.aclose()
        if self._reader is not None:
            self._reader.close()
        if self._bus is not None:
            self._bus.close()

    async def publish(self, message: ChatMessage | Control | Steer) -> None:
        """Send to the studio and the master."""
        if self._bus is not None:
            await self._bus.publish(message)

    def clicked(self, product_id: str, viewer_kind: str, address: str) -> None:
        """A page at ``address`` says that a product's link was opened."""
        linked = any(card["id"] == product_id and card["link"] for card in self.state.cards_plain())
        if linked and self._clicks.counts(address):
            self.books.write(lambda ledger: ledger.clicked(product_id, viewer_kind))

    async def announce(self) -> None:
        """Wake whoever waits for a change of what pages show."""
        async with self.changed:
            self.changed.notify_all()

    def _ask_keyframe(self) -> None:
        self._wants_keyframe.set()

    def _viewers_changed(self) -> None:
        self._count_changed.set()

    async def _pump(self, reader: AsyncPacketReader) -> None:
        while True:
            item = await reader.read()
            if isinstance(item, MediaFormat):
                self.media = item
            else:
                self.fanout.give(item)

    async def _listen(self, bus: AsyncBus) -> None:
        async for message in bus.messages():
            if isinstance(message, ChatReply):
                self.chat.replied(message)
            elif isinstance(message, (Steered, Questions)):
                self.steering.hear(message)
            elif isinstance(message, (Health, ProcessState, OnAir, Cards)):
                self.state.hear(message)
                self._tell_pages(message)
            else:
                continue
            await self.announce()

    def _tell_pages(self, message: msgspec.Struct) -> None:
        if isinstance(message, Cards):
            self.chat.tell_all({"type": "cards", "cards": self.state.cards_plain()})
        elif isinstance(message, OnAir):
            air = self.state.viewer_plain()
            if air != self._told_air:
                self._told_air = air
                self.chat.tell_all(air)

    async def _ask(self, bus: AsyncBus) -> None:
        while True:
            await self._wants_keyframe.wait()
            self._wants_keyframe.clear()
            await bus.publish(KeyframeRequest("viewer"))
            await asyncio.sleep(ASK_AGAIN_S)
            if self.fanout.someone_waits:
                self._wants_keyframe.set()

    async def _tell_viewers(self, bus: AsyncBus) -> None:
        told = -1
        while True:
            count = self.sessions.connected
            if count != told:
                told = count
                await bus.publish(Viewers(count))
                self.chat.tell_all({"type": "viewers", "count": count})
                self._audience.tell(count)
                await self.announce()
            await self._count_changed.wait()
            self._count_changed.clear()

    async def _tell_health(self, bus: AsyncBus) -> None:
        own, heap = psutil.Process(), HeapTrimmer(TRIM_EVERY_S)
        while True:
            heap.trim_if_due()
            if not self.state.cards:
                # A first word is lost when the broker was not yet joined, or nobody who knows listened.
                await bus.publish(Hello("server"))
            lost = 0 if self._reader is None else self._reader.lost
            figures = {
                "viewers": float(self.sessions.connected),
                "viewers_small": float(self.fanout.small),
                "viewers_half_open": float(self.sessions.half_open),
                "offers_refused": float(self.admission.refused + self.sessions.refused),
                "chat_clients": float(self.chat.clients),
                "chat_messages": float(self.chat.received),
                "chat_refused": float(self.chat.refused),
                "packets_lost": float(lost),
                "send_lag_ms": round(self.fanout.worst_lag_s() * 1000, 2),
                "slow_viewer_skips": float(self.fanout.skips),
                "ledger_lost": float(self.books.lost),
                **own_figures(own),
            }
            for message in self.chat.unanswered():
                await bus.publish(message)
            if self.fanout.small:
                await bus.publish(SmallWanted(self.fanout.small))
            self._audience.tick()
            await bus.publish(Health("server", os.getpid(), "serving", figures=figures))
            await asyncio.sleep(HEALTH_S)
