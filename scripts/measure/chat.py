"""A viewer who asks: the chat's WebSocket, the control page's feed to time questions by, and when replies came."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np
from numpy.typing import NDArray
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

QUESTIONS: tuple[str, ...] = (
    "How much is the bottle?",
    "Do you ship to Canada?",
    "What is the lamp made of?",
    "How long does the earbud battery last?",
    "Is the mug dishwasher safe?",
    "Can I return it if I don't like it?",
    "How big is the blanket?",
    "Does the backpack fit a 15 inch laptop?",
    "How heavy is the kettle?",
    "Are you a real person?",
    "What colours does the bottle come in?",
    "How many of the yoga mats are left?",
    "Is the kettle on sale?",
    "When are you open?",
    "How fast does the kettle boil?",
    "Does the lamp run on batteries?",
    "Is the backpack waterproof?",
    "How much does the mug hold?",
    "Where is the blanket woven?",
    "What comes in the box with the earbuds?",
    "How do I wash the blanket?",
    "How can I pay?",
    "Will the bottle keep coffee hot?",
    "How long is the yoga mat?",
    "Do the earbuds work with Android?",
    "How much is shipping?",
)

IN_GAP_S = 0.2
"""A question "between lines" is sent this long after the sound of a line ended at the master, which is about when a
viewer hears silence."""

REPLY_LIMIT_S = 15.0

PLACED_S = 0.3
"""The master decides a start about 0.3 s ahead (docs/design.md, "Picture-aligned starts"). Counted here from what the
viewer hears, which is later by the way to the viewer, so that fewer lines are excused.
"""


@dataclass(slots=True)
class Asked:
    """One question: monotonic seconds of sending and of the written reply (0: none came), and its id."""

    text: str
    aimed_at_gap: bool
    sent: float
    question_id: str = ""
    replied: float = 0.0
    reply: str = ""
    spoken: bool = False
    refused: str = ""


class Questioner:
    """Asks one question after the other, every second one aimed between two lines."""

    def __init__(self, base: str, control: str) -> None:
        parts = urlsplit(base)
        self._origin = Origin(base)
        self._sockets = f"ws://{parts.netloc}"
        self._control = control
        self._now: dict[str, Any] | None = None
        self._ends_at = 0.0
        self.asked: list[Asked] = []

    async def run(self, seconds: float, count: int) -> None:
        """Ask ``count`` questions over ``seconds``."""
        began = time.monotonic()
        async with connect(f"{self._sockets}/ws/chat", origin=self._origin) as chat:
            hearing = asyncio.create_task(self._hear(chat), name="hear-chat")
            watching = asyncio.create_task(self._watch_air(), name="watch-air")
            try:
                for number in range(count):
                    due = began + (number + 0.7) * seconds / (count + 1)
                    await asyncio.sleep(max(0.0, due - time.monotonic()))
                    aim = number % 2 == 0 and await self._gap()
                    question = Asked(QUESTIONS[number % len(QUESTIONS)], aim, time.monotonic())
                    self.asked.append(question)
                    await chat.send(json.dumps({"text": question.text, "name": "Bench"}))
                await asyncio.sleep(max(0.0, min(REPLY_LIMIT_S, began + seconds - time.monotonic())))
            except ConnectionClosed as error:
                self.asked.append(Asked(f"the chat ended: {error}", False, time.monotonic(), refused="closed"))
            finally:
                for task in (hearing, watching):
                    task.cancel()
                await asyncio.gather(hearing, watching, return_exceptions=True)

    async def _hear(self, chat: ClientConnection) -> None:
        async for frame in chat:
            self._take(json.loads(frame), time.monotonic())

    def _take(self, told: dict[str, Any], now: float) -> None:
        """Match the server's echo, reply or refusal with the question."""
        kind = told.get("type")
        if kind == "message" and told.get("mine"):
            for question in self.asked:
                if not question.question_id and question.text == told["text"]:
                    question.question_id = told["id"]
                    break
        elif kind == "reply":
            for question in self.asked:
                if question.question_id == told["id"]:
                    question.replied, question.reply = now, told["text"]
                    question.spoken = bool(told["spoken"])
                    question.refused = told["text"] if told.get("refused") else ""
        elif kind == "refused" and self.asked:
            self.asked[-1].refused = str(told.get("reason", "refused"))

    async def _watch_air(self) -> None:
        """Follow the control page's feed, logged in with the printed address."""
        async with httpx.AsyncClient() as http:
            answer = await http.get(self._control)
        cookie = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
        headers = {"Cookie": cookie}
        async with connect(
            f"{self._sockets}/ws/control",
            origin=self._origin,
            additional_headers=headers,
            max_size=None,
        ) as feed:
            async for frame in feed:
                air = json.loads(frame).get("on_air") or {}
                if air.get("now"):
                    self._ends_at = time.monotonic() + air["now"]["seconds"] - air["elapsed_s"]

    async def _gap(self) -> bool:
        """Wait for the next time between two lines; False when the feed does not tell."""
        until = time.monotonic() + 12.0
        while time.monotonic() < until:
            wait = self._ends_at - time.monotonic()
            if 0.05 < wait < 0.4:
                await asyncio.sleep(wait + IN_GAP_S)
                return True
            await asyncio.sleep(0.1)
        return False


@dataclass(frozen=True, slots=True)
class Heard:
    """A line as a viewer heard it: monotonic seconds at which its sound began (with the silence in front of the first
    phoneme), and at which its first and last spoken sample arrived.
    """

    line_id: str
    begins: float
    first: float
    last: float


@dataclass(frozen=True, slots=True)
class Latency:
    """How long an answer took. ``wait_s`` counts from the question, or from the end of the last sentence that was
    on air or had its place (``PLACED_S`` before its beginning) when the question came; ``from_question_s`` counts from
    the question whatever was on air.
    """

    between_lines: bool
    wait_s: float
    from_question_s: float


def latency(sent: float, answer: Heard, lines: list[Heard]) -> Latency:
    """Latency of ``answer`` to a question sent at ``sent``; ``lines`` are all lines heard, in order."""
    placed = [line for line in lines if line.begins - PLACED_S <= sent and line.first < answer.first]
    free = max((line.last for line in placed), default=sent)
    sounding = any(line.first <= sent <= line.last for line in lines)
    return Latency(not sounding, answer.first - max(sent, free), answer.first - sent)


def arrival_of(
    samples: NDArray[np.int64], unit_pts: NDArray[np.int64], arrived: NDArray[np.float64]
) -> NDArray[np.float64]:
    """When the unit that holds each of ``samples`` arrived."""
    at = np.clip(np.searchsorted(unit_pts, samples, side="right") - 1, 0, len(arrived) - 1)
    return arrived[at]
