"""The language-model writer: asks for a line, judges it, asks once more with the reason, else takes the template's."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from engine.flow import LineKind
from engine.script.contract import LineWriter
from engine.script.llm.completer import Completer, Completion, Message, Wish
from engine.script.llm.judge import CLAIMLESS, Judge
from engine.script.llm.prompts import Prompts, example_frames
from engine.script.llm.talk import Subject, Talk, talk_of
from engine.script.vocabulary import frame_texts
from engine.script.writer import Draft
from engine.settings import Fact, Persona, Product

EDITION_LINES = 80
"""Lines asked for with the same examples."""

SAMPLES = 2
"""Of one prompt, of which the first that may be said is taken. The second costs no reading."""

RETRY_AFTER = 1
"""Faults of the last sample that are told to the model; with more it is far off."""


OWN_WORDS = 5
"""An example with so many words beside its fact and name is known again; shorter ones ("by the way") are anybody's."""

MOST_OF_A_FRAME = 6
"""Lines with the same words around the fact or the name; more would be heard as a habit."""


@dataclass(slots=True)
class Tally:
    """What became of what was asked for."""

    asked: int = 0
    accepted: int = 0
    retried: int = 0
    accepted_after_retry: int = 0
    tokens_read: int = 0
    tokens_written: int = 0
    faults: Counter[str] = field(default_factory=Counter)


class ModelWriter:
    """Rewrites true lines, and writes lines that claim nothing.

    ``name`` is the kind of backend, for the ledger. ``plain`` writes the line that is taken when the model's is not.
    The same words are never proposed twice: ``known`` are those of earlier runs.
    """

    def __init__(
        self,
        name: str,
        completer: Completer,
        judge: Judge,
        plain: LineWriter,
        *,
        language: str,
        deadline_s: float,
        seed: int = 1,
        known: Sequence[Draft] = (),
    ) -> None:
        self._name = name
        self._completer = completer
        self._judge = judge
        self._plain = plain
        self._language = language
        self._talk: Talk = talk_of(language)
        self._deadline_s = deadline_s
        self._random = random.Random(seed)
        self._known = {_key(draft.text) for draft in known}
        self._frames = Counter(_around(draft.frame) for draft in known)
        self._prompts: Prompts | None = None
        self._prompt_lines = 0
        self.tally = Tally()

    def propose(self, card: Product, facts: Sequence[Fact], persona: Persona, n: int) -> list[Draft]:
        """See ``LineWriter``. Lines that the model did not bring are the template's.

        Raises:
            ModelError: the model gives nothing at all.
        """
        drafts: list[Draft] = []
        for i in range(n):
            fact = facts[i % len(facts)] if facts else None
            kind = LineKind.PITCH if fact is not None else CLAIMLESS[i % len(CLAIMLESS)]
            draft = self.write(card, fact, kind, persona)
            if draft is not None:
                drafts.append(draft)
            else:
                drafts += self._plain.propose(card, [fact] if fact is not None else [], persona, 1)
        return drafts

    def write(self, card: Product, fact: Fact | None, kind: LineKind, persona: Persona) -> Draft | None:
        """One line of the model's, or None when neither its first nor its second try may be said.

        Raises:
            ModelError: the model gives nothing at all.
        """
        subject = Subject(card, kind, fact.text if fact is not None else "")
        evidence = f"{card.id}.{fact.id if fact is not None else 'name'}"
        asked = self._ask(persona).first(subject, self._random)
        self.tally.asked += 1
        for _ in range(SAMPLES):
            text, faults = self._try(asked, subject, evidence)
            if not faults:
                break
        if faults and len(faults) <= RETRY_AFTER:
            self.tally.retried += 1
            text, faults = self._try(self._ask(persona).again(asked, text, faults), subject, evidence)
            self.tally.accepted_after_retry += not faults
        if faults:
            return None
        self.tally.accepted += 1
        self._known.add(_key(text))
        draft = self._draft(text, subject, evidence)
        self._frames[_around(draft.frame)] += 1
        return draft

    def _ask(self, persona: Persona) -> Prompts:
        if self._prompts is None or self._prompt_lines >= EDITION_LINES:
            self._prompts = Prompts(self._language, persona, self._random.randrange(1 << 30))
            self._prompt_lines = 0
        self._prompt_lines += 1
        return self._prompts

    def _try(self, asked: list[Message], subject: Subject, evidence: str) -> tuple[str, tuple[str, ...]]:
        made: Completion = self._completer.complete(asked, Wish(temperature=1.0), self._deadline_s)
        self.tally.tokens_read += made.tokens_read
        self.tally.tokens_written += made.tokens_written
        text = self._talk.cleaned(made.text, subject.product)
        faults = self._faults(text, subject, evidence)
        self.tally.faults.update(faults)
        return text, faults

    def _faults(self, text: str, subject: Subject, evidence: str) -> tuple[str, ...]:
        faults = self._judge.faults(self._draft(text, subject, evidence))
        if not faults and _key(text) in self._known:
            return ("this line is known already",)
        frame = self._talk.frame(text, subject)
        if not faults and is_bare(frame):
            return ("put the line in other words",)
        if not faults and self._frames[_around(frame)] >= MOST_OF_A_FRAME:
            return ("begin the line in another way",)
        return faults

    def _draft(self, text: str, subject: Subject, evidence: str) -> Draft:
        frame = self._talk.frame(text, subject)
        return Draft(
            subject.kind,
            text,
            (evidence,),
            frame,
            subject.product.id,
            writer=self._name,
            model=self._completer.name,
            follows=subject.kind is LineKind.PITCH and self._talk.follows(frame),
        )


def _key(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


_TRIVIAL = frozenset(["", "this", "and", "so", "also", "oh", "okay", "now", "well"])


def is_bare(frame: str) -> bool:
    """Whether a line is the fact alone, or word for word a template or an example: then it is not the model's."""
    words = _around(frame)
    return words in _TRIVIAL or words in _bank()


@cache
def _bank() -> frozenset[str]:
    examples = (text for text in map(_told, example_frames()) if len(text.split()) >= OWN_WORDS)
    return frozenset([*map(_told, frame_texts()), *examples])


def _around(frame: str) -> str:
    return _told(re.sub(r"\{\w+\}", " ", frame))


def _told(text: str) -> str:
    """What is said around a fact, whether it is told of "it" or of the product by name."""
    return re.sub(r"\bit$", "", _key(text)).strip()
