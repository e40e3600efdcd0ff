"""What a photo package holds, and that no package can do harm."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.avatar.photo import PhotoError, read_photo, write_photo
from engine.avatar.photo.package import ENTRIES, HEADER, LARGEST_ENTRY

LEO = Path(__file__).with_name("leo.ehp")


def altered(folder: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Leo's package with other entries."""
    with zipfile.ZipFile(LEO) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    file = folder / "altered.ehp"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file


def with_header(**changes: object) -> Callable[[dict[str, bytes]], None]:
    def change(entries: dict[str, bytes]) -> None:
        entries[HEADER] = json.dumps(json.loads(entries[HEADER]) | changes).encode()

    return change


def test_a_package_reads_back_as_it_was_written_and_is_the_same_twice(tmp_path: Path) -> None:
    leo = read_photo(LEO)
    assert leo.consent.who == "Leo, a host of our own"
    assert leo.matte.max() == 255
    assert leo.matte.min() == 0
    for name in ("a", "b"):
        write_photo(tmp_path / f"{name}.ehp", leo)
    assert (tmp_path / "a.ehp").read_bytes() == (tmp_path / "b.ehp").read_bytes()
    again = read_photo(tmp_path / "a.ehp")
    np.testing.assert_array_equal(again.points, leo.points)
    np.testing.assert_array_equal(again.matte, leo.matte)
    assert again.consent == leo.consent
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.ehp", "b.ehp"]


@pytest.mark.parametrize("name", ENTRIES)
def test_every_entry_is_held_against_its_hash(tmp_path: Path, name: str) -> None:
    def change(entries: dict[str, bytes]) -> None:
        entries[name] = entries[name][:-1] + bytes([entries[name][-1] ^ 1])

    with pytest.raises(PhotoError, match=rf"“{name}” is not what the package was made with \(its SHA-256"):
        read_photo(altered(tmp_path, change))


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "C:\\x", "a/../../b"])
def test_an_entry_that_leads_out_of_the_package_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PhotoError, match="leads out of the package, which is an attack"):
        read_photo(altered(tmp_path, lambda entries: entries.update({name: b"x"})))


def test_nothing_else_may_be_in_it(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match=r"“weights\.pkl” does not belong into a photo package"):
        read_photo(altered(tmp_path, lambda entries: entries.update({"weights.pkl": b"x"})))
    with pytest.raises(PhotoError, match=r"not a photo package, it has 0 entries “matte\.png”"):
        read_photo(altered(tmp_path, lambda entries: entries.pop("matte.png", None) and None))


def test_a_zip_bomb_is_stopped_while_it_unfolds(tmp_path: Path) -> None:
    file = altered(tmp_path, lambda entries: entries.update({"matte.png": bytes(LARGEST_ENTRY + 1)}))
    assert file.stat().st_size < 1_000_000
    with pytest.raises(PhotoError, match=r"“matte\.png” grows beyond 24 MB when unpacked, like a zip bomb"):
        read_photo(file)


def test_arrays_with_objects_are_never_unpickled(tmp_path: Path) -> None:
    out = io.BytesIO()
    np.save(out, np.array([{"a": 1}], object), allow_pickle=True)
    told = json.loads(zipfile.ZipFile(LEO).read(HEADER))["sha256"]
    hashes = told | {"points.npy": hashlib.sha256(out.getvalue()).hexdigest()}

    def change(entries: dict[str, bytes]) -> None:
        with_header(sha256=hashes)(entries)
        entries["points.npy"] = out.getvalue()

    with pytest.raises(PhotoError, match="the package is damaged"):
        read_photo(altered(tmp_path, change))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (with_header(format="other"), "its format is 'other'"),
        (with_header(version=9), "photo package version 9, this Everhost reads version 1"),
        (with_header(colour="red"), "the package's header is damaged"),
        (with_header(consent=None), "the package's header is damaged"),
    ],
)
def test_headers_that_are_not_ours(tmp_path: Path, change: Callable[[dict[str, bytes]], None], words: str) -> None:
    with pytest.raises(PhotoError, match=words):
        read_photo(altered(tmp_path, change))


def test_files_that_are_no_package(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match="there is no such photo package; make one: everhost avatar photo"):
        read_photo(tmp_path / "none.ehp")
    (tmp_path / "text.ehp").write_text("hello")
    with pytest.raises(PhotoError, match="not a photo package"):
        read_photo(tmp_path / "text.ehp")
