"""Prices and their roles: what a thing costs now, what it cost before, and what is saved."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.script.guard.evidence import Evidence
from engine.script.quantities import COUNT, Quantity, quantities
from engine.script.verdict import Finding

ROLES = ("price", "was_price", "saving")
_NAMES = {"price": "the price now", "was_price": "the price before", "saving": "what is saved"}

_BEFORE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "saving",
        re.compile(
            r"(?:sav\w+|keep|off by|less by|difference of|reduced by|立减|直降|便宜了?|省下?了?|优惠|减了?|降了)\s?$"
        ),
    ),
    (
        "was_price",
        re.compile(
            r"(?:\bwas|\bwere|\bfrom|instead of|used to (?:be|cost)|(?:earlier|old|previous|former|original|list) price"
            r"(?: was| of)?|price before(?: was)?|rather than|\bnot|originally|"
            r"原价(?:是|卖)?|以前(?:是|卖)?|之前(?:是|卖)?|"
            r"平时(?:卖)?|原来(?:是|卖)?|从)\s?$"
        ),
    ),
    (
        "price",
        re.compile(
            r"(?:\bis|\bare|\bnow|\bcosts?|\bfor|\bto|\basks?|\bat|\bonly|\bpay|\bjust|现价(?:是)?|现在(?:是|只要|卖|只)?|只要|"
            r"到手价?|降到|仅|售价(?:是)?)\s?$"
        ),
    ),
)
_AFTER: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("saving", re.compile(r"\s?(?:off|less|saved|cheaper|lower|taken off|discount|的优惠|便宜)")),
    ("was_price", re.compile(r"\s?(?:before|earlier|originally|previously)\b")),
    ("price", re.compile(r"\s?(?:now|right now|instead of|today)\b")),
)


def misplaced(text: str, evidence: Evidence) -> Iterator[Finding]:
    """Amounts of the facts in another's role, such as the price before as the price now."""
    lowered = text.lower()
    roles = _roles(evidence)
    if not roles:
        return
    for quantity in quantities(text):
        allowed = {role for role, known in roles if _is(quantity, known)}
        if not allowed:
            continue
        said = _cue(lowered, quantity)
        if said and said not in allowed:
            words = text[quantity.start : quantity.end].strip()
            fact_id = next(i for i, _ in evidence.numbers if i.endswith(tuple(f".{role}" for role in allowed)))
            yield Finding("price.role", f"gives {_NAMES[min(allowed)]} as {_NAMES[said]}", words, fact_id)


def _roles(evidence: Evidence) -> list[tuple[str, Quantity]]:
    return [
        (role, quantity)
        for fact_id, quantity in evidence.numbers
        for role in ROLES
        if fact_id.endswith(f".{role}") and quantity.is_money
    ]


def _is(quantity: Quantity, known: Quantity) -> bool:
    return quantity.same_as(known) and (quantity.is_money or quantity.dimension == COUNT)


def _cue(text: str, quantity: Quantity) -> str:
    """The role that the words around an amount give it; "" if they give none."""
    before = text[max(0, quantity.start - 40) : quantity.start]
    clause = re.split(r"[,;:，；：]", before)[-1]
    after = text[quantity.end : quantity.end + 20]
    for role, pattern in _AFTER[:1] + _BEFORE[:2] + _AFTER[1:] + _BEFORE[2:]:
        found = pattern.match(after) if (role, pattern) in _AFTER else pattern.search(clause)
        if found:
            return role
    return ""


def swapped(text: str, priced: list[str], named: list[tuple[int, str]], expected: dict[str, str]) -> Iterator[Finding]:
    """Of two products with prices in one line, names and prices stand in the same order.

    ``priced`` are the products whose price is cited, ``named`` where products are named, ``expected`` their prices.
    """
    if len(priced) < 2:
        return
    order = dict.fromkeys(product_id for _, product_id in named if product_id in priced)
    amounts = [quantity.value for quantity in quantities(text) if quantity.is_money]
    right = [q.value for product_id in order for q in quantities(expected[product_id]) if q.is_money]
    if amounts != right:
        yield Finding("price.swapped", "gives a product another product's price", "", f"{priced[0]}.price")
