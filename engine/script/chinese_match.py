"""Which facts of a product meet a Chinese question: every word of it that matters, or its kind of fact and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.script import disguise
from engine.script.chinese_terms import (
    AMOUNT,
    COLOURS,
    CONCEPTS,
    FILLINGS,
    LIMITS,
    MATERIALS,
    SAME_UNITS,
    SPAN_UNITS,
    WEAK_WORDS,
    key_terms,
    same_meaning,
)
from engine.script.denials import AGAINST_ZH, NOT_PLAIN_ZH
from engine.script.match import Match, says_amounts
from engine.script.quantities import COUNT, Quantity, quantities, without_quantities
from engine.script.terms import Concept
from engine.settings import Fact, FactType, Product

_ASKS_YES_OR_NO = re.compile(r"[吗么嘛]|能不能|可不可以|是不是|有没有|会不会")
_CLAUSES = re.compile(r"[，、；;。]|,(?!\d{3})|和|以及")
_ASPECTS = re.compile(r"[长宽高厚深大粗要需花]|尺寸|规格")
"""What an amount is asked of, in words that carry nothing else: 高4厘米 is not 厚4厘米, 要7小时 is not 能听7小时."""

_LASTS = re.compile(r"[听用播撑]")
"""What a charge is enough for, which is not how long it takes."""

_NUMERAL = re.compile(r"^[\d.,零〇一二两三四五六七八九十百千万半]+个?")
_SPANS = frozenset({"time", "months"})
"""Dimensions of which a bare amount (24小时吗) asks too little for a yes: many things take a time."""


def facts_that_meet(question: str, product: Product) -> Iterable[Match]:
    """The facts of ``product`` that meet every word of ``question`` (without product names)."""
    asked = _concept_of(question)
    amount = AMOUNT.search(question)
    told = [each for each in quantities(question) if each.dimension != COUNT]
    rest = question
    if asked is not None:
        rest = asked.pattern.sub(" ", rest)
    rest = AMOUNT.sub(" ", rest)
    # 四件 alone counts nothing but the pieces that a fact may name; 500毫升 alone measures something.
    words = key_terms(without_quantities(rest)) or ([] if told else key_terms(rest))
    noun = product.name[-1:]
    terms = [term for term in words if term not in {noun, f"{noun}子"}]
    if not terms and not told and asked is None and amount is None:
        return
    for fact in product.facts:
        text = f"{fact.text} {fact.card}"
        typed = asked is not None and _asks_for(asked, fact)
        if asked is not None and not typed:
            continue
        if amount is not None and not _has_amount(amount, text):
            continue
        if not all(_measures(each, question, text, alone=not terms and not typed) for each in told):
            continue
        said = FILLINGS.get(fact.type, frozenset()) if typed else frozenset()
        if fact.type is FactType.MATERIAL and "过敏" in question:
            # Whoever is allergic hears what it is made of, whatever the shop calls it.
            yield Match(f"{product.id}.{fact.id}", typed=False, sure=False)
            continue
        if not all(term in said or same_meaning(term, text) or _same_kind(term, fact) for term in terms):
            continue
        if typed or amount is not None or told or set(terms) - WEAK_WORDS:
            yield Match(f"{product.id}.{fact.id}", typed, _is_sure(question, terms, fact.text, typed=typed))


def _concept_of(question: str) -> Concept | None:
    return next((concept for concept in CONCEPTS if concept.pattern.search(question)), None)


def _asks_for(concept: Concept, fact: Fact) -> bool:
    return fact.type in concept.types and (not concept.needs or any(word in fact.text for word in concept.needs))


def _has_amount(amount: re.Match[str], text: str) -> bool:
    """Whether the fact says an amount in the unit that is asked for."""
    units = SAME_UNITS.get(amount["unit"], (amount["unit"],)) if amount["unit"] else tuple(SPAN_UNITS)
    found = "|".join(re.escape(unit) for unit in units)
    return bool(re.search(rf"[\d一二两三四五六七八九十百千半](?:到[\d一二三四五六七八九十]+)?个?(?:{found})", text))


def _measures(amount: Quantity, question: str, text: str, *, alone: bool) -> bool:
    """Whether a fact measures what ``amount`` of the question does.

    ``alone``: the question says nothing else; then the fact must use its unit or say the same, since many things take
    a time or have a length.
    """
    unit = _NUMERAL.sub("", question[amount.start : amount.end])
    return any(
        each.dimension == amount.dimension and (not alone or unit in text or each.value == amount.value)
        for each in quantities(text)
    )


def _same_kind(term: str, fact: Fact) -> bool:
    """A material or colour is answered by the fact that names the material or colour it has."""
    if fact.type is FactType.MATERIAL and term in MATERIALS:
        return any(material in fact.text for material in MATERIALS)
    return fact.type is FactType.COLOUR and term in COLOURS


def _is_sure(question: str, terms: list[str], fact: str, *, typed: bool) -> bool:
    """Whether "yes" is surely right: a plain question, all of whose words and amounts one plain clause says.

    ``typed``: a kind of fact is asked for, so that an amount alone is enough (续航7小时吗).
    """
    asked, told = (disguise.folded(text).lower() for text in (question, fact))
    plain = re.sub(r"能不能|可不可以|是不是|有没有|会不会", "", asked)
    if not _ASKS_YES_OR_NO.search(asked) or NOT_PLAIN_ZH.search(plain) or NOT_PLAIN_ZH.search(told):
        return False
    measured = {amount.dimension for amount in quantities(question)} - {COUNT}
    if not set(terms) - WEAK_WORDS and not (measured if typed else measured - _SPANS):
        return False
    written = [disguise.folded(term) for term in terms]
    return any(_says(clause, asked, written) for clause in _CLAUSES.split(told))


def _says(clause: str, question: str, terms: list[str]) -> bool:
    """Whether ``clause`` says all ``terms`` and amounts of ``question``, and works against none of them."""
    words = disguise.words(without_quantities(clause))
    limits = LIMITS & set(disguise.words(without_quantities(question)))
    return (
        all(limit in clause for limit in limits)
        and all(_is_said(term, clause, words) and not _is_warded(term, clause, question) for term in terms)
        and says_amounts(question, clause)
        and set(_ASPECTS.findall(question)) <= set(_ASPECTS.findall(clause))
        # 7小时充满 asks how long it takes to charge, 充满能听7小时 tells how long it plays then.
        and ("充" not in question or set(_LASTS.findall(clause)) <= set(_LASTS.findall(question)))
    )


def _is_said(term: str, clause: str, words: list[str]) -> bool:
    """Whether ``clause`` says ``term``; a material, a colour or a single character as a word: 胶 is none of 乳胶."""
    if len(term) > 1 and term not in MATERIALS | COLOURS:
        return term in clause
    places = range(len(words))
    return any("".join(words[start : end + 1]) == term for start in places for end in places[start:])


def _is_warded(term: str, clause: str, question: str) -> bool:
    """Whether ``clause`` says that the thing works against ``term`` (防摔), and ``question`` does not (会摔吗)."""
    found = re.finditer(f"({AGAINST_ZH.pattern}).?{re.escape(term)}", clause)
    return any(match[1] not in question for match in found)
