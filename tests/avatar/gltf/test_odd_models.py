"""Models that have what a host needs by name and little of it in fact: a body that paints, or a refusal in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.avatar import BodyError, open_body
from engine.avatar.arms import SIDES
from engine.avatar.body_file import BodyData, Shown, write_body
from engine.avatar.gltf import Report, import_model
from engine.avatar.gltf.container import open_container
from engine.avatar.gltf.document import Document
from engine.avatar.gltf.meshes import follows, read_primitives
from engine.avatar.still import still_body
from engine.avatar.trial import try_out
from engine.flow import CURVE_INDEX, rest_curves
from engine.settings import in_chinese
from engine.settings.channel import Canvas
from scripts.bodies import mascot
from tests.avatar.gltf.conftest import Change, glb, parts_of

Changed = Callable[[Change], Path]
CANVAS = Canvas(width=360, height=640)
GREY = 190


def imported(file: Path) -> tuple[BodyData, Report]:
    return import_model(file, "", lambda share, what: None, draft=True)


def painted(folder: Path, body: BodyData, *rows: dict[str, float]) -> list[NDArray[np.int64]]:
    """The body in some poses, as ``open_body`` draws it."""
    write_body(folder / "odd.ehb", body)
    try_out(folder / "odd.ehb")
    opened = open_body(folder / "odd.ehb", CANVAS)
    pictures = []
    for values in rows:
        row = rest_curves()
        for name, value in values.items():
            row[CURVE_INDEX[name]] = value
        picture = np.full((CANVAS.height, CANVAS.width, 3), GREY, np.uint8)
        opened.paint(row, picture)
        pictures.append(picture.astype(np.int64))
    opened.close()
    return pictures


def bone(document: dict[str, Any], name: str) -> int:
    bones = document["extensions"]["VRM"]["humanoid"]["humanBones"]
    return int(next(each["node"] for each in bones if each["bone"] == name))


def all_on_the_head(rabbit: Path, file: Path) -> Path:
    """The rabbit, every vertex of which follows the head bone."""
    document, binary = parts_of(rabbit)
    content = bytearray(binary)
    head = document["skins"][0]["joints"].index(bone(document, "head"))
    for mesh in document["meshes"]:
        for primitive in mesh["primitives"]:
            accessor = document["accessors"][primitive["attributes"]["JOINTS_0"]]
            view = document["bufferViews"][accessor["bufferView"]]
            start = view["byteOffset"] + accessor.get("byteOffset", 0)
            np.frombuffer(content, "<u2", accessor["count"] * 4, start)[:] = head
    file.write_bytes(glb(document, bytes(content)))
    return file


def test_a_head_without_a_torso_is_drawn(rabbit: Path, tmp_path: Path) -> None:
    body, _ = imported(all_on_the_head(rabbit, tmp_path / "head.vrm"))
    assert not still_body(body).parts
    arms = {f"{name}{side}": 30.0 for name in ("armForward", "elbow") for side in ("Left", "Right")}
    rest, speaking, raised = painted(tmp_path, body, {}, {"jawOpen": 0.8}, arms)
    assert (rest != GREY).any(2).mean() > 0.05
    assert (np.abs(rest - speaking).max(2) > 40).any()
    assert (raised != GREY).any(2).mean() > 0.05


def jaw_of_nothing(document: dict[str, Any]) -> None:
    """No expressions, and a jaw bone that no vertex follows."""
    vrm = document["extensions"]["VRM"]
    vrm["blendShapeMaster"]["blendShapeGroups"] = []
    document["nodes"].append({"name": "jaw", "translation": [0, 0.05, 0]})
    jaw = len(document["nodes"]) - 1
    document["nodes"][bone(document, "head")].setdefault("children", []).append(jaw)
    vrm["humanoid"]["humanBones"].append({"bone": "jaw", "node": jaw})


def still_mouth(document: dict[str, Any]) -> None:
    """Expressions that move nothing: every bind has the weight 0."""
    for group in document["extensions"]["VRM"]["blendShapeMaster"]["blendShapeGroups"]:
        for bind in group["binds"]:
            bind["weight"] = 0


@pytest.mark.parametrize("change", [jaw_of_nothing, still_mouth])
def test_a_mouth_that_does_not_move_is_refused(changed: Changed, change: Change) -> None:
    with pytest.raises(BodyError, match=r"changed\.vrm: nothing in it moves when the mouth opens"):
        imported(changed(change))


def test_a_mouth_of_one_quad_speaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two vertices act, and no others in the whole model: fewer than the rows in which a face's outline is sought."""
    whole = mascot.pieces

    def plain_pieces(fineness: float) -> list[mascot.Piece]:
        made = whole(fineness)
        for piece in made:
            piece.targets = {}
            if piece.name == "mouth":
                flat = np.array([[-0.03, -0.05], [0.03, -0.05], [0.03, -0.066], [-0.03, -0.066]])
                low = flat - np.array([[0, 0], [0, 0], [0, 0.03], [0, 0.03]])
                piece.position = mascot.on_face(flat, 0.012)
                piece.triangles = np.array([[0, 1, 2], [0, 2, 3]])
                piece.weights = {"head": np.ones(4)}
                piece.targets = {"A": mascot.on_face(low, 0.012) - piece.position}
        return made

    monkeypatch.setattr(mascot, "pieces", plain_pieces)
    mascot.write_mascot(tmp_path / "block.vrm", 0.3)
    body, _ = imported(tmp_path / "block.vrm")
    assert sum(part.deltas.shape[1] for part in body.parts) == 2
    rest, speaking = painted(tmp_path, body, {}, {"jawOpen": 0.8})
    assert (np.abs(rest - speaking).max(2) > 40).any()


def arms_in_one_place(document: dict[str, Any]) -> None:
    for side in SIDES:
        for name in ("LowerArm", "Hand"):
            document["nodes"][bone(document, f"{side}{name}")]["translation"] = [0, 0, 0]


def test_dummies_of_arm_bones_are_no_arms(changed: Changed, tmp_path: Path) -> None:
    body, report = imported(changed(arms_in_one_place))
    assert "lacks    arm bones: no gestures, and the arms stay as they are" in report.lines()
    arms = {f"{name}{side}": 30.0 for name in ("armForward", "elbow") for side in ("Left", "Right")}
    rest, raised = painted(tmp_path, body, {}, arms)
    assert (np.abs(rest - raised).max(2) > 40).mean() < 0.0005


def hung_on(document: dict[str, Any], child: int, parent: int, rise: float) -> None:
    """Hangs a node on another, about where it was."""
    nodes = document["nodes"]
    for node in nodes:
        if child in node.get("children", ()):
            node["children"].remove(child)
            if not node["children"]:
                del node["children"]
    nodes[parent].setdefault("children", []).append(child)
    nodes[child]["translation"] = [nodes[child]["translation"][0] * 2, rise, 0]


@pytest.mark.parametrize("name", ["LowerArm", "Hand"])
def test_an_arm_in_pieces_is_no_arm(changed: Changed, tmp_path: Path, name: str) -> None:
    """As in rigs whose bones all hang on the chest. The body must not be taken for an arm's upper half."""

    def loose(document: dict[str, Any]) -> None:
        for side in SIDES:
            hung_on(document, bone(document, f"{side}{name}"), bone(document, "chest"), 0.1)

    body, report = imported(changed(loose))
    assert "lacks    arm bones: no gestures, and the arms stay as they are" in report.lines()
    assert (report.posture.arm == -1).all()
    assert not body.arm_joints.size
    assert all(part.shown is Shown.ALWAYS for part in body.parts)
    arms = {f"{name}{side}": 30.0 for name in ("armForward", "elbow") for side in ("Left", "Right")}
    rest, raised = painted(tmp_path, body, {}, arms)
    assert (rest != GREY).any(2).mean() > 0.05
    assert (np.abs(rest - raised).max(2) > 40).mean() < 0.0005


def first_person_0(document: dict[str, Any], mesh: int) -> None:
    marks = [{"mesh": mesh, "firstPersonFlag": "FirstPersonOnly"}, {"mesh": 0, "firstPersonFlag": "ThirdPersonOnly"}]
    document["extensions"]["VRM"]["firstPerson"] = {"meshAnnotations": [*marks, {"mesh": -1}, "x"]}


def first_person_1(document: dict[str, Any], mesh: int) -> None:
    """The rabbit as VRM 1.0, as far as it matters here."""
    old = document["extensions"].pop("VRM")
    expressions = {
        {"A": "aa", "O": "oh"}[group["name"]]: {
            "morphTargetBinds": [
                {"node": node, "index": bind["index"], "weight": 1}
                for bind in group["binds"]
                for node, entry in enumerate(document["nodes"])
                if entry.get("mesh") == bind["mesh"]
            ]
        }
        for group in old["blendShapeMaster"]["blendShapeGroups"]
        if group["name"] in ("A", "O")
    }
    node = next(n for n, entry in enumerate(document["nodes"]) if entry.get("mesh") == mesh)
    document["extensions"]["VRMC_vrm"] = {
        "meta": {"commercialUsage": "corporation", "avatarPermission": "everyone"},
        "humanoid": {"humanBones": {each["bone"]: {"node": each["node"]} for each in old["humanoid"]["humanBones"]}},
        "expressions": {"preset": expressions},
        "firstPerson": {"meshAnnotations": [{"node": node, "type": "firstPersonOnly"}, {"node": 0, "type": "both"}]},
    }


@pytest.mark.parametrize("mark", [first_person_0, first_person_1])
def test_what_only_the_wearer_sees_is_not_drawn(
    rabbit: Path, changed: Changed, mark: Callable[[dict[str, Any], int], None]
) -> None:
    def names(report: Report) -> set[str]:
        return {p.name for p in read_primitives(report.model.document, frozenset(), unseen=report.model.unseen)}

    document, _ = parts_of(rabbit)
    mesh, name = next((i, each["name"]) for i, each in enumerate(document["meshes"]) if "ear" in each["name"])
    _, whole = imported(rabbit)
    assert not whole.model.unseen
    _, report = imported(changed(lambda document: mark(document, mesh)))
    assert names(whole) - names(report) == {f"{name}#0"}
    assert report.triangles < whole.triangles
    assert report.lines().count("ignored  meshes that only the wearer sees") == 1
    assert in_chinese("ignored  meshes that only the wearer sees") == "不使用　只给佩戴者自己看的网格"


def test_lines_and_points_follow_nothing(changed: Changed) -> None:
    def drawn_as_lines(document: dict[str, Any]) -> None:
        primitives = document["meshes"][0]["primitives"]
        primitives += [{**primitives[0], "mode": mode} for mode in (0, 1)]

    document = Document(open_container(changed(drawn_as_lines)))
    assert not follows(document, set())
    assert len(read_primitives(document, frozenset())) == len(document.entries("meshes"))


def test_eyes_that_only_the_wearer_sees_do_not_turn(rabbit: Path) -> None:
    document = Document(open_container(rabbit))
    head = {i for i in range(len(document.parents)) if document.name_of(i) == "head"}
    meshes = frozenset(i for i in range(len(document.parents)) if document.entry("nodes", i).get("mesh") is not None)
    assert follows(document, head)
    assert not follows(document, head, meshes)


def test_a_body_in_which_nothing_acts_is_drawn(rabbit_body: tuple[BodyData, Report], tmp_path: Path) -> None:
    """As one that was imported before such models were refused."""
    body, _ = rabbit_body
    quiet = [part for part in body.parts if not part.shapes]
    (rest,) = painted(tmp_path, replace(body, parts=quiet), {})
    assert (rest != GREY).any(2).mean() > 0.05
