"""How questions of each language are read: their words, what the shop's rules already say, and who is compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from engine.script import chinese_match, chinese_terms, match, terms
from engine.script.intents import Intent
from engine.script.lexicons import lexicon, listed
from engine.script.match import Match
from engine.settings import FactType, Product


@dataclass(frozen=True)
class Attribute:
    """Something that two products are compared by; no ``types``: their prices."""

    pattern: re.Pattern[str]
    types: frozenset[FactType]


@dataclass(frozen=True)
class Reading:
    """How questions of one language are read.

    ``value_words``: what a question about price, stock or link may hold without asking more.
    ``policy_words``: the same for each rule of the shop. ``compared``: says that two products are held side by side.
    ``further``: begins a message that goes on from the one before. ``this``: the product on show is meant.
    """

    key_terms: Callable[[str], list[str]]
    root: Callable[[str], str]
    same_meaning: Callable[[str, str], bool]
    facts_that_meet: Callable[[str, Product], Iterable[Match]]
    weak_words: frozenset[str]
    value_words: frozenset[str]
    policy_words: Mapping[Intent, frozenset[str]]
    compared: re.Pattern[str]
    compare_words: frozenset[str]
    attributes: tuple[Attribute, ...]
    further: re.Pattern[str]
    this: re.Pattern[str]

    def unmet(self, text: str, known: frozenset[str]) -> list[str]:
        """The words of ``text`` that matter and are not ``known``."""
        return [term for term in self.key_terms(text) if self.root(term) not in known]


def _stems(name: str, key: str) -> frozenset[str]:
    return frozenset(map(terms.stem, listed(name, key)))


def _policy_words(name: str) -> Mapping[Intent, frozenset[str]]:
    """By intent; stems, which leave Chinese as it is."""
    return {Intent(key): frozenset(map(terms.stem, words.split())) for key, words in lexicon(name)["policy"].items()}


def _attribute(pattern: str, *types: FactType) -> Attribute:
    return Attribute(re.compile(pattern), frozenset(types))


_ENGLISH = Reading(
    key_terms=terms.key_terms,
    root=terms.stem,
    same_meaning=lambda term, text: terms.same_meaning(term, terms.word_set(text)),
    facts_that_meet=match.facts_that_meet,
    weak_words=terms.WEAK_WORDS,
    value_words=_stems("questions_en", "value"),
    policy_words=_policy_words("questions_en"),
    compared=re.compile(
        r"\b(?:cheaper|lighter|heavier|bigger|larger|smaller|taller|thicker|longer|expensive|compared?|comparison|"
        r"differences?|different|versus|vs|than|which|or|more|less|most|least|higher|lower)\b"
    ),
    compare_words=_stems("questions_en", "compare"),
    attributes=(
        _attribute(r"\b(?:light|heav|weigh)\w*\b", FactType.WEIGHT),
        _attribute(r"\b(?:holds?|capacity|volume|fits? more|contains?)\b", FactType.CAPACITY),
        _attribute(
            r"\b(?:bigger|biggest|larger|largest|smaller|smallest|taller|tallest|sizes?|big|tall)\b", FactType.SIZE
        ),
        _attribute(r"\b(?:lasts?|battery)\b", FactType.BATTERY),
        _attribute(r"\b(?:materials?|made (?:of|from))\b", FactType.MATERIAL),
        _attribute(r"\bcolou?rs?\b", FactType.COLOUR),
        _attribute(r"\b(?:cheap\w*|expensive|prices?|costs?|differences?|different|compared?|less|more)\b"),
    ),
    further=re.compile(r"^\W*(?:and|also|what about|how about|or)\b"),
    this=re.compile(r"\bthis\b|\bthat\b|\bon (?:the )?(?:screen|show|table)\b|\bright now\b"),
)

_CHINESE = Reading(
    key_terms=chinese_terms.key_terms,
    root=lambda term: term,
    same_meaning=chinese_terms.same_meaning,
    facts_that_meet=chinese_match.facts_that_meet,
    weak_words=chinese_terms.WEAK_WORDS,
    value_words=listed("questions_zh", "value"),
    policy_words=_policy_words("questions_zh"),
    compared=re.compile(r"哪(?:个|款|种|一个|一款)|比|对比|区别|差别|不同|还是|差多少|相比|谁"),
    compare_words=listed("questions_zh", "compare"),
    attributes=(
        _attribute(r"轻|重|沉", FactType.WEIGHT),
        _attribute(r"容量|装", FactType.CAPACITY),
        _attribute(r"续航|用得久|电池", FactType.BATTERY),
        _attribute(r"大|小|高|尺寸", FactType.SIZE),
        _attribute(r"材质|材料|面料", FactType.MATERIAL),
        _attribute(r"颜色", FactType.COLOUR),
        _attribute(r"贵|便宜|价|钱|区别|差别|不同|对比"),
    ),
    further=re.compile(r"^\W*(?:那|还有|以及|另外)|呢\W*$"),
    this=re.compile(r"这(?:个|款|件|只|台|支|套)"),
)

CURRENCY_WORDS: Mapping[str, frozenset[str]] = {
    currency: frozenset(map(terms.stem, words.split()))
    for currency, words in lexicon("questions_en")["currency"].items()
}
"""Words of the money that a price is in: "how many dollars is it?" is answered in dollars only."""

READINGS: Mapping[str, Reading] = {"en": _ENGLISH, "zh": _CHINESE}
"""By the language of the question."""
