"""Models that cannot or must not be read: each has its message, none of them breaks the reader."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import math
import random
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.avatar import BodyError
from engine.avatar.gltf import container, convert, document, import_model, meshes
from engine.avatar.gltf.container import open_container
from engine.avatar.gltf.document import Document
from tests.avatar.gltf.conftest import Change, glb, parts_of

Changed = Callable[[Change], Path]


def why_not(file: Path, rights: str = "") -> str:
    with pytest.raises(BodyError) as caught:
        import_model(file, rights, lambda share, what: None, draft=True)
    assert str(caught.value).startswith(str(file))
    return str(caught.value)


def first_primitive(document: dict[str, Any]) -> dict[str, Any]:
    return dict(document["meshes"][0]["primitives"][0])


def test_missing_and_unknown_files(tmp_path: Path) -> None:
    assert "there is no such file" in why_not(tmp_path / "none.vrm")
    (tmp_path / "model.fbx").write_bytes(b"x")
    assert "what can be imported ends in .vrm, .glb, .gltf, .zip" in why_not(tmp_path / "model.fbx")
    (tmp_path / "short.glb").write_bytes(b"glTF")
    assert "only 4 bytes" in why_not(tmp_path / "short.glb")
    (tmp_path / "other.vrm").write_bytes(b"PK" * 40)
    assert "does not begin with “glTF”" in why_not(tmp_path / "other.vrm")


def test_a_file_that_is_cut_off(rabbit: Path, tmp_path: Path) -> None:
    file = tmp_path / "cut.vrm"
    file.write_bytes(rabbit.read_bytes()[:-1000])
    assert "cut off: it says" in why_not(file)


def test_no_expressions(changed: Changed) -> None:
    def change(document: dict[str, Any]) -> None:
        document["extensions"]["VRM"]["blendShapeMaster"]["blendShapeGroups"] = []

    told = why_not(changed(change))
    assert "no expression that opens the mouth" in told
    assert "VRoid Studio, UniVRM or Blender" in told


@pytest.mark.parametrize("head", [None, -1, 10**6])
def test_no_head_bone(changed: Changed, head: int | None) -> None:
    def change(document: dict[str, Any]) -> None:
        human = document["extensions"]["VRM"]["humanoid"]
        human["humanBones"] = [] if head is None else [{"bone": "head", "node": head}]

    assert "no head bone is found" in why_not(changed(change))


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("count", 10**9, "elements; at most 4000000"),
        ("count", -1, "a whole one from 0 on is needed"),
        ("count", 3_000_000, "reaches past the end of its data"),
        ("byteOffset", 10**7, "reaches past the end of its data"),
        ("componentType", 5124, "has the type 'VEC3' of 5124"),
        ("type", "VEC9", "has the type 'VEC9'"),
        ("bufferView", 9999, "it asks for bufferViews number 9999"),
        ("bufferView", "0", "it asks for bufferViews number '0'"),
    ],
)
def test_accessors_are_held_against_what_is_there(changed: Changed, key: str, value: object, told: str) -> None:
    def change(document: dict[str, Any]) -> None:
        at = first_primitive(document)["attributes"]["POSITION"]
        document["accessors"][at][key] = value

    assert told in why_not(changed(change))


def test_a_small_file_that_asks_for_gigabytes(changed: Changed) -> None:
    """An accessor without a bufferView costs no bytes in the file: what it would draw is counted before it is made."""

    def change(document: dict[str, Any]) -> None:
        document["accessors"].append({"componentType": 5126, "type": "VEC3", "count": 3_900_000})
        number = len(document["accessors"]) - 1
        primitive = document["meshes"][0]["primitives"][0]
        del primitive["indices"]
        primitive["attributes"] = {"POSITION": number}
        primitive["targets"] = [{"POSITION": number}] * 60
        document["meshes"][0]["weights"] = [0.5] * 60

    file = changed(change)
    tracemalloc.start()
    try:
        assert "it has more than 400,000 triangles" in why_not(file)
        assert tracemalloc.get_traced_memory()[1] < 400_000_000
    finally:
        tracemalloc.stop()


def test_triangles_are_counted_over_all_meshes(rabbit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, report = import_model(rabbit, "", lambda share, what: None, draft=True)
    monkeypatch.setattr(meshes, "MOST_TRIANGLES", report.triangles - 1)
    assert f"it has more than {report.triangles - 1:,} triangles" in why_not(rabbit)


def test_targets_at_rest_are_made_one_by_one(changed: Changed) -> None:
    """Of a thousand none is kept, but the sum of them moves the vertices."""

    def change(document: dict[str, Any]) -> None:
        mesh = document["meshes"][0]
        at = mesh["primitives"][0]["attributes"]["POSITION"]
        mesh["primitives"][0]["targets"] = [{"POSITION": at}] * 1000
        mesh["weights"] = [0.001] * 1000

    before, after = (meshes.read_primitives(Document(open_container(changed(c))), frozenset())[0]
                     for c in (lambda document: None, change))  # fmt: skip
    assert after.targets == {}
    np.testing.assert_allclose(after.position, 2 * before.position, rtol=1e-4)


@pytest.mark.parametrize("most", [800, 1200])
def test_morph_targets_that_move_too_much(rabbit: Path, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Where they are read (the rabbit has 840), and where face curves are made of them (1240)."""
    monkeypatch.setattr(meshes, "MOST_OFFSETS", most)
    assert f"its morph targets move more than {most:,} vertices together; give it fewer" in why_not(rabbit)


def test_data_that_is_read_over_and_over(rabbit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MOST_READ", 10_000)
    assert "its meshes share too much data too often" in why_not(rabbit)


def test_more_memory_than_there_is(rabbit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise MemoryError("Unable to allocate 9 GiB")

    for step in ("read_model", "read_primitives", "lay_out", "finished"):
        with monkeypatch.context() as patched:
            patched.setattr(convert, step, full)
            assert "it needs more memory than there is; reduce it" in why_not(rabbit)


def test_indices_and_joints_out_of_range(changed: Changed) -> None:
    def fewer(document: dict[str, Any]) -> None:
        for key in ("POSITION", "NORMAL", "JOINTS_0", "WEIGHTS_0"):
            document["accessors"][first_primitive(document)["attributes"][key]]["count"] = 10

    assert "draws vertex" in why_not(changed(fewer))

    def fewer_joints(document: dict[str, Any]) -> None:
        document["skins"][0]["joints"] = document["skins"][0]["joints"][:2]

    assert "follows joint" in why_not(changed(fewer_joints))


def test_views_and_buffers_that_lie(changed: Changed) -> None:
    assert "reaches past the end of its buffer" in why_not(
        changed(lambda document: document["bufferViews"][1].update(byteLength=10**8))
    )
    assert "says 1000000000 bytes and has" in why_not(
        changed(lambda document: document["buffers"][0].update(byteLength=10**9))
    )


def test_nodes_in_a_circle(changed: Changed) -> None:
    def circle(document: dict[str, Any]) -> None:
        document["nodes"][1]["children"] = [0]

    assert "hang on themselves" in why_not(changed(circle))


def test_a_weight_that_is_no_number(changed: Changed) -> None:
    def change(document: dict[str, Any]) -> None:
        document["extensions"]["VRM"]["blendShapeMaster"]["blendShapeGroups"][0]["binds"][0]["weight"] = math.inf

    assert "moves a morph target by what is no number" in why_not(changed(change))


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        ("https://example.com/a.bin", "nothing is fetched"),
        ("../secret.bin", "a file outside its own folder"),
        ("%2e%2e/secret.bin", "a file outside its own folder"),
        ("/etc/passwd", "a file outside its own folder"),
        ("C:\\x.bin", "a file outside its own folder"),
        ("none.bin", "there is no such file beside it"),
        ("a" * 300 + ".bin", f"it names “{'a' * 80}”, which cannot be read beside it"),
        ("\ud800.bin", "it names “.bin”, which cannot be read beside it"),
        ("data:application/octet-stream;base64,@@@", "data written in it is damaged"),
        ("data:text/plain,abc", "is not base64"),
    ],
)
def test_outside_files_are_never_read(changed: Changed, tmp_path: Path, uri: str, told: str) -> None:
    (tmp_path.parent / "secret.bin").write_bytes(bytes(10_000_000))
    assert told in why_not(changed(lambda document: document["buffers"][0].update(uri=uri)))


def test_a_link_that_leads_out(changed: Changed, tmp_path: Path) -> None:
    (tmp_path / "inside.bin").symlink_to("/etc/passwd")
    told = why_not(changed(lambda document: document["buffers"][0].update(uri="inside.bin")))
    assert "leads out of its own folder" in told


def test_a_link_that_leads_to_itself(changed: Changed, tmp_path: Path) -> None:
    (tmp_path / "loop.bin").symlink_to("loop.bin")
    told = why_not(changed(lambda document: document["buffers"][0].update(uri="loop.bin")))
    assert re.search("“loop.bin”, (which cannot be read|and there is no such file) beside it", told)


@pytest.mark.parametrize("key", ["translation", "rotation", "scale", "matrix"])
def test_a_number_that_is_larger_than_any(changed: Changed, key: str) -> None:
    count = {"translation": 3, "rotation": 4, "scale": 3, "matrix": 16}[key]
    told = why_not(changed(lambda document: document["nodes"][0].update({key: [10**400] + [0] * (count - 1)})))
    assert f"damaged: node 0 needs {count} numbers" in told


def test_what_is_not_understood_is_named(changed: Changed) -> None:
    def needs(name: str) -> Change:
        return lambda document: document.update(extensionsRequired=[name])

    assert "Draco mesh compression" in why_not(changed(needs("KHR_draco_mesh_compression")))
    assert "without “ACME_fur”, which is not known here" in why_not(changed(needs("ACME_fur")))


def picture(width: int, height: int) -> str:
    out = io.BytesIO()
    Image.new("L", (width, height)).save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        (picture(9000, 4), "has 9000 × 4 pixels; at most 8192 a side"),
        (picture(16000, 16000), "at most 8192 a side"),
        ("data:image/png;base64," + base64.b64encode(b"no picture").decode(), "is no PNG, JPEG or WebP picture"),
        (picture(64, 64)[:-40], "is damaged"),
    ],
)
def test_pictures(changed: Changed, uri: str, told: str) -> None:
    def change(document: dict[str, Any]) -> None:
        document["images"], document["textures"] = [{"uri": uri}], [{"source": 0}]
        for material in document["materials"]:
            material["pbrMetallicRoughness"]["baseColorTexture"] = {"index": 0}

    assert told in why_not(changed(change))


def test_too_many_textures(changed: Changed) -> None:
    def change(document: dict[str, Any]) -> None:
        material, mesh = document["materials"][0], document["meshes"][0]
        document["images"] = [{"uri": picture(2, 2)}]
        document["textures"] = [{"source": 0}] * 80
        for number in range(80):
            pbr = {"baseColorTexture": {"index": number}}
            document["materials"].append(material | {"pbrMetallicRoughness": pbr})
            primitive = mesh["primitives"][0] | {"material": len(document["materials"]) - 1}
            mesh["primitives"].append(primitive)

    assert "use more than 64 textures" in why_not(changed(change))


def packed(file: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file


def test_packages(rabbit: Path, tmp_path: Path) -> None:
    model = rabbit.read_bytes()
    zipped = tmp_path / "a.zip"
    assert "zip bomb" in why_not(packed(zipped, {"m.vrm": model, "b": bytes(50_000_000)}))
    assert "outside its own folder" in why_not(packed(zipped, {"../m.vrm": model}))
    assert "exactly one model (.vrm, .glb, .gltf); found: none" in why_not(packed(zipped, {"readme": b""}))
    assert "found: a.vrm, b.vrm" in why_not(packed(zipped, {"a.vrm": model, "b.vrm": model}))
    assert "at most 4000" in why_not(packed(zipped, {f"{i}": b"" for i in range(4001)}))
    zipped.write_bytes(b"PK\3\4 and no more")
    assert "a damaged zip file" in why_not(zipped)


def test_a_package_whose_directory_lies(rabbit: Path, tmp_path: Path) -> None:
    file = packed(tmp_path / "lie.zip", {"m.vrm": rabbit.read_bytes(), "x.bin": bytes(range(256)) * 40})
    content = bytearray(file.read_bytes())
    at = content.rfind(b"x.bin") - 46
    content[at + 24 : at + 28] = (100).to_bytes(4, "little")
    file.write_bytes(content)
    assert "x.bin" in why_not(file)


def test_a_package_of_a_later_kind_than_there_is(rabbit: Path, tmp_path: Path) -> None:
    file = packed(tmp_path / "later.zip", {"m.vrm": rabbit.read_bytes()})
    content = bytearray(file.read_bytes())
    content[content.rfind(b"PK\1\2") + 6] = 99
    file.write_bytes(content)
    assert "a damaged zip file (zip file version 9.9)" in why_not(file)


def test_a_package_that_may_not_be_read_is_not_called_damaged(
    rabbit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    file = packed(tmp_path / "own.zip", {"m.vrm": rabbit.read_bytes()})
    monkeypatch.setattr(zipfile, "ZipFile", refused)
    assert why_not(file) == f"{file}: it cannot be read: Permission denied"


def test_a_package_of_loose_files(rabbit: Path, tmp_path: Path) -> None:
    document, binary = parts_of(rabbit)
    document["buffers"][0]["uri"] = "data/all%20of%20it.bin"
    entries = {"m/model.gltf": json.dumps(document).encode(), "m/data/all of it.bin": binary}
    body, _ = import_model(packed(tmp_path / "ok.zip", entries), "", lambda share, what: None, draft=True)
    assert body.name == "Momo the rabbit"


def test_a_package_made_on_a_mac(rabbit: Path, tmp_path: Path) -> None:
    """Finder lays attributes beside each file, under its own ending."""
    attributes = b"\0\5\x16\7\0\2\0\0Mac OS X"
    entries = {"m.vrm": rabbit.read_bytes(), "__MACOSX/._m.vrm": attributes, "._m.vrm": attributes}
    body, _ = import_model(packed(tmp_path / "mac.zip", entries), "", lambda share, what: None, draft=True)
    assert body.name == "Momo the rabbit"


def test_a_gltf_with_everything_in_it_is_told_of_glb(
    rabbit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, binary = parts_of(rabbit)
    document["buffers"][0]["uri"] = "data:application/octet-stream;base64," + base64.b64encode(binary).decode()
    file = tmp_path / "whole.gltf"
    file.write_text(json.dumps(document))
    monkeypatch.setattr(container, "MOST_JSON", 100_000)
    assert "Where meshes and pictures are written into it, export it as GLB or VRM" in why_not(file)


def test_nonsense_in_any_place_is_told_not_raised(rabbit: Path, tmp_path: Path) -> None:
    """Values of the JSON are replaced at random; the import works, or says what is wrong."""
    rng = random.Random(7)
    file = tmp_path / "odd.vrm"
    read = 0
    for _ in range(60):
        document, binary = parts_of(rabbit)
        spots: list[tuple[Any, Any]] = []
        stack: list[Any] = [document]
        while stack:
            each = stack.pop()
            keys = each.keys() if isinstance(each, dict) else range(len(each))
            for key in keys:
                spots.append((each, key))
                if isinstance(each[key], dict | list):
                    stack.append(each[key])
        holder, key = rng.choice(spots)
        holder[key] = rng.choice([None, -1, 10**12, "x", [], {}, 1.5, True, [[]]])
        file.write_bytes(glb(document, binary))
        with contextlib.suppress(BodyError):
            import_model(file, "right", lambda share, what: None, draft=True)
            read += 1
    assert 5 < read < 55
