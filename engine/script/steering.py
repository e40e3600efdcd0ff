"""Sees chat messages that try to steer the host: orders, roles, changed prices, requests for secrets, hidden text.

A message that is not seen is not obeyed either: answers are made of frames and facts, never of what a viewer wrote.
What is seen gets no time on air and is not shown to others.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import unquote

from engine.script import disguise
from engine.script.lexicons import lexicon

_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/_-]{8,}={0,2}(?![A-Za-z0-9+/=])")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{2}[ :]?){8,}(?![0-9A-Za-z])")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){4,}")
_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4}){2,}|(?:\\x[0-9a-fA-F]{2}){4,}|(?:&#x?[0-9a-fA-F]+;){3,}")
_SQUEEZED = re.compile(r"[^a-z0-9\u3400-\u9fff$%]+")

_SPELT_OUT = 0.6
"""A message of which this share of the words are single letters is read as one word spelt out."""


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (kind, re.compile("|".join(f"(?:{expression})" for expression in expressions), re.MULTILINE))
        for kind, expressions in lexicon("steering").items()
    )


@cache
def _squeezed_rules() -> re.Pattern[str]:
    """What gives an order away in a message whose letters were pulled apart: there are no words left to go by."""
    return re.compile(
        r"ignore.{0,12}(?:previous|instructions|rules|above)|disregard.{0,12}(?:rules|previous|instructions)|"
        r"(?:developer|debug|god|admin)mode|systemprompt|repeatafterme|everythingis(?:free|half)|settheprice|"
        r"youarenow|tellevery(?:one|body)|barklike|saymeow|cat ?girl"
    )


def steering(text: str) -> str | None:
    """The kind of steering that ``text`` tries ("ignore", "role", "price", "encoded" …), or None."""
    if _is_encoded(text):
        return "encoded"
    for kind, pattern in _rules():
        if any(pattern.search(reading) for reading in _readings(text)):
            return kind
    return "encoded" if _is_hidden(text) else None


def _readings(text: str) -> Iterator[str]:
    """``text`` without disguise, and with digits read as letters."""
    seen = disguise.plain(text).text.replace("’", "'")
    yield seen
    yield text.lower()
    unleeted = disguise.without_leet(seen)
    if unleeted != seen:
        yield unleeted


def _is_encoded(text: str) -> bool:
    """Whether ``text`` holds words in base64, hexadecimal, percent signs or escapes. No question comes like that."""
    if _PERCENT.search(text):
        return _is_words(unquote(text, errors="replace"))
    if _ESCAPES.search(text):
        return True
    if any(_is_words(_bytes_text(bytes.fromhex(re.sub(r"[ :]", "", match[0])))) for match in _HEX.finditer(text)):
        return True
    return any(_is_words(_from_base64(match[0])) for match in _BASE64.finditer(text) if _mixes(match[0]))


def _mixes(token: str) -> bool:
    """Whether ``token`` mixes capitals, small letters and digits as base64 does and words do not."""
    inside = token[1:].rstrip("=")
    return any(c.isupper() for c in inside) and any(c.islower() for c in token) and not token.istitle()


def _from_base64(token: str) -> str:
    padded = token.rstrip("=").replace("-", "+").replace("_", "/")
    padded = padded[: len(padded) - (len(padded) % 4 == 1)]
    try:
        return _bytes_text(base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True))
    except (binascii.Error, ValueError):
        return ""


def _bytes_text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _is_words(text: str) -> bool:
    """Whether decoded bytes are writing: nearly all of it letters, blanks and common marks."""
    if len(text) < 3:
        return False
    fine = sum(c.isalnum() or c in " .,:;!?'\"-\n" for c in text)
    return fine >= 0.9 * len(text) and any(c.isalpha() for c in text)


def _is_hidden(text: str) -> bool:
    """Whether an order shows when letters pulled apart are joined, or the text is turned round or rotated by 13."""
    lowered = disguise.plain(text).text
    other_ways = (lowered[::-1], codecs.encode(lowered, "rot13"))
    if any(pattern.search(way) for _, pattern in _rules()[:2] for way in other_ways):
        return True
    if any(_squeezed_rules().search(_SQUEEZED.sub("", way)) for way in other_ways):
        return True
    joined = _SQUEEZED.sub("", disguise.without_leet(lowered))
    if _squeezed_rules().search(joined):
        return True
    words = lowered.split()
    single = sum(len(word) == 1 and word.isascii() for word in words)
    return len(words) >= 6 and single >= _SPELT_OUT * len(words)
