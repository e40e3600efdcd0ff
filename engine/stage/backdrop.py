"""Backdrops: the room behind the host, without the host.

A backdrop is a name from ``BACKDROPS``, drawn at start in the canvas's size and the brand's colour, or the path of a
picture (relative to the channel file), which is scaled to cover the canvas.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from engine.flow import Floats
from engine.settings.pictures import PictureError, TooLargeError, opened_picture, upright
from engine.stage.colour import Rgb
from engine.stage.errors import StageError
from engine.stage.layout import Layout
from engine.stage.overlay import Bytes
from engine.stage.seasonal import draw_seasonal, draw_spring, draw_winter
from engine.stage.shop import draw_shop
from engine.stage.studio import draw_studio

Painter = Callable[[Layout, Rgb], Floats]
"""Draws ``(height, width, 3)`` float32 RGB of 0 to 1."""

BACKDROPS: dict[str, Painter] = {
    "studio": draw_studio,
    "shop": draw_shop,
    "seasonal": draw_seasonal,
    "spring": draw_spring,
    "winter": draw_winter,
}


def backdrop(name: str, layout: Layout, brand: Rgb, folder: Path) -> Bytes:
    """The backdrop as BGR ``(height, width, 3)`` uint8, dithered so that soft gradients do not band."""
    wrong = why_no_backdrop(name, folder)
    if wrong:
        raise StageError(f"{wrong[0]} ({wrong[1]})")
    rgb = BACKDROPS[name](layout, brand) if name in BACKDROPS else _covering(folder / name, layout)
    noise = np.random.default_rng(7).triangular(-0.7, 0.0, 0.7, rgb.shape[:2]).astype(np.float32)
    bgr = rgb[..., ::-1] * 255 + noise[..., None]
    return np.ascontiguousarray(np.clip(np.rint(bgr), 0, 255).astype(np.uint8))


def why_no_backdrop(name: str, folder: Path) -> tuple[str, str] | None:
    """What is wrong with a backdrop's name and what would be right; None when it can be drawn."""
    if name in BACKDROPS:
        return None
    path = folder / name
    if not path.is_file():
        near = difflib.get_close_matches(name, BACKDROPS, n=1)
        hint = f"did you mean “{near[0]}”?" if near else f"use one of: {', '.join(BACKDROPS)}, or the path of a picture"
        return f"there is no backdrop “{name}”; looked at {path}", hint
    try:
        with opened_picture(path) as image:
            image.load()
    except TooLargeError as error:
        return f"the backdrop {path} is too large: {error}", "make it smaller; 2000 pixels a side are plenty"
    except PictureError as error:
        return f"the backdrop {path} cannot be read: {error}", "use a PNG, JPEG or WebP picture"
    return None


def _covering(path: Path, layout: Layout) -> Floats:
    """A picture from a file, scaled and cut to cover the canvas."""
    try:
        with opened_picture(path) as image:
            pixels = np.asarray(upright(image).convert("RGB"), np.float32) / 255
    except PictureError as error:
        raise StageError(f"the backdrop {path} cannot be read: {error}") from error
    scale = max(layout.width / pixels.shape[1], layout.height / pixels.shape[0])
    size = (max(layout.width, round(pixels.shape[1] * scale)), max(layout.height, round(pixels.shape[0] * scale)))
    scaled = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    left, top = (size[0] - layout.width) // 2, (size[1] - layout.height) // 2
    cut: Floats = np.clip(scaled[top : top + layout.height, left : left + layout.width], 0, 1)
    return cut
