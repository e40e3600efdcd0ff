"""Models as programs write them: mirrored halves, sliders left on, colours that are masks, other places of pictures."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.avatar import BodyError
from engine.avatar.body_file import BodyData, PartData
from engine.avatar.gltf import Report, import_model
from engine.avatar.gltf.container import open_container
from engine.avatar.gltf.document import Document
from engine.avatar.gltf.model import read_model
from engine.avatar.gltf.recipes import recipes_of
from engine.settings import in_chinese
from tests.avatar.gltf.conftest import Change, glb, parts_of

Changed = Callable[[Change], Path]
Vrm = dict[str, Any]

HEAD_HEIGHT = 0.86
"""Of the rabbit's head joint."""


def imported(file: Path) -> tuple[BodyData, Report]:
    return import_model(file, "", lambda share, what: None, draft=True)


def part(body: BodyData, document: Vrm, mesh: str) -> PartData:
    """The part made of a mesh that no arm bone moves."""
    return next(p for p in body.parts if p.name == str(mesh_number(document, mesh)))


def mesh_number(document: Vrm, name: str) -> int:
    return next(i for i, mesh in enumerate(document["meshes"]) if mesh["name"] == name)


def inline(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def added(document: Vrm, values: NDArray[np.float32]) -> int:
    """The number of an accessor with these values (n, width)."""
    content = values.astype("<f4").tobytes()
    document["buffers"].append({"byteLength": len(content), "uri": inline(content, "application/octet-stream")})
    document["bufferViews"].append({"buffer": len(document["buffers"]) - 1, "byteLength": len(content)})
    view, shape = len(document["bufferViews"]) - 1, f"VEC{values.shape[1]}"
    document["accessors"].append({"bufferView": view, "componentType": 5126, "count": len(values), "type": shape})
    return len(document["accessors"]) - 1


def vertices(document: Vrm, mesh: str) -> int:
    primitive = document["meshes"][mesh_number(document, mesh)]["primitives"][0]
    return int(document["accessors"][primitive["attributes"]["POSITION"]]["count"])


def pictured(document: Vrm, kind: str, texture: Vrm, **info: object) -> None:
    """All materials have a red picture."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (250, 0, 0)).save(out, kind)
    document["images"] = [{"uri": inline(out.getvalue(), f"image/{kind.lower()}")}]
    document["textures"] = [texture]
    for material in document["materials"]:
        material["pbrMetallicRoughness"]["baseColorTexture"] = {"index": 0, **info}


def test_sliders_keep_their_weights_and_what_expressions_move_rests(rabbit: Path, changed: Changed) -> None:
    def without_anger(document: Vrm) -> None:
        groups = document["extensions"]["VRM"]["blendShapeMaster"]["blendShapeGroups"]
        groups[:] = [group for group in groups if group["name"] != "Angry"]

    def weighted(of_node: list[float] | None) -> Change:
        def change(document: Vrm) -> None:
            without_anger(document)
            brow, mouth = (mesh_number(document, name) for name in ("brow +1", "mouth"))
            document["meshes"][brow]["weights"] = [0, 1]
            document["meshes"][mouth]["weights"] = [1, 0, 0]
            if of_node is not None:
                next(n for n in document["nodes"] if n.get("mesh") == brow)["weights"] = of_node

        return change

    document, _ = parts_of(rabbit)
    plain = imported(changed(without_anger))[0]

    def lowered(body: BodyData) -> float:
        before, after = (part(b, document, "brow +1").position[:, 2].mean() for b in (plain, body))
        return float(before - after)

    whole = imported(changed(weighted(None)))[0]
    assert lowered(whole) > 0.005
    assert lowered(imported(changed(weighted([0, 0.5])))[0]) == pytest.approx(lowered(whole) / 2, rel=0.02)
    mouth, before = part(whole, document, "mouth"), part(plain, document, "mouth")
    assert np.sort(mouth.position[:, 2]) == pytest.approx(np.sort(before.position[:, 2]), abs=1e-5)


def test_vertex_colours_dye_metal_rough_and_not_mtoon(rabbit: Path, changed: Changed) -> None:
    def black(document: Vrm) -> None:
        colour = added(document, np.zeros((vertices(document, "head"), 4), np.float32))
        document["meshes"][mesh_number(document, "head")]["primitives"][0]["attributes"]["COLOR_0"] = colour

    def black_and_rough(document: Vrm) -> None:
        black(document)
        del document["extensions"]["VRM"]["materialProperties"]

    document, _ = parts_of(rabbit)
    toon, soft = (part(imported(changed(change))[0], document, "head") for change in (black, black_and_rough))
    assert (toon.kind, soft.kind) == ("toon", "soft")
    assert (toon.attributes["dyed"] == 1).all()
    assert (soft.attributes["dyed"] == 0).all()


def hung(document: Vrm, mesh: str, joint: str, scale: list[float]) -> None:
    """A mesh hangs on a joint without a skin, in its own place, scaled about the head joint's middle."""
    number = mesh_number(document, mesh)
    node = next(i for i, n in enumerate(document["nodes"]) if n.get("mesh") == number)
    above = next(n for n in document["nodes"] if n["name"] == joint and "mesh" not in n)
    del document["nodes"][node]["skin"]
    document["nodes"][node] |= {"scale": scale, "translation": [0, -HEAD_HEIGHT, 0]}
    document["scenes"][0]["nodes"].remove(node)
    above.setdefault("children", []).append(node)


@pytest.mark.parametrize("scale", [[1, 1, 1], [-1, 1, 1], [1, 1, 0.25], [-1, 1, -0.25]])
def test_mirrored_and_squashed_parts_are_seen_and_lit_from_outside(changed: Changed, scale: list[float]) -> None:
    body, _ = imported(changed(lambda document: hung(document, "head", "head", scale)))
    on_head = [p for p in body.parts if p.neck[:, 3].min() > 0.999 and "swing" not in p.attributes]
    ball = max(on_head, key=lambda p: float(np.ptp(p.position[:, 2])))
    a, b, c = (ball.position[ball.triangles[:, k]].astype(float) for k in range(3))
    face = np.cross(b - a, c - a)
    face /= np.linalg.norm(face, axis=1, keepdims=True)
    lit = ball.normal[ball.triangles].mean(1)
    assert np.einsum("ti,ti->t", face, lit).min() > 0
    assert np.einsum("ti,ti->t", face, lit).mean() > 0.9
    outward = a - ball.position.mean(0)
    assert (np.einsum("ti,ti->t", face, outward) > 0).mean() > 0.95


def dead_joint_of_a_spring(vrm: Vrm, number: int) -> None:
    vrm["secondaryAnimation"]["boneGroups"][0]["bones"].append(number)


def dead_collider(vrm: Vrm, number: int) -> None:
    ball = {"offset": {"x": 0, "y": 0, "z": 0}, "radius": 0.1}
    said = vrm["secondaryAnimation"]
    said["colliderGroups"].append({"node": number, "colliders": [ball]})
    said["boneGroups"][0]["colliderGroups"].append(len(said["colliderGroups"]) - 1)


def dead_mesh(vrm: Vrm, number: int) -> None:
    bind = {"mesh": number, "index": 0, "weight": 100}
    vrm["blendShapeMaster"]["blendShapeGroups"].append({"name": "Bow", "presetName": "unknown", "binds": [bind]})


def dead_target(vrm: Vrm, number: int) -> None:
    """Beside one that is there."""
    binds = vrm["blendShapeMaster"]["blendShapeGroups"][0]["binds"]
    binds.append(binds[0] | {"index": number})


def dead_bone(vrm: Vrm, number: int) -> None:
    vrm["humanoid"]["humanBones"].append({"bone": "jaw", "node": number})


@pytest.mark.parametrize("number", [-1, 10**6])
@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (dead_joint_of_a_spring, "springs of joints that are not there"),
        (dead_collider, "colliders of joints that are not there"),
        (dead_mesh, "morph targets that are not there in the expression Bow"),
        (dead_target, "morph targets that are not there in the expression aa"),
        (dead_bone, "the bone jaw, whose joint is not there"),
    ],
)
def test_what_leads_nowhere_is_left_out_and_said(
    rabbit: Path, changed: Changed, spoil: Callable[[Vrm, int], None], told: str, number: int
) -> None:
    """As UniVRM and three-vrm open such files."""
    model = read_model(changed(lambda document: spoil(document["extensions"]["VRM"], number)))
    assert model.ignored == [told]
    assert in_chinese(f"ignored  {told}").startswith("不使用　")
    assert in_chinese(told) != told
    whole = read_model(rabbit)
    assert model.bones == whole.bones
    assert [len(s.colliders) for s in model.springs] == [len(s.colliders) for s in whole.springs]
    assert {name: binds for name, binds in model.expressions.items() if binds} == whole.expressions


def of_vrm_1(expressions: Vrm) -> Change:
    """The rabbit as VRM 1.0, whose mouth's targets have names."""

    def change(document: Vrm) -> None:
        bones = document["extensions"]["VRM"]["humanoid"]["humanBones"]
        human = {"humanBones": {bone["bone"]: {"node": bone["node"]} for bone in bones}}
        document["meshes"][mesh_number(document, "mouth")]["extras"] = {"targetNames": ["aa", "oh"]}
        document["extensions"] = {"VRMC_vrm": {"humanoid": human, "expressions": expressions}}

    return change


def test_nodes_without_the_target_of_an_expression_are_left_out(changed: Changed) -> None:
    binds = [{"node": -1, "index": 0}, {"node": 0, "index": 0}, {"index": 0}]
    model = read_model(changed(of_vrm_1({"preset": {"happy": {"morphTargetBinds": binds}}})))
    assert model.expressions == {"happy": []}
    assert model.ignored == ["morph targets that are not there in the expression happy"]


def test_expressions_that_are_empty_hide_no_morph_target(changed: Changed) -> None:
    """Programs write all presets, and give those only that they know something to move."""
    empty = {name: {} for name in ("aa", "ih", "ou", "ee", "oh", "blink", "happy")}
    assert "mouths aa, oh" in recipes_of(read_model(changed(of_vrm_1({"preset": empty})))).has


def looking_back(document: Vrm) -> None:
    """What UniGLTF writes of the same model: no VRM, joints with names, looking towards -z."""
    bones = {bone["bone"]: bone["node"] for bone in document["extensions"]["VRM"]["humanoid"]["humanBones"]}
    names = {"head": "Head", "neck": "Neck", "UpperArm": "Arm", "LowerArm": "ForeArm", "Hand": "Hand"}
    for bone, node in bones.items():
        side = next((side for side in ("left", "right") if bone.startswith(side)), "")
        if name := names.get(bone.removeprefix(side)):
            document["nodes"][node]["name"] = side.capitalize() + name
    document["meshes"][mesh_number(document, "mouth")]["extras"] = {"targetNames": ["mouthOpen", "o"]}
    del document["extensions"]


def test_a_plain_gltf_that_looks_back_faces_the_viewers(rabbit_body: tuple[BodyData, Report], changed: Changed) -> None:
    body, report = imported(changed(looking_back))
    assert report.model.kind == "glTF"
    front = [min(float(p.position[:, 1].min()) for p in made.parts) for made in (body, rabbit_body[0])]
    assert front[0] < body.neck_joints[3][1] - 0.03, "the nose is in front of the head"
    assert body.arm_joints[0][0][0] > 0 > body.arm_joints[1][0][0]
    assert not body.chains


def test_all_strands_of_one_root_swing(changed: Changed) -> None:
    """Both ears hang on one spring root."""

    def change(document: Vrm) -> None:
        nodes, group = document["nodes"], document["extensions"]["VRM"]["secondaryAnimation"]["boneGroups"][0]
        ears = group["bones"]
        head = next(n for n in nodes if set(ears) <= set(n.get("children", ())))
        nodes.append({"name": "hairRoot", "children": ears, "translation": [0, 0.05, 0]})
        for ear in ears:
            nodes[ear]["translation"][1] -= 0.05
        head["children"] = [*(c for c in head["children"] if c not in ears), len(nodes) - 1]
        group["bones"] = [len(nodes) - 1]

    body, report = imported(changed(change))
    assert [len(chain.joints) - 1 for chain in body.chains] == [6, 6]
    assert report.still_chains == 0
    moved = [p.attributes["swing"][p.attributes["swing_weight"] > 0] for p in body.parts if "swing" in p.attributes]
    # The first joint of each is the root, which no vertex of the ears follows.
    assert set(np.unique(np.concatenate(moved))) == {*range(1, 6), *range(7, 12)}


def test_a_spring_of_one_joint_reaches_away_from_what_it_hangs_on(rabbit: Path, changed: Changed) -> None:
    def change(document: Vrm) -> None:
        group = document["extensions"]["VRM"]["secondaryAnimation"]["boneGroups"][0]
        end = group["bones"][0]
        while document["nodes"][end].get("children"):
            end = document["nodes"][end]["children"][0]
        group["bones"] = [end]

    (whole, _), (body, _) = imported(rabbit), imported(changed(change))
    (chain,) = body.chains
    np.testing.assert_allclose(chain.joints, whole.chains[0].joints[-2:], atol=1e-6)


def test_webp_is_drawn_where_an_extension_names_it(changed: Changed) -> None:
    def change(document: Vrm) -> None:
        pictured(document, "WEBP", {"extensions": {"EXT_texture_webp": {"source": 0}}})
        document["extensionsRequired"] = ["EXT_texture_webp"]

    body, _ = imported(changed(change))
    assert body.textures[0][..., 0].min() > 200
    assert body.textures[0][..., 1].max() < 60


@pytest.mark.parametrize(
    ("texture", "told"),
    [
        ({}, "texture 0 has no PNG, JPEG or WebP picture; export it with one"),
        ({"extensions": {"KHR_texture_basisu": {"source": 0}}}, "picture but Basis Universal pictures; export it with"),
    ],
)
def test_a_texture_without_a_picture(changed: Changed, texture: Vrm, told: str) -> None:
    with pytest.raises(BodyError, match=told):
        imported(changed(lambda document: pictured(document, "PNG", texture)))


def test_a_picture_lies_where_its_coordinates_and_its_transform_say(rabbit: Path, changed: Changed) -> None:
    """The second set of coordinates, scaled, turned a quarter and moved (KHR_texture_transform)."""

    def change(document: Vrm) -> None:
        moved = {"scale": [2, 1], "rotation": math.pi / 2, "offset": [0.5, 0], "texCoord": 1}
        pictured(document, "PNG", {"source": 0}, extensions={"KHR_texture_transform": moved})
        at = np.tile(np.array([[0.25, 0.75]], np.float32), (vertices(document, "head"), 1))
        attributes = document["meshes"][mesh_number(document, "head")]["primitives"][0]["attributes"]
        attributes |= {"TEXCOORD_0": added(document, 0 * at), "TEXCOORD_1": added(document, at)}

    body, _ = imported(changed(change))
    uv = part(body, parts_of(rabbit)[0], "head").attributes["uv"]
    assert uv == pytest.approx(np.tile([1.25, -0.5], (len(uv), 1)), abs=1e-6)


def looking(looks_by: str, *, turning: bool) -> Change:
    """Eye bones that eyes follow or not, and expressions that look aside."""

    def change(document: Vrm) -> None:
        vrm, nodes = document["extensions"]["VRM"], document["nodes"]
        head = next(n for n in nodes if n["name"] == "head" and "mesh" not in n)
        for bone, x in (("leftEye", -0.068), ("rightEye", 0.068)):
            nodes.append({"name": bone, "translation": [x, 0.132, -0.13]})
            head.setdefault("children", []).append(len(nodes) - 1)
            vrm["humanoid"]["humanBones"].append({"bone": bone, "node": len(nodes) - 1})
        vrm["firstPerson"]["lookAtTypeName"] = looks_by
        eyes = [mesh_number(document, name) for name in ("eye +1", "eye -1")]
        binds = [{"mesh": eye, "index": 2, "weight": 100} for eye in eyes]
        groups = vrm["blendShapeMaster"]["blendShapeGroups"]
        groups += [{"name": name, "presetName": name, "binds": binds} for name in ("lookleft", "lookright")]
        if turning:
            for mesh, bone in (("eye +1", "leftEye"), ("eye -1", "rightEye")):
                hung(document, mesh, bone, [1, 1, 1])
                place = np.array(next(n for n in nodes if n["name"] == bone)["translation"])
                eye = next(n for n in nodes if n.get("mesh") == mesh_number(document, mesh))
                eye["translation"] = (-place - [0, HEAD_HEIGHT, 0]).tolist()

    return change


@pytest.mark.parametrize(
    ("looks_by", "turning", "gaze"),
    [
        ("BlendShape", False, "gaze by expressions"),
        ("Bone", False, "gaze by expressions"),
        ("BlendShape", True, "gaze by expressions"),
        ("Bone", True, "gaze by eye bones"),
    ],
)
def test_gaze_is_by_what_moves_and_the_file_says(changed: Changed, looks_by: str, turning: bool, gaze: str) -> None:
    body, report = imported(changed(looking(looks_by, turning=turning)))
    assert gaze in report.recipes.has
    assert any("eyeLookOutLeft" in p.shapes for p in body.parts)
    up = any("eyeLookUpLeft" in p.shapes for p in body.parts)
    assert up == (gaze == "gaze by eye bones"), "no expression of this file looks up"


def test_normals_that_are_no_numbers_are_worked_out(rabbit: Path, tmp_path: Path) -> None:
    document, binary = parts_of(rabbit)
    attributes = document["meshes"][0]["primitives"][0]["attributes"]
    view = document["bufferViews"][document["accessors"][attributes["NORMAL"]]["bufferView"]]
    broken = bytearray(binary)
    broken[view["byteOffset"] : view["byteOffset"] + 120] = np.full(30, np.nan, "<f4").tobytes()
    file = tmp_path / "nan.vrm"
    file.write_bytes(glb(document, bytes(broken)))
    mended, whole = (part(imported(each)[0], document, "head") for each in (file, rabbit))
    assert np.linalg.norm(mended.normal, axis=1) == pytest.approx(np.ones(len(mended.normal)), abs=1e-5)
    assert np.einsum("ni,ni->n", mended.normal, whole.normal).min() > 0.99


def test_positions_that_are_no_numbers_are_not(rabbit: Path, tmp_path: Path) -> None:
    document, binary = parts_of(rabbit)
    at = document["meshes"][0]["primitives"][0]["attributes"]["POSITION"]
    start = document["bufferViews"][document["accessors"][at]["bufferView"]]["byteOffset"]
    broken = bytearray(binary)
    broken[start : start + 4] = np.array([np.nan], "<f4").tobytes()
    file = tmp_path / "nowhere.vrm"
    file.write_bytes(glb(document, bytes(broken)))
    with pytest.raises(BodyError, match="holds values that are no numbers"):
        Document(open_container(file)).accessor(at)
