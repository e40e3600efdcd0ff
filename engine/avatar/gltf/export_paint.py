"""Our shaders' colours as glTF materials: a texture, a colour a vertex, and how rough it is.

Light is not exported, so that the model looks lit in any program; nor is what only our shaders have (strand highlights,
hems, knitted ribs).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.avatar.body_file import BodyData, PartData
from engine.avatar.gltf.glb import GlbWriter
from engine.avatar.scene import BEARD_GAIN, ROOT_GAIN, TEETH, TIP_GAIN, TONGUE, hair_light, skin_tone

Floats32 = NDArray[np.float32]

EYE_EDGE = 512
"""Pixels of the eye's picture, which shows directions within ``EYE_REACH`` radians of straight ahead."""

EYE_REACH = 1.7
IRIS, PUPIL = 0.475, 0.40
"""Radians of the iris, and the pupil's share of it, as the eye shader has them."""

STREAK_MEAN, STREAK_GAIN = 0.45, 0.55
LASH_COLOUR = (0.020, 0.009, 0.007)
CLOTH_ALBEDO = 0.82
"""Of the dye, as the cloth shader has it."""


@dataclass
class Painted:
    """Material number, texture coordinates (n, 2) and vertex colours (n, 4), linear, of one part."""

    material: int
    uv: Floats32
    colour: Floats32


class Painter:
    """Makes each material once."""

    def __init__(self, glb: GlbWriter, body: BodyData) -> None:
        self._glb, self._body = glb, body
        self._made: dict[str, int] = {}
        self._by_kind: dict[str, Callable[[PartData], Painted]] = {
            "skin": self._skin, "hair": self._hair, "cloth": self._cloth, "eye": self._eye, "mouth": self._mouth,
            "lash": self._lash, "decal": self._decal,
        }  # fmt: skip

    def of(self, part: PartData) -> Painted:
        """The paint of a part of one of our hosts."""
        return self._by_kind[part.kind](part)

    def _material(
        self,
        name: str,
        *,
        rough: float,
        texture: NDArray[np.uint8] | None = None,
        repeats: bool = False,
        culled: bool,
        mask: bool = False,
    ) -> int:
        key = f"{name}{' mask' if mask else ''}"
        if key not in self._made:
            pbr: dict[str, Any] = {"metallicFactor": 0.0, "roughnessFactor": rough}
            if texture is not None:
                pbr["baseColorTexture"] = {"index": self._glb.texture(texture, name, clamped=not repeats)}
            entry: dict[str, Any] = {"name": key, "pbrMetallicRoughness": pbr, "doubleSided": not culled}
            if mask:
                entry |= {"alphaMode": "MASK", "alphaCutoff": 0.5}
            self._made[key] = self._glb.added("materials", entry)
        return self._made[key]

    def _skin(self, part: PartData) -> Painted:
        tone = np.array(skin_tone(self._body.paint))
        mouth, scalp = part.attributes["inner_mouth"], part.attributes["scalp"]
        root = np.array(hair_light(self._body.colours["hair_root"], ROOT_GAIN))
        colour = 1 + mouth * (np.array([0.30, 0.06, 0.06]) * 0.4 / tone - 1)
        colour = colour * (1 + scalp * (np.minimum(root * 0.8 / tone, 1) - 1))
        material = self._material("skin", rough=0.6, texture=self._body.paint[..., :3], culled=part.material.culled)
        return Painted(material, part.attributes["paint"], _opaque(colour))

    def _hair(self, part: PartData) -> Painted:
        strand = part.attributes["strand"]
        height, thickness = strand[:, 1:2], strand[:, 2:3]
        light = np.clip(0.28 + 0.30 * height + 0.20 * (thickness - 0.5), 0, 1)
        dye, colours = part.material.dye, self._body.colours
        if dye:
            root, tip = (hair_light(colours[dye], BEARD_GAIN * gain) for gain in (0.8, 1.3))
        else:
            root, tip = hair_light(colours["hair_root"], ROOT_GAIN), hair_light(colours["hair_tip"], TIP_GAIN)
        albedo = np.array(root) + light * (np.array(tip) - np.array(root))
        grey = np.clip(1 + STREAK_GAIN * (self._body.streaks / 255.0 - STREAK_MEAN), 0, None)
        grey = np.sqrt(np.clip(grey / (1 + STREAK_GAIN * (1 - STREAK_MEAN)), 0, 1))
        picture = np.repeat(np.round(255 * grey).astype(np.uint8)[..., None], 3, 2)
        at = np.concatenate([strand[:, :1] * 0.32 + thickness * 7, height * 0.35 + thickness * 3], 1)
        name = "hair" if not dye else f"{dye} facialhair"
        albedo = albedo * (1 + STREAK_GAIN * (1 - STREAK_MEAN))
        material = self._material(name, rough=0.5, texture=picture, repeats=True, culled=False)
        return Painted(material, at, _opaque(albedo))

    def _cloth(self, part: PartData) -> Painted:
        dye = np.array(self._body.colours[part.material.dye]) ** 2 * CLOTH_ALBEDO
        keep = part.attributes["keep"]
        partly = bool((keep < 0).any())
        colour = _opaque(np.tile(dye, (len(part.position), 1)))
        if partly:
            colour[:, 3:] = np.clip(0.5 + keep / (2 * max(float(np.abs(keep).max()), 1e-9)), 0, 1)
        material = self._material(
            f"{part.material.dye} cloth",
            rough=0.8 - 0.4 * part.material.sheen,
            culled=part.material.culled,
            mask=partly,
        )
        return Painted(material, np.zeros((len(keep), 2), np.float32), colour)

    def _eye(self, part: PartData) -> Painted:
        directions = part.attributes["direction"].astype(np.float64)
        x, y, z = (directions / np.linalg.norm(directions, axis=1, keepdims=True)).T
        angle = np.arccos(np.clip(-y, -1, 1))
        aside = np.stack([x, -z], 1) / np.maximum(np.hypot(x, z), 1e-9)[:, None]
        uv = 0.5 + 0.5 * aside * np.minimum(angle / EYE_REACH, 1)[:, None]
        material = self._material(
            "eye", rough=0.35, texture=eye_picture(self._body.colours["iris"], self._body.streaks), culled=False
        )
        return Painted(material, uv.astype(np.float32), _opaque(np.ones((len(x), 3))))

    def _mouth(self, part: PartData) -> Painted:
        dye = np.array(TONGUE if part.name == "tongue" else TEETH) ** 2
        deep = (part.position[:, 1:2] - self._body.landmarks["lip_front"] - 0.012) / (0.045 - 0.012)
        front = 1 - np.clip(deep, 0, 1)
        albedo = dye * (np.array([0.50, 0.16, 0.13]) + front * (1 - np.array([0.50, 0.16, 0.13]))) * (0.4 + 0.6 * front)
        material = self._material("mouth", rough=0.35, culled=False)
        return Painted(material, np.zeros((len(albedo), 2), np.float32), _opaque(albedo))

    def _lash(self, part: PartData) -> Painted:
        colour = np.tile(LASH_COLOUR, (len(part.position), 1))
        material = self._material("lashes", rough=1.0, culled=False)
        return Painted(material, np.zeros((len(colour), 2), np.float32), _opaque(colour))

    def _decal(self, part: PartData) -> Painted:
        material = self._material("logo", rough=0.8, texture=self._body.logo, culled=False, mask=True)
        return Painted(material, part.attributes["logo_at"], _opaque(np.ones((len(part.position), 3))))


def _opaque(colour: NDArray[Any]) -> Floats32:
    """Vertex colours (n, 4), linear."""
    return np.concatenate([np.clip(colour, 0, 1), np.ones((len(colour), 1))], 1).astype(np.float32)


def eye_picture(iris: tuple[float, float, float], streaks: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """White, iris and pupil around the middle, RGB, as the eye shader paints them, with a highlight."""
    y, x = np.mgrid[0:EYE_EDGE, 0:EYE_EDGE].astype(np.float64) / (EYE_EDGE - 1) * 2 - 1
    angle = np.hypot(x, y) * EYE_REACH
    q, turn = angle / IRIS, np.arctan2(-y, x)
    rows, columns = streaks.shape[:2]
    fibre = streaks[int(0.5 * rows), (np.mod(turn * 0.9549 + 0.5, 1) * (columns - 1)).astype(int)] / 255.0
    base = np.array(iris) ** 2
    inner, outer = base * 1.7 + [0.03, 0.02, 0.005], base * 0.75
    colour = inner + _step(0.30, 0.95, q)[..., None] * (outer - inner)
    colour = colour * (0.65 + 0.75 * fibre)[..., None]
    colour = colour + (_step(0.80, 1.02, q) * 0.85)[..., None] * (np.array([0.012, 0.008, 0.008]) - colour)
    colour = colour * _step(PUPIL - 0.04, PUPIL + 0.05, q)[..., None] + 0.004
    white, red = np.array([0.945, 0.925, 0.92]) ** 2, np.array([0.90, 0.72, 0.69]) ** 2
    ball = white + (_step(0.75, 1.25, angle) * 0.55)[..., None] * (red - white)
    colour = colour + _step(0.96, 1.06, q)[..., None] * (ball - colour)
    glint = 1 - _step(0.10, 0.14, np.hypot(x * EYE_REACH + 0.17, y * EYE_REACH + 0.20))
    colour = colour + (glint * 0.85)[..., None] * (1 - colour)
    return np.asarray(np.round(255 * np.sqrt(np.clip(colour, 0, 1))), np.uint8)


def _step(low: float, high: float, x: NDArray[np.float64]) -> NDArray[np.float64]:
    t = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))
