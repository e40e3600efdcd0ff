"""Which facts of a product meet a question: every word of it that matters, or its kind of fact and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from engine.script.denials import AGAINST_EN, NOT_PLAIN_EN
from engine.script.quantities import quantities, without_quantities
from engine.script.terms import (
    COLOUR_WORDS,
    FILLINGS,
    MATERIAL_WORDS,
    NOT_CONTENTS,
    PLACES,
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
_CLAUSES = re.compile(r",(?!\d{3})|\band\b|\bwith\b|\bwhich\b|\bso\b|\bwhere\b|\bbefore\b")
_ASPECTS = re.compile(r"\b(?:takes?|long|(?:in|within|after|every)(?= \d))\b")
"""What an amount is asked of, in words that carry nothing else: to take 7 hours is not to play for 7 hours."""

_FREE_OF = re.compile(r"\b([a-z]{3,}) free\b(?! (?:of|from)\b)|\bfree (?:of|from) ([a-z]{3,})\b")
"""What asks whether a thing lacks something ("latex free"), which a fact answers that names it."""

_LIMITS = frozenset(["inside", "out", "off", "over", "up"])
"""Words that carry nothing else, but narrow what is asked: "is it white inside?" is no yes to "comes in white"."""

_ALLERGY = re.compile(r"\ballerg")

_WHEN = re.compile(r"\b(?:when|while|if|until|after|before)\b")

_CODE = re.compile(r"[a-z]*\d[a-z0-9.]*")


@dataclass(frozen=True, slots=True)
class Match:
    """A fact that meets a question. ``typed``: it is of the kind asked for. ``sure``: the answer is surely yes."""

    fact_id: str
    typed: bool
    sure: bool


def facts_that_meet(question: str, product: Product) -> Iterable[Match]:
    """The facts of ``product`` that meet every word of ``question`` (without product names)."""
    question = _FREE_OF.sub(r"\1\2-free", question.lower())
    asked = concepts_in(question)
    terms = key_terms(question)
    if not terms and not asked:
        return
    for fact in product.facts:
        words = word_set(f"{fact.text} {fact.card}")
        typed = [phrase for concept, phrase in asked if _asks_for(concept, fact.type, words)]
        if asked and not typed and not _ALLERGY.search(question):
            continue
        if fact.type is FactType.MATERIAL and _ALLERGY.search(question) and not _meets(terms, typed, fact, words):
            # Whoever is allergic hears what it is made of, whatever the shop calls it.
            yield Match(f"{product.id}.{fact.id}", typed=False, sure=False)
        elif _meets(terms, typed, fact, words):
            sure = _is_sure(question, terms, fact.text)
            yield Match(f"{product.id}.{fact.id}", bool(typed), sure)


def _meets(terms: list[str], typed: list[str], fact: Fact, words: frozenset[str]) -> bool:
    """Whether the fact meets all ``terms`` that the phrases ``typed`` did not already say."""
    said = {word for phrase in typed for word in tokens(phrase)}
    if typed:
        said |= FILLINGS.get(fact.type, frozenset())
    rest = [term for term in terms if term not in said]
    if not all(_is_met(term, fact.type, words) for term in rest):
        return False
    if fact.type is FactType.IN_BOX and not typed and not set(rest) - NOT_CONTENTS:
        return False
    return bool(typed) or bool(set(rest) - WEAK_WORDS)


def _is_met(term: str, kind: FactType, words: frozenset[str]) -> bool:
    """Whether a fact says ``term``, names what "latex-free" asks about, or another one of its kind."""
    named = term if term == "hands-free" else term.removesuffix("-free")
    return same_meaning(term, words) or same_meaning(named, words) or _same_kind(term, kind, words)


def _is_sure(question: str, terms: list[str], fact: str) -> bool:
    """Whether "yes" is surely right.

    The question is a plain yes-or-no question, one clause of the fact says all its words and amounts, and neither
    limits what it says: "does it have a steel arm?" is no yes to "an aluminium arm and a steel base".
    """
    asked, told = (text.lower().replace("’", "'") for text in (question, fact))
    if not _ASKS_YES_OR_NO.search(asked) or NOT_PLAIN_EN.search(asked) or NOT_PLAIN_EN.search(told):
        return False
    if not set(terms) - WEAK_WORDS or (AGAINST_EN.search(told) and not AGAINST_EN.search(asked)):
        return False
    limits = _LIMITS & set(tokens(asked))
    stems = {stem(word) for word in (*terms, *limits, *_ASPECTS.findall(asked))}
    return any(
        stems <= {stem(word) for word in tokens(clause)}
        and says_amounts(asked, clause)
        # "Off when it boils?" asks of more than "off when it boils dry" says.
        and (not _WHEN.search(asked) or {stem(word) for word in key_terms(clause)} <= stems)
        for clause in _CLAUSES.split(told)
    )


def says_amounts(question: str, clause: str) -> bool:
    """Whether ``clause`` says every amount of ``question``, in this unit or another of its kind, and every code."""
    said = {(amount.dimension, amount.value, amount.bound) for amount in quantities(clause)}
    asked = {(amount.dimension, amount.value, amount.bound) for amount in quantities(question)}
    return asked <= said and _codes(question) <= _codes(clause)


def _codes(text: str) -> set[str]:
    """Numbers that are no amounts: "ipx4", "a5"."""
    return set(_CODE.findall(without_quantities(text).lower()))


def _asks_for(concept: Concept, kind: FactType, words: frozenset[str]) -> bool:
    return kind in concept.types and (not concept.needs or bool(concept.needs & words))


def _same_kind(term: str, kind: FactType, words: frozenset[str]) -> bool:
    """A material, colour or country is answered by the fact that names the one that it has or comes from."""
    if kind is FactType.MATERIAL and term in MATERIAL_WORDS:
        return bool(words & MATERIAL_WORDS)
    if kind is FactType.ORIGIN and term in PLACES:
        return True
    return kind is FactType.COLOUR and term in COLOUR_WORDS and bool(words & COLOUR_WORDS)
