"""Whole pitches by a strong model: lines of JSON that cite fact ids, judged by the guard."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from engine.flow import LineKind
from engine.script.contract import LineWriter
from engine.script.facts import spoken_name
from engine.script.lexicons import lexicon
from engine.script.llm.completer import Completer, Message, Wish
from engine.script.llm.judge import WHOLE, Judge
from engine.script.llm.model_writer import Tally
from engine.script.llm.talk import unwrapped
from engine.script.writer import Draft
from engine.settings import Fact, Persona, Product

_TOKENS_A_LINE = 80
_MOST_LINES = 20


class WholePitchWriter:
    """Asks for several lines at once; those that miss are asked for once more with the reasons, else the template's.

    ``name`` is the kind of backend, for the ledger.
    """

    def __init__(
        self, name: str, completer: Completer, judge: Judge, plain: LineWriter, *, language: str, deadline_s: float
    ) -> None:
        self._name = name
        self._completer = completer
        self._judge = judge
        self._plain = plain
        self._words = lexicon(f"examples_{language}")["whole"]
        self._language = language
        self._deadline_s = deadline_s
        self.tally = Tally()

    def propose(self, card: Product, facts: Sequence[Fact], persona: Persona, n: int) -> list[Draft]:
        """See ``LineWriter``. ``facts`` must not be empty.

        Raises:
            ModelError: the model gives nothing at all.
        """
        n = min(n, _MOST_LINES)
        asked = self._asked(card, facts, persona, n)
        good, bad, answer = self._try(asked, card, n)
        self.tally.asked += n
        if bad and len(good) < n:
            self.tally.retried += len(bad)
            reasons = "\n".join(f"- {draft.text} ({'; '.join(why[:2])})" for draft, why in bad)
            again = [
                *asked,
                Message("assistant", answer),
                Message("user", self._words["retry"].format(reasons=reasons)),
            ]
            more, _, _ = self._try(again, card, n - len(good))
            self.tally.accepted_after_retry += len(more)
            good += [draft for draft in more if draft.text not in {other.text for other in good}]
        self.tally.accepted += len(good)
        told = {fact_id for draft in good for fact_id in draft.fact_ids}
        untold = [fact for fact in facts if f"{card.id}.{fact.id}" not in told]
        if len(good) < n and untold:
            good += self._plain.propose(card, untold, persona, min(n - len(good), len(untold)))
        return good

    def _asked(self, card: Product, facts: Sequence[Fact], persona: Persona, n: int) -> list[Message]:
        listed = "\n".join(f"{fact.id}: {fact.text}" for fact in facts)
        system = self._words["system"].format(manner=persona.manner).strip()
        user = self._words["user"].format(product=spoken_name(card), facts=listed, n=n).strip()
        return [Message("system", system), Message("user", user)]

    def _try(
        self, asked: Sequence[Message], card: Product, n: int
    ) -> tuple[list[Draft], list[tuple[Draft, tuple[str, ...]]], str]:
        """Lines that may be said, those that may not with the reasons, and the answer as it came."""
        wish = Wish(max_tokens=_TOKENS_A_LINE * n, temperature=0.8, stop=())
        made = self._completer.complete(asked, wish, self._deadline_s)
        self.tally.tokens_read += made.tokens_read
        self.tally.tokens_written += made.tokens_written
        good: list[Draft] = []
        bad: list[tuple[Draft, tuple[str, ...]]] = []
        for text, keys in list(_lines(made.text))[:_MOST_LINES]:
            ids = tuple(f"{card.id}.{key.removeprefix(f'{card.id}.')}" for key in keys)
            draft = Draft(LineKind.PITCH, text, ids, WHOLE, card.id, writer=self._name, model=self._completer.name)
            tells = {f"{card.id}.{fact.id}" for fact in card.facts} & set(ids)
            faults = self._judge.faults(draft) if tells else ("it cites no fact",)
            self.tally.faults.update(faults)
            if faults:
                bad.append((draft, faults))
            elif draft.text not in {other.text for other in good}:
                good.append(draft)
        return good[:n], bad, made.text


def _lines(answer: str) -> Iterator[tuple[str, list[str]]]:
    """The objects of an answer that have a text and the ids of facts, in whatever they are wrapped."""
    for found in re.finditer(r"\{[^{}]*\}", answer):
        try:
            data = json.loads(found[0])
        except ValueError:
            continue
        text, facts = data.get("text"), data.get("facts")
        if isinstance(text, str) and isinstance(facts, list) and all(isinstance(fact, str) for fact in facts):
            yield unwrapped(text), list(dict.fromkeys(facts))
