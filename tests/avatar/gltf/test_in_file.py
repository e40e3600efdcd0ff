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

from engine.avatar.errors import BodyError
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


def png(picture: Image.Image) -> Vrm:
    """An entry of ``images``."""
    out = io.BytesIO()
    picture.save(out, "PNG")
    return {"uri": "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()}


RED = png(Image.new("RGB", (4, 4), "red"))


@pytest.mark.parametrize(("mode", "opacity", "cutoff"), [("OPAQUE", 1, 0), ("MASK", 0.25, 0.5), ("BLEND", 0.25, 0.02)])
def test_alpha_is_the_factor_times_the_picture_but_for_opaque_ones(
    tmp_path: Path, mode: str, opacity: float, cutoff: float
) -> None:
    """The glTF 2.0 specification, section 3.9.4."""
    pbr = {"baseColorFactor": [1, 1, 1, 0.25]}
    entries: list[Vrm] = [{"alphaMode": mode, "pbrMetallicRoughness": pbr}]
    surface = Paints(model(tmp_path, entries)).of(0, "a").surface
    assert (surface.opacity, surface.cutoff) == (opacity, cutoff)


MOVED = {"extensions": {"KHR_texture_transform": {"offset": [0.1, 0.2]}}}


@pytest.mark.parametrize(
    ("info", "shader", "expected"),
    [
        ({}, "VRM/MToon", ((0.5, 0.375), (0.25, 0.5))),
        ({"texCoord": 1}, "VRM/UnlitTexture", ((0.5, 0.375), (0.25, 0.5))),
        (MOVED, "VRM/MToon", ((0.1, 0.2), (1, 1))),
        ({}, "VRM_USE_GLTFSHADER", ((0, 0), (1, 1))),
        (None, "VRM/MToon", ((0.5, 0.375), (0.25, 0.5))),
    ],
)
def test_the_place_of_a_picture_in_vrm_0(tmp_path: Path, info: Vrm | None, shader: str, expected: object) -> None:
    """Unity counts from below: what lies an eighth above the lower edge and is half as high begins at 0.375."""
    old = {"shader": shader, "vectorProperties": {"_MainTex": [0.5, 0.125, 0.25, 0.5]}, "textureProperties": {}}
    entry: Vrm = {} if info is None else {"pbrMetallicRoughness": {"baseColorTexture": {"index": 0, **info}}}
    lie = Paints(model(tmp_path, [entry], [old], images=[RED], textures=[{"source": 0}])).of(0, "a").lie
    assert (lie.offset, lie.scale) == expected
    assert lie.number == (info or {}).get("texCoord", 0)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1e300])
def test_a_picture_that_lies_nowhere(tmp_path: Path, number: float) -> None:
    old = {"shader": "VRM/MToon", "vectorProperties": {"_MainTex": [0, number, 1, 1]}}
    far: Vrm = {"index": 0, "extensions": {"KHR_texture_transform": {"scale": [1, number]}}}
    entries: list[Vrm] = [{}, {"pbrMetallicRoughness": {"baseColorTexture": far}}]
    paints = Paints(model(tmp_path, entries, [old], images=[RED], textures=[{"source": 0}]))
    for material in (0, 1):
        with pytest.raises(BodyError, match="a picture lies where no number leads, or far too far away"):
            paints.of(material, "a")


def test_which_pictures_end_at_their_edges(tmp_path: Path) -> None:
    samplers = [{"wrapS": 33071, "wrapT": 10497}, {"wrapS": 33071, "wrapT": 33071}, {}]
    textures: list[Vrm] = [{"source": 0}, *({"source": 0, "sampler": number} for number in range(3))]
    entries: list[Vrm] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": number}}} for number in range(4)]
    paints = Paints(model(tmp_path, entries, images=[RED], textures=textures, samplers=samplers))
    for number in range(4):
        paints.of(number, "a")
    assert paints.clamped == [(False, False), (True, False), (True, True), (False, False)]
    assert not paints.ignored


def test_a_picture_of_16_bits_is_as_grey_as_one_of_8(tmp_path: Path) -> None:
    shades = np.array([[0x00FF, 0x4000, 0xFFFF]], np.uint16)
    images = [png(Image.fromarray(shades)), png(Image.fromarray((shades >> 8).astype(np.uint8)))]
    made = document(tmp_path, images=images, textures=[{"source": 0}, {"source": 1}])
    assert made.picture(0)[0].tolist() == [[0] * 3 + [255], [64] * 3 + [255], [255] * 4]
    assert (made.picture(0) == made.picture(1)).all()


def test_where_pictures_lie_otherwise_than_they_are_drawn_is_said(tmp_path: Path) -> None:
    parts: Vrm = {"images": [RED], "textures": [{"source": 0}, {"source": 0, "sampler": 0}]}
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
