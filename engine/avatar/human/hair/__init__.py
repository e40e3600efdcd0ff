"""Hair styles. Each grows one ``Part`` of kind "hair" on a figure's head; one file a style."""

from __future__ import annotations

from engine.avatar.human.hair.bob import bob
from engine.avatar.human.hair.head import Obstacles
from engine.avatar.human.hair.style import HairStyle
from engine.avatar.human.hairline import COVERED
from engine.avatar.human.registry import Styles

HAIR_STYLES: Styles[HairStyle] = Styles("hair style")
HAIR_STYLES.add("bob", HairStyle(bob, COVERED))

__all__ = ["HAIR_STYLES", "HairStyle", "Obstacles"]
