"""Makes a logo of an uploaded picture: upright, small, without what cameras write into files."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image

from engine.avatar import BodyError
from engine.avatar.human.accessories import read_logo
from engine.settings.pictures import ENDINGS, LEAST_SIDE, PictureError, TooLargeError, opened_picture, upright
from server.room.setup.tasks import Plain, TaskError

LONGEST_SIDE = 512
"""Pixels that are kept: more than a host shows."""

LEAST_ALPHA = 128
"""What is clearer is not drawn on the clothes."""


def make_logo(given: Plain) -> Plain:
    """``given`` is the picture, ``out`` the PNG to be written. Gives ``name``, by what is in it, and its size."""
    out = Path(given["out"])
    try:
        with opened_picture(Path(given["given"]), tuple(ENDINGS)) as opened:
            picture = upright(opened).convert("RGBA")
    except TooLargeError as error:
        raise TaskError("logo_large") from error
    except PictureError as error:
        raise TaskError("logo_kind") from error
    if min(picture.size) < LEAST_SIDE:
        raise TaskError("logo_small", f"{picture.width} × {picture.height}")
    if np.asarray(picture.getchannel("A")).max() < LEAST_ALPHA:
        raise TaskError("logo_clear")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    picture.save(out, "PNG", optimize=True)
    try:
        read_logo(out)
    except BodyError as error:
        raise TaskError("logo_kind") from error
    name = f"logo-{hashlib.sha256(out.read_bytes()).hexdigest()[:16]}.png"
    return {"name": name, "width": picture.width, "height": picture.height}
