"""One channel as the control room sees it: a listener on its bus, and the one who sends orders to it."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import msgspec
import psutil

from engine.records import open_ledger
from engine.runtime.bus import AsyncBus
from engine.runtime.heart import BEAT_SECONDS, own_figures
from engine.runtime.kept_channel import channel_for_child
from engine.runtime.messages import (
    Cards,
    ChatMessage,
    ChatReply,
    Control,
    Ended,
    Health,
    Hello,
    Message,
    OnAir,
    ProcessState,
    Restart,
    Viewers,
)
from engine.runtime.place import staff_pass
from engine.runtime.show_state import show_at_start
from engine.runtime.steering import Questions, ShowNow, Steer, Steered
from engine.settings import SettingsError
from engine.settings.channel import Channel
from server.room.chat_log import ChatLog
from server.room.said import SaidLines
from server.sight import Sight
from server.state import ChannelState, Plain
from server.steering import Steering
from server.tasks import TaskSet

log = logging.getLogger(__name__)

LISTENS = (Health, ProcessState, OnAir, Ended, Cards, ChatMessage, ChatReply, Viewers, Steered, Questions, ShowNow)

TELL_EVERY_S = 0.2
"""Least time between two calls of the pages; changes in between are joined."""

PROCESS = "room"


class ChannelWatch:
    """Everything that pages show of one channel; ``start`` and ``aclose`` bracket its life.

    ``channel_id`` is the channel file's name without its ending, as in the ledger; ``on_show`` the product of the last
    line that had one, whose card stays in the picture. ``staff_pass`` lets operators watch without being counted.
    """

    def __init__(
        self, channel_id: str, channel: Channel, run_dir: Path, state_dir: Path, failed: Callable[[], None]
    ) -> None:
        self.channel_id = channel_id
        self.channel = channel
        self.state = ChannelState(channel)
        self.chat = ChatLog()
        self.said = SaidLines()
        self.sight = Sight(channel, run_dir, self.state, lambda: open_ledger(channel, state_dir), failed)
        self.steering = Steering(self.send)
        self.show = show_at_start(channel)
        self.staff_pass = staff_pass(run_dir)
        self.viewers = 0
        self.on_show: str | None = None
        self._run_dir = run_dir
        self._bus: AsyncBus | None = None
        self._tasks = TaskSet(failed)
        self._listeners: set[Callable[[], None]] = set()
        self._changed = asyncio.Event()
        self._cards_told = asyncio.Event()

    async def start(self) -> None:
        """Join the bus, and take up what was known before."""
        await self.sight.start()
        self._bus = AsyncBus(self._run_dir, LISTENS)
        self._tasks.spawn(self._listen(self._bus), f"listen {self.channel_id}")
        self._tasks.spawn(self._beat(self._bus), f"beat {self.channel_id}")
        self._tasks.spawn(self._tell(), f"tell {self.channel_id}")
        self._tasks.spawn(self._follow_catalogue(), f"catalogue {self.channel_id}")

    async def aclose(self) -> None:
        """Leave the bus; may be called twice or before start."""
        await self._tasks.aclose()
        await self.sight.aclose()
        if self._bus is not None:
            self._bus.close()

    async def send(self, message: Control | Steer | Restart) -> None:
        """Send an order to the channel."""
        if self._bus is not None:
            await self._bus.publish(message)

    def reload(self, channel: Channel) -> None:
        """The channel starts again with other settings."""
        self.channel = channel
        self.state.reload(channel)
        self.sight.reload(channel)
        self._changed.set()

    def follow(self, told: Callable[[], None]) -> Callable[[], None]:
        """Have ``told`` called after each change; the returned function ends that."""
        self._listeners.add(told)
        return lambda: self._listeners.discard(told)

    @property
    def path(self) -> str:
        """The address of the channel's page. All that belongs to it begins with it, in the API behind ``/api``."""
        return f"/channels/{quote(self.channel_id, safe='')}"

    @property
    def air(self) -> str:
        """One word: "on", "paused", "stopped", "slate", "waiting" or "off".

        "waiting": the master is there but tells nothing yet.
        """
        on_air = self.state.on_air
        if not self.state.master_fresh:
            return "off"
        if on_air is None:
            return "waiting"
        return "stopped" if on_air.stopped else "slate" if on_air.slate else "paused" if on_air.paused else "on"

    def product_name(self, product_id: str | None) -> str:
        """The name on a product's card, or its id while no card is known."""
        card = next((card for card in self.state.cards if card.product_id == product_id), None)
        return card.name if card is not None else product_id or ""

    def hear(self, message: Message) -> None:
        """Take in one message of the bus."""
        if isinstance(message, (Health, ProcessState, OnAir, Cards)):
            self.state.hear(message)
        self.sight.hear(message)
        if isinstance(message, Cards):
            self._cards_told.set()
        if isinstance(message, Health) and message.process == "server":
            self.viewers = int(message.figures.get("viewers", self.viewers))
        elif isinstance(message, (OnAir, Ended)):
            self.said.hear(message)
            self.on_show = self.state.product_on_air or self.on_show
        elif isinstance(message, ChatMessage):
            self.chat.asked(message)
        elif isinstance(message, ChatReply):
            self.chat.replied(message)
        elif isinstance(message, Viewers):
            self.viewers = message.count
        elif isinstance(message, (Steered, Questions)):
            self.steering.hear(message)
        elif isinstance(message, ShowNow):
            self.show = message
        self._changed.set()

    def plain(self) -> Plain:
        """The channel's state as the API tells it."""
        on_air, last = self.state.on_air_plain(), self.sight.alarms.last
        return {
            "id": self.channel_id,
            "name": self.channel.name,
            "shop": self.channel.items.shop,
            "language": self.channel.language,
            "air": self.air,
            "viewers": self.viewers,
            "product": self.on_show,
            "on_air": on_air,
            "said": [self.state.line_plain(line) | {"cut": self.said.was_cut(line.performance_id)}
                     for line in self.said.lines],
            "show": msgspec.to_builtins(self.show),
            "questions": msgspec.to_builtins(self.steering.questions.waiting),
            "processes": self.state.processes_plain(),
            "alarm": None if last is None else msgspec.to_builtins(last),
        }  # fmt: skip

    async def _listen(self, bus: AsyncBus) -> None:
        async for message in bus.messages():
            self.hear(message)

    async def _tell(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            for told in list(self._listeners):
                told()
            await asyncio.sleep(TELL_EVERY_S)

    async def _follow_catalogue(self) -> None:
        """With new cards the studio may go by another catalogue, which it keeps before it tells them."""
        while True:
            await self._cards_told.wait()
            self._cards_told.clear()
            try:
                kept = await asyncio.to_thread(channel_for_child, self.channel.file, self._run_dir)
            except (SettingsError, OSError) as error:
                log.warning("the catalogue of %s cannot be read again: %s", self.channel_id, error)
                continue
            self.channel = self.channel.model_copy(update={"items": kept.items})
            self.state.reload(self.channel)
            self._changed.set()

    async def _beat(self, bus: AsyncBus) -> None:
        """The room's own heartbeat on this bus."""
        own = psutil.Process()
        while True:
            if not self.state.cards:
                # A first word is lost when the broker was not yet joined, or nobody who knows listened.
                await bus.publish(Hello(PROCESS))
            await bus.publish(Health(PROCESS, os.getpid(), "serving", figures=own_figures(own)))
            await asyncio.sleep(BEAT_SECONDS)
