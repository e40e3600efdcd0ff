"""Numbers of a line against those of its facts: unproved, bounded otherwise, or given to the wrong thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from engine.script import disguise
from engine.script.guard.evidence import Evidence
from engine.script.lexicons import listed
from engine.script.quantities import COUNT, Quantity, quantities
from engine.script.verdict import Finding
from engine.script.vocabulary import claim_words, stem, unit_stems

ADDRESS = re.compile(r"\S+@\S+|https?://\S+|\b[a-z0-9-]+\.(?:com|net|org|shop|example|io|co|de|uk)\b", re.IGNORECASE)
_CODE = re.compile(
    r"(?<![A-Za-z0-9-])(?=[A-Za-z-]*\d)(?=\d*[A-Za-z])[A-Za-z]+-?\d[A-Za-z0-9-]*|\b\d+/\d+\b|\b\d[A-Z]\b"
)
_EDGE = re.compile(r"[,;:.，；：。、]|\band\b|\bbut\b")


def unproved(text: str, evidence: Evidence) -> Iterator[Finding]:
    """Numbers, codes and addresses that the facts do not hold."""
    spoken = ADDRESS.sub(" ", text)
    for quantity in quantities(spoken):
        words = spoken[quantity.start : quantity.end].strip()
        if not quantity.value and quantity.dimension == COUNT and any(i.endswith(".stock") for i, _ in evidence.facts):
            continue  # "the count is at zero" is judged with the stock
        same = [known for _, known in evidence.numbers if _proves(known, quantity)]
        if not same and not _follows_from_prices(quantity, evidence):
            near = evidence.nearest(quantity.dimension)
            yield Finding("number", "says a number that its facts do not", words, near)
        elif same and quantity.bound and not any(known.bound == quantity.bound for known in same):
            near = evidence.nearest(quantity.dimension)
            yield Finding("number.bound", "makes more or less of a number than its facts do", words, near)
    for code in _CODE.findall(disguise.folded(spoken)):
        if code.lower() not in evidence.proof:
            yield Finding("code", "says a code that its facts do not", code, evidence.first)
    for address in ADDRESS.findall(text):
        if address.rstrip(".,").lower() not in evidence.proof:
            yield Finding("address", "gives an address that its facts do not", address, evidence.first)


def _proves(known: Quantity, quantity: Quantity) -> bool:
    """A bare number may leave a unit out, but a number without one proves none with it.

    四件套 is a kind of goods, and proves no four of anything.
    """
    if known.dimension == COUNT != quantity.dimension or known.dimension == "set" != quantity.dimension:
        return False
    return quantity.same_as(known)


def _follows_from_prices(quantity: Quantity, evidence: Evidence) -> bool:
    """A reduction in percent, or 折, that the cited prices make."""
    if quantity.dimension not in {"percent", "share", "times"}:
        return False
    now, was = _amount(evidence, ".price"), _amount(evidence, ".was_price")
    if now is None or was is None:
        return False
    if quantity.dimension == "percent":
        return abs(100 * (was - now) / was - quantity.value) <= Fraction(1, 2)
    if quantity.dimension == "share":
        return abs(now / was - quantity.value) <= Fraction(1, 200)
    return quantity.value == Fraction(1, 2) and now * 2 == was


def _amount(evidence: Evidence, ending: str) -> Fraction | None:
    return next((q.value for fact_id, q in evidence.numbers if fact_id.endswith(ending) and q.is_money), None)


def exchanged(text: str, evidence: Evidence) -> Iterator[Finding]:
    """Numbers that the facts hold, but for another thing: "hot for 24 hours" where 24 belongs to cold."""
    yield from _exchanged_attributes(text, evidence)
    known = [
        (fact_id, quantity, context)
        for fact_id, fact in evidence.facts
        for quantity, context in _with_context(fact, shared=True)
        if not quantity.is_money
    ]
    if len({quantity.value for _, quantity, _ in known}) < 2:
        return
    for quantity, context in _with_context(text, shared=False):
        own = [entry for entry in known if _proves(entry[1], quantity)]
        if not own or quantity.is_money:
            continue
        dimensions = {entry[1].dimension for entry in own}
        others = [entry for entry in known if entry[1].dimension in dimensions and not _proves(entry[1], quantity)]
        mine = max(len(context & entry[2]) for entry in own)
        for fact_id, _, other in others:
            if len(context & other) > mine:
                words = text[quantity.start : quantity.end].strip()
                yield Finding("number.exchanged", "gives a number to the wrong thing", words, fact_id)
                break


@lru_cache(maxsize=4096)
def _with_context(text: str, *, shared: bool) -> tuple[tuple[Quantity, frozenset[str]], ...]:
    """Each quantity with the words around it, up to the next one or the clause's end.

    ``shared``: what stands before the first one belongs to all ("runs for 60 hours on low and 6 on high").
    """
    found = quantities(text)
    result = []
    for i, quantity in enumerate(found):
        before = text[found[i - 1].end if i else 0 : quantity.start]
        after = text[quantity.end : found[i + 1].start if i + 1 < len(found) else len(text)]
        around = _EDGE.split(before)[-1] + " " + _EDGE.split(after)[0]
        if shared and i:
            around += " " + text[: found[0].start]
        result.append((quantity, context_words(around)))
    return tuple(result)


def _exchanged_attributes(text: str, evidence: Evidence) -> Iterator[Finding]:
    """Materials and colours that the facts hold, but for another part: "a steel arm" where the base is of steel."""
    known = [(fact_id, *entry) for fact_id, fact in evidence.facts for entry in _attributes(fact)]
    if len({word for _, word, _ in known}) < 2:
        return
    for word, context in _attributes(text):
        own = [other for _, known_word, other in known if known_word == word]
        mine = max((len(context & other) for other in own), default=0)
        for fact_id, known_word, other in known:
            if own and known_word != word and len(context & other) > mine:
                yield Finding("attribute.exchanged", "gives an attribute to the wrong thing", word, fact_id)
                break


@lru_cache(maxsize=4096)
def _attributes(text: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Each English material or colour with the other words of its clause."""
    kinds = claim_words("en")
    found = []
    for clause in _EDGE.split(text.lower()):
        words = re.findall(r"[a-z][a-z'-]*", clause)
        attributes = [word for word in words if kinds.get(word) in {"material", "colour"}]
        rest = context_words(" ".join(word for word in words if word not in attributes))
        found += [(word, rest) for word in attributes]
    return tuple(found)


def context_words(text: str) -> frozenset[str]:
    """What tells one thing from another: stems of English words and single Chinese characters, without grammar."""
    lowered, small = text.lower(), listed("grammar", "small")
    words = {stem(word) for word in re.findall(r"[a-z][a-z'-]*", lowered) if word not in small}
    return frozenset(words - unit_stems()) | set(re.findall(r"[\u3400-\u9fff]", lowered)) - listed(
        "grammar", "small_chinese"
    )
