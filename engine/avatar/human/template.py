"""The host file that a merchant starts from: every key with what it does, its range and its default.

Keys, ranges and defaults are read from ``spec.Looks``; only the words are here. ``WORDS`` has one entry a key (a test
compares): a sentence, or what the least and the most of a number's range look like.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from engine.avatar.human.host_file import STYLES
from engine.avatar.human.spec import Block, Looks
from engine.settings.yaml_file import KeyPath, dotted

COMMENT_COLUMN = 34
"""Where comments begin, so that they stand below each other."""

NAME: KeyPath = ("name",)

Words = str | tuple[str, str]

WORDS: dict[str, Words] = {
    "name": "small letters, digits, - and _; the name of this file",
    "person": "who it is; hosts are adults and look it",
    "person.gender": "",
    "person.age": ("young", "old"),
    "person.weight": ("slight", "heavy"),
    "person.muscle": ("soft", "athletic"),
    "person.height": ("short", "tall"),
    "person.origin": "shares of ancestry; only their ratio counts, so write all three",
    "person.origin.african": ("none", "most"),
    "person.origin.asian": ("none", "most"),
    "person.origin.european": ("none", "most"),
    "face": "sliders; 0 is the presenter's own proportions, tuned to please",
    "face.eye_size": ("small", "large"),
    "face.eye_opening": ("narrow", "wide open"),
    "face.eye_spacing": ("close together", "far apart"),
    "face.eye_height": ("low", "high in the face"),
    "face.eye_tilt": ("outer corners down", "up"),
    "face.eye_fold": ("no fold in the lid", "a deep one"),
    "face.brow_height": ("low", "high"),
    "face.brow_tilt": ("outer ends down", "up"),
    "face.nose_width": ("slim", "broad"),
    "face.nose_length": ("short", "long"),
    "face.nose_bridge": ("flat", "high"),
    "face.nose_tip": ("down", "turned up"),
    "face.nostrils": ("slim", "flared"),
    "face.mouth_width": ("small", "wide"),
    "face.mouth_height": ("low", "high in the face"),
    "face.upper_lip": ("thin", "full"),
    "face.lower_lip": ("thin", "full"),
    "face.mouth_corners": ("down", "up"),
    "face.cheekbones": ("flat", "high and strong"),
    "face.cheeks": ("hollow", "round"),
    "face.jaw_width": ("slim", "broad"),
    "face.jaw_angle": ("soft", "square"),
    "face.chin_width": ("pointed", "broad"),
    "face.chin_length": ("short", "long"),
    "face.chin_forward": ("set back", "forward"),
    "face.face_length": ("short", "long"),
    "face.face_width": ("slim", "broad"),
    "face.forehead": ("low", "high"),
    "face.ears": ("small", "large"),
    "face.neck": ("slim", "strong"),
    "skin": "colour, and what lies on it",
    "skin.tone": "from #f6d9c8 (very fair) to #4a2c20 (very dark)",
    "skin.blush": ("none", "red cheeks"),
    "skin.freckles": ("none", "many"),
    "skin.lines": ("smooth", "lined"),
    "makeup": "lips, liner and lid shadow; for a bare face set the numbers to 0",
    "makeup.lips": "",
    "makeup.lip_cover": ("bare", "lipstick"),
    "makeup.liner": ("none", "strong"),
    "makeup.shadow": ("none", "strong"),
    "makeup.shadow_colour": "",
    "brows": "",
    "brows.colour": "",
    "brows.thickness": ("thin", "bushy"),
    "eyes": "colour of the eyes",
    "hair": "",
    "hair.style": "",
    "hair.root": "colour at the roots",
    "hair.tip": "and at the tips",
    "beard": "",
    "beard.style": "",
    "beard.colour": "",
    "glasses": "",
    "glasses.style": "",
    "glasses.colour": "of the frame",
    "earrings": "",
    "earrings.style": "",
    "earrings.colour": "",
    "outfit": "brand is the channel's brand colour, whichever it is",
    "outfit.style": "",
    "outfit.colour": "",
    "outfit.second": "shirt or top",
    "outfit.logo": "a picture beside this file, such as logo.png; empty: none",
    "outfit.logo_place": "",
    "seed": "another number, another fall of the hair",
}

HEAD = """\
# {name}, a host for Everhost. Change what you like; a key that is left out has its default.
#   everhost avatar preview {file}    draws a portrait and a sheet of faces
#   everhost avatar bake {file}       makes the body file; name it as body: in a channel file
# Colours stand in quotes, because # starts a comment.
"""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NOT_PLAIN = frozenset({"true", "false", "null", "yes", "no", "on", "off"})


def host_file(looks: Looks, file: str) -> str:
    """The text of a host file with these looks; ``file`` is what it is called in its own comments."""
    lines = HEAD.format(name=looks.name, file=file).splitlines()
    for name, field in Looks.model_fields.items():
        lines += ["", *_lines((name,), field, getattr(looks, name), 0)]
    return "\n".join(lines) + "\n"


def every_key() -> list[str]:
    """All dotted keys of a host file, blocks too, in their order."""
    return [dotted(path) for path, _ in _walk((), Looks)]


def _walk(path: KeyPath, block: type[Block]) -> Iterator[tuple[KeyPath, FieldInfo]]:
    for name, field in block.model_fields.items():
        yield (*path, name), field
        if isinstance(field.annotation, type) and issubclass(field.annotation, Block):
            yield from _walk((*path, name), field.annotation)


def _lines(path: KeyPath, field: FieldInfo, value: Any, depth: int) -> list[str]:
    """A key and all below it."""
    key = "  " * depth + str(path[-1]) + ":"
    comment = _comment(path, field)
    if not isinstance(value, Block):
        return [_commented(f"{key} {_written(value)}".rstrip(), comment)]
    lines = [_commented(key, comment)]
    for name, inner in type(value).model_fields.items():
        lines += _lines((*path, name), inner, getattr(value, name), depth + 1)
    return lines


def _commented(text: str, comment: str) -> str:
    return f"{text:<{COMMENT_COLUMN}}# {comment}" if comment else text


def _comment(path: KeyPath, field: FieldInfo) -> str:
    """What a key does, what it may be, and its default."""
    words = WORDS[dotted(path)]
    if isinstance(words, tuple):
        low, high = _range(field)
        return f"{low:g} {words[0]} … {high:g} {words[1]}; default {field.default:g}"
    is_block = isinstance(field.default, Block)
    has_default = not is_block and field.default is not None and path != NAME
    default = f"default {_written(field.default)}" if has_default else ""
    return "; ".join(text for text in (words, _allowed(path, field), default) if text)


def _allowed(path: KeyPath, field: FieldInfo) -> str:
    if path in STYLES:
        return ", ".join(STYLES[path][1])
    if get_origin(field.annotation) is Literal:
        return ", ".join(get_args(field.annotation))
    if any("brand" in getattr(limit, "pattern", "") for limit in field.metadata):
        return 'brand, or a colour such as "#2b4a7a"'
    return ""


def _range(field: FieldInfo) -> tuple[float, float]:
    """The bounds of a number."""
    low = next(limit.ge for limit in field.metadata if hasattr(limit, "ge"))
    high = next(limit.le for limit in field.metadata if hasattr(limit, "le"))
    return float(low), float(high)


def _written(value: str | float | Path | None) -> str:
    """A value as YAML."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    plain = _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN
    return text if plain else json.dumps(text, ensure_ascii=False)
