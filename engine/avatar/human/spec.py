"""What a host looks like: everything that a merchant may choose before a body is baked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
ClothColour = Annotated[str, Field(pattern=r"^(brand|#[0-9a-fA-F]{6})$")]
"""A colour, or ``brand``: the channel's brand colour, taken when the body goes on stage."""

Share = Annotated[float, Field(ge=0, le=1)]
Slider = Annotated[float, Field(ge=-1, le=1)]

YOUNGEST, OLDEST = 20, 75
"""Years. Hosts are adults and look it."""


class Block(BaseModel):
    """A block of keys in a host file; a key that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Origin(Block):
    """Shares of MakeHuman's three ancestries; only their ratios count."""

    african: Share = 0.0
    asian: Share = 0.55
    european: Share = 0.45


class Person(Block):
    """Who it is. ``weight`` and ``muscle`` run from slight (0) to heavy (1), ``height`` from short to tall."""

    gender: Literal["woman", "man"] = "woman"
    age: Annotated[int, Field(ge=YOUNGEST, le=OLDEST)] = 26
    weight: Share = 0.28
    muscle: Share = 0.45
    height: Share = 0.5
    origin: Origin = Origin()


class Face(Block):
    """Sliders from -1 to 1; 0 is the presenter's own proportions, tuned to please."""

    eye_size: Slider = 0.0
    eye_opening: Slider = 0.0
    eye_spacing: Slider = 0.0
    eye_height: Slider = 0.0
    eye_tilt: Slider = 0.0
    eye_fold: Slider = 0.0
    brow_height: Slider = 0.0
    brow_tilt: Slider = 0.0
    nose_width: Slider = 0.0
    nose_length: Slider = 0.0
    nose_bridge: Slider = 0.0
    nose_tip: Slider = 0.0
    nostrils: Slider = 0.0
    mouth_width: Slider = 0.0
    mouth_height: Slider = 0.0
    upper_lip: Slider = 0.0
    lower_lip: Slider = 0.0
    mouth_corners: Slider = 0.0
    cheekbones: Slider = 0.0
    cheeks: Slider = 0.0
    jaw_width: Slider = 0.0
    jaw_angle: Slider = 0.0
    chin_width: Slider = 0.0
    chin_length: Slider = 0.0
    chin_forward: Slider = 0.0
    face_length: Slider = 0.0
    face_width: Slider = 0.0
    forehead: Slider = 0.0
    ears: Slider = 0.0
    neck: Slider = 0.0


class Skin(Block):
    """The skin's tone, and what lies on it."""

    tone: Colour = "#f1c8b1"
    blush: Share = 0.28
    freckles: Share = 0.25
    lines: Share = 0.0


class MakeUp(Block):
    """Lips, liner and lid shadow; 0 is bare."""

    lips: Colour = "#d56f6c"
    lip_cover: Share = 0.74
    liner: Share = 0.85
    shadow: Share = 0.5
    shadow_colour: Colour = "#c7a093"


class Brows(Block):
    """Eyebrows; ``thickness`` is a factor."""

    colour: Colour = "#5a3524"
    thickness: Annotated[float, Field(ge=0.5, le=2.0)] = 1.0


class Hair(Block):
    """The style, and its colour from root to tip."""

    style: Literal["bob", "long", "tied", "curly", "short", "crop", "swept"] = "bob"
    root: Colour = "#2a1810"
    tip: Colour = "#7a4a30"


class Beard(Block):
    """Facial hair, painted (stubble) or built (the others)."""

    style: Literal["none", "stubble", "short", "moustache", "full"] = "none"
    colour: Colour = "#2a1810"


class Glasses(Block):
    """Spectacles."""

    style: Literal["none", "round", "square"] = "none"
    colour: Colour = "#2b2320"


class Earrings(Block):
    """Jewellery at both ears."""

    style: Literal["none", "studs", "hoops", "drops"] = "none"
    colour: Colour = "#d9b36a"


class Outfit(Block):
    """The clothes. ``logo`` is a picture, relative to the host file, shown on the chest or the lapel."""

    style: str = "blazer"
    colour: ClothColour = "brand"
    second: ClothColour = "#f6f3ee"
    logo: Path | None = None
    logo_place: Literal["chest", "lapel"] = "chest"

    @field_validator("logo", mode="before")
    @classmethod
    def _is_none(cls, logo: Any) -> Any:
        """Nothing in quotes is no logo, as nothing is."""
        return logo if logo != "" else None


class Looks(Block):
    """One host. Colours are sRGB hex; the defaults are Mia herself."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=40)] = "mia"
    person: Person = Person()
    face: Face = Face()
    skin: Skin = Skin()
    makeup: MakeUp = MakeUp()
    brows: Brows = Brows()
    eyes: Colour = "#523621"
    hair: Hair = Hair()
    beard: Beard = Beard()
    glasses: Glasses = Glasses()
    earrings: Earrings = Earrings()
    outfit: Outfit = Outfit()
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 7


def srgb(colour: str) -> tuple[float, float, float]:
    """``#rrggbb`` as three numbers from 0 to 1."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue
