"""Opening a body file of any kind."""

from __future__ import annotations

from pathlib import Path

from engine.avatar.body import open_body as open_baked
from engine.avatar.contract import Body
from engine.settings.channel import Canvas


def open_body(file: Path, canvas: Canvas, rights: str = "") -> Body:
    """The body in ``file`` (``.ehb``, ``.ehp`` for a photo, or ``.yaml`` for a head by weights), ready to draw.

    ``rights`` is what the merchant states to hold where the licence of a model or of weights does not allow it.

    Raises BodyError when the file is missing, no body, unsafe, or of another version; when its licence forbids
    commercial use and no right is stated; when the consent of a photo's person has ended; and when EGL is missing.
    """
    if Path(file).suffix == ".ehp":
        from engine.avatar.photo.body import open_photo  # noqa: PLC0415  (brings scipy, which other bodies do without)

        return open_photo(Path(file), canvas)
    if Path(file).suffix in {".yaml", ".yml"}:
        from engine.avatar.heads import open_head  # noqa: PLC0415  (brings ONNX Runtime)

        return open_head(Path(file), canvas, rights)
    return open_baked(Path(file), canvas, rights)
