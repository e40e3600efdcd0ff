"""The baked file: round trip, same bytes, and what is said about a bad one."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from engine.avatar import BodyError
from engine.avatar.body_file import BodyData, Material, PartData, Shown, read_body, write_body

MIA = Path(__file__).parents[2] / "avatars" / "bodies" / "mia.ehb"


def small_body() -> BodyData:
    rng = np.random.default_rng(1)
    deltas = np.zeros((2, 3, 6), np.float32)
    deltas[0, 1] = [0.01, -0.02, 0.005, 0.3, -0.1, 0.0]
    part = PartData(
        name="skin",
        kind="skin",
        position=rng.random((5, 3), np.float32),
        normal=np.tile(np.array([0, -1, 0], np.float32), (5, 1)),
        neck=rng.random((5, 4), np.float32) / 4,
        triangles=np.array([[0, 1, 2], [2, 3, 4]], np.int32),
        attributes={"light": rng.random((5, 2), np.float32)},
        shapes=("jawOpen", "mouthClose"),
        deltas=deltas,
    )
    sleeve = PartData(
        name="sleeve_left",
        kind="cloth",
        position=rng.random((3, 3), np.float32),
        normal=np.tile(np.array([0, -1, 0], np.float32), (3, 1)),
        neck=np.zeros((3, 4), np.float32),
        triangles=np.array([[0, 1, 2]], np.int32),
        material=Material(dye="outfit", sheen=0.25, stitched=True, culled=True, over=True),
        limb="left",
        shown=Shown.RAISED,
        bones=np.array([[0, 1, 2, 3], [4, 0, 0, 0], [23, 1, 0, 0]], np.uint8),
        bone_weights=np.array([[0.4, 0.3, 0.2, 0.1], [1, 0, 0, 0], [0.5, 0.25, 0, 0]], np.float32),
    )
    return BodyData(
        name="small",
        parts=[part, sleeve],
        paint=np.full((8, 8, 4), 120, np.uint8),
        streaks=np.full((8, 8), 90, np.uint8),
        colours={"iris": (0.3, 0.2, 0.1), "outfit": (0.9, 0.2, 0.3)},
        neck_joints=np.zeros((4, 3), np.float32),
        eye_height=0.77,
        landmarks={"hair_top": 0.9},
        arm_joints=rng.random((2, 24, 3), np.float32),
        branded=("outfit",),
        logo=np.dstack([np.full((4, 6), n, np.uint8) for n in (250, 120, 10, 200)]),
    )


def test_round_trip_keeps_numbers_to_sixteen_bits(tmp_path: Path) -> None:
    body = small_body()
    write_body(tmp_path / "a.ehb", body)
    back = read_body(tmp_path / "a.ehb")
    part, old = back.parts[0], body.parts[0]
    assert np.abs(part.position - old.position).max() < 1.6e-5
    assert np.abs(part.deltas - old.deltas).max() < 1e-5
    assert not part.deltas[1].any()
    assert (part.triangles == old.triangles).all()
    assert part.shapes == ("jawOpen", "mouthClose")
    assert back.colours == {"iris": (0.3, 0.2, 0.1), "outfit": (0.9, 0.2, 0.3)}
    assert back.branded == ("outfit",)
    assert back.paint.shape == (8, 8, 4)
    assert (back.logo == body.logo).all()
    assert (back.arm_joints == body.arm_joints).all()


def test_a_limb_keeps_its_bones_and_its_material(tmp_path: Path) -> None:
    body = small_body()
    write_body(tmp_path / "a.ehb", body)
    part, old = read_body(tmp_path / "a.ehb").parts[1], body.parts[1]
    assert (part.limb, part.shown) == ("left", Shown.RAISED)
    assert part.material == old.material
    assert (part.bones == old.bones).all()
    assert np.abs(part.bone_weights - old.bone_weights).max() <= 0.501 / 255
    assert not part.shapes


def test_the_same_body_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.ehb", "b.ehb"):
        write_body(tmp_path / name, small_body())
    assert (tmp_path / "a.ehb").read_bytes() == (tmp_path / "b.ehb").read_bytes()
    assert not list(tmp_path.glob("*.partial"))


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BodyError, match=r"nobody\.ehb: there is no such body file"):
        read_body(tmp_path / "nobody.ehb")


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.ehb").write_text("hello")
    with pytest.raises(BodyError, match=r"text\.ehb: not a body file"):
        read_body(tmp_path / "text.ehb")
    with pytest.raises(BodyError, match="not a body file"):
        read_body(tmp_path)
    with zipfile.ZipFile(tmp_path / "zip.ehb", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(BodyError, match="it has no header"):
        read_body(tmp_path / "zip.ehb")
    with zipfile.ZipFile(tmp_path / "other.ehb", "w") as archive:
        archive.writestr("header.json", json.dumps({"format": "something-else"}))
    with pytest.raises(BodyError, match="its format is 'something-else'"):
        read_body(tmp_path / "other.ehb")


def test_another_version_says_what_to_do(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "old.ehb", "w") as archive:
        archive.writestr("header.json", json.dumps({"format": "everhost-body", "version": 99}))
    with pytest.raises(BodyError, match="body file version 99, this Everhost reads version 2; bake it again"):
        read_body(tmp_path / "old.ehb")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    write_body(tmp_path / "a.ehb", small_body())
    with zipfile.ZipFile(tmp_path / "a.ehb") as whole, zipfile.ZipFile(tmp_path / "b.ehb", "w") as cut:
        for name in whole.namelist():
            if name != "skin.position.npy":
                cut.writestr(name, whole.read(name))
    with pytest.raises(BodyError, match=r"b\.ehb: the body file is damaged .*skin\.position"):
        read_body(tmp_path / "b.ehb")


def test_a_flipped_byte_is_found(tmp_path: Path) -> None:
    shutil.copy(MIA, tmp_path / "mia.ehb")
    with zipfile.ZipFile(MIA) as archive:
        entry = archive.getinfo("skin.deltas.npy")
        middle = entry.header_offset + 100 + entry.compress_size // 2
    content = bytearray((tmp_path / "mia.ehb").read_bytes())
    content[middle] ^= 0xFF
    (tmp_path / "mia.ehb").write_bytes(content)
    with pytest.raises(BodyError, match=r"mia\.ehb"):
        read_body(tmp_path / "mia.ehb")


def test_mia_is_small_and_complete() -> None:
    assert MIA.stat().st_size < 5_000_000
    body = read_body(MIA)
    kinds = {part.kind for part in body.parts}
    assert kinds == {"hair", "cloth", "lash", "eye", "skin", "mouth"}
    skin = next(part for part in body.parts if part.name == "skin")
    assert {"jawOpen", "mouthClose", "eyeBlinkLeft", "eyeBlinkRight", "mouthPucker"} <= set(skin.shapes)
    for part in body.parts:
        assert part.triangles.max() < len(part.position)
        assert (part.neck.sum(1) <= 1.001).all()
