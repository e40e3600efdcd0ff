"""What shines through: drawn after what it covers, and hiding nothing unless its file says so."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.avatar import open_body
from engine.avatar.body_file import BodyData, Surface, write_body
from engine.avatar.gltf import import_model
from engine.avatar.gltf.blending import QUEUE, Blending, Sheet, blending_0, blending_1, drawing_order, solid_share
from engine.avatar.gltf.paint import Paints
from engine.flow import CURVE_INDEX, rest_curves
from engine.settings.channel import Canvas
from tests.avatar.gltf.conftest import Change
from tests.avatar.gltf.test_in_file import model

Changed = Callable[[Change], Path]
Vrm = dict[str, Any]
Picture = NDArray[np.int64]

CANVAS = Canvas(width=360, height=640)
FACE = slice(180, 290)
"""Rows of the picture with eyes and mouth."""

SPEAKING = {"jawOpen": 0.7, "headYaw": 4.0}

Corners = list[tuple[float, float, float]]

LENS: Corners = [(-0.14, 0.90, -0.28), (0.14, 0.90, -0.28), (0.14, 1.13, -0.28), (-0.14, 1.13, -0.28)]
"""Before the rabbit's face."""


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"shader": "VRM/MToon", "renderQueue": 2999}, Blending(2999, False)),
        ({"shader": "VRM/MToon", "renderQueue": -1}, Blending(QUEUE, False)),
        ({"shader": "VRM/MToon", "renderQueue": None}, Blending(QUEUE, False)),
        ({"shader": "VRM/MToon", "floatProperties": {"_BlendMode": 2, "_ZWrite": 0}}, Blending(QUEUE, False)),
        ({"shader": "VRM/MToon", "renderQueue": 2501, "floatProperties": {"_BlendMode": 3}}, Blending(2501, True)),
        ({"shader": "VRM/MToon", "floatProperties": {"_ZWrite": 1}}, Blending(QUEUE, True)),
        ({"shader": "VRM/UnlitTransparentZWrite"}, Blending(QUEUE, True)),
        ({"shader": "VRM/UnlitTransparent"}, Blending(QUEUE, False)),
        ({"shader": "VRM_USE_GLTFSHADER", "renderQueue": 3001}, Blending(3001, None)),
    ],
)
def test_what_vrm_0_says(told: Vrm, expected: Blending) -> None:
    assert blending_0(told) == expected


@pytest.mark.parametrize(
    ("mtoon", "expected"),
    [
        ({}, Blending(QUEUE, None)),
        ({"specVersion": "1.0"}, Blending(QUEUE, False)),
        ({"renderQueueOffsetNumber": -2}, Blending(QUEUE - 2, False)),
        ({"renderQueueOffsetNumber": "first"}, Blending(QUEUE, False)),
        ({"transparentWithZWrite": True, "renderQueueOffsetNumber": 3}, Blending(QUEUE + 3, True)),
    ],
)
def test_what_vrm_1_says(mtoon: Vrm, expected: Blending) -> None:
    assert blending_1(mtoon) == expected


CLEAR, SOLID, OPAQUE = Surface(blended=True, hides=False), Surface(blended=True), Surface()


def sheet(surface: Surface, queue: int, *corners: tuple[float, float, float]) -> Sheet:
    """A quad of four corners (x, y, z), y away from the viewer."""
    return Sheet(surface, queue, np.array(corners, np.float64), np.array([[0, 1, 2], [0, 2, 3]]))


def wall(surface: Surface, queue: int, depth: float, x: float = 0.0) -> Sheet:
    """A square upright one."""
    return sheet(surface, queue, (x, depth, 0), (x + 1, depth, 0), (x + 1, depth, 1), (x, depth, 1))


def test_first_opaque_then_what_hides_then_what_is_clear_each_by_its_queue() -> None:
    sheets = [
        wall(CLEAR, 3001, 0), wall(CLEAR, 3000, 0), wall(OPAQUE, 3000, 5), wall(SOLID, 3005, 0), wall(SOLID, 3004, 0),
        wall(OPAQUE, 2000, 9),
    ]  # fmt: skip
    assert drawing_order(sheets) == [2, 5, 4, 3, 1, 0]


def test_equal_ones_are_drawn_from_back_to_front_and_else_as_in_the_file() -> None:
    assert drawing_order([wall(CLEAR, 0, depth) for depth in (1.0, 3.0, 2.0)]) == [1, 2, 0]
    assert drawing_order([wall(CLEAR, 0, 1.0), wall(CLEAR, 0, 1.0)]) == [0, 1]
    assert drawing_order([wall(CLEAR, 0, 1.0), wall(CLEAR, 0, 3.0, x=2.0)]) == [0, 1]


def test_a_glint_on_a_slope_is_drawn_over_it_though_its_middle_lies_farther_back() -> None:
    slope = sheet(CLEAR, 0, (0, 0, 0), (1, 1, 0), (1, 1, 1), (0, 0, 1))
    glint = sheet(CLEAR, 0, (0.8, 0.799, 0.4), (0.9, 0.899, 0.4), (0.9, 0.899, 0.5), (0.8, 0.799, 0.5))
    assert drawing_order([glint, slope]) == [1, 0]
    assert drawing_order([slope, glint]) == [0, 1]


def bar(start: tuple[float, float], end: tuple[float, float]) -> Sheet:
    """A narrow one between two places (x, z), nearer where it begins, a little longer on either side."""
    along = np.subtract(end, start)
    across, first, last = 0.05 * np.array([-along[1], along[0]]), start - 0.1 * along, end + 0.1 * along
    corners = [(first - across, 0.0), (last - across, 1.0), (last + across, 1.0), (first + across, 0.0)]
    return sheet(CLEAR, 0, *((float(at[0]), depth, float(at[1])) for at, depth in corners))


def test_sheets_that_lie_over_each_other_in_a_ring_are_all_drawn() -> None:
    p, q, r = (0.0, 0.0), (1.0, 0.0), (0.5, 0.8)
    ring = [bar(p, q), bar(q, r), bar(r, p)]
    for k in range(3):
        assert drawing_order([ring[k - 2], ring[k]]) == [1, 0]
    assert drawing_order(ring) == [0, 1, 2]


def test_very_many_equal_ones_are_drawn_by_their_middles() -> None:
    depths = np.random.default_rng(0).permutation(100)
    assert drawing_order([wall(CLEAR, 0, float(depth)) for depth in depths]) == np.argsort(-depths).tolist()


def test_sheets_of_many_triangles_are_held_against_each_other() -> None:
    """Two grids of 45,000 triangles, one of which lies before the other for the smaller part of it."""
    x, z = np.meshgrid(np.linspace(0, 1, 151), np.linspace(0, 1, 151))
    at = np.arange(150 * 151).reshape(150, 151)[:, :-1].ravel()
    triangles = np.concatenate([np.stack([at, at + 1, at + 151], 1), np.stack([at + 1, at + 152, at + 151], 1)])
    flat, bent = (np.stack([x, y, z], -1).reshape(-1, 3) for y in (0 * x, x - 0.2))
    sheets = [Sheet(CLEAR, 0, place, triangles) for place in (flat, bent)]
    assert drawing_order(sheets) == [1, 0]
    assert drawing_order(sheets[::-1]) == [0, 1]


def with_lens(document: Vrm, *, first: bool, queue: int = 3010, **floats: float) -> None:
    """Adds a quad of clear glass before the face, and makes eyes and mouth blended, in the queue 3000."""

    def added(values: NDArray[Any], code: int, shape: str) -> int:
        content = base64.b64encode(values.tobytes()).decode()
        uri = f"data:application/octet-stream;base64,{content}"
        document["buffers"].append({"byteLength": values.nbytes, "uri": uri})
        document["bufferViews"].append({"buffer": len(document["buffers"]) - 1, "byteLength": values.nbytes})
        view = len(document["bufferViews"]) - 1
        document["accessors"].append({"bufferView": view, "componentType": code, "count": len(values), "type": shape})
        return len(document["accessors"]) - 1

    head = next(i for i, node in enumerate(document["nodes"]) if node["name"] == "head" and "mesh" not in node)
    joint = document["skins"][0]["joints"].index(head)
    attributes = {
        "POSITION": added(np.array(LENS, "<f4"), 5126, "VEC3"),
        "NORMAL": added(np.tile(np.array([0, 0, -1], "<f4"), (4, 1)), 5126, "VEC3"),
        "TEXCOORD_0": added(np.array([(0, 1), (1, 1), (1, 0), (0, 0)], "<f4"), 5126, "VEC2"),
        "JOINTS_0": added(np.tile(np.array([joint, 0, 0, 0], "<u2"), (4, 1)), 5123, "VEC4"),
        "WEIGHTS_0": added(np.tile(np.array([1, 0, 0, 0], "<f4"), (4, 1)), 5126, "VEC4"),
    }
    indices = added(np.array([[0], [1], [2], [0], [2], [3]], "<u4"), 5125, "SCALAR")
    colour = [0.2, 0.4, 1, 0.15]
    material = {"name": "lens", "alphaMode": "BLEND", "doubleSided": True}
    document["materials"].append(material | {"pbrMetallicRoughness": {"baseColorFactor": colour}})
    primitive = {"attributes": attributes, "indices": indices, "material": len(document["materials"]) - 1}
    document["meshes"].append({"name": "lens", "primitives": [primitive]})
    document["nodes"].append({"name": "lens", "mesh": len(document["meshes"]) - 1, "skin": 0})
    shown = document["scenes"][0]["nodes"]
    shown.insert(0 if first else len(shown), len(document["nodes"]) - 1)
    told = document["extensions"]["VRM"]["materialProperties"]
    for entry, of_it in zip(document["materials"], told, strict=False):
        if entry["name"] in ("ink", "white", "mouth"):
            entry["alphaMode"], of_it["renderQueue"] = "BLEND", 3000
    vectors = {"_Color": colour, "_ShadeColor": colour}
    lens = {"name": "lens", "shader": "VRM/MToon", "renderQueue": queue, "vectorProperties": vectors}
    told.append(lens | {"floatProperties": floats})


def plain(document: Vrm, *materials: str, alpha: float = 1.0) -> None:
    """Nothing is said beside glTF, and these materials are blended."""
    del document["extensions"]["VRM"]["materialProperties"]
    for entry in document["materials"]:
        entry["alphaMode"] = "BLEND" if entry["name"] in materials else "OPAQUE"
        if entry["name"] in materials:
            entry["pbrMetallicRoughness"]["baseColorFactor"][3] *= alpha


def imported(file: Path) -> BodyData:
    return import_model(file, "", lambda share, what: None, draft=True)[0]


def painted(folder: Path, body: BodyData, *rows: dict[str, float]) -> list[Picture]:
    """The body in these poses, one after the other: a head that was drawn is kept and moved."""
    write_body(folder / "clear.ehb", body)
    opened = open_body(folder / "clear.ehb", CANVAS)
    pictures = []
    for values in rows:
        row = rest_curves()
        for name, value in values.items():
            row[CURVE_INDEX[name]] = value
        picture = np.full((CANVAS.height, CANVAS.width, 3), 127, np.uint8)
        opened.paint(row, picture)
        pictures.append(picture.astype(np.int64))
    opened.close()
    return pictures


def dark(picture: Picture) -> int:
    """Pixels of eyes and mouth."""
    return int((picture[FACE] < 90).all(2).sum())


def test_eyes_are_seen_through_glasses_wherever_these_stand_in_the_file(changed: Changed, tmp_path: Path) -> None:
    bodies = [imported(changed(lambda document, f=first: with_lens(document, first=f))) for first in (True, False)]
    first, last = (painted(tmp_path, body, {}, {}, SPEAKING) for body in bodies)
    for one, other in zip(first, last, strict=True):
        assert (one == other).all()
        assert dark(one) > 700
    (bare,) = painted(tmp_path, imported(changed(lambda document: None)), {})
    assert (np.abs(bare - last[0]).max(2) > 20).mean() > 0.05


def test_glasses_that_are_drawn_before_the_eyes_hide_nothing(changed: Changed, tmp_path: Path) -> None:
    body = imported(changed(lambda document: with_lens(document, first=False, queue=2990)))
    assert [dark(seen) > 700 for seen in painted(tmp_path, body, {}, SPEAKING)] == [True, True]


def test_glasses_that_write_depth_hide_what_is_drawn_after_them(changed: Changed, tmp_path: Path) -> None:
    (seen,) = painted(tmp_path, imported(changed(lambda document: with_lens(document, first=False, _ZWrite=1))), {})
    assert dark(seen) == 0


EVERYTHING = ("fur", "pink", "ink", "white", "mouth", "apron", "scarf")


def test_a_plain_model_that_is_blended_and_nowhere_clear_is_drawn_as_an_opaque_one(
    changed: Changed, tmp_path: Path
) -> None:
    def change(document: Vrm, *materials: str) -> None:
        with_lens(document, first=True)
        plain(document, "lens", *materials)

    opaque, blended = (imported(changed(lambda d, m=materials: change(d, *m))) for materials in ((), EVERYTHING))
    assert [part.surface for part in blended.parts] == [part.surface for part in opaque.parts]
    ours, theirs = (painted(tmp_path, body, {}, SPEAKING) for body in (opaque, blended))
    assert all((one == other).all() for one, other in zip(ours, theirs, strict=True))
    assert dark(theirs[0]) > 700


def test_a_plain_model_that_is_clear_all_over_is_drawn_from_back_to_front(changed: Changed, tmp_path: Path) -> None:
    body = imported(changed(lambda document: plain(document, *EVERYTHING, alpha=0.5)))
    for part in body.parts:
        assert part.surface is not None
        assert (part.surface.blended, part.surface.hides) == (True, False)
        depth = part.position[part.triangles, 1].mean(1)
        assert (np.diff(depth) < 1e-6).all()
        assert part.attributes["light"].min() > 0.99
    (seen,) = painted(tmp_path, body, {})
    assert (np.abs(seen - 127).max(2) > 20).mean() > 0.05


def test_mtoon_keeps_the_order_of_its_triangles(changed: Changed, rabbit: Path) -> None:
    def change(document: Vrm) -> None:
        document["materials"][0]["alphaMode"] = "BLEND"

    before, after = (imported(file) for file in (rabbit, changed(change)))
    same = {part.name: part.triangles for part in before.parts}
    for part in after.parts:
        assert (part.triangles == same[part.name]).all()


SOME, ROUND = np.array([[0, 0, 0], [1, 0, 0], [0, 0, 1]], np.float64), np.array([[0, 1, 2]])


def test_how_much_of_a_surface_is_solid() -> None:
    """By area: a triangle four times as large as the other one, a fifth of which is clear."""
    position = np.concatenate([SOME, 2 * SOME])
    triangles = np.array([[0, 1, 2], [3, 4, 5]])
    alpha = np.ones((2, 15), np.float32)
    assert solid_share(alpha, position, triangles) == pytest.approx(1)
    alpha[1, :3] = 0.5
    assert solid_share(alpha, position, triangles) == pytest.approx(1 - 4 / 5 / 5)
    alpha[0] = 0.8
    assert solid_share(alpha, position, triangles) == pytest.approx((1 - 1 / 5) * 4 / 5)


@pytest.mark.parametrize(("clamped", "seen"), [(False, 0.5), (True, 0.0)])
def test_alpha_is_read_where_the_picture_lies(tmp_path: Path, clamped: bool, seen: float) -> None:
    """Coordinates right of a picture that is solid on its left half and clear on its right one."""
    half = np.full((8, 8, 4), 255, np.uint8)
    half[:, 4:, 3] = 0
    out = io.BytesIO()
    Image.fromarray(half).save(out, "PNG")
    uri = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    sampler = {"wrapS": 33071 if clamped else 10497}
    pbr = {"baseColorTexture": {"index": 0}, "baseColorFactor": [1, 1, 1, 0.5]}
    parts: Vrm = {"images": [{"uri": uri}], "textures": [{"source": 0, "sampler": 0}], "samplers": [sampler]}
    paints = Paints(model(tmp_path, [{"alphaMode": "BLEND", "pbrMetallicRoughness": pbr}], **parts))
    uv = np.array([[1.0, 0], [1.45, 0], [1.0, 1]], np.float32)
    alpha = paints.alpha(paints.of(0, "a"), uv, np.ones((3, 4), np.float32), ROUND)
    assert (alpha == seen).all()
