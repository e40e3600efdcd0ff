"""Which facts of a product meet a question: every word of it that matters, or its kind of fact and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from engine.script.terms import (
    COLOUR_WORDS,
    FILLINGS,
    MATERIAL_WORDS,
    NOT_CONTENTS,
    WEAK_WORDS,
    Concept,
    concepts_in,
    key_terms,
    same_meaning,
    stem,
    tokens,
    word_set,
)
from engine.settings import Fact, FactType, Product

_ASKS_YES_OR_NO = re.compile(r"^\W*(?:and |so |but )?(?:is|are|does|do|can|could|will|has|have)\b")
_NOT_PLAIN = re.compile(
    r"\b(?:not|no|only|or|without|but|except|never|needs?|should|more|less|than|most|some|up to|about|all|every|"
    r"any)\b|n't\b"
)
_CLAUSES = re.compile(r",|\band\b|\bwith\b|\bwhich\b|\bso\b|\bwhere\b|\bbefore\b")


@dataclass(frozen=True, slots=True)
class Match:
    """A fact that meets a question. ``typed``: it is of the kind asked for. ``sure``: the answer is surely yes."""

    fact_id: str
    typed: bool
    sure: bool


def facts_that_meet(question: str, product: Product) -> Iterable[Match]:
    """The facts of ``product`` that meet every word of ``question`` (without product names)."""
    asked = concepts_in(question)
    terms = key_terms(question)
    if not terms and not asked:
        return
    for fact in product.facts:
        words = word_set(f"{fact.text} {fact.card}")
        typed = [phrase for concept, phrase in asked if _asks_for(concept, fact.type, words)]
        if asked and not typed:
            continue
        if _meets(terms, typed, fact, words):
            sure = _is_sure(question, terms, fact.text)
            yield Match(f"{product.id}.{fact.id}", bool(typed), sure)


def _meets(terms: list[str], typed: list[str], fact: Fact, words: frozenset[str]) -> bool:
    """Whether the fact meets all ``terms`` that the phrases ``typed`` did not already say."""
    said = {word for phrase in typed for word in tokens(phrase)}
    if typed:
        said |= FILLINGS.get(fact.type, frozenset())
    rest = [term for term in terms if term not in said]
    if not all(same_meaning(term, words) or _same_kind(term, fact.type, words) for term in rest):
        return False
    if fact.type is FactType.IN_BOX and not typed and not set(rest) - NOT_CONTENTS:
        return False
    return bool(typed) or bool(set(rest) - WEAK_WORDS)


def _is_sure(question: str, terms: list[str], fact: str) -> bool:
    """Whether "yes" is surely right.

    The question is a plain yes-or-no question, one clause of the fact says all its words and numbers, and neither
    limits what it says: "does it have a steel arm?" is no yes to "an aluminium arm and a steel base".
    """
    if not _ASKS_YES_OR_NO.search(question) or _NOT_PLAIN.search(question) or _NOT_PLAIN.search(fact):
        return False
    if not set(terms) - WEAK_WORDS:
        return False
    numbers = {token for token in tokens(question) if token[0].isdigit()}
    for clause in _CLAUSES.split(fact):
        words = tokens(clause)
        if {stem(term) for term in terms} <= {stem(word) for word in words} and numbers <= set(words):
            return True
    return False


def _asks_for(concept: Concept, kind: FactType, words: frozenset[str]) -> bool:
    return kind in concept.types and (not concept.needs or bool(concept.needs & words))


def _same_kind(term: str, kind: FactType, words: frozenset[str]) -> bool:
    """A material or colour is answered by the fact that names the material or colour it has."""
    if kind is FactType.MATERIAL and term in MATERIAL_WORDS:
        return bool(words & MATERIAL_WORDS)
    return kind is FactType.COLOUR and term in COLOUR_WORDS and bool(words & COLOUR_WORDS)
