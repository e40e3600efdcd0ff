"""A material's base picture: its colour and roughness in one kind's terms, and which coordinates it lies on."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.avatar.gltf.document import Document, Object

SPECULAR_GLOSSINESS = "KHR_materials_pbrSpecularGlossiness"
TRANSFORM = "KHR_texture_transform"

MOST_SETS = 8
"""Sets of texture coordinates that a mesh may have."""

FARTHEST = 1e6
"""A picture is neither moved nor scaled farther."""


@dataclass(frozen=True)
class Lie:
    """How a picture lies on a mesh: the coordinates of ``TEXCOORD_`` ``number``, scaled, turned and moved."""

    number: int = 0
    offset: tuple[float, float] = (0.0, 0.0)
    rotation: float = 0.0
    scale: tuple[float, float] = (1.0, 1.0)

    def laid(self, uv: NDArray[np.float32]) -> NDArray[np.float32]:
        """Coordinates (n, 2) as ``KHR_texture_transform`` moves them: counter-clockwise, where v points down."""
        cosine, sine = math.cos(self.rotation), math.sin(self.rotation)
        turn = np.array([[cosine, sine], [-sine, cosine]])
        return np.asarray((uv * self.scale) @ turn.T + self.offset, np.float32)


def base_of(document: Document, material: Object) -> Object:
    """The metal-rough block of a material; one of specular-glossiness is told in its terms, without its highlights."""
    older = document.extension(SPECULAR_GLOSSINESS, material)
    if not older:
        base = material.get("pbrMetallicRoughness")
        return base if isinstance(base, dict) else {}
    gloss = 0.0 if "specularGlossinessTexture" in older else float(older.get("glossinessFactor", 1.0))
    return {
        "baseColorFactor": older.get("diffuseFactor"),
        "baseColorTexture": older.get("diffuseTexture"),
        "roughnessFactor": 1 - gloss,
    }


def base_picture(document: Document, material: Object) -> Object:
    """The ``textureInfo`` of a material's base picture; empty where it has none."""
    info = base_of(document, material).get("baseColorTexture")
    return info if isinstance(info, dict) else {}


def lie_of(document: Document, info: Object) -> Lie:
    """How the picture of a ``textureInfo`` lies. Raises BodyError for coordinates that no mesh has."""
    moved = document.extension(TRANSFORM, info)
    number = moved.get("texCoord", info.get("texCoord", 0))
    if not isinstance(number, int) or not 0 <= number < MOST_SETS:
        raise document.error(f"damaged: a picture lies on the texture coordinates number {number!r:.40}")
    rotation = float(moved.get("rotation", 0.0))
    if not math.isfinite(rotation):
        raise document.error("damaged: a picture is turned by an angle that is no number")
    return _near(document, Lie(number, _pair(moved.get("offset"), 0.0), rotation, _pair(moved.get("scale"), 1.0)))


def tiled(document: Document, lie: Lie, tiling: object) -> Lie:
    """A picture's place moved and scaled as VRM 0.x writes it beside glTF: x, y, width, height, where v points up."""
    if not isinstance(tiling, list) or len(tiling) < 4:
        return lie
    x, y, wide, high = (float(number) for number in tiling[:4])
    return _near(document, replace(lie, offset=(x, 1 - high - y), scale=(wide, high)))


def _near(document: Document, lie: Lie) -> Lie:
    if not all(abs(number) < FARTHEST for number in (*lie.offset, *lie.scale)):
        raise document.error("damaged: a picture lies where no number leads, or far too far away")
    return lie


def _pair(value: object, default: float) -> tuple[float, float]:
    if isinstance(value, list) and len(value) >= 2:
        return float(value[0]), float(value[1])
    return default, default
