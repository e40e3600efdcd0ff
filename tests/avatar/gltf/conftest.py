"""The rabbit of the bench, as a small VRM 0.x file, and ways to change what stands in it."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.avatar.body_file import BodyData
from engine.avatar.gltf import Report, import_model
from scripts.bodies.mascot import write_mascot

Change = Callable[[dict[str, Any]], None]

SMALL = 0.3


@pytest.fixture(scope="session")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A VRM 0.x file with toon materials, spring bones, two mouths and a blink."""
    file = tmp_path_factory.mktemp("rabbit") / "momo.vrm"
    write_mascot(file, SMALL)
    return file


@pytest.fixture(scope="session")
def rabbit_body(rabbit: Path) -> tuple[BodyData, Report]:
    return import_model(rabbit, "", lambda share, what: None, draft=True)


def parts_of(file: Path) -> tuple[dict[str, Any], bytes]:
    """JSON and binary of a GLB."""
    content = file.read_bytes()
    size = struct.unpack_from("<I", content, 12)[0]
    return json.loads(content[20 : 20 + size]), content[20 + size + 8 :]


def glb(document: dict[str, Any], binary: bytes) -> bytes:
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    head = struct.pack("<4sII", b"glTF", 2, 12 + 8 + len(text) + 8 + len(binary))
    return head + struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary


@pytest.fixture
def changed(rabbit: Path, tmp_path: Path) -> Callable[[Change], Path]:
    """Writes the rabbit with its JSON changed."""

    def write(change: Change) -> Path:
        document, binary = parts_of(rabbit)
        change(document)
        file = tmp_path / "changed.vrm"
        file.write_bytes(glb(document, binary))
        return file

    return write
