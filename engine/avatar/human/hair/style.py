"""What a hair style is: the function that grows it, and the hairline that it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.avatar.human.hair.head import Obstacles
from engine.avatar.human.hairline import Hairline
from engine.avatar.human.mesh import Part
from engine.avatar.human.sculpt import Figure

Grower = Callable[[Figure, Part, Obstacles, int], Part]
"""(figure, its skin, what hair must stay outside of, seed) to the hair. Extra: ``along`` (n, 3) strand direction,
``strand`` (n, 4): across in lock widths, root to tip 0..1, shade 0..1, layer."""


@dataclass(frozen=True)
class HairStyle:
    """One style; call it to grow the hair."""

    grow: Grower
    hairline: Hairline

    def __call__(self, figure: Figure, skin: Part, obstacles: Obstacles, seed: int) -> Part:
        """The hair as one ``Part`` of kind "hair"."""
        return self.grow(figure, skin, obstacles, seed)
