"""From a photo and a consent to a photo package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures
from PIL import UnidentifiedImageError

from engine.avatar.photo.age import ADULT, AgeGuess, guess_age
from engine.avatar.photo.errors import PhotoError
from engine.avatar.photo.landmarks import FoundFace, landmarker, the_face
from engine.avatar.photo.matte import holds_face, own_colours, person_matte, without_person
from engine.avatar.photo.package import Background, PhotoData, is_empty
from engine.settings.consent import Consent
from engine.settings.pictures import BROKEN, upright

MOST_PIXELS = 40_000_000
KINDS = ("JPEG", "PNG", "WEBP")

FACE_HEIGHT = (340.0, 520.0)
"""The stored face is at least and at most this high, brow to chin, in pixels: what the closest framing shows."""

AROUND, ABOVE, BELOW = 3.6, 2.4, 5.0
"""How much of the photo is kept, in face heights from the face's middle."""

SHARPEN = 0.35
"""How much of what enlarging blurred is put back."""

CLEAR = 128
"""Alpha below which a picture has no background there that could be shown."""

PLAIN = 200
"""Grey that is laid below what is clear: editors leave there what was cut away, or black."""

NEAR = 0.12
"""Face heights around the person that was found within which the edge of a cut-out is believed."""


@dataclass(frozen=True)
class Made:
    """A photo ready to be written, and how old the face looks."""

    photo: PhotoData
    age: AgeGuess


def make_photo(file: Path, consent: Consent, background: Background) -> Made:
    """Find the face, cut the person out, and keep what a body needs.

    Raises:
        PhotoError: the file is no picture or too large, there is no single usable face, it looks under 18, or the
            person cannot be told from the background; or a background is wanted of a picture that is cut out.
    """
    rgba = read_picture(file)
    if background != "replace" and (rgba[..., 3] < CLEAR).any():
        raise PhotoError(
            f"{file}: the picture is cut out, so there is no background to {background}; write --background replace, "
            "which takes the channel's backdrop, or use the photo as it was taken"
        )
    rgb = np.ascontiguousarray(rgba[..., :3])
    with landmarker() as finder:
        face = the_face(file, finder.find(rgb))
    age = guess_age(rgb, face)
    if age.refused:
        raise PhotoError(
            f"{file}: the face looks under {ADULT} (the guess is {age.years:.0f} years, and such a guess is some years "
            "off); only photos of adults, who look it, may be made to speak"
        )
    picture, alpha, points = _cut(np.ascontiguousarray(rgba[..., [2, 1, 0, 3]]), face)
    height = float(np.linalg.norm(points[152, :2] - points[10, :2]))
    matte = within(person_matte(picture, height), alpha, height)
    backdrop = without_person(picture, matte, height)
    picture = own_colours(picture, matte, backdrop)
    if is_empty(matte) or not holds_face(matte, points):
        raise PhotoError(
            f"{file}: the person cannot be told from the background; use a photo on which head and shoulders stand "
            "out, such as in front of a plain wall"
        )
    name = "".join(c if c.isalnum() or c in "-_" else "-" for c in file.stem.lower())
    return Made(PhotoData(name, background, face.shapes, consent, picture, matte, backdrop, points), age)


def within(matte: NDArray[np.uint8], alpha: NDArray[np.uint8], face_height: float) -> NDArray[np.uint8]:
    """The person's matte within a picture's own alpha; of a cut-out the alpha itself, near the person that was found.

    A picture is a cut-out where most of what is not the person is clear.
    """
    behind = alpha[matte < CLEAR]
    if not len(behind) or np.median(behind) >= CLEAR:
        return np.asarray(np.minimum(matte, alpha), np.uint8)
    reach = max(3, round(2 * NEAR * face_height)) | 1
    near = cv2.dilate(matte, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    return np.asarray(np.minimum(near, alpha), np.uint8)


def read_picture(file: Path) -> NDArray[np.uint8]:
    """A picture (height, width, 4), upright, RGBA; below what is clear is a plain grey.

    Raises PhotoError when it is missing, broken or too large.
    """
    try:
        with Pictures.open(file, formats=KINDS) as opened:
            width, height = opened.size
            if width * height > MOST_PIXELS:
                raise PhotoError(
                    f"{file}: {width * height / 1e6:.0f} megapixels, and at most {MOST_PIXELS // 1_000_000} are read; "
                    "make it smaller (2000 pixels on the longer side are plenty)"
                )
            rgba = np.array(upright(opened).convert("RGBA"), np.uint8)
    except FileNotFoundError as error:
        raise PhotoError(f"{file}: there is no such picture") from error
    except UnidentifiedImageError as error:
        raise PhotoError(f"{file}: not a picture that can be read; use a JPEG, PNG or WebP file") from error
    except Pictures.DecompressionBombError as error:
        raise PhotoError(
            f"{file}: far too many pixels; make it smaller (2000 on the longer side are plenty)"
        ) from error
    except BROKEN as error:
        raise PhotoError(f"{file}: the picture is broken ({error}); export it again") from error
    if (rgba[..., 3] < 255).any():
        share = rgba[..., 3:].astype(np.uint16)
        rgba[..., :3] = (rgba[..., :3] * share + PLAIN * (255 - share)) // 255
    return rgba


def _cut(bgra: NDArray[np.uint8], face: FoundFace) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float32]]:
    """The part of the photo around the face at the stored size, its alpha, and the points in it."""
    height, width = bgra.shape[:2]
    middle = (face.points[:468, :2].min(0) + face.points[:468, :2].max(0)) / 2
    left, right = (int(np.clip(middle[0] + s * AROUND * face.height, 0, width)) for s in (-1, 1))
    top = int(np.clip(middle[1] - ABOVE * face.height, 0, height))
    bottom = int(np.clip(middle[1] + BELOW * face.height, 0, height))
    scale = float(np.clip(face.height, *FACE_HEIGHT)) / face.height
    size = round((right - left) * scale), round((bottom - top) * scale)
    part = bgra[top:bottom, left:right]
    if scale > 1:
        large = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_CUBIC), np.uint8)
        picture, alpha = np.ascontiguousarray(large[..., :3]), large[..., 3]
        soft = cv2.GaussianBlur(picture, (0, 0), 0.7 * scale)
        picture = np.asarray(cv2.addWeighted(picture, 1 + SHARPEN, soft, -SHARPEN, 0), np.uint8)
    else:
        small = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
        picture, alpha = np.ascontiguousarray(small[..., :3]), small[..., 3]
    points = (face.points - np.array([left, top, 0], np.float32)) * np.float32(scale)
    return picture, np.ascontiguousarray(alpha), points.astype(np.float32)
