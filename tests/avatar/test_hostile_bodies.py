"""Body files that are damaged, or made to do harm; and that what is written is what can be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.avatar import BodyError, open_body
from engine.avatar.body_file import Chain, PartData, Surface, read_body, write_body
from engine.settings.channel import Canvas
from tests.avatar.test_body_file import small_body
from tests.avatar.zips import Change, altered, claiming, npy, png_that_says, with_broken_block

MANY = 140_000
"""Vertices: so many that a column of theirs is larger than what a zip may pack as tightly as it likes."""


def why_not(tmp_path: Path, change: Change) -> str:
    write_body(tmp_path / "good.ehb", small_body())
    file = altered(tmp_path / "good.ehb", tmp_path / "bad.ehb", change)
    with pytest.raises(BodyError) as caught:
        read_body(file)
    assert str(caught.value).startswith(str(file))
    return str(caught.value)


def with_header(change: Callable[[dict[str, Any]], object]) -> Change:
    def whole(entries: dict[str, bytes]) -> None:
        told = json.loads(entries["header.json"])
        change(told)
        entries["header.json"] = json.dumps(told).encode()

    return whole


def with_entry(name: str, content: bytes) -> Change:
    return lambda entries: entries.update({name: content})


def part(count: int, **changes: Any) -> PartData:
    """One part of so many vertices, in a row."""
    place = np.linspace(0, 1, count, dtype=np.float32)
    made = PartData(
        name="0",
        kind="toon",
        position=np.stack([place, place, place], 1),
        normal=np.tile(np.array([0, -1, 0], np.float32), (count, 1)),
        neck=np.tile(np.array([0, 0, 0, 1], np.float32), (count, 1)),
        triangles=np.arange(count - count % 3, dtype=np.int32).reshape(-1, 3),
        attributes={"dyed": np.ones((count, 4), np.float32)},
        surface=Surface(),
    )
    return replace(made, **changes)


def test_a_column_that_is_the_same_everywhere_is_read_back(tmp_path: Path) -> None:
    write_body(tmp_path / "a.ehb", replace(small_body(), parts=[part(MANY)]))
    (back,) = read_body(tmp_path / "a.ehb").parts
    assert back.attributes["dyed"].shape == (MANY, 4)
    assert (back.attributes["dyed"] == 1).all()
    assert (back.triangles == part(MANY).triangles).all()


def test_what_could_not_be_read_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_body(tmp_path / "a.ehb", small_body())
    monkeypatch.setattr("engine.avatar.archive.MOST_ENTRIES", 10)
    with pytest.raises(BodyError, match=r"a\.ehb: a package of \d+ files; at most 10"):
        read_body(tmp_path / "a.ehb")
    said = r"b\.ehb: the body would be too large to be opened \(a package of \d+ files; at most 10\); give the model"
    with pytest.raises(BodyError, match=said):
        write_body(tmp_path / "b.ehb", small_body())
    monkeypatch.setattr("engine.avatar.archive.MOST_ENTRIES", 4000)
    monkeypatch.setattr("engine.avatar.archive.MOST_BYTES", 1000)
    with pytest.raises(BodyError, match=r"a\.ehb: 0 MB when unpacked; at most 0 MB"):
        read_body(tmp_path / "a.ehb")
    with pytest.raises(BodyError, match="the body would be too large to be opened"):
        write_body(tmp_path / "b.ehb", small_body())
    assert [file.name for file in tmp_path.iterdir()] == ["a.ehb"]


def test_shapes_that_move_nothing_of_a_part_are_written(tmp_path: Path) -> None:
    """As where all that acts of a primitive belongs to an arm."""
    quiet = part(6, shapes=("jawOpen",), deltas=np.zeros((1, 0, 6), np.float32))
    write_body(tmp_path / "a.ehb", replace(small_body(), parts=[quiet]))
    assert read_body(tmp_path / "a.ehb").parts[0].deltas.shape == (1, 0, 6)


def test_a_body_of_somebody_elses_stays_so_without_its_parts(tmp_path: Path) -> None:
    body = replace(small_body(), parts=[part(6)])
    assert body.imported
    assert replace(body, parts=[]).imported
    assert not small_body().imported
    write_body(tmp_path / "a.ehb", replace(body, parts=[]))
    assert read_body(tmp_path / "a.ehb").imported


def test_a_body_from_before_surfaces_hid_and_textures_were_clamped_opens_as_it_was_drawn(tmp_path: Path) -> None:
    def without(told: dict[str, Any]) -> None:
        del told["parts"][0]["surface"]["hides"], told["clamped"]

    clear = part(6, surface=Surface(texture=0, blended=True, hides=False))
    picture = [np.full((4, 4, 4), 90, np.uint8)]
    body = replace(small_body(), parts=[clear], textures=picture, densities=(1.0,), clamped=((True, False),))
    write_body(tmp_path / "new.ehb", body)
    back = read_body(tmp_path / "new.ehb")
    assert (back.parts[0].surface, back.clamped) == (clear.surface, ((True, False),))
    old = read_body(altered(tmp_path / "new.ehb", tmp_path / "old.ehb", with_header(without)))
    assert old.parts[0].surface == Surface(texture=0, blended=True, hides=True)
    assert old.clamped == ((False, False),)


@pytest.mark.parametrize("name", ["header.json", "skin.position.npy", "logo.png"])
def test_a_packed_block_that_is_broken(tmp_path: Path, name: str) -> None:
    write_body(tmp_path / "bad.ehb", small_body())
    file = with_broken_block(tmp_path / "bad.ehb", name)
    with pytest.raises(BodyError, match=rf"bad\.ehb: “{name}” cannot be unpacked .*invalid block type"):
        read_body(file)


@pytest.mark.parametrize("content", [b"[]", b"3", b"{}", b"[" * 100_000, b"\xff\xfe"])
def test_a_header_that_is_none(tmp_path: Path, content: bytes) -> None:
    told = why_not(tmp_path, with_entry("header.json", content))
    assert "not a body file (.ehb), its format is None" in told or "the body file is damaged" in told


def test_a_header_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.avatar.body_file.MOST_HEADER", 100)
    assert "its header is larger than any body's" in why_not(tmp_path, lambda entries: None)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda told: told["parts"][0]["material"].update(glitter=1), "“glitter” of a material is not known here"),
        (lambda told: told["parts"][0].update(surface={"fur": 1}), "“fur” of a surface is not known here"),
        (lambda told: told["parts"][0].update(material=[]), "damaged"),
        (lambda told: told["parts"][0].update(shown="always and ever"), "always and ever"),
        (lambda told: told["parts"][0]["ranges"].update(position=[[0.0] * 9, [1.0] * 9]), "with 9 and 9 spans"),
        (lambda told: told["parts"][0]["ranges"].update(position=[[0.0] * 3, [1e30] * 3]), "far too large"),
        (lambda told: told["parts"][0].update(delta_scale=[[1.0, 1.0]]), "for 2 face shapes"),
        (lambda told: told["parts"][0].update(kind="eye"), "an eye is called skin"),
        (lambda told: told.update(eye_height=float("nan")), "heights and colours are no numbers"),
        (lambda told: told.update(textures=10**9), "texture0.png"),
        (lambda told: told.update(densities=[1.0]), "0 textures with 1 densities"),
        (lambda told: told.update(clamped=[[True, False]]), "0 textures with the edges of 1"),
        (lambda told: told.update(clamped=[True]), "damaged"),
        (lambda told: told.update(parts=None), "damaged"),
        (lambda told: told.update(landmarks={"chin": 10**400}), "damaged"),
    ],
)
def test_a_header_that_does_not_fit(tmp_path: Path, change: Callable[[dict[str, Any]], object], words: str) -> None:
    assert words in why_not(tmp_path, with_header(change))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("skin.triangles", npy(np.array([[0, 1, 9]], np.uint16)), "skin draws vertices that it does not have"),
        ("skin.triangles", npy(np.array([[0, 1, -1]], np.int32)), "skin draws vertices that it does not have"),
        ("skin.triangles", npy(np.array([0, 1, 2], np.uint16)), "the triangles of skin have the shape"),
        ("skin.position", claiming((10**13, 3), "<u2"), "an array that claims to be"),
        ("skin.position", npy(np.zeros((0, 3), np.uint16)), "skin draws vertices that it does not have"),
        ("skin.normal", npy(np.zeros((4, 3), np.int16)), "the normals of skin have the shape (4, 3), not (5, 3)"),
        ("skin.neck", npy(np.zeros((5, 3), np.uint16)), "with 4 and 4 spans"),
        ("skin.light", npy(np.zeros((4, 2), np.uint16)), "“light” of skin has the shape (4, 2) for 5 vertices"),
        ("skin.deltas", npy(np.zeros((2, 9, 6), np.int16)), "the offsets of skin have the shape"),
        ("skin.views", npy(np.zeros(7, np.uint8)), "the views of skin have the shape"),
        ("sleeve_left.bones", npy(np.full((3, 4), 24, np.uint8)), "sleeve_left follows arm bones that there are not"),
        ("neck_joints", npy(np.zeros((3, 3), np.float32)), "the neck joints have the shape"),
        ("arm_joints", npy(np.full((2, 24, 3), np.nan, np.float32)), "the joints are no numbers"),
        ("arm_joints", npy(np.zeros((2, 7, 3), np.float32)), "the arm joints have the shape"),
    ],
)
def test_numbers_that_do_not_fit(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    assert words in why_not(tmp_path, with_entry(f"{name}.npy", content))


@pytest.mark.parametrize("side", [9000, 20_000])
def test_a_picture_that_asks_for_too_many_pixels(tmp_path: Path, side: int) -> None:
    assert "the body file is damaged" in why_not(tmp_path, with_entry("logo.png", png_that_says(side, side)))


def test_pictures_that_are_too_many_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.avatar.body_file.MOST_PIXELS", 200)
    assert "megapixels together" in why_not(tmp_path, lambda entries: None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"joints": np.zeros((1, 3))}, "a spring chain without a bone"),
        ({"drag": np.zeros(3)}, "the numbers of a spring chain have the shape (3,), not (2,)"),
        ({"joints": np.full((3, 3), np.inf)}, "far too large"),
        ({"root": 4}, "hangs on a bone that there is not"),
        ({"joints": np.zeros((300, 3))}, "the gravity of a spring chain"),
    ],
)
def test_spring_chains_that_do_not_fit(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    two = np.zeros(2, np.float32)
    chain = Chain(3, np.zeros((3, 3), np.float32), two, two, np.zeros((2, 3), np.float32), two, np.zeros((0, 8)))
    body = replace(small_body(), parts=[part(6)], chains=(replace(chain, **changes),))
    write_body(tmp_path / "a.ehb", body)
    with pytest.raises(BodyError) as caught:
        read_body(tmp_path / "a.ehb")
    assert words in str(caught.value)


@pytest.mark.parametrize("bone", [2.0, 200.0])
def test_what_hangs_on_no_spring_bone(tmp_path: Path, bone: float) -> None:
    two = np.zeros(2, np.float32)
    chain = Chain(3, np.zeros((3, 3), np.float32), two, two, np.zeros((2, 3), np.float32), two, np.zeros((0, 8)))
    hanging = {"swing": np.full((6, 4), bone, np.float32), "swing_weight": np.full((6, 4), 0.25, np.float32)}
    body = replace(small_body(), parts=[part(6, attributes=hanging)], chains=(chain,))
    write_body(tmp_path / "a.ehb", body)
    with pytest.raises(BodyError, match="follows spring bones that there are not"):
        read_body(tmp_path / "a.ehb")
    hanging["swing"] = np.full((6, 4), 1.0, np.float32)
    write_body(tmp_path / "a.ehb", replace(body, parts=[part(6, attributes=hanging)]))
    assert len(read_body(tmp_path / "a.ehb").chains) == 1


def test_a_body_that_fits_together_and_cannot_be_drawn_is_told(tmp_path: Path) -> None:
    """Its landmarks lack what a picture is framed by."""
    write_body(tmp_path / "a.ehb", small_body())
    with pytest.raises(BodyError, match=r"a\.ehb: the body cannot be drawn \(KeyError"):
        open_body(tmp_path / "a.ehb", Canvas(width=360, height=640))
