"""Sentences of a description as typed facts, or the reason why not.

A sentence becomes a fact only if it says something of the product that a type of fact fits, and nothing of the
reasons in ``data/claims.yaml`` speaks against it. Everything else is noted.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from engine.settings.data import data_file
from engine.settings.quantity import measure_as_written, subject_of, value_of
from engine.settings.sources.base import Why, short_hash
from engine.settings.sources.texts import Piece, has_unseen, pieces_of

MOST_LETTERS = 160
LEAST_LETTERS = 3
MOST_CARD_LETTERS = 24

REASONS: dict[str, str] = {
    Why.UNTYPED: "no type of fact fits it; write it as a fact if it is one",
    Why.HIDDEN: "it is hidden: customers do not see it on the page",
    Why.LENGTH: f"a fact has {LEAST_LETTERS} to {MOST_LETTERS} letters",
    Why.DUPLICATE: "the same is said already",
    Why.UNKNOWN_COLUMN: "no column of this name is known",
    Why.NOT_SOLD: "the product is not on sale",
    Why.CONFLICT: "another fact of the product says otherwise; keep the one that is true",
    Why.TOO_MANY: "there are more than the catalogue can hold",
    Why.PICTURE: "the picture cannot be used",
    Why.LANGUAGE: "it is in another language than the show",
    Why.UNAPPROVED: "it stands in a description and nobody has approved it",
    Why.UNCOUNTED: "the stock is not counted; it is taken as available",
    Why.EMPTY: "the cell is left open",
    Why.NO_UNIT: "it is a number without its unit; write it behind the number, or in the heading, as “Weight (g)”",
    Why.NO_SALE: "it is not above the price, so nothing is on sale",
}

_SHORT_SUBJECTS = {"cold": "保冷", "hot": "保温"}

_ABBREVIATED = re.compile(r"\b(?:approx|e\.g|i\.e|incl|max|min|no|dr|mr|mrs|st|vs|ca|dia|fl)\.$", re.IGNORECASE)
_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；])\s*|\s*[;•·|●▪✓✔★☆►▶※]\s*|\n+")
_KEYED = re.compile(r"^(?P<key>[^:：]{1,30})[:：]\s*(?P<value>\S.*)$")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence as a fact. ``fact_id`` depends on the words alone, so it stays the same at the next import."""

    kind: str
    text: str
    fact_id: str
    card: str
    said: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A sentence that is no fact, with a code and the reason in words."""

    said: str
    code: str
    reason: str


@cache
def _refusals() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    return tuple(
        (code, rule["say"], re.compile("|".join(f"(?:{pattern})" for pattern in rule["find"])))
        for code, rule in data_file("claims.yaml")["refuse"].items()
    )


@cache
def _shapes() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rf"^{pattern}", re.IGNORECASE), becomes) for pattern, becomes in data()["shapes"])


@cache
def _types() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern)) for kind, pattern in data()["types"])


@cache
def _subject() -> re.Pattern[str]:
    return re.compile(rf"^(?:{'|'.join(data()['subject'])})\s*", re.IGNORECASE)


def data() -> Any:
    """The rules as the data file has them."""
    return data_file("claims.yaml")


def why_not(text: str) -> Refusal | None:
    """What speaks against saying ``text`` as a fact, whatever its type."""
    if has_unseen(text):
        return Refusal(text, Why.HIDDEN, REASONS[Why.HIDDEN])
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    for code, say, pattern in _refusals():
        if match := pattern.search(plain):
            return Refusal(text, code, f"{say}: “{match[0].strip()}”")
    if not LEAST_LETTERS <= len(text) <= MOST_LETTERS:
        return Refusal(text, Why.LENGTH, REASONS[Why.LENGTH])
    return None


def sentences(text: str) -> list[str]:
    """The sentences and list items of a text; points in numbers and abbreviations do not end one."""
    parts: list[str] = []
    for part in _END.split(text):
        if parts and _ABBREVIATED.search(parts[-1]):
            parts[-1] += f" {part}"
        elif part and part.strip(" -–—*.。,，"):
            parts.append(part.strip(" -–—*"))
    return [piece for part in parts for piece in _keyed_pieces(part)]


def _keyed_pieces(sentence: str) -> list[str]:
    """The parts of "Material: steel, Capacity: 750 ml"; any other sentence as it is."""
    pieces = re.split(r"[,，]\s*", sentence)
    return pieces if len(pieces) > 1 and all(_KEYED.match(piece) for piece in pieces) else [sentence]


def keyed(sentence: str) -> tuple[str, str] | None:
    """Key and value of "Material: steel"."""
    match = _KEYED.match(sentence)
    return (match["key"].strip(), match["value"].strip().rstrip(".。")) if match else None


def claim_of(sentence: str, product: str = "") -> Claim | Refusal:
    """The fact that ``sentence`` states about ``product`` (its name, which may be the subject)."""
    refusal = why_not(_without(sentence, product))
    if refusal is not None:
        return Refusal(sentence, refusal.code, refusal.reason)
    if sentence.rstrip().endswith(("?", "？", "!", "！")):
        return Refusal(sentence, Why.UNTYPED, REASONS[Why.UNTYPED])
    phrase = _phrase(sentence, product)
    kind = kind_of(phrase) if phrase else None
    if phrase is None or kind is None:
        return Refusal(sentence, Why.UNTYPED, REASONS[Why.UNTYPED])
    if len(phrase) < LEAST_LETTERS or len(phrase) > MOST_LETTERS:
        return Refusal(sentence, Why.LENGTH, REASONS[Why.LENGTH])
    return Claim(kind, phrase, f"{kind}-{short_hash(phrase)}", card_of(kind, phrase), sentence)


def kind_of(phrase: str) -> str | None:
    """The type of fact that fits a phrase."""
    lowered = phrase.lower()
    return next((kind for kind, pattern in _types() if pattern.search(lowered)), None)


def card_of(kind: str, phrase: str) -> str:
    """The shortest form of a fact for the product card, or "" if there is no short one."""
    value, unit = value_of(kind, phrase)
    short = f"{value} {unit}".strip() if unit or kind in {"material", "colour", "origin"} else ""
    if unit and not phrase.isascii():
        short = measure_as_written(phrase)  # The usual form of a unit may be English: “months”.
    subject = subject_of(kind, phrase, kind)
    if kind == "performance" and subject != kind:
        short = f"{subject} {short}" if phrase.isascii() else f"{_SHORT_SUBJECTS.get(subject, subject)}{short}"
    return short if len(short) <= MOST_CARD_LETTERS else ""


def claims_in(text: str, product: str = "") -> list[Claim | Refusal | tuple[str, str, str]]:
    """Every sentence of a description, in order; "key: value" comes as a tuple (key, value, sentence)."""
    found: list[Claim | Refusal | tuple[str, str, str]] = []
    for piece in pieces_of(text):
        if piece.hidden:
            found.append(_hidden(piece))
            continue
        for sentence in sentences(piece.text):
            pair = keyed(sentence)
            refusal = why_not(_without(sentence, product)) if pair else None
            if refusal is not None:
                found.append(Refusal(sentence, refusal.code, refusal.reason))
            elif pair:
                found.append((*pair, sentence))
            else:
                found.append(claim_of(sentence, product))
    return found


def _hidden(piece: Piece) -> Refusal:
    """Hidden words are never said; where they instruct the host, that is the reason given."""
    refusal = why_not(piece.text)
    if refusal is not None and refusal.code in {"instruction", "encoded"}:
        return Refusal(piece.text, refusal.code, f"{refusal.reason}; and {REASONS[Why.HIDDEN]}")
    return Refusal(piece.text, Why.HIDDEN, REASONS[Why.HIDDEN])


def _without(sentence: str, product: str) -> str:
    """``sentence`` without the product's own name, in which any word may stand."""
    if len(product) < 4:
        return sentence
    return re.sub(re.escape(product), "product", sentence, flags=re.IGNORECASE)


def _phrase(sentence: str, product: str) -> str | None:
    """The sentence as a phrase that follows "it", or None if it has no shape that is known to make one."""
    text = re.sub(r"^the product\b", "it", _without(sentence, product), flags=re.IGNORECASE).strip().rstrip(".。;；,，")
    text = re.sub(r"^product\b", "it", text, flags=re.IGNORECASE)
    text = _subject().sub("", text, count=1).strip()
    text = re.sub(r"^(?:also|easily|securely|comfortably|simply) ", "", text, flags=re.IGNORECASE)
    if text[1:2].islower():
        text = text[0].lower() + text[1:]
    for pattern, becomes in _shapes():
        match = pattern.match(text)
        if match:
            return match.expand(becomes) + text[match.end() :]
    return None
