"""From a photo and a consent to a photo package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures
from PIL import ImageOps, UnidentifiedImageError

from engine.avatar.photo.age import ADULT, AgeGuess, guess_age
from engine.avatar.photo.errors import PhotoError
from engine.avatar.photo.landmarks import FoundFace, landmarker, the_face
from engine.avatar.photo.matte import own_colours, person_matte, without_person
from engine.avatar.photo.package import Background, PhotoData
from engine.settings.consent import Consent

MOST_PIXELS = 40_000_000
KINDS = ("JPEG", "PNG", "WEBP")

FACE_HEIGHT = (340.0, 520.0)
"""The stored face is at least and at most this high, brow to chin, in pixels: what the closest framing shows."""

AROUND, ABOVE, BELOW = 3.6, 2.4, 5.0
"""How much of the photo is kept, in face heights from the face's middle."""

SHARPEN = 0.35
"""How much of what enlarging blurred is put back."""


@dataclass(frozen=True)
class Made:
    """A photo ready to be written, and how old the face looks."""

    photo: PhotoData
    age: AgeGuess


def make_photo(file: Path, consent: Consent, background: Background) -> Made:
    """Find the face, cut the person out, and keep what a body needs.

    Raises:
        PhotoError: the file is no picture or too large, there is no single usable face, or it looks under 18.
    """
    rgb = read_picture(file)
    with landmarker() as finder:
        face = the_face(file, finder.find(rgb))
    age = guess_age(rgb, face)
    if age.refused:
        raise PhotoError(
            f"{file}: the face looks under {ADULT} (the guess is {age.years:.0f} years, and such a guess is some years "
            "off); only photos of adults, who look it, may be made to speak"
        )
    picture, points = _cut(np.ascontiguousarray(rgb[..., ::-1]), face)
    height = float(np.linalg.norm(points[152, :2] - points[10, :2]))
    matte = person_matte(picture, height)
    backdrop = without_person(picture, matte, height)
    picture = own_colours(picture, matte, backdrop)
    name = "".join(c if c.isalnum() or c in "-_" else "-" for c in file.stem.lower())
    return Made(PhotoData(name, background, face.shapes, consent, picture, matte, backdrop, points), age)


def read_picture(file: Path) -> NDArray[np.uint8]:
    """An RGB picture (height, width, 3), upright. Raises PhotoError when it is missing, broken or too large."""
    try:
        with Pictures.open(file, formats=KINDS) as opened:
            width, height = opened.size
            if width * height > MOST_PIXELS:
                raise PhotoError(
                    f"{file}: {width * height / 1e6:.0f} megapixels, and at most {MOST_PIXELS // 1_000_000} are read; "
                    "make it smaller (2000 pixels on the longer side are plenty)"
                )
            upright = ImageOps.exif_transpose(opened)
            return np.asarray(upright.convert("RGB"), np.uint8)
    except FileNotFoundError as error:
        raise PhotoError(f"{file}: there is no such picture") from error
    except UnidentifiedImageError as error:
        raise PhotoError(f"{file}: not a picture that can be read; use a JPEG, PNG or WebP file") from error
    except Pictures.DecompressionBombError as error:
        raise PhotoError(
            f"{file}: far too many pixels; make it smaller (2000 on the longer side are plenty)"
        ) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise PhotoError(f"{file}: the picture is broken ({error}); export it again") from error


def _cut(bgr: NDArray[np.uint8], face: FoundFace) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """The part of the photo around the face at the stored size, and the points in it."""
    height, width = bgr.shape[:2]
    middle = (face.points[:468, :2].min(0) + face.points[:468, :2].max(0)) / 2
    left, right = (int(np.clip(middle[0] + s * AROUND * face.height, 0, width)) for s in (-1, 1))
    top = int(np.clip(middle[1] - ABOVE * face.height, 0, height))
    bottom = int(np.clip(middle[1] + BELOW * face.height, 0, height))
    scale = float(np.clip(face.height, *FACE_HEIGHT)) / face.height
    size = round((right - left) * scale), round((bottom - top) * scale)
    part = bgr[top:bottom, left:right]
    if scale > 1:
        large = cv2.resize(part, size, interpolation=cv2.INTER_CUBIC)
        soft = cv2.GaussianBlur(large, (0, 0), 0.7 * scale)
        picture = cv2.addWeighted(large, 1 + SHARPEN, soft, -SHARPEN, 0)
    else:
        picture = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    points = (face.points - np.array([left, top, 0], np.float32)) * np.float32(scale)
    return np.asarray(picture, np.uint8), points.astype(np.float32)
