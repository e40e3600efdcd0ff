"""The template writer behind the contract of all writers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.script.writer import Draft, TemplateWriter
from engine.settings import Fact, Persona, Product


class TemplateLines:
    """See ``LineWriter``. The persona's manner is the template writer's own."""

    def __init__(self, templates: TemplateWriter) -> None:
        self._templates = templates

    def propose(self, card: Product, facts: Sequence[Fact], persona: Persona, n: int) -> list[Draft]:
        """See ``LineWriter``."""
        del persona
        write = self._templates
        makers: list[Callable[[], Draft | None]] = [
            lambda fact=fact: write.fact(f"{card.id}.{fact.id}")  # type: ignore[misc]
            for fact in facts
        ] or [lambda: write.opener(card.id), lambda: write.ask(card.id)]
        drafts = [makers[i % len(makers)]() for i in range(n)]
        kept = [draft for draft in drafts if draft is not None]
        for draft in kept:
            write.chooser.used(draft.frame, draft.text)
        return kept
