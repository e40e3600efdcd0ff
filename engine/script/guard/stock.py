"""What a line says about stock, against the stock as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.script.verdict import Finding
from engine.script.writer import FEW_LEFT

_NONE = re.compile(
    r"\bsold out\b|\bout of stock\b|\b(?:says|at) zero\b|\b(?:not|isn't|aren't) (?:now |currently |yet )?in stock\b|"
    r"\bnone (?:of \w+ )?(?:is |are )?left\b|\bno more (?:of \w+ )?(?:are )?left\b|\bno (?:more )?name left\b|"
    r"\b(?:we're|we are|ran|have run) out of (?:these|those|them)\b|"
    r"(?:这[款个件]|它|货)(?:现在|已经|都|也|全)*没有?了(?=[，。！？]|$)|"
    r"卖完了|卖光了|售罄|(?<!有)没有?现?货|无货|断货了|缺货|没有库存|库存(?:数|量)?(?:是|为|只?剩)?(?:零|0(?!\d))"
)
_ONE = re.compile(
    r"\b(?<!ty[- ])one (?:is )?left\b(?!-| hand| side)|\bsays one\b|\bone of (?:these|the|them) [^.]*left\b|"
    r"\bthe last (?:one|piece)\b(?! of (?:the|our) | (?:for|on|this|today)\b| (?:i|we|you)(?:'ll)? (?!have))|"
    r"(?:^|[,.!?;] |\b(?:it's|this is|that's|just|only|here's|get|grab|take) )the last "
    r"(?!one|piece|item|thing|word|part|call|chance|time|stop|step|question|hour|minute|second|moment|night|day|week|"
    r"month|year|offer|deal|round)[a-z]+"
    r"(?=[!.,]|$| left\b| we have\b| in stock\b)|"
    r"[只就]剩(?:最后)?一[件个只支台套盏把双瓶盒]|(?:库存|数量)(?:是|为|还有)一件|还有一件(?!事)|"
    r"(?<!今天的)(?<!今晚的)(?<!本场)最后一(?:[件支只台套盏把双瓶盒](?![事商产东好宝])|个(?=[了。！？~]|$))"
)
_FEW = re.compile(
    r"\b(?:not|aren't) (?:so |very |too )?many (?:\w+ )?left\b|\b(?:a|very) few (?:are )?left\b|\bstock is low\b|"
    r"\bhardly any left\b|"
    r"(?:库存|现货|数量|剩下?的?|所剩)(?:已经|也|真的)?不多|[没只就]剩?几[件个只台支套](?=[了，。！？]|$)|"
    r"(?:^|[，。！？])(?![^，。！？]*(?:时间|话|问题|机会))[^，。！？]*不多了"
)
_SOME = re.compile(
    r"(?:\bis|\bare|'s|'re|\b(?:have|got) (?:it|them|this|these)) (?:still |back |now )?in stock\b|\bon the shelf\b|"
    r"\bcan be ordered right now\b|\b(?:there are|have) (?!none|no )[^.]*left\b|(?<![没所])有现?货|还有库存|库存充足"
)
"""What is said of the stock: that there is none, one, few (as few as the templates count), or some."""


def is_spoken_of(text: str) -> bool:
    """Whether ``text`` (small letters) says how much there is of a product."""
    return any(pattern.search(text) for pattern in (_NONE, _ONE, _FEW, _SOME))


def untrue(text: str, stocks: dict[str, str]) -> Iterator[Finding]:
    """``stocks`` is the stock of each product that the line cites it of, by fact id."""
    lowered = text.lower().replace("’", "'")
    for fact_id, stock in stocks.items():
        count = int(stock)
        truths = ((_NONE, count == 0), (_ONE, count == 1), (_FEW, 0 < count <= FEW_LEFT), (_SOME, count > 0))
        for pattern, is_true in truths:
            found = pattern.search(lowered)
            if found and not is_true:
                yield Finding("stock", "says another stock than the catalogue", found[0], fact_id)
