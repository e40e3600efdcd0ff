"""The baked body as a file (``.ehb``): what the runtime draws, in 16 bits a number, in one zip.

The zip holds ``header.json`` (format, version, looks, landmarks, part list), one ``.npy`` per array, and two JPEG
pictures for the face paint. Entries have fixed dates, so the same body gives the same bytes.
"""

from __future__ import annotations

import enum
import json
import zipfile
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.archive import (
    DAMAGE,
    MOST_BYTES,
    array_of,
    check_archive,
    picture_of,
    picture_size,
    read_entry,
    why_too_large,
)
from engine.avatar.body_checks import check_body
from engine.avatar.errors import BodyError
from engine.avatar.packing import jpeg_of, npy_of, png_of, quantised, quantised_deltas, restored, restored_deltas

FORMAT, VERSION = "everhost-body", 2
IMPORTED_VERSION = 3
"""Of a body made of somebody else's model, which has pictures, surfaces, springs and a licence beside."""

ENTRY_DATE = (1980, 1, 1, 0, 0, 0)

LARGEST_FILE = MOST_BYTES + 8_000_000
"""Bytes of a body that nothing could be packed of, and of the zip's own lists."""

MOST_HEADER = 8_000_000
"""Bytes of a header; ours have under two million."""

LARGEST_SIDE, MOST_PIXELS = 8192, 64 * 2048 * 2048
"""Pixels of a picture's longer side, and of all pictures together: as many as an import keeps."""

Array = NDArray[np.float32]

_CHAIN_ARRAYS = ("joints", "stiffness", "drag", "gravity", "radius", "colliders")


class Shown(enum.Enum):
    """When a part is drawn: a limb's while that arm is at rest or raised, any other's while one is."""

    ALWAYS = "always"
    AT_REST = "at rest"
    RAISED = "raised"


@dataclass(frozen=True, slots=True)
class Material:
    """How a part is drawn: ``dye`` names one of the body's colours, ``stitched`` darkens the hem along ``edge``."""

    dye: str = ""
    sheen: float = 0.16
    stitched: bool = False
    culled: bool = False
    """Back faces are never wanted."""

    over: bool = False
    """Lies over a garment with sleeves, as a lapel does."""


@dataclass(frozen=True, slots=True)
class Surface:
    """How a part of an imported model is painted; the kinds "toon" and "soft" have one.

    ``texture`` and ``shade_texture`` number the body's textures (-1: none). Tints are linear RGB. A toon's shade begins
    where light and normal meet at ``shift``, as sharply as ``toony`` (MToon 1.0). ``wrap`` lets light around, as skin
    does; ``gloss`` is the highlight. Alpha, ``opacity`` times the picture's, below ``cutoff`` is left out; a
    ``blended`` surface lets shine through.
    """

    texture: int = -1
    shade_texture: int = -1
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    shade_tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    opacity: float = 1.0
    shift: float = 0.0
    toony: float = 0.9
    rim: tuple[float, float, float] = (0.0, 0.0, 0.0)
    rim_power: float = 5.0
    rim_lift: float = 0.0
    glow: tuple[float, float, float] = (0.0, 0.0, 0.0)
    wrap: float = 0.18
    gloss: float = 0.0
    cutoff: float = 0.0
    blended: bool = False
    hides: bool = True
    """What is drawn after it and lies behind it is not seen. A blended surface may hide nothing."""

    covers: bool = False
    """Lies over the face, and no face shape moves it: hair of the head."""


Look = TypeVar("Look", Material, Surface)


@dataclass(frozen=True, slots=True)
class Chain:
    """Bones that swing, root first: ``joints`` (k, 3) at rest, the last of them where the last bone ends, metres.

    ``root`` is the bone that it hangs on: 0 to 3 of the neck chain, -1 the torso. ``stiffness``, ``drag`` and
    ``radius`` (k - 1) and ``gravity`` (k - 1, 3) are as in VRMC_springBone 1.0, lengths in the body's metres.
    ``colliders`` are (x, y, z, x, y, z, radius, root): balls and capsules.
    """

    root: int
    joints: Array
    stiffness: Array
    drag: Array
    gravity: Array
    radius: Array
    colliders: Array


@dataclass
class PartData:
    """One drawable piece: ``kind`` picks the shader.

    ``neck`` (n, 4) are the weights on neck01, neck02, neck03 and head; the rest is the still torso. ``deltas``
    (shapes, active, 6) move position and normal of the first ``active`` vertices, one row for each of ``shapes``.
    A part with ``limb`` ("left" or "right") is a sleeve or a hand. Where it is shown raised, ``bones`` (n, 4) number
    its bones in ``ARM_BONES``; of ``bone_weights`` (n, 4), what is missing to 1 is the still torso's. Bit k of a
    triangle's ``views`` (t,), where given, says that it is seen between number k and k + 1 of ``SEEN_YAWS``.
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
    material: Material = field(default_factory=Material)
    limb: str = ""
    bones: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, 4), np.uint8))
    bone_weights: Array = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    shown: Shown = Shown.ALWAYS
    views: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    surface: Surface | None = None

    def picked(self, which: NDArray[np.bool_]) -> PartData:
        """The part with some of its triangles; ``which`` (t,)."""
        views = self.views[which] if len(self.views) else self.views
        return replace(self, triangles=self.triangles[which], views=views)


@dataclass
class BodyData:
    """A whole baked body, its ``parts`` in the order in which they are drawn.

    ``paint`` is RGBA (alpha is gloss), ``streaks`` grey; lengths are metres. ``arm_joints`` (2, bones, 3) are where the
    bones of the left and the right arm begin. ``branded`` names the ``colours`` that the channel's brand colour takes
    the place of. ``logo`` is RGBA, 1x1 and clear without one. ``textures`` are RGBA, with their texels a metre in
    ``densities``; those that are ``clamped`` across or down go on with their edge there, the others repeat. ``licence``
    is what an imported model says.
    ``imported``: somebody else's model was made into this body. A body with an imported part is, and stays so without.
    """

    name: str
    parts: list[PartData]
    paint: NDArray[np.uint8]
    streaks: NDArray[np.uint8]
    colours: dict[str, tuple[float, float, float]]
    neck_joints: Array
    eye_height: float
    landmarks: dict[str, float]
    arm_joints: Array = field(default_factory=lambda: np.zeros((2, 0, 3), np.float32))
    branded: tuple[str, ...] = ()
    logo: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((1, 1, 4), np.uint8))
    textures: list[NDArray[np.uint8]] = field(default_factory=list)
    densities: tuple[float, ...] = ()
    clamped: tuple[tuple[bool, bool], ...] = ()
    chains: tuple[Chain, ...] = ()
    licence: dict[str, str] = field(default_factory=dict)
    imported: bool = False

    def __post_init__(self) -> None:
        self.imported = self.imported or any(part.surface is not None for part in self.parts)
        self.clamped = self.clamped or ((False, False),) * len(self.textures)


def write_body(file: Path, body: BodyData) -> None:
    """Writes the file, replacing one that is there only when all is written.

    Raises:
        BodyError: the body is larger than ``read_body`` would read.
    """
    arrays: dict[str, NDArray[Any]] = {
        "neck_joints": body.neck_joints.astype(np.float32),
        "arm_joints": body.arm_joints.astype(np.float32),
    }
    parts = [_packed(part, arrays) for part in body.parts]
    header: dict[str, Any] = {
        "format": FORMAT,
        "version": IMPORTED_VERSION if body.imported else VERSION,
        "name": body.name,
        "parts": parts,
        "colours": body.colours,
        "branded": body.branded,
        "eye_height": body.eye_height,
        "landmarks": body.landmarks,
    }
    if body.imported:
        header |= {
            "textures": len(body.textures),
            "densities": body.densities,
            "clamped": body.clamped,
            "chains": [_packed_chain(chain) for chain in body.chains],
            "licence": body.licence,
        }
    entries = {"header.json": json.dumps(header, sort_keys=True).encode()}
    entries |= {f"{name}.npy": npy_of(values) for name, values in sorted(arrays.items())}
    entries["paint.jpg"] = jpeg_of(body.paint[..., 2::-1])
    entries["gloss.jpg"] = jpeg_of(body.paint[..., 3])
    entries["streaks.jpg"] = jpeg_of(body.streaks)
    entries["logo.png"] = png_of(body.logo)
    entries |= {f"texture{number}.png": png_of(texture) for number, texture in enumerate(body.textures)}
    if wrong := why_too_large(len(entries), sum(map(len, entries.values()))):
        raise BodyError(
            f"{file}: the body would be too large to be opened ({wrong}); give the model fewer vertices, meshes or "
            "face shapes"
        )
    partial = file.with_suffix(".partial")
    try:
        with zipfile.ZipFile(partial, "w") as archive:
            for name, content in entries.items():
                info = zipfile.ZipInfo(name, ENTRY_DATE)
                info.compress_type = zipfile.ZIP_STORED if name.endswith(".jpg") else zipfile.ZIP_DEFLATED
                archive.writestr(info, content, compresslevel=9)
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def _packed(part: PartData, arrays: dict[str, NDArray[Any]]) -> dict[str, Any]:
    """The header's entry for a part; its numbers go to ``arrays``."""
    entry: dict[str, Any] = {"name": part.name, "kind": part.kind, "shapes": list(part.shapes), "ranges": {}}
    entry["material"] = asdict(part.material)
    if part.surface is not None:
        entry["surface"] = asdict(part.surface)
    entry |= {"limb": part.limb, "shown": part.shown.value}
    for key, values in [("position", part.position), ("neck", part.neck), *sorted(part.attributes.items())]:
        packed, entry["ranges"][key] = quantised(values)
        arrays[f"{part.name}.{key}"] = packed
    arrays[f"{part.name}.normal"] = np.round(part.normal * 32767).astype(np.int16)
    arrays[f"{part.name}.triangles"] = part.triangles.astype(np.uint16 if len(part.position) <= 65536 else np.uint32)
    arrays[f"{part.name}.views"] = part.views
    if len(part.bones):
        arrays[f"{part.name}.bones"] = part.bones.astype(np.uint8)
        arrays[f"{part.name}.bone_weights"] = np.round(part.bone_weights * 255).astype(np.uint8)
    if part.shapes:
        arrays[f"{part.name}.deltas"], entry["delta_scale"] = quantised_deltas(part.deltas)
    return entry


def read_body(file: Path) -> BodyData:
    """Reads a body file. Raises BodyError when it is missing, no body file, damaged, unsafe, or of another version."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise BodyError(f"{file}: larger than any body file; at most {MOST_BYTES / 1e6:.0f} MB")
        with zipfile.ZipFile(file) as archive:
            # A column that is the same everywhere packs a thousand to one: here only the bound on the whole counts.
            check_archive(file, archive, ratio_from=MOST_BYTES)
            body = _Reader(file, archive).body()
        check_body(body)
    except FileNotFoundError as error:
        raise BodyError(f"{file}: there is no such body file; bake one or use avatars/bodies/mia.ehb") from error
    except (zipfile.BadZipFile, IsADirectoryError) as error:
        raise BodyError(f"{file}: not a body file (.ehb); bake one or use avatars/bodies/mia.ehb") from error
    except DAMAGE as error:
        raise BodyError(f"{file}: the body file is damaged ({error}); bake or import it again") from error
    return body


def read_licence(file: Path) -> dict[str, str]:
    """What the licence of a body says, by its header alone; empty for a host of Everhost. See ``BodyData.licence``.

    Raises BodyError when the file is missing, or its header is none.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _licence_of(_Reader(file, archive).header())
    except DAMAGE as error:
        raise BodyError(f"{file}: not a body file (.ehb), its header cannot be read ({error})") from error


def _licence_of(header: dict[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in header.get("licence", {}).items()}


class _Reader:
    """Reads one open body file."""

    def __init__(self, file: Path, archive: zipfile.ZipFile) -> None:
        self._file, self._archive = file, archive
        self._pixels = 0

    def body(self) -> BodyData:
        """All of it; see ``read_body``."""
        header = self.header()
        parts = [self._part(entry) for entry in header["parts"]]
        paint = cv2.cvtColor(self._image("paint.jpg", cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
        return BodyData(
            name=str(header["name"]),
            parts=parts,
            paint=np.dstack([paint, self._image("gloss.jpg", cv2.IMREAD_GRAYSCALE)]),
            streaks=self._image("streaks.jpg", cv2.IMREAD_GRAYSCALE),
            colours={key: (float(v[0]), float(v[1]), float(v[2])) for key, v in header["colours"].items()},
            neck_joints=self._array("neck_joints"),
            eye_height=float(header["eye_height"]),
            landmarks={key: float(v) for key, v in header["landmarks"].items()},
            arm_joints=self._array("arm_joints"),
            branded=tuple(header["branded"]),
            logo=self._rgba("logo.png"),
            textures=[self._rgba(f"texture{number}.png") for number in range(int(header.get("textures", 0)))],
            densities=tuple(float(d) for d in header.get("densities", ())),
            clamped=tuple((bool(x), bool(y)) for x, y in header.get("clamped", ())),
            chains=tuple(_unpacked_chain(entry) for entry in header.get("chains", ())),
            licence=_licence_of(header),
            imported=header["version"] == IMPORTED_VERSION,
        )

    def header(self) -> dict[str, Any]:
        """The header, if it is one of a body of this version."""
        file = self._file
        if "header.json" not in self._archive.namelist():
            raise BodyError(f"{file}: not a body file (.ehb), it has no header; bake one or use avatars/bodies/mia.ehb")
        if self._archive.getinfo("header.json").file_size > MOST_HEADER:
            raise BodyError(f"{file}: its header is larger than any body's; it is not opened")
        header: Any = json.loads(read_entry(file, self._archive, "header.json"))
        if not isinstance(header, dict) or header.get("format") != FORMAT:
            told = header.get("format") if isinstance(header, dict) else None
            raise BodyError(f"{file}: not a body file (.ehb), its format is {told!r:.40}")
        if header.get("version") not in (VERSION, IMPORTED_VERSION):
            raise BodyError(
                f"{file}: body file version {header.get('version')!r:.40}, this Everhost reads version {VERSION}; "
                "bake it again from its host file: everhost avatar bake"
            )
        return header

    def _part(self, entry: dict[str, Any]) -> PartData:
        name = entry["name"]
        values = {key: restored(self._array(f"{name}.{key}"), spans) for key, spans in entry["ranges"].items()}
        part = PartData(
            name=name,
            kind=entry["kind"],
            position=values.pop("position"),
            neck=values.pop("neck"),
            normal=np.asarray(self._array(f"{name}.normal") / 32767, np.float32),
            triangles=self._array(f"{name}.triangles").astype(np.int32),
            attributes=values,
            shapes=tuple(entry["shapes"]),
            material=_made(Material, entry["material"]),
            limb=entry["limb"],
            shown=Shown(entry["shown"]),
            views=self._array(f"{name}.views"),
            surface=_made(Surface, entry["surface"]) if "surface" in entry else None,
        )
        if part.limb and part.shown is Shown.RAISED:
            part.bones = self._array(f"{name}.bones")
            part.bone_weights = (self._array(f"{name}.bone_weights") / 255).astype(np.float32)
        if part.shapes:
            part.deltas = restored_deltas(self._array(f"{name}.deltas"), entry["delta_scale"], len(part.shapes))
        return part

    def _array(self, name: str) -> NDArray[Any]:
        return array_of(read_entry(self._file, self._archive, f"{name}.npy"))

    def _image(self, name: str, flag: int) -> NDArray[np.uint8]:
        content = read_entry(self._file, self._archive, name)
        width, height = picture_size(content)
        self._pixels += width * height
        if self._pixels > MOST_PIXELS:
            raise ValueError(f"pictures of more than {MOST_PIXELS // 1_000_000} megapixels together")
        return picture_of(content, flag, LARGEST_SIDE)

    def _rgba(self, name: str) -> NDArray[np.uint8]:
        return np.asarray(cv2.cvtColor(self._image(name, cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA), np.uint8)


def _made(kind: type[Look], entry: dict[str, Any]) -> Look:
    """A material or a surface of its JSON, which has lists where these have colours."""
    unknown = entry.keys() - {each.name for each in fields(kind)}
    if unknown:
        what = f"“{min(unknown)[:40]}” of a {kind.__name__.lower()}"
        raise ValueError(f"{what} is not known here: a newer Everhost made it")
    values: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()}
    return kind(**values)


def _packed_chain(chain: Chain) -> dict[str, Any]:
    values = {name: getattr(chain, name).astype(np.float64).round(6).tolist() for name in _CHAIN_ARRAYS}
    return {"root": chain.root, **values}


def _unpacked_chain(entry: dict[str, Any]) -> Chain:
    values = {name: np.asarray(entry[name], np.float32) for name in _CHAIN_ARRAYS}
    values["colliders"] = values["colliders"].reshape(-1, 8)
    return Chain(root=int(entry["root"]), **values)
