"""What a line is held against: the facts that it cites, and the names that it may always say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from engine.script import disguise
from engine.script.quantities import Quantity, quantities
from engine.script.vocabulary import characters_of, stems_of

VALUES = frozenset({"name", "number", "price", "was_price", "saving", "stock", "category", "link"})
"""What a product is cited for beside its facts."""


@dataclass(frozen=True)
class Evidence:
    """``facts`` are the cited ids with what they say; ``names`` are the shop's, the host's and the products' names."""

    facts: tuple[tuple[str, str], ...]
    names: tuple[str, ...]

    @cached_property
    def proof(self) -> str:
        """All of it in small letters."""
        return disguise.plain(" | ".join([text for _, text in self.facts] + list(self.names))).text

    @cached_property
    def said_names(self) -> str:
        """The names in small letters."""
        return disguise.plain(" | ".join(self.names)).text

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of the English words, and of the parts of those with a hyphen."""
        return stems_of(self.proof)

    @cached_property
    def characters(self) -> frozenset[str]:
        """The Chinese characters."""
        return characters_of(self.proof)

    @cached_property
    def numbers(self) -> tuple[tuple[str, Quantity], ...]:
        """All quantities, each with the id of the fact that says it ("" for a name)."""
        found = [(fact_id, quantity) for fact_id, text in self.facts for quantity in quantities(text)]
        return (*found, *(("", quantity) for name in self.names for quantity in quantities(name)))

    @property
    def tells_facts(self) -> bool:
        """Whether a fact of a product is cited, and not only its name, its price or a policy of the shop."""
        keys = (fact_id.split(".", 1) for fact_id, _ in self.facts)
        return any(key[0] not in {"shop", "policy", "faq"} and key[-1] not in VALUES for key in keys)

    @property
    def first(self) -> str:
        """The id of the first fact, for findings that concern them all."""
        return self.facts[0][0] if self.facts else ""

    def nearest(self, dimension: str) -> str:
        """The id of the fact that a number of ``dimension`` is best held against."""
        return next((fact_id for fact_id, q in self.numbers if q.dimension == dimension and fact_id), self.first)
