"""Opening a body file of any kind."""

from __future__ import annotations

from pathlib import Path

from engine.avatar.body import open_body as open_baked
from engine.avatar.contract import Body
from engine.avatar.photo.body import open_photo
from engine.avatar.photo.package import is_photo
from engine.settings.channel import Canvas


def open_body(file: Path, canvas: Canvas) -> Body:
    """The body in ``file`` (``.ehb``, or ``.ehp`` for a photo), ready to draw on that canvas.

    Raises BodyError when the file is missing, no body, unsafe, or of another version, and when EGL is missing.
    """
    return open_photo(Path(file), canvas) if is_photo(Path(file)) else open_baked(Path(file), canvas)
