"""What VRM 1.0 and 0.x write of springs and materials, in the terms that are drawn."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.avatar.gltf.bones import faces_back, from_names
from engine.avatar.gltf.container import open_container
from engine.avatar.gltf.document import Document
from engine.avatar.gltf.licence import Licence
from engine.avatar.gltf.model import Model
from engine.avatar.gltf.paint import Paints, density, fitted
from engine.avatar.gltf.springs_in_file import of_vrm0, of_vrm1
from engine.avatar.gltf.texture_info import SPECULAR_GLOSSINESS

Vrm = dict[str, Any]


def document(folder: Path, **parts: object) -> Document:
    file = folder / "model.gltf"
    file.write_text(json.dumps({"asset": {"version": "2.0"}, **parts}))
    return Document(open_container(file))


def model(folder: Path, materials: list[Vrm], old: list[Vrm] | None = None, **parts: object) -> Model:
    made = Model(document(folder, materials=materials, **parts), "VRM", "m", {}, Licence())
    made.materials_0 = old or []
    return made


def test_springs_of_vrm_1(tmp_path: Path) -> None:
    joint = {"hitRadius": 0.02, "stiffness": 0.8, "gravityPower": 0.5, "gravityDir": [0, -1, 0], "dragForce": 0.3}
    said = {
        "colliders": [
            {"node": 0, "shape": {"sphere": {"offset": [0, 0.1, 0], "radius": 0.1}}},
            {"node": 0, "shape": {"capsule": {"offset": [0, 0, 0], "tail": [0, 0.2, 0], "radius": 0.05}}},
            {"node": 0, "shape": {}},
        ],
        "colliderGroups": [{"colliders": [0, 1, 2, 99]}],
        "springs": [
            {"joints": [joint | {"node": 1}, joint | {"node": 2}], "colliderGroups": [0, 7]},
            {"joints": [joint | {"node": 1}]},
        ],
    }
    nodes = [{"children": [1]}, {"children": [2]}, {}]
    ignored: list[str] = []
    springs = of_vrm1(document(tmp_path, nodes=nodes, extensions={"VRMC_springBone": said}), ignored)
    assert ignored == []
    assert len(springs) == 1
    first, balls = springs[0].joints[0], springs[0].colliders
    assert (first.node, first.stiffness, first.drag, first.radius) == (1, 0.8, 0.3, 0.02)
    np.testing.assert_allclose(first.gravity, [0, -0.5, 0])
    assert [(b.radius, b.tail.tolist()) for b in balls] == [(0.1, [0, 0.1, 0]), (0.05, [0, 0.2, 0])]


def test_springs_of_vrm_1_that_lead_nowhere_are_left_out(tmp_path: Path) -> None:
    ball = {"sphere": {"offset": [0, 0.1, 0], "radius": 0.1}}
    said = {
        "colliders": [{"node": 9, "shape": ball}, {"shape": ball}, {"node": 0, "shape": ball}],
        "colliderGroups": [{"colliders": [0, 1, 2]}],
        "springs": [
            {"joints": [{"node": 1}, {"node": 2}, {"node": -1}], "colliderGroups": [0]},
            {"joints": [{"node": 1}, {}]},
        ],
    }
    ignored: list[str] = []
    nodes = [{"children": [1]}, {"children": [2]}, {}]
    (spring,) = of_vrm1(document(tmp_path, nodes=nodes, extensions={"VRMC_springBone": said}), ignored)
    assert [joint.node for joint in spring.joints] == [1, 2]
    assert [ball.node for ball in spring.colliders] == [0]
    assert set(ignored) == {"springs of joints that are not there", "colliders of joints that are not there"}


def test_each_strand_of_a_root_of_vrm_0_is_a_chain(tmp_path: Path) -> None:
    """A fork below the root, and one further down; the first child's strand comes first."""
    nodes = [{"children": [1, 2]}, {}, {"children": [3, 4]}, {}, {}]
    vrm = {"secondaryAnimation": {"boneGroups": [{"bones": [0, -1, 3]}]}}
    ignored: list[str] = []
    springs = of_vrm0(document(tmp_path, nodes=nodes), vrm, ignored)
    assert [[joint.node for joint in s.joints] for s in springs] == [[0, 1], [0, 2, 3], [0, 2, 4], [3]]
    assert all(s.leaf for s in springs)
    assert ignored == ["springs of joints that are not there"]


def test_mtoon_of_vrm_1(tmp_path: Path) -> None:
    mtoon = {"shadeColorFactor": [0.5, 0.4, 0.3], "shadingShiftFactor": -0.1, "shadingToonyFactor": 0.8}
    mtoon |= {"parametricRimColorFactor": [0.1, 0.1, 0.1], "outlineWidthMode": "worldCoordinates"}
    entry = {
        "name": "Hair_01", "pbrMetallicRoughness": {"baseColorFactor": [0.9, 0.8, 0.7, 1]}, "doubleSided": True,
        "alphaMode": "MASK", "alphaCutoff": 0.3, "extensions": {"VRMC_materials_mtoon": mtoon},
    }  # fmt: skip
    paints = Paints(model(tmp_path, [entry]))
    paint = paints.of(0, "Hair")
    surface = paint.surface
    assert (paint.kind, paint.culled, paint.hair) == ("toon", False, True)
    assert (surface.tint, surface.shade_tint) == ((0.9, 0.8, 0.7), (0.5, 0.4, 0.3))
    assert (surface.shift, surface.toony, surface.cutoff, surface.blended) == (-0.1, 0.8, 0.3, False)
    assert paints.ignored == {"outlines"}


@pytest.mark.parametrize(
    ("shift", "toony", "expected"),
    [(0.0, 0.9, (-0.05, 0.95)), (0.0, 0.0, (-0.5, 0.5)), (-0.4, 0.5, (0.05, 0.65))],
)
def test_mtoon_of_vrm_0_becomes_that_of_1(
    tmp_path: Path, shift: float, toony: float, expected: tuple[float, float]
) -> None:
    """The ramp from ``shift`` to lerp(1, shift, toony), as its middle and its steepness."""
    old = {"shader": "VRM/MToon", "floatProperties": {"_ShadeShift": shift, "_ShadeToony": toony}}
    old["vectorProperties"] = {"_Color": [0.5, 0.5, 0.5, 1]}
    surface = Paints(model(tmp_path, [{"name": "a"}], [old])).of(0, "a").surface
    assert (surface.shift, surface.toony) == pytest.approx(expected)
    assert surface.tint == pytest.approx((0.5**2.2,) * 3)


def test_metal_rough_skin_and_clear_glass(tmp_path: Path) -> None:
    skin = {"name": "Wolf3D_Skin", "normalTexture": {"index": 0}}
    glass = {"name": "Lens", "alphaMode": "BLEND", "pbrMetallicRoughness": {"baseColorFactor": [1, 1, 1, 0.2]}}
    unlit = {"name": "Sign", "extensions": {"KHR_materials_unlit": {}}}
    paints = Paints(model(tmp_path, [skin, glass, unlit]))
    a, b, c = (paints.of(i, "mesh") for i in range(3))
    assert (a.kind, a.culled, a.surface.wrap) == ("soft", True, 0.42)
    assert (b.surface.blended, b.surface.opacity, b.surface.wrap) == (True, 0.2, 0.18)
    assert c.kind == "toon"
    assert c.surface.shade_tint == c.surface.tint
    assert "normal maps" in paints.ignored
    assert paints.of(-1, "no material").kind == "soft"


def test_specular_glossiness_is_drawn_by_its_colour(tmp_path: Path) -> None:
    block = {"diffuseFactor": [0.2, 0.3, 0.4, 0.5], "glossinessFactor": 0.9}
    mapped = block | {"specularGlossinessTexture": {"index": 0}}
    entries: list[Vrm] = [{"alphaMode": "BLEND", "extensions": {SPECULAR_GLOSSINESS: each}} for each in (block, mapped)]
    paints = Paints(model(tmp_path, entries))
    plain = paints.of(0, "case").surface
    assert (plain.tint, plain.opacity) == ((0.2, 0.3, 0.4), 0.5)
    assert plain.gloss > 0
    assert not paints.ignored
    assert paints.of(1, "case").surface.gloss == 0
    assert paints.ignored == {"highlight maps"}


def test_where_pictures_lie_otherwise_than_they_are_drawn_is_said(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, "PNG")
    image = {"uri": "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()}
    parts: Vrm = {"images": [image], "textures": [{"source": 0}, {"source": 0, "sampler": 0}]}
    mtoon = {"shadeMultiplyTexture": {"index": 0, "texCoord": 1}}
    entries: list[Vrm] = [
        {"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}, "extensions": {"VRMC_materials_mtoon": mtoon}},
        {"pbrMetallicRoughness": {"baseColorTexture": {"index": 1}}},
    ]
    paints = Paints(model(tmp_path, entries, samplers=[{"wrapS": 33648}], **parts))
    paints.of(0, "face")
    assert paints.ignored == {"the own place of shade pictures (they lie as the base picture does)"}
    paints.of(1, "floor")
    assert "mirroring of pictures that repeat" in paints.ignored


def joints(*names: str) -> list[Vrm]:
    return [{"name": name} for name in names]


def test_rigify_s_last_joint_of_the_spine_is_the_head_where_there_is_no_other(tmp_path: Path) -> None:
    spine = joints("DEF-spine", "DEF-spine.001", "DEF-spine.004", "DEF-spine.006")
    assert from_names(document(tmp_path, nodes=spine)) == {"spine": 0, "neck": 2, "head": 3}
    with_head = from_names(document(tmp_path, nodes=[*spine, *joints("Head")]))
    assert (with_head["head"], "neck" in with_head) == (4, False)


@pytest.mark.parametrize("bones", [("LeftArm", "RightArm"), ("LeftEye", "RightEye"), ("thigh.L", "thigh.R")])
@pytest.mark.parametrize(("left", "back"), [(0.1, False), (-0.1, True), (0.0, False)])
def test_a_skeleton_says_which_way_it_looks(tmp_path: Path, bones: tuple[str, str], left: float, back: bool) -> None:
    sides = [{"name": bones[0], "translation": [left, 0, 0]}, {"name": bones[1], "translation": [-left, 0, 0]}]
    made = document(tmp_path, nodes=[*sides, {"children": [0, 1], "rotation": [1, 0, 0, 0]}])
    assert faces_back(made, from_names(made)) is back


def test_a_skeleton_without_sides_looks_forward(tmp_path: Path) -> None:
    made = document(tmp_path, nodes=joints("Head", "LeftArm"))
    assert not faces_back(made, from_names(made))


def test_a_name_as_it_stands_goes_before_a_numbered_one(tmp_path: Path) -> None:
    assert from_names(document(tmp_path, nodes=joints("Head_06", "Head", "Neck_05"))) == {"head": 1, "neck": 2}


def test_textures_shrink_without_bleeding() -> None:
    picture = np.zeros((64, 64, 4), np.uint8)
    picture[..., 0] = 255
    picture[::2, ::2] = (0, 0, 255, 255)
    small = fitted(picture, 16)
    assert small.shape == (16, 16, 4)
    assert (small[..., 2] > 240).all()
    assert abs(int(small[..., 3].mean()) - 64) < 2


def test_density_is_texels_a_metre() -> None:
    uv = np.array([[0, 0], [1, 0], [0, 1]], np.float32)
    position = np.array([[0, 0, 0], [0.1, 0, 0], [0, 0, 0.1]])
    assert density(np.zeros((200, 200, 4), np.uint8), uv, position, np.array([[0, 1, 2]])) == pytest.approx(2000)
