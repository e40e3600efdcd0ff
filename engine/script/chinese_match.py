"""Which facts of a product meet a Chinese question: every word of it that matters, or its kind of fact and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.script.chinese_terms import (
    AMOUNT,
    COLOURS,
    CONCEPTS,
    FILLINGS,
    MATERIALS,
    SAME_UNITS,
    SPAN_UNITS,
    WEAK_WORDS,
    key_terms,
    same_meaning,
)
from engine.script.match import Match
from engine.script.terms import Concept
from engine.settings import Fact, FactType, Product

_ASKS_YES_OR_NO = re.compile(r"[吗么嘛]|能不能|可不可以|是不是|有没有|会不会")
_NOT_PLAIN = re.compile(
    r"不|没|无|只|仅|除了|以下|以上|以内|最|至少|纯|约|大概|左右|可能|应该|建议|全部|都|哪|什么|几|多"
)
_CLAUSES = re.compile(r"[，,、；;。]|和|以及")


def facts_that_meet(question: str, product: Product) -> Iterable[Match]:
    """The facts of ``product`` that meet every word of ``question`` (without product names)."""
    asked = _concept_of(question)
    amount = AMOUNT.search(question)
    rest = question
    if asked is not None:
        rest = asked.pattern.sub(" ", rest)
    rest = AMOUNT.sub(" ", rest)
    noun = product.name[-1:]
    terms = [term for term in key_terms(rest) if term not in {noun, f"{noun}子"}]
    if not terms and asked is None and amount is None:
        return
    for fact in product.facts:
        text = f"{fact.text} {fact.card}"
        typed = asked is not None and _asks_for(asked, fact)
        if asked is not None and not typed:
            continue
        if amount is not None and not _has_amount(amount, text):
            continue
        said = FILLINGS.get(fact.type, frozenset()) if typed else frozenset()
        if not all(term in said or same_meaning(term, text) or _same_kind(term, fact) for term in terms):
            continue
        if typed or amount is not None or set(terms) - WEAK_WORDS:
            yield Match(f"{product.id}.{fact.id}", typed, _is_sure(question, terms, fact.text))


def _concept_of(question: str) -> Concept | None:
    return next((concept for concept in CONCEPTS if concept.pattern.search(question)), None)


def _asks_for(concept: Concept, fact: Fact) -> bool:
    return fact.type in concept.types and (not concept.needs or any(word in fact.text for word in concept.needs))


def _has_amount(amount: re.Match[str], text: str) -> bool:
    """Whether the fact says an amount in the unit that is asked for."""
    units = SAME_UNITS.get(amount["unit"], (amount["unit"],)) if amount["unit"] else tuple(SPAN_UNITS)
    found = "|".join(re.escape(unit) for unit in units)
    return bool(re.search(rf"[\d一二两三四五六七八九十百千半](?:到[\d一二三四五六七八九十]+)?个?(?:{found})", text))


def _same_kind(term: str, fact: Fact) -> bool:
    """A material or colour is answered by the fact that names the material or colour it has."""
    if fact.type is FactType.MATERIAL and term in MATERIALS:
        return any(material in fact.text for material in MATERIALS)
    return fact.type is FactType.COLOUR and term in COLOURS


def _is_sure(question: str, terms: list[str], fact: str) -> bool:
    """Whether "yes" is surely right: a plain question, all of whose words one plain clause of the fact says."""
    asked = re.sub(r"能不能|可不可以|是不是|有没有|会不会", "", question)
    if not _ASKS_YES_OR_NO.search(question) or _NOT_PLAIN.search(asked) or _NOT_PLAIN.search(fact):
        return False
    if not set(terms) - WEAK_WORDS:
        return False
    numbers = re.findall(r"\d+(?:\.\d+)?", question)
    return any(
        all(term in clause for term in terms) and all(number in clause for number in numbers)
        for clause in _CLAUSES.split(fact.lower())
    )
