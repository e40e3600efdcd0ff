"""What a host wears besides clothes: glasses, earrings, and a logo on the clothes. One file a kind."""

from __future__ import annotations

from engine.avatar.human.accessories.earrings import drops, hoops, studs
from engine.avatar.human.accessories.glasses import round_glasses, square_glasses
from engine.avatar.human.accessories.logo import NO_LOGO, logo_part, read_logo
from engine.avatar.human.accessories.wear import Wearer, nothing
from engine.avatar.human.mesh import Part
from engine.avatar.human.registry import Styles
from engine.avatar.human.sculpt import Figure
from engine.avatar.human.spec import Looks

GLASSES: Styles[Wearer] = Styles("style of glasses")
GLASSES.add("none", nothing)
GLASSES.add("round", round_glasses)
GLASSES.add("square", square_glasses)

EARRINGS: Styles[Wearer] = Styles("style of earrings")
EARRINGS.add("none", nothing)
EARRINGS.add("studs", studs)
EARRINGS.add("hoops", hoops)
EARRINGS.add("drops", drops)


def accessories(figure: Figure, skin: Part, looks: Looks) -> list[Part]:
    """The glasses and earrings of a host, which ride on the head."""
    glasses, earrings = GLASSES.maker(looks.glasses.style), EARRINGS.maker(looks.earrings.style)
    return [*glasses(figure, skin), *earrings(figure, skin)]


__all__ = ["EARRINGS", "GLASSES", "NO_LOGO", "Wearer", "accessories", "logo_part", "read_logo"]
