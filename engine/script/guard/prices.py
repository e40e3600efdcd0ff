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
            r"(?:(?:sav\w+|discount|reduction)(?: of)?|keep|off by|less by|difference(?: of| is)?|reduced by|"
            r"立减|直降|便宜了?|省下?了?|优惠|"
            r"减了?|降了|差价?|(?<![至不缺])少(?:花|付)?了?)\s?$"
        ),
    ),
    (
        "was_price",
        re.compile(
            r"(?:\bwas|\bwere|\bfrom|instead of|used to (?:be|cost)|(?:earlier|old|previous|former|original|list) price"
            r"(?: was| of)?|price before(?: was)?|rather than|\bnot|originally|"
            r"(?:normally|usually)(?: it)?(?:'s| is| costs)?|"
            r"原价(?:是|卖)?|以前(?:是|卖)?|之前(?:是|卖)?|"
            r"平时(?:卖)?|原来(?:的?价格)?(?:是|卖)?|(?:划线|吊牌|市场|日常)价(?:是)?|从)\s?$"
        ),
    ),
    (
        "price",
        re.compile(
            r"(?:\bis|\bit's|\bare|\bnow|\bcosts?|\bfor|\bto|\basks?|\bat|\bonly|\bpay|\bjust|现价(?:是)?|现在(?:是|只要|卖|只)?|"
            r"只要|到手价?|降到|仅|售价(?:是)?|(?:直播|活动|优惠|促销)价(?:是)?)\s?$"
        ),
    ),
)
_AFTER: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "saving",
        re.compile(
            r"\s?(?:off|less|saved|saving|cheaper|lower|taken off|knocked off|discount|reduction|is what you save|"
            r"的?优惠(?!价)|的?差价|便宜)"
        ),
    ),
    ("was_price", re.compile(r"\s?(?:before|earlier|originally|previously|was the (?:old|earlier|previous|former))\b")),
    ("price", re.compile(r"\s?(?:now|right now|instead of|today)\b")),
)


def misplaced(text: str, evidence: Evidence) -> Iterator[Finding]:
    """Amounts of the facts in another's role, such as the price before as the price now; bare numbers as a price."""
    lowered = text.lower().replace("’", "'")
    roles = _roles(evidence)
    found = quantities(text)
    for quantity in found:
        holders = [fact_id for fact_id, known in roles if _is(quantity, known)]
        if not holders:
            continue
        allowed = {_role(fact_id) for fact_id in holders}
        said = _cue(lowered, quantity) or _without_cue(quantity, holders, found, evidence)
        if said and said not in allowed:
            words = text[quantity.start : quantity.end].strip()
            yield Finding("price.role", f"gives {_NAMES[min(allowed)]} as {_NAMES[said]}", words, holders[0])
    stocks = [known for fact_id, known in evidence.numbers if fact_id.endswith(".stock")]
    prices = [known for fact_id, known in roles if _role(fact_id) == "price"]
    for quantity in bare_prices(text):
        if not any(quantity.raw == known.raw for known in prices + stocks):
            words = text[quantity.start : quantity.end].strip()
            yield Finding("price.role", "gives as the price a number that is not the price", words, evidence.first)


def _without_cue(quantity: Quantity, holders: list[str], found: tuple[Quantity, ...], evidence: Evidence) -> str:
    """The role in which an amount is heard that no word gives one: the price's.

    Not where the line says the product's price too, nor where another fact holds the amount ("free over $35").
    """
    products = {fact_id.rpartition(".")[0] for fact_id in holders}
    says_price = any(
        _is(other, known)
        for fact_id, known in _roles(evidence)
        if _role(fact_id) == "price" and fact_id.rpartition(".")[0] in products
        for other in found
    )
    elsewhere = any(
        known.same_as(quantity) for fact_id, known in evidence.numbers if known.is_money and _role(fact_id) not in ROLES
    )
    in_money = quantity.is_money or bool(quantity.counts)  # It equals a price, so what it counts is that currency.
    return "price" if in_money and not says_price and not elsewhere else ""


_ASKED = re.compile(
    r"(?:(?:现价|售价|价格|到手价?|(?:直播|活动|优惠|促销)价|只要|仅售|只卖|仅需|只需|现在[卖就只]?|今[天晚][卖就只]?)"
    r"(?:是|为|：|:)?|给(?:你们?|您|大家|家人们?|宝宝们?|到(?:你们?|大家)?)(?:只要|就)?|"
    r"^(?:just|only)|\bnow (?:just|only|at)|\byours for(?: just| only)?|\bprice(?: now)?(?: is(?: now)?|'s|:)?|"
    r"\bcosts?(?: you)?(?: just| only)?|\bpay(?: just| only)?|"
    r"\b(?:sell\w*|get|grab|have|take|buy) (?:it|this|them|these|yours)(?: today| now)? (?:for|at)(?: just| only)?)\s?$"
)
_IS = re.compile(r"(?:^|[,.!?;] |\b(?:and|so|but|yes|right) )(?:it|this|that)(?:'s| is)(?: just| only)?\s?$")
_NOW = re.compile(r"\s*(?:right now|now|today|tonight)\b")
"""What makes "it's 12 now" a price."""

_TAKE_AWAY = re.compile(r"(?:就?[能可]以?|直接)?(?:带走|拿走|抱走|拿下|入手|到手|[带拿]回家)")
_GOES_NO_FURTHER = re.compile(r"\s*(?:$|[,.!?;，。！？；、～~]|(?:right )?now\b|today\b|tonight\b|就|起|而已|包邮)")


def bare_prices(text: str) -> list[Quantity]:
    """Numbers without unit and currency that are said as prices: "now just 24", 到手价12."""
    lowered = text.lower().replace("’", "'")
    return [
        quantity
        for quantity in quantities(text)
        if quantity.dimension == COUNT
        and (
            _TAKE_AWAY.match(lowered, quantity.end)
            or (_ASKED.search(lowered, 0, quantity.start) and _GOES_NO_FURTHER.match(lowered, quantity.end))
            or (_IS.search(lowered, 0, quantity.start) and _NOW.match(lowered, quantity.end))
        )
    ]


def _roles(evidence: Evidence) -> list[tuple[str, Quantity]]:
    return [
        (fact_id, quantity) for fact_id, quantity in evidence.numbers if _role(fact_id) in ROLES and quantity.is_money
    ]


def _role(fact_id: str) -> str:
    """The last part of an id: "price" of "bottle.price"."""
    return fact_id.rpartition(".")[2]


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
