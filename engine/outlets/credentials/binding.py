"""What binds credentials to a file: a hash of its boxes (C2PA 2.2, 18.7: BMFF-based hash, version 3).

It is counted here and not by c2pa's library, which would copy the whole file for it, into memory or onto the disk.
The library checks it before the credentials go into the file (``manifest.py``).
"""

from __future__ import annotations

import hashlib
from typing import Any, BinaryIO

from engine.outlets.credentials.boxes import HEADER_BYTES, complete_boxes
from engine.outlets.credentials.room import BOX_ID

LABEL = "c2pa.hash.bmff.v3"

_NOT_HASHED = frozenset({b"ftyp", b"mfra", b"free", b"skip"})
_BLOCK = 1 << 20


def binding(file: BinaryIO) -> dict[str, Any]:
    """The assertion that holds the SHA-256 of every box but ``_NOT_HASHED`` and C2PA's own, each with its place.

    ``file`` holds complete boxes only, and no credentials yet.
    """
    exclusions: list[dict[str, Any]] = [
        {"xpath": "/uuid", "data": [{"offset": HEADER_BYTES, "value": list(BOX_ID)}]},
        *({"xpath": f"/{kind.decode()}"} for kind in sorted(_NOT_HASHED)),
    ]
    hashed = hashlib.sha256()
    for box in complete_boxes(file):
        if box.kind in _NOT_HASHED:
            continue
        hashed.update(box.start.to_bytes(8, "big"))
        file.seek(box.start)
        left = box.size
        while block := file.read(min(left, _BLOCK)):
            hashed.update(block)
            left -= len(block)
    data = {"exclusions": exclusions, "alg": "sha256", "hash": list(hashed.digest()), "name": "recording"}
    return {"label": LABEL, "data": data}
