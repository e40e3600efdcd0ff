"""A glTF 2.0 document: accessors, pictures and nodes by number, each checked before it is read.

Indices and sizes come from a stranger's file, so every one of them is held against what is there. Positions are metres,
+y is up (Khronos glTF 2.0 specification, sections 3.4 and 3.6).
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from engine.avatar.archive import MOST_BYTES
from engine.avatar.errors import BodyError
from engine.avatar.gltf.container import Container
from engine.settings.pictures import of_8_bits

Matrix = NDArray[np.float64]
Object = dict[str, Any]

MOST_ELEMENTS = 4_000_000
MOST_READ = 1_000_000_000
"""Elements that all accessors are read for together: many primitives may share one, and each reads it whole."""

MOST_NODES = 20_000
MOST_EDGE = 8192
"""Pixels of a picture's longer side."""

_COMPONENTS: dict[int, str] = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS: dict[str, int] = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}

_PACKED = {
    "KHR_draco_mesh_compression": "Draco mesh compression",
    "EXT_meshopt_compression": "meshopt compression",
    "KHR_texture_basisu": "Basis Universal pictures",
}
_UNDERSTOOD = frozenset(
    {"VRM", "VRMC_vrm", "VRMC_springBone", "VRMC_materials_mtoon", "VRMC_node_constraint", "KHR_materials_unlit",
     "KHR_texture_transform", "KHR_mesh_quantization", "KHR_materials_emissive_strength", "EXT_texture_webp",
     "KHR_materials_pbrSpecularGlossiness"}
)  # fmt: skip


class Document:
    """Reads one model's parts by number. Raises BodyError, naming the part, where a number leads nowhere."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self.file: Path = container.file
        self.json: Object = container.json
        self._buffers: dict[int, bytes] = {}
        self._read_bytes = self._read_elements = 0
        version = str(self._object(self.json, "asset").get("version", ""))
        if not version.startswith("2"):
            raise self.error(f"it is glTF version “{version or '?'}”; only version 2 is read")
        required = self.json.get("extensionsRequired") or []
        for name in required if isinstance(required, list) else []:
            if name in _PACKED:
                raise self.error(f"it uses {_PACKED[name]} ({name}), which is not read; export the model without it")
            if name not in _UNDERSTOOD:
                raise self.error(f"it cannot be drawn without “{name}”, which is not known here; export it without")
        self.parents = self._parents()

    def error(self, text: str) -> BodyError:
        """What is wrong, with the file's name."""
        return BodyError(f"{self.file}: {text}")

    def number(self, kind: str, value: object) -> int | None:
        """``value`` where one of the document's lists has an entry of that number, else None."""
        entries = self.json.get(kind)
        return value if _inside(value, len(entries) if isinstance(entries, list) else 0) else None

    def entry(self, kind: str, number: object) -> Object:
        """Entry ``number`` of one of the document's lists, such as ``meshes``."""
        entries = self.json.get(kind)
        count = len(entries) if isinstance(entries, list) else 0
        if not _inside(number, count):
            raise self.error(f"damaged: it asks for {kind} number {number!r:.40}, and has {count}")
        value = entries[number] if isinstance(entries, list) else None
        if not isinstance(value, dict):
            raise self.error(f"damaged: {kind} number {number} is not an object")
        return value

    def entries(self, kind: str) -> list[Object]:
        """All entries of a list; none where there is no such list."""
        values = self.json.get(kind)
        return [self.entry(kind, i) for i in range(len(values))] if isinstance(values, list) else []

    def accessor(self, number: object, *, finite: bool = True) -> NDArray[Any]:
        """An accessor's values (count, width): float32 where they are floats or normalised, else as stored.

        Raises BodyError for floats that are no numbers, but where ``finite`` is not asked for.
        """
        accessor = self.entry("accessors", number)
        code, shape = accessor.get("componentType"), accessor.get("type")
        if code not in _COMPONENTS or shape not in _WIDTHS:
            raise self.error(f"damaged: accessor {number} has the type {shape!r:.20} of {code!r:.20}")
        dtype, width = np.dtype(_COMPONENTS[code]), _WIDTHS[shape]
        count = self.count(accessor.get("count"), f"accessor {number}")
        self._read_elements += count
        if self._read_elements > MOST_READ:
            raise self.error("its meshes share too much data too often; give each mesh vertices of its own")
        if "bufferView" in accessor:
            view = accessor["bufferView"]
            values = self._strided(view, accessor.get("byteOffset", 0), dtype, width, count, f"accessor {number}")
        else:
            values = np.zeros((count, width), dtype)
        if "sparse" in accessor:
            values = self._with_sparse(self._object(accessor, "sparse"), values, dtype, width, number)
        if dtype.kind == "f":
            if finite and not np.isfinite(values).all():
                raise self.error(f"damaged: accessor {number} holds values that are no numbers")
            return values.astype(np.float32, copy=False)
        if accessor.get("normalized"):
            return np.maximum(values / np.float32(np.iinfo(dtype).max), -1).astype(np.float32)
        return values

    def picture(self, texture: object) -> NDArray[np.uint8]:
        """A texture's picture, RGBA (height, width, 4); its WebP where it has one."""
        entry = self.entry("textures", texture)
        source = self.extension("EXT_texture_webp", entry).get("source", entry.get("source"))
        if source is None:
            packed = next((f" but {_PACKED[name]}" for name in entry.get("extensions") or {} if name in _PACKED), "")
            raise self.error(f"texture {texture} has no PNG, JPEG or WebP picture{packed}; export it with one")
        image = self.entry("images", source)
        if "bufferView" in image:
            content = self.view_bytes(image["bufferView"])
        else:
            content = self._resource(image.get("uri"), f"picture {source}")
        return self._decoded(content, f"picture {source} (“{str(image.get('name', ''))[:40]}”)")

    def view_bytes(self, number: object) -> bytes:
        """The bytes of a buffer view."""
        view = self.entry("bufferViews", number)
        buffer = self._buffer(view.get("buffer"))
        start, size = (self._whole(view.get(key, 0), f"bufferView {number}") for key in ("byteOffset", "byteLength"))
        if start + size > len(buffer):
            raise self.error(f"damaged: bufferView {number} reaches past the end of its buffer")
        return buffer[start : start + size]

    def count(self, value: object, where: str) -> int:
        """A number of elements within the bounds."""
        count = self._whole(value, where)
        if count > MOST_ELEMENTS:
            raise self.error(f"{where} has {count} elements; at most {MOST_ELEMENTS}")
        return count

    def local_matrix(self, node: int) -> Matrix:
        """A node's own transform (4, 4)."""
        entry = self.entry("nodes", node)
        if "matrix" in entry:
            return self._numbers(entry["matrix"], 16, f"node {node}").reshape(4, 4).T
        shift = self._numbers(entry.get("translation", (0, 0, 0)), 3, f"node {node}")
        turn = self._numbers(entry.get("rotation", (0, 0, 0, 1)), 4, f"node {node}")
        size = self._numbers(entry.get("scale", (1, 1, 1)), 3, f"node {node}")
        matrix = np.eye(4)
        matrix[:3, :3] = quaternion_matrix(turn) * size
        matrix[:3, 3] = shift
        return matrix

    def world_matrices(self, local: dict[int, Matrix] | None = None) -> Matrix:
        """Every node's transform to the scene (nodes, 4, 4); ``local`` takes the place of some nodes' own."""
        changed = local or {}
        world = np.zeros((len(self.parents), 4, 4))
        for node in self.parents_first():
            own = changed[node] if node in changed else self.local_matrix(node)
            world[node] = world[self.parents[node]] @ own if self.parents[node] >= 0 else own
        return world

    def name_of(self, node: int) -> str:
        """A node's name, or ""."""
        return str(self.entry("nodes", node).get("name", ""))[:80]

    def children(self, node: int) -> list[int]:
        """Numbers of the nodes below."""
        return [i for i, parent in enumerate(self.parents) if parent == node]

    def extension(self, name: str, of: Object | None = None) -> Object:
        """An extension's object, empty where it is not there."""
        return self._object(self._object(self.json if of is None else of, "extensions"), name)

    def _parents(self) -> list[int]:
        nodes = self.entries("nodes")
        if len(nodes) > MOST_NODES:
            raise self.error(f"it has {len(nodes)} nodes; at most {MOST_NODES}")
        parents = [-1] * len(nodes)
        for number, node in enumerate(nodes):
            for child in node.get("children") or []:
                self.entry("nodes", child)
                if parents[child] >= 0:
                    raise self.error(f"damaged: node {child} hangs on two nodes")
                parents[child] = number
        self.parents = parents
        if len(self.parents_first()) < len(nodes):
            raise self.error("damaged: some of its nodes hang on themselves")
        return parents

    def parents_first(self) -> list[int]:
        """All nodes' numbers, each behind the one that it hangs on."""
        order = [i for i, parent in enumerate(self.parents) if parent < 0]
        for node in order:
            order += list(self.entry("nodes", node).get("children") or [])
        return order

    def _strided(
        self, view_number: object, offset: object, dtype: np.dtype[Any], width: int, count: int, where: str
    ) -> NDArray[Any]:
        view = self.entry("bufferViews", view_number)
        content = self.view_bytes(view_number)
        start = self._whole(offset, where)
        packed = dtype.itemsize * width
        stride = self._whole(view.get("byteStride") or packed, where)
        if stride < packed or stride > 252 + packed:
            raise self.error(f"damaged: {where} has a stride of {stride} bytes for {packed}")
        if count and start + stride * (count - 1) + packed > len(content):
            raise self.error(f"damaged: {where} reaches past the end of its data")
        values = np.ndarray((count, width), dtype, content, start, (stride, dtype.itemsize))
        return values.copy()

    def _with_sparse(
        self, sparse: Object, values: NDArray[Any], dtype: np.dtype[Any], width: int, number: object
    ) -> NDArray[Any]:
        where = f"accessor {number}'s sparse part"
        count = self.count(sparse.get("count"), where)
        indices, new = self._object(sparse, "indices"), self._object(sparse, "values")
        code = indices.get("componentType")
        if code not in (5121, 5123, 5125):
            raise self.error(f"damaged: {where} has indices of the type {code!r:.20}")
        at = self._strided(
            indices.get("bufferView"), indices.get("byteOffset", 0), np.dtype(_COMPONENTS[code]), 1, count, where
        )[:, 0]
        if count and int(at.max()) >= len(values):
            raise self.error(f"damaged: {where} changes element {int(at.max())} of {len(values)}")
        values[at] = self._strided(new.get("bufferView"), new.get("byteOffset", 0), dtype, width, count, where)
        return values

    def _buffer(self, number: object) -> bytes:
        if not isinstance(number, int) or number not in self._buffers:
            buffer = self.entry("buffers", number)
            length = self._whole(buffer.get("byteLength"), f"buffer {number}")
            content = self._resource(buffer["uri"], f"buffer {number}") if "uri" in buffer else self._container.binary
            if len(content) < length:
                raise self.error(f"damaged: buffer {number} says {length} bytes and has {len(content)}")
            self._buffers[int(str(number))] = content
        return self._buffers[int(str(number))]

    def _resource(self, uri: object, where: str) -> bytes:
        if not isinstance(uri, str):
            raise self.error(f"damaged: {where} has neither data nor a file")
        content = self._container.resource(uri)
        self._read_bytes += len(content)
        if self._read_bytes > MOST_BYTES:
            raise self.error(f"with the files that it names it is larger than {MOST_BYTES / 1e6:.0f} MB")
        return content

    def _decoded(self, content: bytes, where: str) -> NDArray[np.uint8]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)
                with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as image:
                    if max(image.size) > MOST_EDGE:
                        wide, high = image.size
                        raise self.error(f"{where} has {wide} × {high} pixels; at most {MOST_EDGE} a side")
                    return np.asarray(of_8_bits(image).convert("RGBA"), np.uint8)
        except UnidentifiedImageError as error:
            raise self.error(f"{where} is no PNG, JPEG or WebP picture") from error
        except Image.DecompressionBombError as error:
            raise self.error(f"{where} has far too many pixels; at most {MOST_EDGE} a side") from error
        except (OSError, ValueError, SyntaxError) as error:
            raise self.error(f"{where} is damaged ({error})") from error

    def _object(self, of: Object, key: str) -> Object:
        value = of.get(key)
        return value if isinstance(value, dict) else {}

    def _whole(self, value: object, where: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.error(f"damaged: {where} has the number {value!r:.40}, and a whole one from 0 on is needed")
        return value

    def _numbers(self, values: object, count: int, where: str) -> Matrix:
        try:
            numbers = np.asarray(values, np.float64)
        except (TypeError, ValueError, OverflowError):
            numbers = np.zeros(0)
        if numbers.shape != (count,) or not np.isfinite(numbers).all():
            raise self.error(f"damaged: {where} needs {count} numbers")
        return numbers


def _inside(number: object, count: int) -> TypeGuard[int]:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < count


def quaternion_matrix(turn: Matrix) -> Matrix:
    """Rotation (3, 3) of a quaternion x, y, z, w."""
    x, y, z, w = turn / max(float(np.linalg.norm(turn)), 1e-12)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
