"""Hair styles. Each grows one ``Part`` of kind "hair" on a figure's head; one file a style."""

from __future__ import annotations

from collections.abc import Callable

from engine.avatar.human.hair.bob import Obstacles, bob
from engine.avatar.human.mesh import Part
from engine.avatar.human.registry import Styles
from engine.avatar.human.sculpt import Figure

Grower = Callable[[Figure, Part, Obstacles, int], Part]
"""(figure, its skin, what hair must stay outside of, seed) to the hair. Extra: ``along`` (n, 3) strand direction,
``strand`` (n, 4): across 0..1, root to tip 0..1, shade 0..1, layer."""

HAIR_STYLES: Styles[Grower] = Styles("hair style")
HAIR_STYLES.add("bob", bob)

__all__ = ["HAIR_STYLES", "Grower", "Obstacles"]
