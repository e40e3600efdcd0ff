"""Hair styles. Each grows one ``Part`` of kind "hair" on a figure's head; one file a style."""

from __future__ import annotations

from engine.avatar.human.hair.bob import bob
from engine.avatar.human.hair.crop import crop
from engine.avatar.human.hair.curly import CURLY, curly
from engine.avatar.human.hair.head import Obstacles
from engine.avatar.human.hair.long import long
from engine.avatar.human.hair.short import short
from engine.avatar.human.hair.style import HairStyle
from engine.avatar.human.hair.swept import swept
from engine.avatar.human.hair.tied import tied
from engine.avatar.human.hairline import COVERED, MAN, RECEDED, WOMAN
from engine.avatar.human.registry import Styles

HAIR_STYLES: Styles[HairStyle] = Styles("hair style")
HAIR_STYLES.add("bob", HairStyle(bob, COVERED))
HAIR_STYLES.add("long", HairStyle(long, COVERED))
HAIR_STYLES.add("tied", HairStyle(tied, WOMAN))
HAIR_STYLES.add("curly", HairStyle(curly, CURLY))
HAIR_STYLES.add("short", HairStyle(short, MAN))
HAIR_STYLES.add("crop", HairStyle(crop, RECEDED))
HAIR_STYLES.add("swept", HairStyle(swept, RECEDED))

__all__ = ["HAIR_STYLES", "HairStyle", "Obstacles"]
