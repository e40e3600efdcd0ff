"""When an order leaves and when it arrives: 当天发货, "next-day delivery", "arrives in 24 hours"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from engine.script.guard.evidence import Evidence
from engine.script.quantities import quantities
from engine.script.verdict import Finding

_CHINESE = re.compile(
    r"(?:(?P<same>当[天日]|即日|今[天日])|次日|翌日|隔[天日]|第二天)(?:就|即可|便)?(?:能|可以?|会)?(?:给[您你大家]+)?"
    r"(?:(?P<leaves>发货|发出|发走|寄出|出库)|(?P<arrives>送[达到货]|到[货家]|收到|[到达](?=[了，。！？]|$)))"
)
_CLAUSE = re.compile(r"[,;:.!?]\s|[,;:.!?]$|\b(?:and|but)\b")
_WHEN = re.compile(r"\b(?:(?P<same>same[- ](?:\w+ )?day)|(?P<next>next[- ](?:\w+ )?day)|(?P<overnight>overnight))\b")
_LEAVES = re.compile(
    r"\b(?:ship(?:s|ped|ping)?|dispatch\w*|sent out|goe?s? out|posted|(?:orders?|parcels?|items?)\b.*\bleaves?)\b"
)
_ARRIVES = re.compile(
    r"\b(?:arriv\w+|deliver\w*|(?:get|have|receive) (?:it|them|yours|your \w+)|with you|at your door|parcels? comes?)\b"
)

_THEN_CHINESE = re.compile(
    r"(?:[之以]?内|左右|就|即可|能|可以?|会)*(?:发货|发出|寄出|送[达到货]|到[货家手]|[送发到达](?=[了，。！？]|$))"
)
_THEN = re.compile(
    r"\b(?:ships?|shipped|dispatched|(?:orders?|parcels?|items?)\b.*\bleaves?|arrives?|deliver(?:ed|y takes)?)\b"
    r"[^,.;:]{0,24}$"
)
"""What makes a span of time one of delivery: 24小时内发货, "arrives within 24 hours"."""

Promise = tuple[str, str]
"""When, and what happens then: "same" or "next", "leaves" or "arrives"; or a span of time, in its unit."""


@lru_cache(maxsize=2048)
def promises(text: str) -> Mapping[Promise, str]:
    """What ``text`` promises of an order's way, each with its words."""
    found: dict[Promise, str] = {}
    for match in _CHINESE.finditer(text):
        # Goods may come to the shop today (今天到货); what is delivered today (今天送到) was ordered.
        if match["leaves"] or match["arrives"][0] == "送" or match[0][0] != "今":
            when = "same" if match["same"] else "next"
            found.setdefault((when, "leaves" if match["leaves"] else "arrives"), match[0])
    for clause in _CLAUSE.split(text.lower()):
        when_said = _WHEN.search(clause)
        for does, pattern in (("leaves", _LEAVES), ("arrives", _ARRIVES)):
            if when_said and when_said.lastgroup and pattern.search(clause):
                found.setdefault((when_said.lastgroup, does), when_said[0])
    for clause in re.split(r"[,，;；。]", text):
        spans = [quantity for quantity in quantities(clause) if quantity.dimension in {"time", "months"}]
        if any(_THEN_CHINESE.match(clause, q.end) or _THEN.search(clause[: q.start].lower()) for q in spans):
            found |= {(str(q.value), q.dimension): clause[q.start : q.end].strip() for q in spans}
    return found


def unproved(text: str, evidence: Evidence) -> Iterator[Finding]:
    """What ``text`` promises and no cited fact does; a question promises nothing."""
    if re.search(r"[?？]\s*$", text):
        return
    proved = {promise for _, fact in evidence.facts for promise in promises(fact)}
    for promise, words in promises(text).items():
        if promise not in proved:
            yield Finding("promise", "promises what its facts do not", words, evidence.first)
