"""What a line says about stock, against the stock as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from engine.script.guard.evidence import VALUES, Evidence
from engine.script.verdict import Finding
from engine.script.writer import FEW_LEFT

A_COUPLE = 3
"""The most that a couple of them are, and too few to be plenty."""

_SUPPOSED = re.compile(
    r"\b(?:if|whether|when|once|until|unless) (?:it|this|they|these|one|something|an? (?:\w+ )?(?:item|product|size))"
    r"(?:'s| is|'re| are) (?:ever )?(?:sold out|out of stock|(?:back )?in stock)\b|"
    r"(?:如果|要是|万一|假如|若|一旦|等到?)[^，。！？]{0,6}(?:卖[完光]|售罄|没货|缺货|断货|有货)了?"
)
"""A stock that is only supposed: "if it is sold out"."""

_ALMOST_NONE = re.compile(
    r"\b(?:almost|nearly|practically|virtually|as good as) (?:all )?(?:sold out|out of stock)\b|"
    r"(?:快要?|马上(?:就要)?|就要|即将|眼看)(?:都|全)?(?:卖[完光]|售罄|断货|没货|缺货)了?"
)
_NOT_NONE = re.compile(
    r"\b(?:not|isn't|aren't) (?:yet |all )?(?:sold out|out of stock)\b|(?:没有?|未)(?:卖[完光]|售罄|断货|缺货)"
)
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
    r"month|year|offer|deal|round|card|page|recap|stream|message|note|topic)[a-z]+"
    r"(?=[!.,]|$| left\b| we have\b| in stock\b)|"
    r"[只就]剩(?:最后)?一[件个只支台套盏把双瓶盒]|(?:库存|数量)(?:是|为|还有)一件|还有一件(?!事)|"
    r"(?<!今天的)(?<!今晚的)(?<!本场)最后一(?:[件支只台套盏把双瓶盒](?![事商产东好宝])|个(?=[了。！？~]|$))"
)
_COUPLE = re.compile(r"\b(?:just |only )?a couple (?:of (?:these|them|those) )?(?:are )?left\b")
_FEW = re.compile(
    r"\b(?:not|aren't) (?:so |very |too )?many (?:\w+ )?left\b|\b(?:a|very) few (?:are )?left\b|\bstock is low\b|"
    r"\bhardly any left\b|"
    r"(?:库存|现货|数量|剩下?的?|所剩)(?:已经|也|真的)?不多|[没只就]剩?几[件个只台支套](?=[了，。！？]|$)|"
    r"(?:^|[，。！？])(?![^，。！？]*(?:时间|话|问题|机会))[^，。！？]*(?<!差)不多了"
)
_PLENTY = re.compile(
    r"\b(?:plenty|lots|loads|enough) of (?:these|them|those|stock|(?:the )?names?)\b|"
    r"\bplenty (?:left|in stock|available)\b|\b(?:have|got|there's|there is|there are) (?:still )?plenty(?=[,.!?]|$)|"
    r"\benough for (?:everyone|everybody|all(?: of you)?)(?=[,.!?]|$)|"
    r"(?:货|库存)(?:还|也)?(?:很|挺|蛮)?多(?=[着呢的，。！？]|$)|货有的是|(?:库存|数量|货源|现货)(?:很|挺|还)?充足|管够"
)
_SOME = re.compile(
    r"(?:\bis|\bare|'s|'re|\b(?:have|got) (?:it|them|this|these)) (?:still |back |now )?in stock\b|\bon the shelf\b|"
    r"\bcan be ordered right now\b|\bstill available\b|\bcan still (?:order|buy)\b|"
    r"\bcan still (?:get|have|grab) (?:it|this|these|them|those|one|some|yours|(?:the )?name)\b|"
    r"\b(?:there are|have|got) (?!none|no )(?![^.]*\b(?:minutes?|seconds?|hours?|time|questions?|facts?|the left)\b)"
    r"[^.]*left\b|(?<![没所])有现?货|还有库存|还[能可]以?(?:拍(?![照摄视])|下单|买)"
)

_TRUTHS: tuple[tuple[re.Pattern[str], Callable[[int], bool]], ...] = (
    (_ALMOST_NONE, lambda count: 0 < count <= FEW_LEFT),
    (_NOT_NONE, lambda count: count > 0),
    (_NONE, lambda count: count == 0),
    (_ONE, lambda count: count == 1),
    (_COUPLE, lambda count: 1 < count <= A_COUPLE),
    (_FEW, lambda count: 0 < count <= FEW_LEFT),
    (_PLENTY, lambda count: count > A_COUPLE),
    (_SOME, lambda count: count > 0),
)
"""What may be said of a stock, and of which counts it is true; few are as few as the templates count."""

_HELD_BY_OTHERS = (_ALMOST_NONE, _NOT_NONE)
"""These hold the words of another: "nearly sold out"."""


def is_spoken_of(text: str) -> bool:
    """Whether ``text`` says how much there is of a product."""
    return bool(_said(text))


def _said(text: str) -> list[tuple[re.Pattern[str], str]]:
    """Each pattern that finds something in ``text``, with the words."""
    rest = _SUPPOSED.sub(_blank, text.lower().replace("’", "'"))
    found: list[tuple[re.Pattern[str], str]] = []
    for pattern, _ in _TRUTHS:
        match = pattern.search(rest)
        if match:
            found.append((pattern, match[0]))
        if pattern in _HELD_BY_OTHERS:
            rest = pattern.sub(_blank, rest)
    return found


def _blank(match: re.Match[str]) -> str:
    return "_" * len(match[0])


def untrue(text: str, stocks: Mapping[str, int], evidence: Evidence) -> Iterator[Finding]:
    """``stocks`` is the stock of each product that the line is about, by fact id.

    A line that speaks of it must cite it, so that it is taken back when the stock changes. What a policy or another
    fact of the catalogue says of stock in general ("out of stock items are refunded") is left to it; an answer of the
    shop would go stale.
    """
    told = [
        fact
        for fact_id, fact in evidence.facts
        if not fact_id.startswith("faq.") and fact_id.rpartition(".")[2] not in VALUES
    ]
    general = {pattern for fact in told for pattern, _ in _said(fact)}
    said = [(pattern, words) for pattern, words in _said(text) if pattern not in general]
    truths = dict(_TRUTHS)
    for fact_id, count in stocks.items():
        for pattern, words in said:
            if not truths[pattern](count):
                yield Finding("stock", "says another stock than the catalogue", words, fact_id)
    if said and not any(fact_id.endswith(".stock") for fact_id, _ in evidence.facts):
        yield Finding("stock.uncited", "speaks of the stock without citing it", said[0][1], next(iter(stocks), ""))
