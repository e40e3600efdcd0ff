"""Outfits. Each dresses a figure in parts of kind "cloth"; one file an outfit."""

from __future__ import annotations

from collections.abc import Callable

from engine.avatar.human.mesh import Part
from engine.avatar.human.outfits.apron import apron
from engine.avatar.human.outfits.blazer import blazer
from engine.avatar.human.outfits.knit import knit
from engine.avatar.human.outfits.shirt import shirt
from engine.avatar.human.registry import Styles
from engine.avatar.human.sculpt import Figure

Dresser = Callable[[Figure], list[Part]]
"""Dyes are "outfit" (the outfit's colour) and "second"; what covers comes before what is covered. Garments with
sleeves have ``limbs``. Extra: ``keep`` (n,) is a signed field, positive where there is cloth; ``edge`` (n,) runs from
0 to 1 across a hem."""

OUTFITS: Styles[Dresser] = Styles("outfit")
OUTFITS.add("blazer", blazer)
OUTFITS.add("knit", knit)
OUTFITS.add("shirt", shirt)
OUTFITS.add("apron", apron)

__all__ = ["OUTFITS", "Dresser"]
