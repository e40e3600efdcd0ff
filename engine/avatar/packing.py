"""Numbers and pictures of a body as its file keeps them: 16 bits a number, and pictures as JPEG and PNG."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.errors import BodyError

PAINT_QUALITY = 93

Array = NDArray[np.float32]
Spans = Sequence[Sequence[float]]


def quantised(values: Array) -> tuple[NDArray[np.uint16], list[list[float]]]:
    """Columns (n, width) in 16 bits, with the least value and the span of each."""
    low, high = values.min(0).astype(np.float64), values.max(0).astype(np.float64)
    span = np.where(high > low, high - low, 1.0)
    return np.round((values - low) / span * 65535).astype(np.uint16), [low.tolist(), span.tolist()]


def restored(packed: NDArray[Any], spans: Spans) -> Array:
    """What ``quantised`` made its two answers of. Raises ValueError where these do not fit together."""
    low, span = spans
    if packed.ndim != 2 or not packed.shape[1] == len(low) == len(span):
        raise ValueError(f"numbers of the shape {packed.shape} with {len(low)} and {len(span)} spans")
    values = np.empty(packed.shape, np.float32)
    # Column by column: as 64-bit numbers, the whole would take eight times the room.
    for column in range(packed.shape[1]):
        values[:, column] = packed[:, column].astype(np.float64) / 65535 * float(span[column]) + float(low[column])
    return values


def quantised_deltas(deltas: Array) -> tuple[NDArray[np.int16], list[list[float]]]:
    """Offsets (shapes, active, 6) in 16 bits; per shape one scale for positions and one for normals."""
    size = np.abs(deltas.reshape(len(deltas), -1, 2, 3)).max((1, 3), initial=0)
    scale = np.maximum(size, 1e-9) / 32767
    return np.round(deltas / np.repeat(scale, 3, 1)[:, None]).astype(np.int16), scale.tolist()


def restored_deltas(packed: NDArray[Any], scales: Spans, shapes: int) -> Array:
    """What ``quantised_deltas`` made its two answers of. Raises ValueError where these are not of so many shapes."""
    scale = np.array(scales, np.float32)
    if packed.ndim != 3 or packed.shape[0] != shapes or packed.shape[2] != 6 or scale.shape != (shapes, 2):
        raise ValueError(f"offsets of the shape {packed.shape} with scales {scale.shape} for {shapes} face shapes")
    return packed.astype(np.float32) * np.repeat(scale[:, None], 3, 2)


def npy_of(values: NDArray[Any]) -> bytes:
    """An array as ``.npy``."""
    out = io.BytesIO()
    np.save(out, np.ascontiguousarray(values), allow_pickle=False)
    return out.getvalue()


def png_of(picture: NDArray[np.uint8]) -> bytes:
    """A picture RGBA as PNG."""
    done, packed = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGBA2BGRA))
    if not done:
        raise BodyError("the logo could not be packed as PNG")
    return bytes(packed)


def jpeg_of(picture: NDArray[np.uint8]) -> bytes:
    """A picture, BGR or grey, as JPEG."""
    done, packed = cv2.imencode(".jpg", np.ascontiguousarray(picture), [cv2.IMWRITE_JPEG_QUALITY, PAINT_QUALITY])
    if not done:
        raise BodyError("the face paint could not be packed as JPEG")
    return bytes(packed)
