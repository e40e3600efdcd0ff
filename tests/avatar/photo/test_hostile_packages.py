"""Packages that are damaged, or made to do harm: each is told, none of them takes the memory or ends in a traceback."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.avatar.photo import PhotoError, read_photo
from engine.avatar.photo.package import HEADER, POINTS
from tests.avatar.zips import Change, altered, claiming, npy, png_that_says, with_broken_block

LEO = Path(__file__).with_name("leo.ehp")


def with_entry(name: str, content: bytes) -> Change:
    """Another entry, and its hash in the header, as somebody does who makes packages of their own."""

    def change(entries: dict[str, bytes]) -> None:
        told = json.loads(entries[HEADER])
        told["sha256"][name] = hashlib.sha256(content).hexdigest()
        entries |= {name: content, HEADER: json.dumps(told).encode()}

    return change


def why_not(tmp_path: Path, change: Change, packing: int = zipfile.ZIP_DEFLATED) -> str:
    file = altered(LEO, tmp_path / "bad.ehp", change, packing)
    with pytest.raises(PhotoError) as caught:
        read_photo(file)
    assert str(caught.value).startswith(str(file))
    return str(caught.value)


@pytest.mark.parametrize("name", [HEADER, "picture.jpg", "matte.png", "points.npy"])
def test_a_packed_block_that_is_broken(tmp_path: Path, name: str) -> None:
    file = with_broken_block(altered(LEO, tmp_path / "bad.ehp", lambda entries: None), name)
    with pytest.raises(PhotoError, match=r"bad\.ehp: not a photo package .*invalid block type"):
        read_photo(file)


@pytest.mark.parametrize(
    ("shape", "descr"), [((10**13,), "<f4"), ((10**13, 0), "<f4"), ((POINTS, 3), "<f4"), ((3,), "|O"), ((12,), "|S1")]
)
def test_an_array_that_claims_more_than_it_holds(tmp_path: Path, shape: tuple[int, ...], descr: str) -> None:
    told = why_not(tmp_path, with_entry("points.npy", claiming(shape, descr)))
    assert "the package is damaged (an array that" in told


@pytest.mark.parametrize("side", [7000, 10_000, 20_000])
def test_a_picture_that_asks_for_too_many_pixels(tmp_path: Path, side: int) -> None:
    told = why_not(tmp_path, with_entry("matte.png", png_that_says(side, side)))
    assert "the package is damaged" in told


def test_a_picture_that_is_none(tmp_path: Path) -> None:
    assert "no picture that can be read" in why_not(tmp_path, with_entry("matte.png", b"GIF89a and more"))


@pytest.mark.parametrize("content", [b"[]", b"3", b"[" * 100_000, b"\xff\xfe", b'{"format": "everhost-photo"}'])
def test_a_header_that_is_none(tmp_path: Path, content: bytes) -> None:
    told = why_not(tmp_path, lambda entries: entries.update({HEADER: content}))
    assert "the package's header is damaged" in told or "photo package version None" in told


def test_a_header_that_is_too_large(tmp_path: Path) -> None:
    told = why_not(tmp_path, lambda entries: entries.update({HEADER: b" " * 300_000}))
    assert "“header.json” grows beyond 0.2 MB" in told


def test_numbers_that_are_none(tmp_path: Path) -> None:
    def change(entries: dict[str, bytes]) -> None:
        told = json.loads(entries[HEADER])
        told["shapes"] |= {"jawOpen": float("nan")}
        entries[HEADER] = json.dumps(told).encode()

    assert "the package's header is damaged" in why_not(tmp_path, change)


@pytest.mark.parametrize("value", [1e300, -5, 1.001])
def test_face_curves_that_no_face_has(tmp_path: Path, value: float) -> None:
    def change(entries: dict[str, bytes]) -> None:
        told = json.loads(entries[HEADER])
        told["shapes"] = dict.fromkeys(told["shapes"], value)
        entries[HEADER] = json.dumps(told).encode()

    assert "the package's header is damaged" in why_not(tmp_path, change)


def test_a_way_of_packing_that_asks_for_much_memory(tmp_path: Path) -> None:
    assert "packed in a way that is not read" in why_not(tmp_path, lambda entries: None, zipfile.ZIP_LZMA)


def test_an_empty_matte(tmp_path: Path) -> None:
    matte = np.zeros(read_photo(LEO).matte.shape, np.uint8)
    packed = cv2.imencode(".png", matte)[1].tobytes()
    assert "its matte is empty" in why_not(tmp_path, with_entry("matte.png", packed))


@pytest.mark.parametrize(
    ("scale", "shift", "words"),
    [(0.0, 0.0, "not those of a face"), (1.0, 1e9, "not those of a face"), (1.0, 8000.0, "outside of the picture")],
)
def test_a_face_that_is_nowhere(tmp_path: Path, scale: float, shift: float, words: str) -> None:
    points = (read_photo(LEO).points * scale + shift).astype(np.float32)
    assert words in why_not(tmp_path, with_entry("points.npy", npy(points)))


def test_a_strangers_name_steers_no_terminal(tmp_path: Path) -> None:
    told = why_not(tmp_path, lambda entries: entries.update({"a\x1b[31m\nb": b"x"}))
    assert "“a[31m b” does not belong" in told
