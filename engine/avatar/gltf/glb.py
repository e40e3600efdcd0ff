"""Writes GLB: arrays, pictures and JSON in one file (glTF 2.0 specification, chapter 4)."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.errors import BodyError

_TYPES: dict[int, str] = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}
_CODES: dict[str, int] = {"uint8": 5121, "uint16": 5123, "uint32": 5125, "float32": 5126}
_VERTICES, _INDICES = 34962, 34963
_REPEATED, _CLAMPED = 0, 1


class GlbWriter:
    """Collects a model: ``json`` is filled by the caller, numbers and pictures are added here."""

    def __init__(self, generator: str) -> None:
        self.json: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": generator},
            "accessors": [], "bufferViews": [], "images": [], "textures": [],
            "samplers": [{}, {"wrapS": 33071, "wrapT": 33071}],
        }  # fmt: skip
        self._binary = bytearray()

    def array(self, values: NDArray[Any], *, indices: bool = False, loose: bool = False) -> int:
        """Adds an accessor of values (n, width) and returns its number; ``loose`` ones belong to no vertex."""
        values = np.ascontiguousarray(values if values.ndim == 2 else values[:, None])
        view = self._view(values.tobytes(), None if loose else _INDICES if indices else _VERTICES)
        entry: dict[str, Any] = {
            "bufferView": view,
            "componentType": _CODES[values.dtype.name],
            "count": len(values),
            "type": _TYPES[values.shape[1]],
        }
        if values.dtype == np.float32 and values.shape[1] == 3 and len(values):
            entry |= {"min": values.min(0).tolist(), "max": values.max(0).tolist()}
        return self._added("accessors", entry)

    def texture(self, picture: NDArray[np.uint8], name: str, *, clamped: bool = False) -> int:
        """Adds a picture (RGB as JPEG, RGBA as PNG) and a texture of it, which repeats, or whose edge goes on where it
        is ``clamped``; returns the texture's number.
        """
        clear = picture.shape[2] == 4
        code = cv2.COLOR_RGBA2BGRA if clear else cv2.COLOR_RGB2BGR
        quality = [] if clear else [cv2.IMWRITE_JPEG_QUALITY, 95]
        done, packed = cv2.imencode(".png" if clear else ".jpg", cv2.cvtColor(picture, code), quality)
        if not done:
            raise BodyError(f"the picture {name} could not be packed")
        image = {
            "name": name,
            "bufferView": self._view(bytes(packed), None),
            "mimeType": "image/png" if clear else "image/jpeg",
        }
        sampler = _CLAMPED if clamped else _REPEATED
        return self._added("textures", {"source": self._added("images", image), "sampler": sampler})

    def added(self, kind: str, entry: dict[str, Any]) -> int:
        """Adds to one of the lists, such as ``nodes``, and returns the entry's number."""
        return self._added(kind, entry)

    def write(self, file: Path) -> None:
        """Writes the file, replacing one that is there only when all is written."""
        self.json["buffers"] = [{"byteLength": len(self._binary)}]
        document = {key: value for key, value in self.json.items() if value != []}
        text = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
        text += b" " * (-len(text) % 4)
        binary = bytes(self._binary) + b"\0" * (-len(self._binary) % 4)
        length = 12 + 8 + len(text) + 8 + len(binary)
        head = struct.pack("<4sII", b"glTF", 2, length)
        chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary
        partial = file.with_suffix(".partial")
        partial.write_bytes(head + chunks)
        partial.replace(file)

    def _view(self, content: bytes, target: int | None) -> int:
        self._binary += b"\0" * (-len(self._binary) % 4)
        entry: dict[str, Any] = {"buffer": 0, "byteOffset": len(self._binary), "byteLength": len(content)}
        self._binary += content
        if target is not None:
            entry["target"] = target
        return self._added("bufferViews", entry)

    def _added(self, kind: str, entry: dict[str, Any]) -> int:
        entries = self.json.setdefault(kind, [])
        entries.append(entry)
        return len(entries) - 1
