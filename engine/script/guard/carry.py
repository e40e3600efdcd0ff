"""A line must say what it cites, and must not turn it round."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.script import disguise
from engine.script.denials import DENIES, DENIES_BEFORE
from engine.script.guard.numbers import context_words
from engine.script.quantities import COUNT, quantities, without_quantities
from engine.script.verdict import Finding
from engine.script.vocabulary import stem

CARRIED = 0.4
"""Part of a cited fact that a line must hold to count as saying it; a number weighs three words."""

_NUMBER_WEIGHT = 3.0
_WORD_WEIGHT = 1.0
_CHARACTER_WEIGHT = 0.5

_WITHOUT_IT = (
    (re.compile(r"\b(?!hands\b)([a-z]+)-free\b"), r"free of \1,"),
    (re.compile(r"\b(is|are|and|or|fully|completely) (?!hands\b)([a-z]+) free\b(?! (?:of|from|to|for)\b)"),
     r"\1 free of \2,"),
    (re.compile(r"\bnon-(?!slip|stick|skid)([a-z]+)"), r"not \1,"),
)  # fmt: skip
"""Denials that stand behind or within their one word, each with its plain form: "latex-free" is free of latex."""

_WARDED = re.compile(r"防(?!止)([\u3400-\u9fff]{2,3})")
"""What a thing is proof against (防漏水) is neither said of it nor denied: 不漏水 and 漏水也不怕 both go with it."""

_CLAUSE = re.compile(r"[,;:，；：。、.?!]\s|[，；：。、？！]|\bbut\b|\band\b|但|而且|[.?!]$")
_REACH_WORDS = 4
_REACH_CHARACTERS = 7


def unsaid(fact_id: str, fact: str, text: str) -> Iterator[Finding]:
    """Whether ``text`` says too little of the fact that it cites."""
    if share_said(fact, text) < CARRIED:
        yield Finding("empty", "cites a fact without saying it", "", fact_id)


def share_said(fact: str, text: str) -> float:
    """How much of ``fact`` is in ``text``, 0 to 1."""
    numbers = quantities(fact)
    spoken = quantities(text)
    own = context_words(without_quantities(fact))
    said = context_words(text)
    weights = {part: _CHARACTER_WEIGHT if "\u3400" <= part <= "\u9fff" else _WORD_WEIGHT for part in own}
    heavy = [(q, _WORD_WEIGHT if q.dimension == COUNT and q.value <= 3 else _NUMBER_WEIGHT) for q in numbers]
    total = sum(weight for _, weight in heavy) + sum(weights.values())
    got = sum(weight for number, weight in heavy if any(q.same_as(number) for q in spoken))
    got += sum(weight for part, weight in weights.items() if part in said)
    return got / total if total else 1.0


def turned_round(fact_id: str, fact: str, text: str) -> Iterator[Finding]:
    """Whether ``text`` denies what the fact says, or says what the fact denies."""
    fact_denied, fact_said = _polarity(fact)
    line_denied, line_said = _polarity(text)
    for message, parts in (
        ("denies what its fact says", (fact_said - fact_denied) & (line_denied - line_said)),
        ("says what its fact denies", (fact_denied - fact_said) & (line_said - line_denied)),
    ):
        if parts:
            yield Finding("negation", message, _written(parts, text), fact_id)
            return


def _written(parts: frozenset[str], text: str) -> str:
    """The words of ``text`` with these stems, or the characters of these pairs."""
    words = [word for word in re.findall(r"[A-Za-z][A-Za-z'-]*", text) if stem(word.lower()) in parts]
    if words:
        return " ".join(words)
    places = [i for i in range(len(text) - 1) if text[i : i + 2] in parts]
    return text[places[0] : places[-1] + 2] if places else ""


_SOME = re.compile(r"\b(?:most|some|many|certain|several)\b|大部分|大多数?|多数|部分|一些")
_ALL = re.compile(r"\b(?:every|all|any|yours?)\b|你家|[你您]的|所有|任何|全部|每一?[个种款]")


def widened(fact_id: str, fact: str, text: str) -> Iterator[Finding]:
    """Whether ``text`` says of all what the fact says of some."""
    found = _ALL.search(text.lower())
    if found and _SOME.search(fact.lower()) and not _SOME.search(text.lower()) and not _ALL.search(fact.lower()):
        yield Finding("widened", "says of all what its fact says of some", found[0], fact_id)


_SENTENCE = re.compile(r"[.;]\s+|[。；]")

_LIMITS = (
    (
        re.compile(r"\bun(?:used|worn)\b"),
        re.compile(r"\bun(?:used|worn)\b|(?:not|n't|never) (?:been )?(?:used|worn)\b"),
    ),
    (
        re.compile(r"\bunopened\b|\bsealed\b"),
        re.compile(r"\bunopened\b|\bsealed\b|(?:not|n't|never) (?:been )?opened\b"),
    ),
    (re.compile(r"\belectr(?:ical|onic)\b"), re.compile(r"\belectr(?:ical|onic)s?\b")),
    (re.compile(r"\b(?:selected|eligible|participating)\b"), re.compile(r"\b(?:selected|eligible|participating)\b")),
    (re.compile(r"\bmembers?\b"), re.compile(r"\bmembers?\b")),
    (re.compile("未使用|未用|没用过"), re.compile("[未没](?:有)?(?:使用|用)")),
    (re.compile("未拆|未开封"), re.compile("[未没](?:有)?(?:拆|开封)")),
    (re.compile("电器|数码|家电"), re.compile("电器|数码|家电")),
    (re.compile("部分|指定|会员|首单|新客"), re.compile("部分|指定|会员|首单|新客")),
)
"""What limits a rule of the shop, each with what says so in a line."""


def unlimited(fact_id: str, rule: str, text: str) -> Iterator[Finding]:
    """Whether ``text`` leaves out for whom or for what a ``rule`` of the shop holds: "unused items"."""
    lowered = text.lower().replace("’", "'")
    for sentence in _SENTENCE.split(rule.lower()):
        if share_said(sentence, text) < CARRIED:
            continue
        for limit, said in _LIMITS:
            found = limit.search(sentence)
            if found and not said.search(lowered):
                yield Finding("widened", "says of all what its fact says of some", found[0], fact_id)
                return


_OPPOSITES = (
    (re.compile(r"\bempty\b|空[杯包瓶壶箱罐]|不装"), re.compile(r"\b(?:full|filled|loaded)\b|[装加]满|满[杯壶瓶箱]")),
    (re.compile(r"\bindoors?\b|室内"), re.compile(r"\boutdoors?\b|户外|室外")),
)
"""A state in which a fact holds, and the other one."""

_ROUGHLY = re.compile(r"\b(?:about|around|approximately|roughly|nearly|almost|or so)\b|大约|大概|左右|约|差不多|将近")
_EXACTLY = re.compile(
    r"\b(?:exactly|precisely|just|only|on the dot|to the (?:minute|second|gram)|less than|no more than)\b|"
    r"\b(?:minutes?|hours?|seconds?) (?:flat|sharp)\b|只[要需用]|仅需|正好|刚好|整整|不到"
)


def sharpened(fact_id: str, fact: str, text: str) -> Iterator[Finding]:
    """Whether ``text`` says in another state, or exactly, what the fact says in one state, or roughly."""
    told, said = fact.lower(), text.lower()
    for state, other in _OPPOSITES:
        found = other.search(said)
        if found and state.search(told) and not other.search(told) and not state.search(said):
            yield Finding("number.exchanged", "gives a number to the wrong thing", found[0], fact_id)
    found = _EXACTLY.search(said)
    if found and _ROUGHLY.search(told) and not _ROUGHLY.search(said) and quantities(text):
        yield Finding("number.bound", "says exactly what its fact says roughly", found[0], fact_id)


def _polarity(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """What stands within the reach of a negation, and what does not: stems, and pairs of Chinese characters."""
    plain = disguise.folded(text).lower().replace("’", "'")
    for pattern, form in _WITHOUT_IT:
        plain = pattern.sub(form, plain)
    neither = {pair for match in _WARDED.finditer(plain) for pair in _parts(match[1])}
    denied, said = set(neither), set(neither)
    for clause in _CLAUSE.split(plain):
        if DENIES_BEFORE.search(clause.strip()):
            denied |= _parts(clause)
            continue
        place = 0
        for match in DENIES.finditer(clause):
            if match.start() < place:
                continue
            said |= _parts(clause[place : match.start()])
            place = match.end() + _reach(clause[match.end() :])
            denied |= _parts(clause[match.end() : place])
        said |= _parts(clause[place:])
    return frozenset(denied), frozenset(said)


def _reach(rest: str) -> int:
    """How far a negation reaches into what follows it: some words, or up to the next negation."""
    english = list(re.finditer(r"[a-z][a-z'-]*", rest))
    cut = english[_REACH_WORDS - 1].end() if len(english) >= _REACH_WORDS else len(rest)
    if re.search(r"[\u3400-\u9fff]", rest):
        cut = min(cut, _REACH_CHARACTERS)
    ends = [place.start() for place in (DENIES.search(rest), re.search("的", rest)) if place]
    return min(cut, *ends) if ends else cut


def _parts(text: str) -> set[str]:
    chinese = re.findall(r"[\u3400-\u9fff]+", text)
    pairs = {run[i : i + 2] for run in chinese for i in range(len(run) - 1)}
    return {part for part in context_words(text) if part.isascii()} | pairs
