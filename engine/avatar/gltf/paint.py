"""Materials: MToon of VRM 0.x and 1.0 and unlit ones are drawn by the toon shader, metal-rough ones by the soft one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.avatar.body_file import Surface
from engine.avatar.gltf.blending import Blending, blending_0, blending_1, spread
from engine.avatar.gltf.document import Object
from engine.avatar.gltf.model import Model
from engine.avatar.gltf.texture_info import SPECULAR_GLOSSINESS, TRANSFORM, Lie, base_of, base_picture, lie_of, tiled
from engine.avatar.layers import halved

MOST_TEXTURE_EDGE = 2048
"""Pixels of a texture that is kept; a bust in a 1080 × 1920 picture shows no more."""

MOST_TEXTURES = 64

MIRRORED, CLAMPED = 33648, 33071
"""glTF's numbers of a picture that is mirrored where it repeats, and of one whose edge goes on."""

MASK_DEFAULT = 0.5
LEAST_ALPHA = 0.02
"""Of blended surfaces, what is clearer than this is left out, so that it hides nothing."""

GLTF_SHADER = "VRM_USE_GLTFSHADER"
"""Of a VRM 0.x's material that glTF tells all of."""

SKIN_WRAP = 0.42
SKIN_GLOSS, HAIR_GLOSS, MOST_GLOSS = 0.03, 0.09, 0.12
"""Highlights of skin and hair, and of what is as smooth as glass; see ``engine.avatar.surfaces``."""

_SKIN = re.compile(r"skin|face|body|head|flesh|hada|肌|顔", re.IGNORECASE)
_NOT_SKIN = re.compile(r"cloth|hair|eye|brow|lash|teeth|mouth|tongue|shirt|wear", re.IGNORECASE)
_HAIR = re.compile(r"hair|kami|bangs|髪", re.IGNORECASE)
_NOT_HAIR = re.compile(r"brow|lash|hairband|beard|facialhair", re.IGNORECASE)

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Paint:
    """How one material is drawn: the kind of shader, its surface, whether back faces are left out, how the picture
    lies, and whether the colours of vertices dye it: MToon has none, and its files keep other things in them.
    ``blending`` is when it is drawn among others that are blended.
    """

    kind: str
    surface: Surface
    culled: bool
    lie: Lie
    hair: bool = False
    dyed: bool = True
    blending: Blending = field(default_factory=Blending)


class Paints:
    """Reads the materials that are asked for, and keeps each of their textures once."""

    def __init__(self, model: Model) -> None:
        self._model, self._document = model, model.document
        self._numbers: dict[int, int] = {}
        self.textures: list[NDArray[np.uint8]] = []
        self.clamped: list[tuple[bool, bool]] = []
        self.ignored: set[str] = set()
        self.kinds: set[str] = set()

    def of(self, material: int, mesh_name: str) -> Paint:
        """The paint of a material (-1: glTF's default), of a mesh of that name."""
        entry = self._document.entry("materials", material) if material >= 0 else {}
        name = f"{entry.get('name', '')} {mesh_name}"
        mtoon = self._document.extension("VRMC_materials_mtoon", entry)
        told = self._told_0(material)
        old = told if str(told.get("shader", "")).endswith("MToon") else {}
        hair = is_hair(name)
        if mtoon:
            kind, surface = "toon", self._toon_1(entry, mtoon)
        elif old:
            kind, surface = "toon", self._toon_0(entry, old)
        elif "KHR_materials_unlit" in (entry.get("extensions") or {}):
            kind, surface = "toon", self._unlit(entry)
        else:
            skin = bool(_SKIN.search(name) and not _NOT_SKIN.search(name))
            kind, surface = "soft", self._soft(entry, skin=skin, hair=hair)
        self.kinds.add(kind)
        self._note(entry, mtoon, old)
        blending = blending_0(told) if told else blending_1(mtoon)
        return Paint(
            kind,
            replace(surface, hides=bool(blending.hides) or not surface.blended),
            not entry.get("doubleSided", False),
            self._lie(entry, told),
            hair,
            dyed=not (mtoon or old),
            blending=blending,
        )

    def alpha(
        self, paint: Paint, uv: NDArray[np.float32], colour: NDArray[np.float32], triangles: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Alpha (t, p) of a paint in the ``PLACES`` of triangles (t, 3), whose vertices have ``uv`` and ``colour``."""
        surface = paint.surface
        dye = spread(colour[:, 3:], triangles)[..., 0] if paint.dyed else np.ones((len(triangles), 1), np.float32)
        if surface.texture < 0:
            return np.asarray(surface.opacity * dye, np.float32)
        picture = self.textures[surface.texture][..., 3]
        size = picture.shape[::-1]
        at = np.floor(spread(paint.lie.laid(uv), triangles) * size).astype(np.int64)
        at = np.where(self.clamped[surface.texture], np.clip(at, 0, np.subtract(size, 1)), at % size)
        column, row = at[..., 0], at[..., 1]
        return np.asarray(surface.opacity * dye * picture[row, column] / 255, np.float32)

    def _texture(self, info: object) -> int:
        """The kept texture's number, of a texture's number or of an object with its ``index``; -1 for none."""
        number = info.get("index") if isinstance(info, dict) else info
        if number is None or number == -1:
            return -1
        if number not in self._numbers:
            if len(self.textures) >= MOST_TEXTURES:
                raise self._document.error(
                    f"its materials use more than {MOST_TEXTURES} textures; join them to an atlas"
                )
            self.clamped.append(self._clamped(number))
            self._numbers[int(str(number))] = len(self.textures)
            self.textures.append(fitted(self._document.picture(number), MOST_TEXTURE_EDGE))
        return self._numbers[int(str(number))]

    def _clamped(self, texture: object) -> tuple[bool, bool]:
        """Whether a texture's edge goes on across and down, where others repeat."""
        sampler = self._document.entry("textures", texture).get("sampler")
        entry = self._document.entry("samplers", sampler) if sampler is not None else {}
        across, down = entry.get("wrapS"), entry.get("wrapT")
        if MIRRORED in (across, down):
            self.ignored.add("mirroring of pictures that repeat")
        return across == CLAMPED, down == CLAMPED

    def _lie(self, entry: Object, told: Object) -> Lie:
        """How the base picture lies: as glTF says, else as VRM 0.x says beside it."""
        info = base_picture(self._document, entry)
        lie = lie_of(self._document, info)
        if self._document.extension(TRANSFORM, info) or told.get("shader") == GLTF_SHADER:
            return lie
        return tiled(self._document, lie, (told.get("vectorProperties") or {}).get("_MainTex"))

    def _shared(self, entry: Object) -> dict[str, Any]:
        """What every kind has: base texture, tint, and what alpha means."""
        pbr = base_of(self._document, entry)
        factor = _numbers(pbr.get("baseColorFactor"), (1, 1, 1, 1))
        mode = entry.get("alphaMode", "OPAQUE")
        cutoff = float(entry.get("alphaCutoff", MASK_DEFAULT)) if mode == "MASK" else LEAST_ALPHA
        return {
            "texture": self._texture(pbr.get("baseColorTexture")),
            "tint": factor[:3],
            "opacity": factor[3] if mode != "OPAQUE" else 1.0,
            "cutoff": cutoff if mode != "OPAQUE" else 0.0,
            "blended": mode == "BLEND",
            "glow": _numbers(entry.get("emissiveFactor"), (0, 0, 0))[:3]
            if "emissiveTexture" not in entry
            else (0.0,) * 3,
        }

    def _toon_1(self, entry: Object, mtoon: Object) -> Surface:
        return Surface(
            **self._shared(entry),
            shade_texture=self._texture(mtoon.get("shadeMultiplyTexture")),
            shade_tint=_colour(mtoon.get("shadeColorFactor"), (0, 0, 0)),
            shift=float(mtoon.get("shadingShiftFactor", 0)),
            toony=float(mtoon.get("shadingToonyFactor", 0.9)),
            rim=_colour(mtoon.get("parametricRimColorFactor"), (0, 0, 0)),
            rim_power=float(mtoon.get("parametricRimFresnelPowerFactor", 5)),
            rim_lift=float(mtoon.get("parametricRimLiftFactor", 0)),
        )

    def _told_0(self, material: int) -> Object:
        """What a VRM 0.x says of a material beside glTF; empty where it says nothing."""
        entries = self._model.materials_0
        return entries[material] if 0 <= material < len(entries) else {}

    def _toon_0(self, entry: Object, old: Object) -> Surface:
        """MToon of VRM 0.x: colours in sRGB, and a ramp in other terms, as UniVRM's migration to 1.0 turns them."""
        floats, vectors = old.get("floatProperties") or {}, old.get("vectorProperties") or {}
        textures = old.get("textureProperties") or {}
        low = float(floats.get("_ShadeShift", 0))
        high = 1 + (low - 1) * float(floats.get("_ShadeToony", 0.9))
        shared = self._shared(entry)
        shared["tint"] = _linear(_colour((vectors.get("_Color") or (1, 1, 1))[:3], (1, 1, 1)))
        if shared["texture"] < 0:
            shared["texture"] = self._texture(textures.get("_MainTex"))
        return Surface(
            **shared,
            shade_texture=self._texture(textures.get("_ShadeTexture")),
            shade_tint=_linear(_colour((vectors.get("_ShadeColor") or (0.97, 0.81, 0.86))[:3], (1, 1, 1))),
            shift=float(np.clip(-(high + low) / 2, -1, 1)),
            toony=float(np.clip((2 - (high - low)) / 2, 0, 1)),
            rim=_linear(_colour((vectors.get("_RimColor") or (0, 0, 0))[:3], (0, 0, 0))),
            rim_power=float(floats.get("_RimFresnelPower", 1)),
            rim_lift=float(floats.get("_RimLift", 0)),
        )

    def _unlit(self, entry: Object) -> Surface:
        shared = self._shared(entry)
        return Surface(**shared, shade_tint=shared["tint"], shade_texture=shared["texture"])

    def _soft(self, entry: Object, *, skin: bool, hair: bool) -> Surface:
        pbr = base_of(self._document, entry)
        rough = float(pbr.get("roughnessFactor", 1.0))
        gloss = SKIN_GLOSS if skin else HAIR_GLOSS if hair else MOST_GLOSS * max(1 - rough, 0.0) ** 3
        return Surface(**self._shared(entry), wrap=SKIN_WRAP if skin else Surface().wrap, gloss=gloss)

    def _note(self, entry: Object, mtoon: Object, old: Object) -> None:
        """What is in a material and is not drawn."""
        pbr = base_of(self._document, entry)
        shade = mtoon.get("shadeMultiplyTexture")
        base = base_picture(self._document, entry)
        floats = old.get("floatProperties") or {}
        outlined = mtoon.get("outlineWidthMode", "none") != "none" or floats.get("_OutlineWidthMode", 0)
        found = {
            "normal maps": "normalTexture" in entry,
            "occlusion maps (light is worked out anew)": "occlusionTexture" in entry,
            "glowing textures": "emissiveTexture" in entry,
            "metal": float(pbr.get("metallicFactor", 1)) > 0.5 and "metallicFactor" in pbr,
            "highlight maps": "specularGlossinessTexture" in self._document.extension(SPECULAR_GLOSSINESS, entry),
            "the own place of shade pictures (they lie as the base picture does)": isinstance(shade, dict)
            and bool(base)
            and lie_of(self._document, shade) != lie_of(self._document, base),
            "outlines": bool(outlined),
            "matcaps": "matcapTexture" in mtoon or bool((old.get("textureProperties") or {}).get("_SphereAdd")),
        }
        self.ignored |= {name for name, there in found.items() if there}


def is_hair(name: str) -> bool:
    """Whether a material or mesh of that name is hair of the head."""
    return bool(_HAIR.search(name) and not _NOT_HAIR.search(name))


def fitted(picture: NDArray[np.uint8], most: int) -> NDArray[np.uint8]:
    """A picture RGBA no larger than ``most`` on its longer side; what is clear lends no colour to what is not."""
    while max(picture.shape[:2]) > most:
        picture = halved(picture)
    return picture


def density(texture: NDArray[np.uint8], uv: NDArray[Any], position: NDArray[Any], triangles: NDArray[Any]) -> float:
    """Texels a metre that a texture has on most of the triangles it lies on."""
    a, b, c = (uv[triangles[:, k]] * [texture.shape[1], texture.shape[0]] for k in range(3))
    flat = np.abs((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0])
    p, q, r = (position[triangles[:, k]] for k in range(3))
    real = np.linalg.norm(np.cross(q - p, r - p), axis=1)
    good = (real > 1e-12) & (flat > 1e-6)
    return float(np.sqrt(np.percentile(flat[good] / real[good], 30))) if good.any() else 0.0


def _numbers(value: object, default: tuple[float, ...]) -> tuple[float, ...]:
    if isinstance(value, list | tuple) and len(value) >= len(default):
        return tuple(float(v) for v in value[: len(default)])
    return tuple(float(v) for v in default)


def _colour(value: object, default: Colour) -> Colour:
    red, green, blue = _numbers(value, default)
    return red, green, blue


def _linear(colour: Colour) -> Colour:
    red, green, blue = (max(c, 0.0) ** 2.2 for c in colour)
    return red, green, blue
