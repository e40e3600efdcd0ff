"""English: articles, contractions, capitals."""

from __future__ import annotations

import re
from decimal import Decimal

from engine.script.policy import words_of
from engine.script.wording.base import WHOLE_CURRENCIES
from engine.settings import Fact, Product

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "CAD": "CA$", "AUD": "A$", "INR": "₹"}
_COMMON_STARTS = words_of("""
    the you we our all orders shipping delivery returns unused items every if most payment payments electrical
""")
"""First words of a policy that may be written small after a colon; others may be names."""


class English:
    """Lengths are in words; 24 are one breath."""

    most = 24

    def length(self, text: str) -> int:
        """Words."""
        return len(text.split())

    def the(self, product: Product) -> str:
        """The short name with its article."""
        return f"the {without_article(product.short or product.name)}"

    def name(self, product: Product) -> str:
        """The full name without a "The" of its own."""
        return without_article(product.name)

    def capital(self, text: str) -> str:
        """With a large first letter."""
        return text[:1].upper() + text[1:]

    def category(self, text: str) -> str:
        """With a small first letter."""
        return text[:1].lower() + text[1:]

    def sentence(self, text: str) -> str:
        """With a full stop unless it ends."""
        return text if text[-1] in ".!?" else f"{text}."

    def clause(self, text: str) -> str:
        """Without the full stop."""
        return text.rstrip(".")

    def may_join(self, first: Fact, second: Fact) -> bool:
        """Not where one has a clause of its own, nor where both begin alike."""
        return "," not in first.text + second.text and first.text.split()[0] != second.text.split()[0]

    def about(self, frame: str, product: Product, fact: Fact, turn: int) -> str | None:
        """The frame, unless it would put one "which", or one "and", behind another."""
        if ", which {text}" in frame and "which" in fact.text:
            return None
        return None if "{text} and {other}" in frame and " and " in fact.text else frame

    def spoken(self, text: str) -> str:
        """With "it's" for "it is", and a small letter after a colon."""
        text = re.sub(r"(^|[,:] |\bthat |\band )([Ii]t) is (?!\$)", r"\1\2's ", text)
        head, colon, tail = text.partition(": ")
        if colon and tail.split(" ", 1)[0].lower() in _COMMON_STARTS:
            return f"{head}: {tail[0].lower()}{tail[1:]}"
        return text

    def money(self, amount: Decimal, currency: str) -> str:
        """``$19.99``; a currency without a known sign stands behind the amount ("19.99 CHF")."""
        digits = f"{amount:,.0f}" if currency in WHOLE_CURRENCIES else f"{amount:,.2f}"
        symbol = _SYMBOLS.get(currency)
        return f"{symbol}{digits}" if symbol else f"{digits} {currency}"


def without_article(name: str) -> str:
    """``name`` without a "The" of its own, since sentences bring theirs."""
    return re.sub(r"^[Tt]he\s+", "", name)
