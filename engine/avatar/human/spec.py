"""What a host looks like: the choices a merchant can make before a body is baked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from engine.avatar.errors import BodyError

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Share = Annotated[float, Field(ge=0, le=1)]


class Looks(BaseModel):
    """Mia's looks. Colours are sRGB hex; shares run from 0 to 1. The defaults are Mia herself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=40)] = "mia"
    skin: Colour = "#f1c8b1"
    blush: Share = 0.28
    freckles: Share = 0.25
    lips: Colour = "#d56f6c"
    lip_cover: Share = 0.74
    brows: Colour = "#5a3524"
    iris: Colour = "#523621"
    hair_root: Colour = "#2a1810"
    hair_tip: Colour = "#7a4a30"
    blazer: Colour = "#cc2938"
    top: Colour = "#f6f3ee"
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 7


def load_looks(file: Path) -> Looks:
    """Read looks from YAML.

    Raises:
        BodyError: the file is missing, is not YAML, or holds something else; with the line and what would be right.
    """
    try:
        data = YAML(typ="rt").load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BodyError(f"{file}: cannot be read: {error}") from error
    except YAMLError as error:
        raise BodyError(f"{file}: is not YAML: {error}") from error
    try:
        return Looks.model_validate(data or {})
    except ValidationError as error:
        raise BodyError("\n".join(_explain(file, data, problem) for problem in error.errors())) from error


def _explain(file: Path, data: object, problem: ErrorDetails) -> str:
    key = ".".join(str(part) for part in problem["loc"])
    line = data.lc.key(key)[0] + 1 if isinstance(data, CommentedMap) and key in data else 1
    if problem["type"] == "extra_forbidden":
        return f"{file}:{line}: {key} is not known; use one of: {', '.join(Looks.model_fields)}"
    return f"{file}:{line}: {key}: {problem['msg']}"


def srgb(colour: str) -> tuple[float, float, float]:
    """``#rrggbb`` as three numbers from 0 to 1."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue
