"""The template bank: sentences with slots, true of every product that they may be filled with.

Slots: ``{text}`` the fact's verb phrase, ``{the}`` and ``{The}`` the product's short name with its article,
``{name}`` its full name, ``{price}``, ``{was}``, ``{saving}``, ``{stock}``, ``{number}``, ``{category}``, ``{next}``
the next product's short name with its article, ``{shop}``, ``{host}``, ``{policy}``, ``{topic}``.
"""

from engine.script.frames.closing import ASKS, ASKS_BY_TYPE, RECAP_ENDS, RECAP_OPENS, RECAP_PAIRS, TRANSITIONS
from engine.script.frames.facts import ANY_FACT, BY_TYPE, FIRST_FACT, LAST_FACT, LATER_FACT, PAIRS
from engine.script.frames.opening import GREETINGS, INVITATIONS, OPENERS, OPENERS_BY_CATEGORY, PLANS, WELCOMES
from engine.script.frames.price import (
    IN_STOCK,
    LAST_ONE,
    POLICIES,
    PRICES,
    REDUCED_PRICES,
    SOLD_OUT,
    STOCKS,
)

__all__ = [
    "ANY_FACT",
    "ASKS",
    "ASKS_BY_TYPE",
    "BY_TYPE",
    "FIRST_FACT",
    "GREETINGS",
    "INVITATIONS",
    "IN_STOCK",
    "LAST_FACT",
    "LAST_ONE",
    "LATER_FACT",
    "OPENERS",
    "OPENERS_BY_CATEGORY",
    "PAIRS",
    "PLANS",
    "POLICIES",
    "PRICES",
    "RECAP_ENDS",
    "RECAP_OPENS",
    "RECAP_PAIRS",
    "REDUCED_PRICES",
    "SOLD_OUT",
    "STOCKS",
    "TRANSITIONS",
    "WELCOMES",
]
