"""Chinese: no articles and no capitals; a fact follows the product's name or 它 with nothing between."""

from __future__ import annotations

import re
from decimal import Decimal

from engine.currencies import CHINESE, WORD_CODES
from engine.script.wording.base import WHOLE_CURRENCIES
from engine.settings import Fact, Product

_UNITS = {"CNY": "元", "JPY": "日元", "USD": "美元", "EUR": "欧元", "GBP": "英镑"}
_ENDS = "。！？.!?"
_AFTER_IT = frozenset("是有能可用要附装通配在长高厚重进出烧充翻卷铺一支适产包带")
"""First characters of facts that go well behind 它: verbs and measures."""


class Chinese:
    """Lengths are in characters, where a Latin word or a number counts two; 42 are one breath (4.5 a second)."""

    most = 42

    def length(self, text: str) -> int:
        """Characters to say."""
        return len(re.findall(r"[\u3400-\u9fff]", text)) + 2 * len(re.findall(r"[A-Za-z]+|\d[\d.,]*", text))

    def the(self, product: Product) -> str:
        """The short name; with 这款 behind one that ends in a digit or a Latin letter, which a number may follow."""
        name = product.short or product.name
        return f"{name}这款" if name[-1].isascii() and name[-1].isalnum() else name

    def name(self, product: Product) -> str:
        """The full name."""
        return product.name

    def capital(self, text: str) -> str:
        """As it is."""
        return text

    def category(self, text: str) -> str:
        """As it is."""
        return text

    def sentence(self, text: str) -> str:
        """With 。 unless it ends."""
        return text if text[-1] in _ENDS else f"{text}。"

    def clause(self, text: str) -> str:
        """Without the end mark."""
        return text.rstrip("。.")

    def phrase(self, fact: str) -> str:
        """As it is: Chinese needs no verb."""
        return fact

    def behind_name(self, fact: str) -> str:
        """With a comma before a part of the product: "山径保温杯，杯身直径7.2厘米"."""
        return fact if fact[0] in _AFTER_IT else f"，{fact}"

    def may_join(self, first: Fact, second: Fact) -> bool:
        """Not where one has a clause of its own, or tells what to do rather than what is."""
        return not re.search("[，,；;]|请|建议|不要", first.text + second.text)

    def about(self, frame: str, product: Product, fact: Fact, turn: int) -> str | None:
        """The frame with the name before the fact, with 它, or with neither: nobody says the name in each sentence.

        A name and a fact that meet in the same character ("平底锅锅口") stay apart.
        """
        if "{the}{text}" not in frame:
            return frame
        name = self.the(product)
        stutters = fact.text[:2] in name or fact.text[0] == name[-1]
        named = "{the}" if self.behind_name(fact.text) == fact.text else "{the}，"
        subjects = ["", *([] if stutters else [named]), *(["它"] if fact.text[0] in _AFTER_IT else [])]
        return frame.replace("{the}{text}", subjects[turn % len(subjects)] + "{text}")

    def agreed(self, frame: str, product: Product | None, following: Product | None) -> str:
        """As it is: nothing agrees in number."""
        return frame

    def spoken(self, text: str) -> str:
        """Without what a fact doubles: its own 它, and 是 ("写的是，是白色的")."""
        return re.sub("是([，：])是", r"是\1", text.replace("它它", "它"))

    def money(self, amount: Decimal, currency: str) -> str:
        """``39.9元``: the unit behind, and no zeros that nobody says; another currency by its code.

        A code that is a word too, or is not known, is seen to be one by two decimals: ``29.00 TRY``.
        """
        digits = f"{amount:.0f}" if currency in WHOLE_CURRENCIES else f"{amount:.2f}"
        if currency in _UNITS or (currency in CHINESE and currency not in WORD_CODES):
            digits = re.sub(r"\.?0+$", "", digits) if "." in digits else digits
        return f"{digits}{_UNITS.get(currency, f' {currency}')}"
