"""What the server knows of its channel, gathered from the bus: health, what is on air, cards."""

from __future__ import annotations

import time
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.flow import SAMPLE_RATE, Card
from engine.runtime.messages import Cards, Health, LineView, OnAir, ProcessState
from engine.settings.channel import Channel

FRESH_S = 3.0
"""Seconds after which a process that has not told its health counts as silent."""

RATES = {"pictures": "fps", "cpu_seconds": "cpu", "bytes": "bitrate"}
"""Figures that only count up, and the name of their growth a second; ``bitrate`` is in bits."""

RATE_BEATS = 6
"""Healths over which a rate is taken, about 5 s."""

Plain = dict[str, object]


@dataclass(slots=True)
class ProcessView:
    """What is known of one process. ``heard`` is the monotonic second of its last Health, None before the first."""

    name: str
    state: str = "starting"
    detail: str = ""
    restarts: int = 0
    figures: dict[str, float] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)
    heard: float | None = None
    beats: deque[tuple[float, dict[str, float]]] = field(default_factory=lambda: deque(maxlen=RATE_BEATS))

    def beat(self, now: float, figures: dict[str, float]) -> None:
        """Take in the figures of a Health; counts that fell belong to a new process."""
        if any(figures.get(name, 0.0) < self.figures.get(name, 0.0) for name in RATES):
            self.beats.clear()
        self.figures, self.heard = figures, now
        self.beats.append((now, figures))

    def rates(self) -> dict[str, float]:
        """Growth a second of the counts in ``RATES``, over the last beats."""
        if len(self.beats) < 2 or self.beats[-1][0] <= self.beats[0][0]:
            return {}
        (began, old), (ended, new) = self.beats[0], self.beats[-1]
        return {
            rate: round((8 if name == "bytes" else 1) * (new[name] - old[name]) / (ended - began), 3)
            for name, rate in RATES.items()
            if name in new and name in old
        }


class ChannelState:
    """The last word on everything that pages show. Fed by ``hear``; reads are plain data for JSON."""

    def __init__(self, channel: Channel, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._fps = channel.canvas.fps
        self._facts = _facts_of(channel)
        self.processes: dict[str, ProcessView] = {}
        self.on_air: OnAir | None = None
        self.cards: tuple[Card, ...] = ()

    def reload(self, channel: Channel) -> None:
        """The channel starts again with other settings."""
        self._fps, self._facts = channel.canvas.fps, _facts_of(channel)

    def hear(self, message: Health | ProcessState | OnAir | Cards) -> None:
        """Take in one message of the bus."""
        if isinstance(message, ProcessState) and message.state == "removed":
            self.processes.pop(message.process, None)
        elif isinstance(message, Health):
            view = self._process(message.process)
            view.state, view.detail, view.troubles = message.state, message.detail, message.troubles
            view.beat(self._clock(), message.figures)
        elif isinstance(message, ProcessState):
            view = self._process(message.process)
            view.state, view.detail, view.restarts = message.state, message.detail, message.restarts
        elif isinstance(message, OnAir):
            self.on_air = message
        elif isinstance(message, Cards):
            self.cards = message.cards

    def _process(self, name: str) -> ProcessView:
        return self.processes.setdefault(name, ProcessView(name))

    def age_s(self, name: str) -> float | None:
        """Seconds since the process last told its health; None when it never did."""
        view = self.processes.get(name)
        return None if view is None or view.heard is None else self._clock() - view.heard

    @property
    def master_fresh(self) -> bool:
        """Whether the master has told its health within ``FRESH_S``."""
        age = self.age_s("master")
        return age is not None and age < FRESH_S

    @property
    def product_on_air(self) -> str | None:
        """Id of the product that the line on air shows."""
        return self.on_air.now.product_id if self.on_air is not None and self.on_air.now is not None else None

    def processes_plain(self) -> list[Plain]:
        """Every process with its state, age of its last word in seconds, restarts and figures."""
        rows: list[Plain] = []
        for view in sorted(self.processes.values(), key=lambda each: each.name):
            age = self.age_s(view.name)
            rows.append({
                "name": view.name,
                "state": view.state,
                "detail": view.detail,
                "restarts": view.restarts,
                "age_s": None if age is None else round(age, 1),
                "fresh": age is not None and age < FRESH_S,
                "figures": view.figures,
                "rates": view.rates(),
            })  # fmt: skip
        return rows

    def on_air_plain(self) -> Plain | None:
        """What is said now and next; times in seconds since the line began."""
        if self.on_air is None:
            return None
        now = self.on_air.now
        elapsed = 0.0 if now is None else max(0.0, (self.on_air.picture - now.start_picture) / self._fps)
        return {
            "picture": self.on_air.picture,
            "stopped": self.on_air.stopped,
            "slate": self.on_air.slate,
            "paused": self.on_air.paused,
            "elapsed_s": round(elapsed, 3),
            "now": None if now is None else self.line_plain(now),
            "upcoming": [self.line_plain(line) for line in self.on_air.upcoming[:8]],
        }

    def cards_plain(self) -> list[Plain]:
        """Every card as pages show it; ``picture`` is an address on this server."""
        return [
            {
                "id": card.product_id,
                "number": card.item_number,
                "name": card.name,
                "details": card.details,
                "price": card.price,
                "was_price": card.was_price,
                "stock": card.stock,
                "picture": f"/media/product/{card.product_id}{picture_version(card)}",
                "link": card.link if card.link.startswith(("https://", "http://")) else "",
            }
            for card in self.cards
        ]

    def viewer_plain(self) -> Plain:
        """What a viewer's page is told of the air."""
        return {
            "type": "onair",
            "product": self.product_on_air,
            "stopped": self.on_air is not None and self.on_air.stopped,
            "slate": self.on_air is not None and self.on_air.slate,
        }

    def line_plain(self, line: LineView) -> Plain:
        """A line with its facts; times in seconds from its start."""
        return {
            "id": line.performance_id,
            "kind": line.kind,
            "text": line.text,
            "product": line.product_id,
            "facts": [{"id": fact_id, "text": text} for fact_id, text in self.facts_of(line)],
            "writer": line.writer,
            "allowed": line.allowed,
            "movable": line.movable,
            "held": line.held,
            "seconds": round(line.pictures / self._fps, 2),
            "words": [
                [word.text, round(word.start / SAMPLE_RATE, 3), round(word.end / SAMPLE_RATE, 3)] for word in line.words
            ],
        }

    def facts_of(self, line: LineView) -> list[tuple[str, str]]:
        """Id and text of each fact that a line cites; the text is empty when nobody knows it any more."""
        return [(fact_id, self._fact_text(fact_id)) for fact_id in line.fact_ids]

    def _fact_text(self, fact_id: str) -> str:
        product_id, _, key = fact_id.partition(".")
        card = next((card for card in self.cards if card.product_id == product_id), None)
        if card is not None and key in ("price", "was_price", "stock", "name", "link"):
            return str(getattr(card, key))
        if card is not None and key == "saving" and card.was_price:
            return f"{card.was_price} − {card.price}"
        return self._facts.get(fact_id, "")


def picture_version(card: Card) -> str:
    """What an address of a card's picture ends with, so that pages and caches follow when it names another file."""
    return f"?v={zlib.crc32(card.picture.encode()):08x}" if card.picture else ""


def _facts_of(channel: Channel) -> dict[str, str]:
    facts = {f"{p.id}.{fact.id}": f"{p.name} {fact.text}" for p in channel.items.products for fact in p.facts}
    facts |= {f"{p.id}.model": p.model for p in channel.items.products}
    facts |= {f"{p.id}.category": p.category for p in channel.items.products}
    for policy in channel.items.policies:
        facts[policy.id] = facts[f"policy.{policy.id}"] = policy.text
    return facts
