"""Answers over the labelled questions: from the right fact, honestly declined, or beside the point."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from engine.script import Answer, Answerer, Draft, FactBook, Guard, TemplateWriter
from engine.settings import load_catalogue
from words.corpus import HALVES, catalogue_file, rows

RIGHT_PERCENT = 90.0

SEED = 1
CORPUS = "questions"


@dataclass(slots=True)
class Score:
    """``shy``: declined though the catalogue says it. ``wrong``: answered, but not from a fact that answers it."""

    asked: int = 0
    answered: int = 0
    declined: int = 0
    shy: int = 0
    wrong: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, row: dict[str, Any], answer: Answer, allowed: bool) -> None:
        """Count one question. ``allowed``: the guard lets the spoken answer pass."""
        self.asked += 1
        if answer.declined and allowed:
            honest = ["decline"] in row["want"]
            self.declined += honest
            self.shy += not honest
            if honest:
                return
        elif allowed and any(_is_from(answer, want) for want in row["want"]):
            self.answered += 1
            return
        else:
            self.wrong += 1
        self.misses.append(f"{row['id']} {row['text']} → {answer.draft.text}")

    def summary(self) -> dict[str, Any]:
        """The counts, and the share that was answered from the right fact or honestly declined."""
        right = self.answered + self.declined
        return {
            "asked": self.asked,
            "answered": self.answered,
            "honestly_declined": self.declined,
            "right_percent": round(100 * right / max(self.asked, 1), 2),
            "shy": self.shy,
            "wrong": self.wrong,
            "misses": self.misses,
        }


def _is_from(answer: Answer, want: list[str]) -> bool:
    """Whether all facts that are wanted are cited; a word without a point is the intent of a message."""
    return all(each in answer.draft.fact_ids if "." in each else answer.intent == each for each in want)


def answerers(corpus: str = CORPUS) -> dict[str, tuple[Answerer, Guard]]:
    """A host for each catalogue that the questions are asked over."""
    made = {}
    for name in sorted({row["catalogue"] for row in rows(corpus)}):
        book = FactBook(load_catalogue(catalogue_file(name), check_files=False), "Mia")
        guard = Guard(book)

        def approves(draft: Draft, guard: Guard = guard) -> bool:
            return guard.verdict(draft).ok

        made[name] = (Answerer(book, TemplateWriter(book, SEED, approves)), guard)
    return made


def measure(corpus: str = CORPUS) -> dict[str, Any]:
    """Shares answered from the right fact or honestly declined, by half, language and class, and the time taken."""
    hosts = answerers(corpus)
    by_half = {half: Score() for half in HALVES}
    by_language = {language: Score() for language in ("en", "zh")}
    by_class: dict[str, Score] = {}
    whole = Score()
    spent: list[float] = []
    for host, _ in hosts.values():
        host.answer("how heavy is it?", None)
    for row in rows(corpus):
        host, guard = hosts[row["catalogue"]]
        before = None
        for text in row.get("before", ()):
            before = host.answer(text, row["on_show"], before=before).topic
        began = time.perf_counter()
        answer = host.answer(row["text"], row["on_show"], before=before)
        spent.append(1000 * (time.perf_counter() - began))
        allowed = guard.verdict(answer.draft).ok
        scores = (whole, by_half[row["half"]], by_language[row["language"]], by_class.setdefault(row["class"], Score()))
        for score in scores:
            score.add(row, answer, allowed)
    spent.sort()
    found = whole.summary()
    return {
        "all": {key: value for key, value in found.items() if key != "misses"},
        "halves": {half: score.summary() for half, score in by_half.items()},
        "right_percent_by_language": {name: s.summary()["right_percent"] for name, s in by_language.items()},
        "right_percent_by_class": {name: s.summary()["right_percent"] for name, s in sorted(by_class.items())},
        "ms_an_answer": {"median": round(spent[len(spent) // 2], 2), "p99": round(spent[int(0.99 * len(spent))], 2)},
        "met": found["right_percent"] >= RIGHT_PERCENT and not found["wrong"],
    }
