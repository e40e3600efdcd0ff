"""Type: Inter for Latin, Noto Sans CJK (where Debian's ``fonts-noto-cjk`` is installed) for what Inter lacks.

Characters that neither font holds (emoji, mostly) are left out, never drawn as a box. Widths are exact advances in
pixels, with kerning.
"""

from __future__ import annotations

import enum
import functools
import math
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from engine.flow import Floats
from engine.stage.breaking import units
from engine.stage.errors import StageError

FONTS = Path(__file__).resolve().parents[2] / "assets" / "fonts"
CJK_FONTS = Path("/usr/share/fonts/opentype/noto")
CJK_SIMPLIFIED = 2
"""Index of "Noto Sans CJK SC" in Debian's collection file."""

ELLIPSIS = "…"
INK_CACHE = 256
_BEFORE_ELLIPSIS = " ·,.;:-，、。；："


class Weight(enum.Enum):
    """The cuts in use: a file of Inter and the CJK file that stands in for it."""

    MEDIUM = ("Inter-Medium.otf", "NotoSansCJK-Regular.ttc")
    SEMIBOLD = ("Inter-SemiBold.otf", "NotoSansCJK-Bold.ttc")
    BOLD = ("Inter-Bold.otf", "NotoSansCJK-Bold.ttc")
    DISPLAY = ("InterDisplay-SemiBold.otf", "NotoSansCJK-Bold.ttc")
    DISPLAY_BOLD = ("InterDisplay-Bold.otf", "NotoSansCJK-Bold.ttc")


@dataclass(frozen=True, slots=True)
class Style:
    """A cut and its size in pixels to the em."""

    weight: Weight
    size: float


@dataclass(frozen=True, slots=True)
class Ink:
    """Drawn text: ``coverage`` begins ``left`` pixels before the pen and ``above`` pixels over the baseline."""

    coverage: Floats
    left: int
    above: int
    advance: float


@functools.lru_cache(maxsize=128)
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
def _face(weight: Weight, character: str) -> tuple[Path, int] | None:
    latin, cjk = FONTS / weight.value[0], CJK_FONTS / weight.value[1]
    if _holds(latin, 0, character):
        return latin, 0
    if cjk.is_file() and _holds(cjk, CJK_SIMPLIFIED, character):
        return cjk, CJK_SIMPLIFIED
    return None


def runs(text: str, style: Style) -> list[tuple[ImageFont.FreeTypeFont, str]]:
    """The text in pieces of one font each, without characters that no font holds."""
    pieces: list[tuple[tuple[Path, int], str]] = []
    for character in text:
        face = _face(style.weight, character)
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
        text = " ".join("".join(c for c in text if _face(style.weight, c) is not None).split())
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
        while size > smallest and self.width(text, Style(style.weight, size)) > limit:
            size = max(smallest, size - 1)
        fitted = Style(style.weight, size)
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
        return Ink(np.asarray(image, np.float32) / np.float32(255), pad, above, advance)
