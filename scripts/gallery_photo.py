"""Makes the gallery of photos that speak: a sheet of each, and one picture with all kinds of background.

``python scripts/gallery_photo.py [--out docs/gallery]`` uses the photos of ``bodies/photo.py``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

from bodies.photo import packages
from gallery import SHEET_WIDTH, write

from engine.avatar.photo import read_photo
from engine.avatar.photo.body import PhotoBody
from engine.avatar.photo.package import Background
from engine.commands.preview import contact_sheet, curves
from engine.commands.progress import ProgressLine
from engine.settings.channel import Canvas
from engine.stage import layout_for
from engine.stage.backdrop import backdrop
from engine.stage.colour import from_hex

ROOT = Path(__file__).resolve().parent.parent
BRAND = "#2b6f8a"
POSES: dict[str, dict[str, float]] = {
    "keep": {"mouthSmile": 0.3},
    "blur": {"headYaw": 16, "headRoll": 5, "jawOpen": 0.45, "mouthUpperUp": 0.2, "mouthLowerDown": 0.25},
    "replace": {"headYaw": -16, "headPitch": -5, "eyeBlink": 1.0, "mouthSmile": 0.4},
}
"""Each kind of background, and what is acted in front of it."""


def backgrounds(file: Path) -> NDArray[np.uint8]:
    """One photo in front of each background, side by side, at half size."""
    canvas, tiles = Canvas(brand_colour=BRAND), []
    photo = read_photo(file)
    for kind, pose in POSES.items():
        shown: Background = kind  # type: ignore[assignment]
        picture = backdrop(canvas.backdrop, layout_for(canvas), from_hex(BRAND), ROOT)
        body = PhotoBody(replace(photo, background=shown), canvas)
        body.paint(curves(pose), picture)
        body.close()
        tiles.append(cv2.resize(picture, (canvas.width * 2 // 3, canvas.height * 2 // 3), interpolation=cv2.INTER_AREA))
    return np.asarray(np.hstack(tiles), np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "gallery")
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory(prefix="everhost-gallery-") as place:
        for name, file in packages(Path(place)).items():
            sheet = contact_sheet(file, f"{name}, a photo", BRAND, ProgressLine(name))
            height = round(sheet.shape[0] * SHEET_WIDTH / sheet.shape[1])
            small = cv2.resize(sheet, (SHEET_WIDTH, height), interpolation=cv2.INTER_AREA)
            write(out / f"photo-{name}-sheet.jpg", np.asarray(small, np.uint8))
            write(out / f"photo-{name}.jpg", backgrounds(file))


if __name__ == "__main__":
    main()
