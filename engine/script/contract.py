"""The contract of every writer of lines: what it is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from engine.script.writer import Draft
from engine.settings import Fact, Persona, Product


class LineWriter(Protocol):
    """Writes lines about one product, each with the ids of the facts that prove it."""

    def propose(self, card: Product, facts: Sequence[Fact], persona: Persona, n: int) -> list[Draft]:
        """Up to ``n`` lines about ``card``, each of which tells one or more of ``facts``.

        Without facts: lines that claim nothing, such as openers, questions and transitions.
        """
