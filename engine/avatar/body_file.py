"""The baked body as a file (``.ehb``): what the runtime draws, in 16 bits a number, in one zip.

The zip holds ``header.json`` (format, version, looks, landmarks, part list), one ``.npy`` per array, and two JPEG
pictures for the face paint. Entries have fixed dates, so the same body gives the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.errors import BodyError

FORMAT, VERSION = "everhost-body", 1
ENTRY_DATE = (1980, 1, 1, 0, 0, 0)
PAINT_QUALITY = 93

Array = NDArray[np.float32]


@dataclass
class PartData:
    """One drawable piece: ``kind`` picks the shader.

    ``neck`` (n, 4) are the weights on neck01, neck02, neck03 and head; the rest is the still torso. ``deltas``
    (shapes, active, 6) move position and normal of the first ``active`` vertices, one row for each of ``shapes``.
    """

    name: str
    kind: str
    position: Array
    normal: Array
    neck: Array
    triangles: NDArray[np.int32]
    attributes: dict[str, Array] = field(default_factory=dict)
    shapes: tuple[str, ...] = ()
    deltas: Array = field(default_factory=lambda: np.zeros((0, 0, 6), np.float32))


@dataclass
class BodyData:
    """A whole baked body. ``paint`` is RGBA (alpha is gloss), ``streaks`` grey; lengths are metres."""

    name: str
    parts: list[PartData]
    paint: NDArray[np.uint8]
    streaks: NDArray[np.uint8]
    colours: dict[str, tuple[float, float, float]]
    neck_joints: Array
    eye_height: float
    landmarks: dict[str, float]


def write_body(file: Path, body: BodyData) -> None:
    """Writes the file, replacing one that is there only when all is written."""
    arrays: dict[str, NDArray[Any]] = {"neck_joints": body.neck_joints.astype(np.float32)}
    parts = []
    for part in body.parts:
        entry: dict[str, Any] = {"name": part.name, "kind": part.kind, "shapes": list(part.shapes), "ranges": {}}
        for key, values in [("position", part.position), ("neck", part.neck), *sorted(part.attributes.items())]:
            packed, entry["ranges"][key] = _quantised(values)
            arrays[f"{part.name}.{key}"] = packed
        arrays[f"{part.name}.normal"] = np.round(part.normal * 32767).astype(np.int16)
        arrays[f"{part.name}.triangles"] = part.triangles.astype(np.uint16)
        if part.shapes:
            arrays[f"{part.name}.deltas"], entry["delta_scale"] = _quantised_deltas(part.deltas)
        parts.append(entry)
    header = {
        "format": FORMAT,
        "version": VERSION,
        "name": body.name,
        "parts": parts,
        "colours": body.colours,
        "eye_height": body.eye_height,
        "landmarks": body.landmarks,
    }
    entries = {"header.json": json.dumps(header, sort_keys=True).encode()}
    entries |= {f"{name}.npy": _npy(values) for name, values in sorted(arrays.items())}
    entries["paint.jpg"] = _jpeg(body.paint[..., 2::-1])
    entries["gloss.jpg"] = _jpeg(body.paint[..., 3])
    entries["streaks.jpg"] = _jpeg(body.streaks)
    partial = file.with_suffix(".partial")
    with zipfile.ZipFile(partial, "w") as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name, ENTRY_DATE)
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".jpg") else zipfile.ZIP_DEFLATED
            archive.writestr(info, content, compresslevel=9)
    partial.replace(file)


def read_body(file: Path) -> BodyData:
    """Reads a body file. Raises BodyError when it is missing, no body file, damaged, or of another version."""
    try:
        with zipfile.ZipFile(file) as archive:
            header = _header(file, archive)
            return _read(archive, header)
    except FileNotFoundError as error:
        raise BodyError(f"{file}: there is no such body file; bake one or use avatars/bodies/mia.ehb") from error
    except (zipfile.BadZipFile, IsADirectoryError) as error:
        raise BodyError(f"{file}: not a body file (.ehb); bake one or use avatars/bodies/mia.ehb") from error
    except (KeyError, ValueError, EOFError, OSError, cv2.error) as error:
        raise BodyError(f"{file}: the body file is damaged ({error}); bake it again") from error


def _header(file: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    if "header.json" not in archive.namelist():
        raise BodyError(f"{file}: not a body file (.ehb), it has no header; bake one or use avatars/bodies/mia.ehb")
    header: dict[str, Any] = json.loads(archive.read("header.json"))
    if header.get("format") != FORMAT:
        raise BodyError(f"{file}: not a body file (.ehb), its format is {header.get('format')!r}")
    if header.get("version") != VERSION:
        raise BodyError(
            f"{file}: body file version {header.get('version')}, this Everhost reads version {VERSION}; bake it again"
        )
    return header


def _read(archive: zipfile.ZipFile, header: dict[str, Any]) -> BodyData:
    def array(name: str) -> NDArray[Any]:
        return np.asarray(np.load(io.BytesIO(archive.read(f"{name}.npy")), allow_pickle=False))

    def image(name: str, flag: int) -> NDArray[np.uint8]:
        picture = cv2.imdecode(np.frombuffer(archive.read(name), np.uint8), flag)
        if picture is None:
            raise ValueError(f"{name} is not a picture")
        return np.asarray(picture, np.uint8)

    parts = []
    for entry in header["parts"]:
        name = entry["name"]
        values = {key: _restored(array(f"{name}.{key}"), span) for key, span in entry["ranges"].items()}
        part = PartData(
            name=name,
            kind=entry["kind"],
            position=values.pop("position"),
            neck=values.pop("neck"),
            normal=np.asarray(array(f"{name}.normal") / 32767, np.float32),
            triangles=array(f"{name}.triangles").astype(np.int32),
            attributes=values,
            shapes=tuple(entry["shapes"]),
        )
        if part.shapes:
            scale = np.array(entry["delta_scale"], np.float32)[:, None]
            part.deltas = array(f"{name}.deltas").astype(np.float32) * np.repeat(scale, 3, 2)
        parts.append(part)
    paint = cv2.cvtColor(image("paint.jpg", cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    return BodyData(
        name=header["name"],
        parts=parts,
        paint=np.dstack([paint, image("gloss.jpg", cv2.IMREAD_GRAYSCALE)]),
        streaks=image("streaks.jpg", cv2.IMREAD_GRAYSCALE),
        colours={key: (float(v[0]), float(v[1]), float(v[2])) for key, v in header["colours"].items()},
        neck_joints=array("neck_joints"),
        eye_height=float(header["eye_height"]),
        landmarks={key: float(v) for key, v in header["landmarks"].items()},
    )


def _quantised(values: Array) -> tuple[NDArray[np.uint16], list[list[float]]]:
    low, high = values.min(0).astype(np.float64), values.max(0).astype(np.float64)
    span = np.where(high > low, high - low, 1.0)
    return np.round((values - low) / span * 65535).astype(np.uint16), [low.tolist(), span.tolist()]


def _restored(packed: NDArray[np.uint16], span: list[list[float]]) -> Array:
    return np.asarray(packed.astype(np.float64) / 65535 * np.array(span[1]) + np.array(span[0]), np.float32)


def _quantised_deltas(deltas: Array) -> tuple[NDArray[np.int16], list[list[float]]]:
    """Per shape one scale for positions and one for normals."""
    size = np.abs(deltas.reshape(len(deltas), -1, 2, 3)).max((1, 3))
    scale = np.maximum(size, 1e-9) / 32767
    return np.round(deltas / np.repeat(scale, 3, 1)[:, None]).astype(np.int16), scale.tolist()


def _npy(values: NDArray[Any]) -> bytes:
    out = io.BytesIO()
    np.save(out, np.ascontiguousarray(values), allow_pickle=False)
    return out.getvalue()


def _jpeg(picture: NDArray[np.uint8]) -> bytes:
    done, packed = cv2.imencode(".jpg", np.ascontiguousarray(picture), [cv2.IMWRITE_JPEG_QUALITY, PAINT_QUALITY])
    if not done:
        raise BodyError("the face paint could not be packed as JPEG")
    return bytes(packed)
