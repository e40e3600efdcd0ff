"""The live body of a photo: the person moved as a whole by a field, the face drawn over it as a mesh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.contract import Heard
from engine.avatar.errors import BodyError
from engine.avatar.framing import FRAMINGS, View, Window
from engine.avatar.layers import lay_over, remap, split
from engine.avatar.offscreen import UNDRAWN
from engine.avatar.photo.atlas import make_atlas
from engine.avatar.photo.backdrop import Backdrop
from engine.avatar.photo.drawing import FacePainter
from engine.avatar.photo.errors import PhotoError
from engine.avatar.photo.face import Face
from engine.avatar.photo.layers import Layers, Placed
from engine.avatar.photo.package import AGAIN, Image, PhotoData, read_photo
from engine.avatar.photo.placing import CELL, Doubles, Field, Placing, anatomy_of, place
from engine.avatar.photo.topology import OVAL
from engine.avatar.scratch import Scratch
from engine.flow import CURVES, Floats, Framing
from engine.settings.channel import Canvas
from engine.settings.consent import Consent, local_today, why_not_shown

MOST_DETAIL = 1.5
MARGIN = 3
BAND = 4
"""Cells of a band: rows that are looked up together, as wide as the person is there."""

REACH = 40
"""Canvas pixels that the person's highest place may rise."""

_REST_VIEW = View()


class PhotoBody:
    """One photo on one canvas. Not thread-safe: open, paint and close in one thread."""

    hears = False
    note = ""

    def __init__(self, photo: PhotoData, canvas: Canvas) -> None:
        self.detail = 1.0
        """Times the picture's resolution at which the face is drawn, 0.5 to ``MOST_DETAIL``; less is cheaper."""
        self.consent: Consent | None = photo.consent
        self._canvas = canvas
        self._scratch = Scratch()
        photo = _fitted(photo, canvas)
        self._anatomy = anatomy_of(photo.points, photo.matte)
        points = photo.points.astype(np.float64)
        self._field, self._face = Field(self._anatomy), Face(points, photo.shapes)
        self._person = _premultiplied(photo.picture, photo.matte)
        self._occupied = _occupied(photo.matte)
        self._highest = int(np.flatnonzero(photo.matte.any(1))[0])
        self._backdrop = Backdrop(photo, canvas) if photo.background != "replace" else None
        atlas = make_atlas(photo.picture, photo.matte, points, self._face)
        self._layers = Layers(photo.picture, points, self._face, atlas)
        rest = self._layers.place(self._face.act(np.zeros(len(CURVES), np.float32)), np.zeros(len(CURVES), np.float32))
        at = rest.rows[:, :2].astype(np.float64)
        self._shares = self._field.head_share(at), self._field.free_share(at)
        # At the mesh's border a place must move as the photo around it does, whose depth is smoother than a face's.
        self._depth_change = (self._field.depth_at(at) - rest.depth) * self._layers.outwards(at)
        size = round(canvas.width * MOST_DETAIL), round(canvas.height * MOST_DETAIL)
        self._painter: FacePainter | None = FacePainter(atlas.image, len(at), self._layers.triangles, size)

    def paint(self, curves: Floats, canvas_bgr: Image, view: View = _REST_VIEW, heard: Heard | None = None) -> None:
        """Draws the host over ``canvas_bgr`` (height, width, 3), in place, acting a row of ``flow.CURVES``.

        A photo with its own background covers the canvas. Arms are not moved: a photo has none to spare.
        ``heard`` makes no difference.
        """
        if self._painter is None:
            raise BodyError("the body is closed")
        expected = (self._canvas.height, self._canvas.width, 3)
        if canvas_bgr.shape != expected or curves.shape != (len(CURVES),):
            raise BodyError(
                f"paint needs {len(CURVES)} curves and a canvas {expected}, not {curves.shape} and {canvas_bgr.shape}"
            )
        placing = place(self._anatomy, self._canvas, view)
        if self._backdrop is not None:
            self._backdrop.paint(placing, canvas_bgr)
        moved = self._field.moved_by(placing, self._canvas, curves)
        window = self._person_window(placing)
        source = self._field.sources(placing, moved, curves, window, self._scratch)
        area = window.of(canvas_bgr)
        for rows, columns in self._bands(source):
            at = source[rows, columns]
            room = self._scratch.take("band", *at.shape[:2], 4)
            part = remap(self._person, at, None, cv2.INTER_LINEAR, dst=room, borderMode=cv2.BORDER_CONSTANT)
            lay_over(*split(np.asarray(part, np.uint8), self._scratch), area[rows, columns])
        placed = self._layers.place(self._face.act(curves), curves)
        self._paint_face(self._painter, self._on_canvas(placed, placing, moved, curves), canvas_bgr)

    def border(self, curves: Floats, view: View = _REST_VIEW) -> Doubles:
        """Where the face's border (``topology.OVAL``) lies on the canvas, its chin at rest: pixels (36, 2)."""
        placing = place(self._anatomy, self._canvas, view)
        moved = self._field.moved_by(placing, self._canvas, curves)
        flat = self._anatomy.points[list(OVAL), :2]
        depth = self._field.depth_at(flat)
        turned = flat + self._field.turned(np.column_stack([flat, depth]), self._field.head_share(flat), curves)
        at = placing.to_canvas(turned)
        return np.asarray(at + self._field.swayed(at, self._field.free_share(flat), moved))

    def _bands(self, source: Floats) -> Iterator[tuple[slice, slice]]:
        """The rows and columns of the window in which something of the person is seen, band by band."""
        sampled = (source[::CELL, ::CELL] / CELL).round().astype(np.int64)
        highest = np.array(self._occupied.shape[::-1]) - 1
        x, y = np.moveaxis(sampled.clip(0, highest), 2, 0)
        seen = self._occupied[y, x]
        for top in range(0, len(seen), BAND):
            columns = np.flatnonzero(seen[top : top + BAND].any(0))
            if len(columns):
                yield (
                    slice(top * CELL, (top + BAND) * CELL),
                    slice(max(int(columns[0]) - 1, 0) * CELL, (int(columns[-1]) + 2) * CELL),
                )

    def prepare(self) -> bool:
        """False: all that a photo needs is there from the beginning."""
        return False

    def close(self) -> None:
        """Releases the drawing context. May be called again."""
        if self._painter is not None:
            self._painter.close()
            self._painter = None

    def _on_canvas(self, placed: Placed, placing: Placing, moved: Doubles, curves: Floats) -> Floats:
        """The vertices with their places in canvas pixels."""
        rows = placed.rows.copy()
        flat = rows[:, :2].astype(np.float64)
        head, free = self._shares
        depth = placed.depth + self._depth_change
        turned = flat + self._field.turned(np.column_stack([flat, depth]), head, curves)
        at = placing.to_canvas(turned)
        rows[:, :2] = at + self._field.swayed(at, free, moved)
        return rows

    def _paint_face(self, painter: FacePainter, rows: Floats, canvas: Image) -> None:
        low, high = rows[:, :2].min(0) - MARGIN, rows[:, :2].max(0) + MARGIN
        outer = Window(int(low[0]), int(low[1]), int(high[0] - low[0]) + 1, int(high[1] - low[1]) + 1)
        window = outer.within(self._canvas)
        size = window.width, window.height
        layer = painter.draw(rows, (float(window.left), float(window.top)), size, self.detail)
        if layer.shape[1::-1] != size:
            room = self._scratch.take("sized", window.height, window.width, 4)
            layer = np.asarray(cv2.resize(layer, size, dst=room, interpolation=cv2.INTER_LINEAR), np.uint8)
        lay_over(*split(layer, self._scratch), window.of(canvas))

    def _person_window(self, placing: Placing) -> Window:
        """The part of the canvas in which the person can be."""
        top = int(placing.top + placing.scale * self._highest) - REACH
        left = int(max(placing.left, 0))
        right = int(min(placing.left + placing.scale * self._anatomy.width, self._canvas.width))
        top = min(max(top, 0), self._canvas.height - 2)
        return Window(left, top, max(right - left, 2), self._canvas.height - top)


def open_photo(file: Path, canvas: Canvas, today: date | None = None) -> PhotoBody:
    """The body in a photo package, ready to draw on that canvas. ``today`` is this machine's day unless given.

    Raises BodyError when the file is missing, unsafe, damaged or of another version, when the person's consent has
    ended or they are no adult, and when EGL is missing.
    """
    photo = read_photo(file)
    if why := why_not_shown(file, photo.consent, today or local_today()):
        raise PhotoError(why)
    try:
        return PhotoBody(photo, canvas)
    except UNDRAWN as error:
        raise PhotoError(f"{file}: the photo cannot be drawn ({error!r:.200}); {AGAIN}") from error


def _fitted(photo: PhotoData, canvas: Canvas) -> PhotoData:
    """The photo no finer than the closest framing shows it, so that it needs no mipmaps."""
    anatomy = anatomy_of(photo.points, photo.matte)
    scale = place(anatomy, canvas, FRAMINGS[Framing.CLOSE]).scale
    if scale >= 1:
        return photo
    size = round(anatomy.width * scale), round(anatomy.height * scale)
    picture, matte, backdrop = (
        np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        for image in (photo.picture, photo.matte, photo.backdrop)
    )
    grown = np.array([size[0] / anatomy.width, size[1] / anatomy.height, scale], np.float32)
    return replace(photo, picture=picture, matte=matte, backdrop=backdrop, points=photo.points * grown)


def _occupied(matte: Image) -> NDArray[np.bool_]:
    """In which cells of ``CELL`` pixels, and in those beside them, there is something of the person."""
    rows, columns = (-(-edge // CELL) for edge in matte.shape)
    whole = np.zeros((rows * CELL, columns * CELL), np.uint8)
    whole[: matte.shape[0], : matte.shape[1]] = matte
    cells = whole.reshape(rows, CELL, columns, CELL).max((1, 3))
    return np.asarray(cv2.dilate(cells, np.ones((5, 5), np.uint8)) > 0)


def _premultiplied(picture: Image, matte: Image) -> Image:
    share = matte.astype(np.uint16)[..., None]
    return np.concatenate([((picture * share + 127) // 255).astype(np.uint8), matte[..., None]], 2)
