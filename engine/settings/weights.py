"""Weights that somebody brings: whether a file is what it should be, before anything loads it.

A pickle is a program: loading one runs what is written in it. So is TorchScript, whose operators can write files. So
weights are safetensors or ONNX, told by what is in the file and not by its name, and with the hash that the merchant
wrote down.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Literal

Format = Literal["safetensors", "onnx", "TorchScript", "pickle", "unknown"]

LONGEST_HEADER = 100_000_000
"""Bytes of a safetensors header (the format's own limit)."""

_BLOCK = 1 << 20
_PICKLED = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
_PROGRAMS = {
    "pickle": "a pickle, in which any program can hide",
    "TorchScript": "TorchScript, a program that could also write files",
}
_PICKLE_ENDINGS = frozenset({".pth", ".pt", ".ckpt", ".pkl", ".pickle", ".bin", ".tar"})
_ONNX_IR_VERSION = b"\x08"
"""Field 1, a number, as protocol buffers write it: every ONNX file begins with its IR version."""


def sha256_of(file: Path) -> str:
    """The hash of a file in hexadecimal. Raises OSError."""
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while block := opened.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def format_of(file: Path) -> Format:
    """What a file of weights is. Raises OSError."""
    with file.open("rb") as opened:
        head = opened.read(16)
        if head.startswith(b"PK"):
            return _zip_format(file)
        if head.startswith(_PICKLED):
            return "pickle"
        size = int.from_bytes(head[:8], "little")
        if len(head) == 16 and head[8:9] == b"{" and size <= min(LONGEST_HEADER, file.stat().st_size - 8):
            opened.seek(8)
            return "safetensors" if _is_json(opened.read(size)) else "unknown"
    if head.startswith(_ONNX_IR_VERSION) and file.suffix == ".onnx":
        return "onnx"
    return "pickle" if file.suffix in _PICKLE_ENDINGS else "unknown"


def why_not_weights(file: Path, sha256: str, wanted: tuple[Format, ...]) -> str:
    """Why ``file`` may not be loaded as one of the ``wanted`` formats; "" where it may."""
    names = " or ".join(wanted)
    try:
        if not file.is_file():
            return f"there are no weights at {file}"
        found = format_of(file)
        if found not in wanted:
            why = _PROGRAMS.get(found)
            return f"{file.name} is {why}; only {names} is loaded" if why else f"{file.name} is no {names} file"
        if sha256_of(file) != sha256:
            return f"{file.name} is not the file whose hash is written down: it was damaged or changed"
    except OSError as error:
        return f"{file} cannot be read: {error.strerror}"
    return ""


def _zip_format(file: Path) -> Format:
    """What a zip of torch is: it writes two kinds, of which only TorchScript has code in it."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError):
        return "unknown"
    inner = {name.partition("/")[2] for name in names}
    if "constants.pkl" in inner and any(name.startswith("code/") for name in inner):
        return "TorchScript"
    return "pickle" if any(name.endswith(".pkl") for name in names) else "unknown"


def _is_json(text: bytes) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
