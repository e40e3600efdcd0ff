"""``everhost avatar preview``: a portrait, and a sheet of every mouth, expression and gesture, as PNG."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from engine.avatar import Body, BodyError, open_body
from engine.avatar.body import MOST_DETAIL
from engine.avatar.framing import View
from engine.avatar.human import bake_file, load_looks
from engine.commands import CommandError
from engine.commands.progress import ProgressLine
from engine.flow import ARM_CURVES, CURVE_INDEX, Floats
from engine.motion.emotion import LAYERS
from engine.motion.gestures import BOTH
from engine.motion.poses import pose_row
from engine.motion.repertoire import REPERTOIRE
from engine.motion.visemes import VISEME_CURVES
from engine.settings.channel import Canvas
from engine.stage import StageError
from engine.stage.colour import Rgb, from_hex, mix
from engine.stage.overlay import Bytes
from engine.stage.portrait import curves, smiling
from engine.stage.sheet import Sheet, rounded
from engine.stage.typeface import Style, Typeface, Weight

SOUNDS: dict[str, str] = {
    "sil": "silence", "PP": "p b m", "FF": "f v", "TH": "th", "DD": "t d", "kk": "k g", "CH": "sh ch", "SS": "s z",
    "nn": "n", "LL": "l", "RR": "r", "ZH": "zhong",
    "uo": "wo", "ww": "w", "aa": "father", "ae": "cat", "E": "bed", "ih": "see",
    "er": "about", "oh": "saw", "ou": "food",
}  # fmt: skip
"""What is heard with each viseme."""

EXPRESSIONS: dict[str, dict[str, float]] = {
    **LAYERS,
    "smile": {"mouthSmile": 0.55, "cheekSquint": 0.35, "eyeSquint": 0.10, "mouthDimple": 0.15},
    "laugh": {"mouthSmile": 0.75, "jawOpen": 0.42, "mouthUpperUp": 0.30, "mouthLowerDown": 0.15, "cheekSquint": 0.70,
              "eyeSquint": 0.40, "browOuterUp": 0.15, "headPitch": 3},
    "surprise": {"browInnerUp": 0.80, "browOuterUp": 0.70, "eyeWide": 0.65, "jawOpen": 0.38, "mouthFunnel": 0.25},
    "sad": {"browInnerUp": 0.85, "mouthFrown": 0.60, "mouthShrugLower": 0.25, "eyeSquint": 0.15, "gazePitch": -8},
    "angry": {"browDown": 0.85, "eyeSquint": 0.35, "noseSneer": 0.35, "mouthPress": 0.45, "mouthFrown": 0.25},
    "blink": {"eyeBlink": 1.0, "mouthSmile": 0.1},
    "wink": {"eyeBlinkLeft": 1.0, "mouthSmileLeft": 0.60, "mouthSmileRight": 0.35, "cheekSquintLeft": 0.6},
    "gaze": {"gazeYaw": 22, "headYaw": 5},
    "turned": {"headYaw": -20, "gazeYaw": 10, "mouthSmile": 0.3},
    "tongue": {"jawOpen": 0.42, "tongueOut": 1.0, "mouthLowerDown": 0.2},
}  # fmt: skip
"""Curves of the faces shown, the show's emotions first; a name without a side is set on both."""

GESTURES: tuple[str, ...] = tuple(name for name in REPERTOIRE if name not in {"one", "two"})
"""The gestures shown; the fingers of "three" stand for counting."""

BODIES = (".ehb", ".ehp")
"""Endings of files that are drawn as they are; a photo (the second) has no arms for gestures."""

PORTRAIT = Canvas()
FACE_CANVAS = Canvas(width=720, height=840)
"""One tile of the sheet before it is scaled down."""

FACE_VIEW, MOUTH_VIEW = View(zoom=1.6, eyes_at=0.46), View(zoom=2.3, eyes_at=0.30)
BODY_VIEW = View(zoom=0.78, eyes_at=0.30)

LOOKING = "only looked at, not shown to anybody"
"""The right to see a body whose licence does not allow selling with it."""

TILE_WIDTH, TILE_HEIGHT, COLUMNS = 240, 280, 7
GAP, MARGIN, CAPTION, HEADING, TITLE = 18, 56, 46, 74, 96
PAPER: Rgb = (0.985, 0.975, 0.965)
INK: Rgb = (0.16, 0.13, 0.13)


@dataclass(frozen=True)
class Tile:
    """One face with its name, and what is said about it."""

    face: Bytes
    name: str
    note: str = ""


def preview(file: Path, folder: Path, brand: str | None) -> int:
    """Write ``NAME-portrait.png`` and ``NAME-sheet.png`` into a folder; a host file is baked coarsely first.

    Raises:
        SettingsError: mistakes in the host file.
        CommandError: the body cannot be made or drawn, or a picture cannot be written.
    """
    brand = brand or PORTRAIT.brand_colour
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if file.suffix in BODIES:
            pictures = draw(file, file.stem, brand)
        else:
            looks = load_looks(file)
            line = ProgressLine("baking")
            with tempfile.TemporaryDirectory(prefix="everhost-preview-") as place:
                body = Path(place) / "draft.ehb"
                bake_file(looks, body, lambda share, _: line(round(100 * share), 100), draft=True)
                pictures = draw(body, file.stem, brand)
        for name, picture in pictures.items():
            out = folder / f"{file.stem}-{name}.png"
            Image.fromarray(picture[..., ::-1]).save(out, optimize=True)
            print(out)
    except (BodyError, StageError) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{error.filename or folder}: cannot be written: {error.strerror}") from error
    return 0


def draw(body: Path, name: str, brand: str) -> dict[str, Bytes]:
    """The pictures of a body file, BGR: ``portrait`` and ``sheet``."""
    return {"portrait": portrait(body, brand), "sheet": contact_sheet(body, name, brand, ProgressLine("drawing"))}


def portrait(body: Path, brand: str) -> Bytes:
    """The host smiling in the studio, as large as on air."""
    canvas = PORTRAIT.model_copy(update={"brand_colour": brand})
    opened = _opened(body, canvas)
    try:
        return smiling(opened, canvas, Path())
    finally:
        opened.close()


def contact_sheet(body: Path, name: str, brand: str, line: ProgressLine) -> Bytes:
    """Every viseme, expression and gesture, with its name, BGR."""
    canvas = FACE_CANVAS.model_copy(update={"brand_colour": brand})
    opened = _opened(body, canvas)
    sections: dict[str, list[Tile]] = {"Mouths of speech": [], "Expressions": [], "Gestures": []}
    gestures = GESTURES if body.suffix != BODIES[1] else ()
    total = len(VISEME_CURVES) + len(EXPRESSIONS) + len(gestures)
    rows = [("Mouths of speech", v, curves(values), MOUTH_VIEW) for v, values in VISEME_CURVES.items()]
    rows += [("Expressions", e, curves(values), FACE_VIEW) for e, values in EXPRESSIONS.items()]
    rows += [("Gestures", gesture, gesturing(gesture), BODY_VIEW) for gesture in gestures]
    try:
        for done, (section, row_name, row, view) in enumerate(rows, 1):
            note = SOUNDS.get(row_name, "") if view is MOUTH_VIEW else ""
            sections[section].append(Tile(seen(opened, row, brand, view), row_name, note))
            line(done, total)
    finally:
        opened.close()
    return _laid_out(name, {heading: tiles for heading, tiles in sections.items() if tiles}, brand)


def seen(body: Body, row: Floats, brand: str, view: View) -> Bytes:
    """The host on a plain ground, BGR, as large as a tile."""
    picture = np.empty((FACE_CANVAS.height, FACE_CANVAS.width, 3), np.uint8)
    picture[:] = [round(255 * c) for c in reversed(mix(from_hex(brand), (0.97, 0.95, 0.93), 0.86))]
    body.paint(row, picture, view)
    return np.asarray(cv2.resize(picture, (TILE_WIDTH, TILE_HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)


def gesturing(name: str) -> Floats:
    """A row of ``flow.CURVES`` at the height of a gesture, with a smile."""
    entry = REPERTOIRE[name]
    row = curves({"mouthSmile": 0.4, "cheekSquint": 0.2})
    row[[CURVE_INDEX[curve] for curve in ARM_CURVES]] = pose_row(entry.pose, BOTH if entry.both else ("Left",))
    return row


def _opened(file: Path, canvas: Canvas) -> Body:
    body = open_body(file, canvas, LOOKING)
    body.detail = MOST_DETAIL
    return body


def _laid_out(name: str, sections: dict[str, list[Tile]], brand: str) -> Bytes:
    """Sections of tiles below a title."""
    rows = [-(-len(tiles) // COLUMNS) for tiles in sections.values()]
    row_height = TILE_HEIGHT + CAPTION + GAP
    width = 2 * MARGIN + COLUMNS * TILE_WIDTH + (COLUMNS - 1) * GAP
    height = 2 * MARGIN + TITLE + sum(HEADING + count * row_height for count in rows)
    sheet = Sheet(width, height, Typeface())
    sheet.box(0, 0, width, height, 0, PAPER)
    sheet.text(MARGIN, MARGIN + 52, name[:1].upper() + name[1:], Style(Weight.DISPLAY_BOLD, 60), INK)
    sheet.box(MARGIN, MARGIN + TITLE - 22, 64, 6, 3, from_hex(brand))
    y = MARGIN + TITLE
    for (heading, tiles), count in zip(sections.items(), rows, strict=True):
        sheet.text(MARGIN, y + 48, heading, Style(Weight.SEMIBOLD, 28), INK)
        y += HEADING
        for i, tile in enumerate(tiles):
            _lay_tile(sheet, tile, MARGIN + i % COLUMNS * (TILE_WIDTH + GAP), y + i // COLUMNS * row_height)
        y += count * row_height
    rgb = np.clip(np.rint(sheet.rgba[..., :3] * 255), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(rgb[..., ::-1])


def _lay_tile(sheet: Sheet, tile: Tile, x: int, y: int) -> None:
    sheet.shadow(x, y + 4, TILE_WIDTH, TILE_HEIGHT, 18, 9, 0.14)
    corners = rounded(TILE_WIDTH, TILE_HEIGHT, 18)
    sheet.cover(corners, np.asarray(tile.face[..., ::-1], np.float32) / np.float32(255), x, y)
    after = sheet.text(x + 4, y + TILE_HEIGHT + 32, tile.name, Style(Weight.SEMIBOLD, 22), INK)
    if tile.note:
        sheet.text(x + 4 + after + 10, y + TILE_HEIGHT + 32, tile.note, Style(Weight.MEDIUM, 20), mix(INK, PAPER, 0.42))
