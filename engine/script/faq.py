"""Judges an answer that the shop writes to a question, before it becomes a fact that the host may say."""

from __future__ import annotations

from collections.abc import Iterable

from engine.flow import LineKind
from engine.records import FaqEntry
from engine.script.facts import FactBook
from engine.script.frames.answers import answers_of
from engine.script.guard import Guard
from engine.script.intents import language_of
from engine.script.quantities import quantities
from engine.script.steering import steering
from engine.script.wording import wording_of
from engine.script.writer import Draft

MOST_LETTERS = 200
"""An answer is one or two sentences that are said as they stand."""


def objections(entry: FaqEntry, book: FactBook, packs: Iterable[str]) -> list[str]:
    """What speaks against saying the answer of ``entry`` on air, in words for the shop; empty: nothing does."""
    answer = entry.answer.strip()
    found: list[str] = []
    if not answer or len(answer) > MOST_LETTERS:
        found.append(f"an answer has 1 to {MOST_LETTERS} letters; this one has {len(answer)}")
    if not entry.question.strip():
        found.append("the question is missing")
    if "{" in answer or "}" in answer or "\n" in answer:
        found.append("write one line of plain words, without braces")
    if answer and language_of(answer) != book.catalogue.language:
        found.append("write the answer in the catalogue's language: it is said by the catalogue's voice")
    if any(quantity.is_money for quantity in quantities(answer)):
        found.append("leave prices out: they are read from the catalogue, and this would go stale")
    if steering(answer):
        found.append("this reads as an order to the host, not as an answer")
    if entry.product_id is not None and entry.product_id not in book.products:
        found.append(f"the catalogue has no product “{entry.product_id}”")
    return found or _verdict(entry, book, packs)


def _verdict(entry: FaqEntry, book: FactBook, packs: Iterable[str]) -> list[str]:
    """What the guard says to the answer in the frames that it is said in."""
    with_entry = FactBook(book.catalogue, book.host, version=book.version, faq=(entry,))
    guard = Guard(with_entry, packs)
    # The shop's word alone is no proof here, as a catalogue's fact is: what needs proof belongs into the catalogue.
    reasons = dict.fromkeys(str(finding) for finding in guard.policies.findings(entry.answer))
    fact_id = f"faq.{entry.number}"
    language = book.catalogue.language
    clause = wording_of(language).clause(entry.answer.strip())
    for frame in answers_of(language).shop_answers:
        text = wording_of(language).spoken(frame.format(answer=clause))
        verdict = guard.verdict(Draft(LineKind.ANSWER, text, (fact_id,), frame, entry.product_id))
        reasons |= dict.fromkeys(verdict.reasons)
    return list(reasons)
