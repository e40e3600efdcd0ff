"""Type: Inter for Latin; for what Inter lacks Noto Sans CJK and Noto Sans Devanagari, where Debian's ``fonts-noto-cjk``
and ``fonts-noto-core`` are installed.

Characters that no font holds (emoji, mostly) are left out, never drawn as a box. Widths are exact advances in pixels,
with kerning.
"""

from __future__ import annotations

import enum
import functools
import math
from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, features

from engine.flow import Floats
from engine.stage.breaking import units
from engine.stage.errors import StageError

FONTS = Path(__file__).resolve().parents[2] / "assets" / "fonts"
CJK_FONTS = Path("/usr/share/fonts/opentype/noto")
CJK_JAPANESE, CJK_SIMPLIFIED = 0, 2
"""Index of "Noto Sans CJK JP" and "SC" in Debian's collection file: some characters are drawn differently."""

HINDI_FONTS = Path("/usr/share/fonts/truetype/noto")
DEVANAGARI = ("\u0900", "\u097f")
"""Its signs stand on letters, so other fonts draw them alone on a circle of dots, which looks as if they held them."""

ELLIPSIS = "…"
INK_CACHE = 256

MOST_FONTS = 24
"""Sizes of fonts that are kept open. FreeType holds 4 MB for each size of a Chinese one."""
_BEFORE_ELLIPSIS = " ·,.;:-，、。；："


class Weight(enum.Enum):
    """The cuts in use: a file of Inter, and the CJK and Devanagari files that stand in for it."""

    MEDIUM = ("Inter-Medium.otf", "NotoSansCJK-Regular.ttc", "NotoSansDevanagari-Regular.ttf")
    SEMIBOLD = ("Inter-SemiBold.otf", "NotoSansCJK-Bold.ttc", "NotoSansDevanagari-Bold.ttf")
    BOLD = ("Inter-Bold.otf", "NotoSansCJK-Bold.ttc", "NotoSansDevanagari-Bold.ttf")
    DISPLAY = ("InterDisplay-SemiBold.otf", "NotoSansCJK-Bold.ttc", "NotoSansDevanagari-Bold.ttf")
    DISPLAY_BOLD = ("InterDisplay-Bold.otf", "NotoSansCJK-Bold.ttc", "NotoSansDevanagari-Bold.ttf")


@dataclass(frozen=True, slots=True)
class Style:
    """A cut and its size in pixels to the em; ``japanese`` draws characters as in Japan."""

    weight: Weight
    size: float
    japanese: bool = False


@dataclass(frozen=True, slots=True)
class Ink:
    """Drawn text: ``shades`` (of 255) begin ``left`` pixels before the pen and ``above`` pixels over the baseline."""

    shades: NDArray[np.uint8]
    left: int
    above: int
    advance: float

    @property
    def coverage(self) -> Floats:
        """The same from 0 to 1; what is kept of hundreds of words takes a quarter."""
        return self.shades.astype(np.float32) / np.float32(255)


@functools.lru_cache(maxsize=MOST_FONTS)
def _font(path: Path, size: float, index: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(str(path), size, index)
    except OSError as error:
        raise StageError(f"the font {path} cannot be read: {error}") from error


@functools.lru_cache(maxsize=4096)
def _holds(path: Path, index: int, character: str) -> bool:
    font = _font(path, 24, index)
    missing, drawn = font.getmask("\U000effff"), font.getmask(character)
    return character.isspace() or bytes(drawn) != bytes(missing) or drawn.size != missing.size


@functools.lru_cache(maxsize=4096)
def _face(weight: Weight, japanese: bool, character: str) -> tuple[Path, int] | None:
    latin, cjk, hindi = weight.value
    if DEVANAGARI[0] <= character <= DEVANAGARI[1]:
        return (HINDI_FONTS / hindi, 0) if (HINDI_FONTS / hindi).is_file() else None
    if _holds(FONTS / latin, 0, character):
        return FONTS / latin, 0
    path, index = CJK_FONTS / cjk, CJK_JAPANESE if japanese else CJK_SIMPLIFIED
    return (path, index) if path.is_file() and _holds(path, index, character) else None


def can_join_letters() -> bool:
    """Whether Devanagari can be drawn: its font is there, and what joins its letters (Raqm with FriBidi)."""
    has_font = all((HINDI_FONTS / weight.value[2]).is_file() for weight in Weight)
    return has_font and bool(features.check("raqm")) and bool(features.check("fribidi"))


def runs(text: str, style: Style) -> list[tuple[ImageFont.FreeTypeFont, str]]:
    """The text in pieces of one font each, without characters that no font holds."""
    pieces: list[tuple[tuple[Path, int], str]] = []
    for character in text:
        face = _face(style.weight, style.japanese, character)
        if face is None:
            continue
        if pieces and pieces[-1][0] == face:
            pieces[-1] = (face, pieces[-1][1] + character)
        else:
            pieces.append((face, character))
    return [(_font(path, style.size, index), piece) for (path, index), piece in pieces]


@functools.lru_cache(maxsize=2048)
def _width(text: str, style: Style) -> float:
    return sum(font.getlength(piece) for font, piece in runs(text, style))


class Typeface:
    """Measures, fits and draws text; drawn text is kept, the ``INK_CACHE`` last used."""

    def __init__(self) -> None:
        self._inks: OrderedDict[tuple[str, Style, float], Ink] = OrderedDict()

    def width(self, text: str, style: Style) -> float:
        """Advance in pixels."""
        return _width(text, style)

    def shorten(self, text: str, style: Style, limit: float) -> str:
        """The text, or as much of it as fits ``limit`` pixels with an ellipsis."""
        text = " ".join("".join(c for c in text if _face(style.weight, style.japanese, c) is not None).split())
        if self.width(text, style) <= limit:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(text[:middle].rstrip(_BEFORE_ELLIPSIS) + ELLIPSIS, style) <= limit:
                low = middle
            else:
                high = middle - 1
        return text[:low].rstrip(_BEFORE_ELLIPSIS) + ELLIPSIS

    def fit(self, text: str, style: Style, limit: float, smallest: float) -> tuple[str, Style]:
        """The text in the largest size from ``style.size`` down to ``smallest`` that fits, else shortened."""
        size = style.size
        while size > smallest and self.width(text, replace(style, size=size)) > limit:
            size = max(smallest, size - 1)
        fitted = replace(style, size=size)
        return self.shorten(text, fitted, limit), fitted

    def wrap(self, text: str, style: Style, limit: float, lines: int) -> list[str]:
        """At most ``lines`` lines of at most ``limit`` pixels; what does not fit is cut with an ellipsis."""
        pieces = units(" ".join(text.split()))
        wrapped: list[str] = []
        while pieces and len(wrapped) < lines - 1:
            count = 1
            while count < len(pieces) and self.width("".join(pieces[: count + 1]).rstrip(), style) <= limit:
                count += 1
            wrapped.append(self.shorten("".join(pieces[:count]), style, limit))
            pieces = pieces[count:]
        if pieces:
            wrapped.append(self.shorten("".join(pieces), style, limit))
        return wrapped

    def ink(self, text: str, style: Style, fraction: float = 0.0) -> Ink:
        """The text drawn with its pen at ``fraction`` of a pixel."""
        key = (text, style, round(fraction * 4) / 4 % 1)
        if key in self._inks:
            self._inks.move_to_end(key)
            return self._inks[key]
        ink = self._draw(*key)
        self._inks[key] = ink
        if len(self._inks) > INK_CACHE:
            self._inks.popitem(last=False)
        return ink

    def _draw(self, text: str, style: Style, fraction: float) -> Ink:
        advance = _width(text, style)
        pad = math.ceil(style.size * 0.12) + 1
        above, below = math.ceil(style.size * 1.12), math.ceil(style.size * 0.36)
        image = Image.new("L", (math.ceil(advance) + 2 * pad + 1, above + below))
        draw = ImageDraw.Draw(image)
        pen = pad + fraction
        for font, piece in runs(text, style):
            draw.text((pen, above), piece, fill=255, font=font, anchor="ls")
            pen += font.getlength(piece)
        return Ink(np.asarray(image), pad, above, advance)
