"""What a bank of sentences holds, the same in every language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.settings import FactType

Frames = tuple[str, ...]


class NoBankError(LookupError):
    """There are no sentences in a language."""


@dataclass(frozen=True)
class Manner:
    """How a persona's manner changes a bank: sentences by the field that they join, and those that do not suit it."""

    adds: Mapping[str, Frames]
    leaves_out: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Bank:
    """The sentences of one language.

    ``greetings``: the first sentence of a show; in each the host says that it is an AI.
    ``welcomes``: for those who joined later; says again that the host is an AI.
    ``notices``: says plainly that the host is an AI.
    ``plans``: how the show goes.
    ``invitations``: to ask in the chat.
    ``openers``: brings a product on.
    ``openers_by_category``: the same, with ``{category}``.
    ``any_fact``: for a fact of any type.
    ``first_fact``: for the first fact after the opener.
    ``later_fact``: for one that follows another.
    ``last_fact``: for the last before the price.
    ``pairs``: for two facts at once.
    ``prices``: a price that was never higher.
    ``reduced_prices``: with ``{was}`` and ``{saving}``.
    ``stocks``: few are left.
    ``last_one``: one is left.
    ``in_stock``: it is there.
    ``sold_out``: it is not.
    ``policies``: a rule of the shop.
    ``asks``: a question to the viewers about a product.
    ``transitions``: from one product to the next.
    ``recap_opens``: begins a recap.
    ``recap_pairs``: the prices of two products.
    ``recap_ends``: ends a recap.
    ``by_type``: for a fact, by its type. ``asks_by_type``: a question after a fact of that type. ``manners``: what a
    persona's manner adds and leaves out, by its name.
    """

    greetings: Frames
    welcomes: Frames
    notices: Frames
    plans: Frames
    invitations: Frames
    openers: Frames
    openers_by_category: Frames
    any_fact: Frames
    first_fact: Frames
    later_fact: Frames
    last_fact: Frames
    pairs: Frames
    prices: Frames
    reduced_prices: Frames
    stocks: Frames
    last_one: Frames
    in_stock: Frames
    sold_out: Frames
    policies: Frames
    asks: Frames
    transitions: Frames
    recap_opens: Frames
    recap_pairs: Frames
    recap_ends: Frames
    by_type: Mapping[FactType, Frames]
    asks_by_type: Mapping[FactType, Frames]
    manners: Mapping[str, Manner]

    def in_manner(self, name: str) -> Bank:
        """The bank as a persona of that manner speaks."""
        manner = self.manners[name]

        def suiting(frames: Frames) -> Frames:
            return tuple(frame for frame in frames if frame not in manner.leaves_out)

        changed: dict[str, Frames] = {}
        for field, frames in vars(self).items():
            if isinstance(frames, tuple):
                changed[field] = suiting(frames) + manner.adds.get(field, ())
        by_type = {kind: suiting(frames) for kind, frames in self.by_type.items()}
        return replace(self, by_type=by_type, **changed)  # type: ignore[arg-type]
