"""Opening a body file of any kind."""

from __future__ import annotations

from pathlib import Path

from engine.avatar.body import open_body as open_baked
from engine.avatar.contract import Body
from engine.settings.channel import Canvas


def open_body(file: Path, canvas: Canvas, rights: str = "") -> Body:
    """The body in ``file`` (``.ehb``, or ``.ehp`` for a photo), ready to draw on that canvas.

    ``rights`` is what the merchant states to hold where the licence of an imported model does not allow selling.

    Raises BodyError when the file is missing, no body, unsafe, or of another version; when its licence forbids
    commercial use and no right is stated; and when EGL is missing.
    """
    if Path(file).suffix == ".ehp":
        from engine.avatar.photo.body import open_photo  # noqa: PLC0415  (brings scipy, which other bodies do without)

        return open_photo(Path(file), canvas)
    return open_baked(Path(file), canvas, rights)
