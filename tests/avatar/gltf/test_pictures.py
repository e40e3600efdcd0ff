"""Pictures of a model as they are drawn: beyond their edges, and where alpha leaves them out."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.avatar import open_body
from engine.avatar.body_file import write_body
from engine.avatar.gltf import import_model
from engine.flow import rest_curves
from engine.settings.channel import Canvas
from tests.avatar.gltf.conftest import Change
from tests.avatar.gltf.test_ordinary_models import added, inline, mesh_number, vertices

Changed = Callable[[Change], Path]
Vrm = dict[str, Any]

CANVAS = Canvas(width=360, height=640)
FOREHEAD = slice(165, 175), slice(170, 190)

RED, BLUE, GREY = (0, 0, 255), (255, 0, 0), (127, 127, 127)
"""Blue, green and red."""


def forehead(file: Path, folder: Path) -> tuple[int, ...]:
    """The colour there, of the model at rest over grey."""
    write_body(folder / "a.ehb", import_model(file, "", lambda share, what: None, draft=True)[0])
    opened = open_body(folder / "a.ehb", CANVAS)
    picture = np.full((CANVAS.height, CANVAS.width, 3), 127, np.uint8)
    opened.paint(rest_curves(), picture)
    opened.close()
    return tuple(np.median(picture[FOREHEAD].reshape(-1, 3), 0).astype(int).tolist())


def painted_head(document: Vrm, material: Vrm, at: tuple[float, float], **sampler: int) -> None:
    """The whole head shows one place of a picture that is red on the left, blue on the right."""
    halves = Image.new("RGB", (16, 16), (255, 0, 0))
    halves.paste((0, 0, 255), (8, 0, 16, 16))
    out = io.BytesIO()
    halves.save(out, "PNG")
    document |= {"images": [{"uri": inline(out.getvalue(), "image/png")}], "samplers": [sampler]}
    document["textures"] = [{"source": 0, "sampler": 0}]
    primitive = document["meshes"][mesh_number(document, "head")]["primitives"][0]
    coordinates = np.tile(np.array(at, np.float32), (vertices(document, "head"), 1))
    primitive["attributes"]["TEXCOORD_0"] = added(document, coordinates)
    primitive["material"] = len(document["materials"])
    pbr = {"baseColorTexture": {"index": 0}, **material.pop("pbr", {})}
    unlit = {"pbrMetallicRoughness": pbr, "extensions": {"KHR_materials_unlit": {}}}
    document["materials"].append(unlit | material)


@pytest.mark.parametrize(
    ("at", "sampler", "colour"),
    [
        ((1.25, 0.5), {}, RED),
        ((1.25, 0.5), {"wrapS": 10497, "wrapT": 33071}, RED),
        ((1.25, 0.5), {"wrapS": 33071}, BLUE),
        ((-0.25, 0.5), {"wrapS": 33071}, RED),
        ((0.75, 7.5), {"wrapT": 33071}, BLUE),
    ],
)
def test_beyond_its_edge_a_picture_repeats_or_its_edge_goes_on(
    changed: Changed, tmp_path: Path, at: tuple[float, float], sampler: dict[str, int], colour: tuple[int, ...]
) -> None:
    assert forehead(changed(lambda document: painted_head(document, {}, at, **sampler)), tmp_path) == colour


@pytest.mark.parametrize(
    ("mode", "alpha", "colour"),
    [("MASK", 0.4, GREY), ("MASK", 0.6, BLUE), ("OPAQUE", 0.0, BLUE), ("BLEND", 0.0, GREY), ("BLEND", 1.0, BLUE)],
)
def test_the_factor_s_alpha_leaves_out_what_is_masked(
    changed: Changed, tmp_path: Path, mode: str, alpha: float, colour: tuple[int, ...]
) -> None:
    material: Vrm = {"alphaMode": mode, "pbr": {"baseColorFactor": [1, 1, 1, alpha]}}
    assert forehead(changed(lambda document: painted_head(document, material, (0.75, 0.5))), tmp_path) == colour


def test_a_picture_of_vrm_0_is_tiled(changed: Changed, tmp_path: Path) -> None:
    """At its left edge, of which only the right half of the picture is laid on the mesh."""

    def change(document: Vrm) -> None:
        painted_head(document, {}, (0.25, 0.5))
        told = {"shader": "VRM/MToon", "vectorProperties": {"_MainTex": [0.5, 0, 0.5, 1], "_Color": [1, 1, 1, 1]}}
        told["vectorProperties"]["_ShadeColor"] = [1, 1, 1, 1]
        document["extensions"]["VRM"]["materialProperties"].append(told)

    assert forehead(changed(change), tmp_path) == BLUE
