"""One number of a text: an amount of something, and when two are the same."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from engine.script.money_words import SHARED

COUNT = "count"
"""The dimension of a number without a unit."""

_CONVERSIONS = {
    "imperial_length": ("length", Fraction(254, 10)), "imperial_mass": ("mass", Fraction(2835, 100)),
    "imperial_volume": ("volume", Fraction(29574, 1000)), "imperial_area": ("area", Fraction(9290304, 100000)),
    "chinese_length": ("length", Fraction(1000, 3)),
}  # fmt: skip
_CONVERTED_WITHIN = Fraction(15, 1000)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a text. ``value`` is in the dimension's common unit, ``raw`` as it was said.

    ``bound`` is "more" ("over 24 hours", 至少), "less" ("below 0 °C", 以下) or "". ``counts`` is the word that a bare
    number counts or measures ("boxes", 个, a unit that is not known), "" where none follows it.
    """

    dimension: str
    value: Fraction
    raw: Fraction
    start: int
    end: int
    bound: str = ""
    counts: str = ""

    @property
    def is_money(self) -> bool:
        """Whether this is an amount of money."""
        return self.dimension.startswith("money:")

    @property
    def kind_of_money(self) -> str:
        """The sign or the code of the currency; "" where this is no money."""
        return self.dimension.partition("money:")[2]

    def same_as(self, other: Quantity) -> bool:
        """Whether the two say the same amount; converted between inches and centimetres it may be rounded.

        A bare number may leave a unit out, but not where it counts something else: 259 of another money is not 259元.
        """
        if self.dimension == other.dimension:
            return self.value == other.value
        for one, two in ((self, other), (other, self)):
            if one.dimension == COUNT:
                return one.raw == two.raw and (not one.counts or two.dimension == f"money:{one.counts}")
            if two.kind_of_money in SHARED.get(one.kind_of_money, ()):
                return one.value == two.value
            if one.dimension in _CONVERSIONS and _CONVERSIONS[one.dimension][0] == two.dimension:
                metric = one.value * _CONVERSIONS[one.dimension][1]
                return two.value > 0 and abs(metric - two.value) / two.value <= _CONVERTED_WITHIN
        return False
