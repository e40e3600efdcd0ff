"""What a model is told. Everything in it is the merchant's or ours: chat never comes here."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from engine.flow import LineKind
from engine.script.facts import spoken_name
from engine.script.lexicons import lexicon
from engine.script.llm.completer import Message
from engine.script.llm.talk import Subject
from engine.settings import Persona

EXAMPLES_OF = {"fact": 6, "opener": 3, "ask": 3, "transition": 3}
"""How many examples of each task one prompt has."""

_TASKS = {LineKind.PITCH: "fact", LineKind.OPENER: "opener", LineKind.ASK: "ask", LineKind.TRANSITION: "transition"}


def example_frames() -> Iterator[str]:
    """The examples of all languages without their products and facts."""
    for language in ("en", "zh"):
        for task in EXAMPLES_OF:
            for *given, line in lexicon(f"examples_{language}")[task]:
                for part in (*given, f"the {given[0]}"):
                    line = line.replace(part, " ")  # noqa: PLW2901
                yield re.sub(r"\b(?:the|The) (?=[ ,.?!]|$)", " ", line)


class Prompts:
    """Prompts that all begin alike, so that a model which remembers what it read reads the examples once.

    ``edition`` chooses the examples; another edition brings other turns of phrase.
    """

    def __init__(self, language: str, persona: Persona, edition: int) -> None:
        self._data = lexicon(f"examples_{language}")
        self._the = "the " if language == "en" else ""
        picks = random.Random(edition)
        turns = [
            (task, example)
            for task, count in EXAMPLES_OF.items()
            for example in picks.sample(self._data[task], min(count, len(self._data[task])))
        ]
        picks.shuffle(turns)
        self._head = [Message("system", self._data["system"].format(manner=self._manner(persona)).strip())]
        for task, example in turns:
            *given, line = example
            begin = line.split(" ", 1)[0].rstrip(",:")
            self._head += [Message("user", self._asked(task, begin, *given)), Message("assistant", line)]

    def _manner(self, persona: Persona) -> str:
        manners: dict[str, str] = self._data.get("manners", {})
        return manners.get(persona.manner, persona.manner)

    def first(self, subject: Subject, chance: random.Random) -> list[Message]:
        """Asks for a line; one with a fact begins with words that ``chance`` picks."""
        task = _TASKS[subject.kind]
        name = spoken_name(subject.product)
        given = (name, subject.fact) if subject.kind is LineKind.PITCH else (f"{self._the}{name}",)
        begin = chance.choice(self._data.get("begins", [""]))
        return [*self._head, Message("user", self._asked(task, begin, *given))]

    def again(self, asked: Sequence[Message], line: str, reasons: Sequence[str]) -> list[Message]:
        """Asks once more, with what was wrong with ``line``."""
        told = self._data["retry"].format(reasons="; ".join(reasons[:2]))
        return [*asked, Message("assistant", line), Message("user", told)]

    def _asked(self, task: str, begin: str, product: str, fact: str = "") -> str:
        form: str = self._data["asked"][task]
        return form.format(product=product, fact=fact, begin=begin)
