"""A host's portrait: smiling before the backdrop, as it looks on air between two lines."""

from __future__ import annotations

from pathlib import Path

from engine.avatar import Body
from engine.flow import CURVE_INDEX, FACE_CURVES, Floats, rest_curves
from engine.settings.channel import Canvas
from engine.stage.backdrop import backdrop
from engine.stage.colour import from_hex
from engine.stage.layout import layout_for
from engine.stage.overlay import Bytes

SMILE = {"mouthSmile": 0.35, "cheekSquint": 0.2, "browInnerUp": 0.08}


def smiling(body: Body, canvas: Canvas, folder: Path) -> Bytes:
    """The picture, BGR, as large as ``canvas``; a backdrop's own picture is looked for in ``folder``.

    Raises:
        StageError: there is no such backdrop.
    """
    picture = backdrop(canvas.backdrop, layout_for(canvas), from_hex(canvas.brand_colour), folder)
    body.paint(curves(SMILE), picture)
    return picture


def curves(values: dict[str, float]) -> Floats:
    """A row of ``flow.CURVES``; a name without a side is set on both.

    A face shape below 0, which takes from a resting smile, is 0: a portrait's face rests without one.
    """
    row = rest_curves()
    for name, value in values.items():
        for curve in (name,) if name in CURVE_INDEX else (f"{name}Left", f"{name}Right"):
            row[CURVE_INDEX[curve]] += value
    row[: len(FACE_CURVES)] = row[: len(FACE_CURVES)].clip(0.0, 1.0)
    return row
