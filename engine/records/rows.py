"""What the ledger gives back, a type for each kind of row. Times are UTC (ISO 8601 with milliseconds).

Rows of which insight reads a month at once, hundreds of thousands, are tuples: they are made in a third of the time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from engine.records.store import Row

Entry = TypeVar("Entry")

_JSON = frozenset({"fact_ids", "facts", "prices", "verdict", "card"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact as it was when a line was written."""

    fact_id: str
    type: str
    subject: str
    value: str
    unit: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class PriceThen:
    """A product's price and stock when a line was written; amounts as the catalogue has them ("19.99")."""

    product_id: str
    price: str
    was_price: str
    currency: str
    stock: int


@dataclass(frozen=True, slots=True)
class SaidLine:
    """One line that went on air, from ``start_sample`` to ``end_sample`` of the master clock.

    ``at`` is when it ended. ``end_sample`` is None in a ledger from before it was kept.
    """

    number: int
    at: str
    line_id: str
    performance_id: str
    start_sample: int
    kind: str
    text: str
    fact_ids: tuple[str, ...]
    product_id: str | None
    question_id: str | None
    catalogue_version: int
    end_sample: int | None


class AiredLine(NamedTuple):
    """A line that was on air for ``samples`` (0: not known), up to ``at``."""

    at: str
    samples: int
    kind: str
    text: str
    product_id: str | None


@dataclass(frozen=True, slots=True)
class AuditedLine:
    """A line on air with all that allowed it.

    ``writer`` is "" for lines of a ledger from before evidence was kept; then there is none.
    """

    said: SaidLine
    writer: str
    model: str
    frame: str
    facts: tuple[Evidence, ...]
    prices: tuple[PriceThen, ...]
    verdict: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A line as it was written, on air or not. ``dropped_why`` says why it never went on air ("" if it may have)."""

    line_id: str
    at: str
    text: str
    writer: str
    model: str
    frame: str
    facts: tuple[Evidence, ...]
    prices: tuple[PriceThen, ...]
    verdict: Mapping[str, Any]
    dropped_at: str | None
    dropped_why: str


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question from the chat, with the answer that the host was given to say ("" if there was none).

    ``topic`` is the kind of thing that was asked about ("price", "fact" …), "" where it was not kept; ``product_id``
    is the product that it was about.
    """

    number: int
    at: str
    question_id: str
    viewer: str
    text: str
    line_id: str | None
    answer: str
    reply: str
    fact_ids: tuple[str, ...]
    topic: str
    product_id: str | None


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that the catalogue could not answer: the shop should."""

    number: int
    at: str
    question_id: str
    viewer: str
    text: str
    product_id: str | None


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """A question with the shop's own answer, about one product or (None) about the shop."""

    number: int
    at: str
    question: str
    answer: str
    product_id: str | None


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """A chat message and what became of it.

    ``outcome`` is "refused" (``reason`` is the desk's code), "spoken", "written" (the reply was not spoken), "merged"
    (answered together with the same question of another viewer), or "greeted" (one line for several viewers);
    ``line_id`` is the answer.
    """

    number: int
    at: str
    message_id: str
    viewer: str
    text: str
    outcome: str
    reason: str
    line_id: str | None


@dataclass(frozen=True, slots=True)
class ShownCard:
    """What the product card showed from ``start_sample`` of the master clock on."""

    number: int
    at: str
    start_sample: int
    product_id: str
    card: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Steering:
    """What somebody in the control room did to the show.

    ``action`` is a short code ("stop", "say" …), ``detail`` what it was done to or with, ``why`` the person's own
    reason ("" where none is asked for), ``outcome`` what became of it ("done", "refused: …").
    """

    number: int
    at: str
    who: str
    action: str
    detail: str
    why: str
    outcome: str


class ViewerCount(NamedTuple):
    """How many watched from ``at`` until the next count."""

    number: int
    at: str
    viewers: int


class Click(NamedTuple):
    """A viewer opened a product's link. ``viewer_kind`` is "phone", "desk" or "" (unknown); nothing says who."""

    number: int
    at: str
    product_id: str
    viewer_kind: str


def entry(kind: type[Entry], row: Row) -> Entry:
    """A row as its type; columns that hold JSON are read."""
    return entries(kind, [row])[0]


def entries(kind: type[Entry], rows: Sequence[Row]) -> tuple[Entry, ...]:
    """Rows of one query as their type; see ``entry``. A month of a busy channel is a million of them."""
    written = _JSON.intersection(rows[0]) if rows else frozenset()
    if not written:
        return tuple(kind(**row) for row in rows)
    return tuple(kind(**(row | {key: _read(key, row[key]) for key in written})) for row in rows)


def _read(key: str, value: Any) -> Any:
    data = json.loads(value) if value else None
    if key == "fact_ids":
        return tuple(data or ())
    if key == "facts":
        return tuple(Evidence(**fact) for fact in data or ())
    if key == "prices":
        return tuple(PriceThen(**price) for price in data or ())
    return data or {}
