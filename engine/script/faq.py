"""The shop's own answers: each is judged before it becomes a fact that the host may say, and then kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.flow import LineKind
from engine.records import FaqEntry, Ledger
from engine.script.facts import FactBook
from engine.script.frames.answers import answers_of
from engine.script.guard import Guard
from engine.script.intents import language_of
from engine.script.quantities import quantities
from engine.script.steering import steering
from engine.script.topic import Kind
from engine.script.topics import TopicFinder
from engine.script.verdict import Finding
from engine.script.wording import wording_of
from engine.script.writer import Draft

MOST_LETTERS = 200
"""An answer is one or two sentences that are said as they stand."""


MOST_OPEN = 10_000
"""Open questions that one answer is tried on."""

_NOT_KEPT = 0
"""The number of an entry that the ledger does not have yet."""


class AnswerRefusedError(Exception):
    """An answer that is not kept. ``code`` is "faq" (it may not be said: ``findings``) or "not_found"."""

    def __init__(self, code: str, message: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message)
        self.code, self.findings = code, findings


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was kept under ``number``, and how many open questions it ``answers``."""

    number: int
    answers: int


def keep(
    ledger: Ledger, book: FactBook, packs: Iterable[str], question: str, answer: str, product_id: str | None
) -> Kept:
    """Judge an answer, keep it, and close the open questions that it answers; a running host knows it in seconds.

    Raises:
        AnswerRefusedError: it may not be said, or would never be found.
        LedgerError: the ledger cannot be used.
    """
    draft = FaqEntry(_NOT_KEPT, "", question.strip(), answer.strip(), product_id)
    against = objections(draft, book, packs)
    if against:
        raise AnswerRefusedError("faq", "; ".join(map(str, against)), tuple(against))
    if not _answers(book, draft, draft.question, product_id):
        raise AnswerRefusedError(
            "not_found",
            "the host would not find this answer: the catalogue already answers the question, or the question has no"
            " words to know it by; ask it as viewers do",
        )
    number = ledger.add_faq(draft.question, draft.answer, product_id)
    closed = [each for each in ledger.open_questions(MOST_OPEN) if _answers(book, draft, each.text, each.product_id)]
    for each in closed:
        ledger.close_question(each.question_id)
    return Kept(number, len(closed))


def _answers(book: FactBook, entry: FaqEntry, question: str, on_show: str | None) -> bool:
    """Whether the host would answer ``question`` with ``entry``."""
    finder = TopicFinder(FactBook(book.catalogue, book.host, faq=(entry,)))
    return finder.find(question, on_show).kind is Kind.FAQ


def objections(entry: FaqEntry, book: FactBook, packs: Iterable[str]) -> list[Finding]:
    """What speaks against saying the answer of ``entry`` on air; empty: nothing does."""
    answer = entry.answer.strip()
    found: list[Finding] = []
    if not answer or len(answer) > MOST_LETTERS:
        found.append(Finding("faq.letters", f"an answer has 1 to {MOST_LETTERS} letters; this one has {len(answer)}"))
    if not entry.question.strip():
        found.append(Finding("faq.question", "the question is missing"))
    if "{" in answer or "}" in answer or "\n" in answer:
        found.append(Finding("faq.braces", "write one line of plain words, without braces"))
    if answer and language_of(answer) != book.catalogue.language:
        spoken_by = "write the answer in the catalogue's language: it is said by the catalogue's voice"
        found.append(Finding("faq.language", spoken_by))
    if any(quantity.is_money or quantity.counts in book.currencies for quantity in quantities(answer)):
        stale = "leave prices out: they are read from the catalogue, and this would go stale"
        found.append(Finding("faq.price", stale))
    if steering(answer):
        found.append(Finding("faq.order", "this reads as an order to the host, not as an answer"))
    if entry.product_id is not None and entry.product_id not in book.products:
        found.append(Finding("faq.product", f"the catalogue has no product “{entry.product_id}”"))
    return found or _verdict(entry, book, packs)


def _verdict(entry: FaqEntry, book: FactBook, packs: Iterable[str]) -> list[Finding]:
    """What the guard says to the answer in the frames that it is said in."""
    with_entry = FactBook(book.catalogue, book.host, version=book.version, faq=(entry,))
    guard = Guard(with_entry, packs)
    # The shop's word alone is no proof here, as a catalogue's fact is: what needs proof belongs into the catalogue.
    found = {str(finding): finding for finding in guard.policies.findings(entry.answer)}
    fact_id = f"faq.{entry.number}"
    language = book.catalogue.language
    clause = wording_of(language).clause(entry.answer.strip())
    for frame in answers_of(language).shop_answers:
        text = wording_of(language).spoken(frame.format(answer=clause))
        verdict = guard.verdict(Draft(LineKind.ANSWER, text, (fact_id,), frame, entry.product_id))
        found = {str(finding): finding for finding in verdict.findings} | found
    return list(found.values())
