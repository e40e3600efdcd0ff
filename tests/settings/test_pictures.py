"""Pictures from addresses: only real ones, kept once by what is in them."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from engine.settings.picture_shelf import PictureShelf
from engine.settings.pictures import (
    PictureError,
    checked_format,
    opened_picture,
    upright,
    why_too_large,
    write_whole,
)
from tests.settings.https_server import Answer, Shop
from tests.settings.pictures import Tag, exif, short_tag, text_tag


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 60)).save(out, kind)
    return out.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG whose head tells a size that its body has not."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("kind", "ending"), [("PNG", ".png"), ("JPEG", ".jpg"), ("WEBP", ".webp")])
def test_a_picture_is_kept_by_its_hash_and_not_asked_for_again(
    shop: Shop, tmp_path: Path, kind: str, ending: str
) -> None:
    content = picture(kind)
    # What the server calls it does not count.
    shop.answers["/a.txt"] = Answer(body=content, headers={"Content-Type": "text/plain"})
    shelf = PictureShelf(tmp_path / "pictures", shop.allowance)
    url = shop.url("/a.txt")
    found = shelf.get_all([url, url])
    assert found == {url: tmp_path / "pictures" / f"{hashlib.sha256(content).hexdigest()}{ending}"}
    path = found[url]
    assert isinstance(path, Path)
    assert path.read_bytes() == content
    again = PictureShelf(tmp_path / "pictures", shop.allowance)
    assert again.get_all([url]) == found
    assert len(shop.asked) == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<html>not found</html>", "not a PNG, JPEG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "not a PNG, JPEG or WebP"),
        (picture("GIF"), "not a PNG, JPEG or WebP"),
        (picture()[:60], "broken picture"),
        (png_that_claims(8000, 8000), "8000 × 8000 pixels, more than 40 million"),
        (png_that_claims(30_000, 30_000), "far more than 40 million pixels"),
        (png_that_claims(500, 500), "broken picture"),
        (picture(size=(8, 8)), "too small"),
        (b"", "not a PNG, JPEG or WebP"),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(PictureError, match=why):
        checked_format(content)


def test_a_jpeg_with_further_pictures_behind_it_is_a_jpeg() -> None:
    """Phones write such files (MPO) under the ending of a JPEG."""
    out = io.BytesIO()
    front, behind = (Image.new("RGB", (40, 30), colour) for colour in ("red", "blue"))
    front.save(out, "MPO", save_all=True, append_images=[behind])
    assert checked_format(out.getvalue()) == "JPEG"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (png_that_claims(8000, 8000), "it has 8000 × 8000 pixels, more than 40 million"),
        (png_that_claims(30_000, 30_000), "it has far more than 40 million pixels"),
        (png_that_claims(8000, 4000), ""),
        (b"png", ""),
    ],
)
def test_too_large_is_told_by_the_head_alone(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "a.png").write_bytes(content)
    assert why_too_large(tmp_path / "a.png") == why


@pytest.mark.parametrize("raised", [OSError, ValueError, SyntaxError, EOFError, IndexError, RuntimeError, struct.error])
def test_whatever_breaks_while_a_picture_is_decoded_is_told(tmp_path: Path, raised: type[Exception]) -> None:
    (tmp_path / "a.png").write_bytes(picture())
    with pytest.raises(PictureError, match="it is a broken picture: odd"), opened_picture(tmp_path / "a.png"):
        raise raised("odd")


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_pictures_in_files_may_be_of_other_kinds(tmp_path: Path, kind: str) -> None:
    (tmp_path / "a").write_bytes(picture(kind))
    with opened_picture(tmp_path / "a") as opened:
        assert opened.convert("RGB").getpixel((5, 5)) == (200, 30, 60)


def marked() -> Image.Image:
    """Three by two pixels, each of its own grey."""
    return Image.fromarray(np.arange(10, 70, 10, dtype=np.uint8).reshape(2, 3))


@pytest.mark.parametrize("orientation", range(10))
def test_a_picture_is_turned_as_pillow_turns_it(orientation: int) -> None:
    out = io.BytesIO()
    marked().save(out, "PNG", exif=exif(short_tag(0x0112, orientation)))
    with Image.open(out) as here, Image.open(out) as there:
        turned = upright(here)
        assert np.array_equal(np.asarray(turned), np.asarray(ImageOps.exif_transpose(there)))
        assert turned.size == ((2, 3) if 5 <= orientation <= 8 else (3, 2))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("odd", [text_tag(0x0100, b"640"), text_tag(0x0213, b"1"), text_tag(0x0128, b"2")])
def test_odd_tags_of_a_camera_break_no_picture(tmp_path: Path, kind: str, odd: Tag) -> None:
    """Pillow can't write these again, which turning a picture must not ask for."""
    Image.new("RGB", (40, 20)).save(tmp_path / "a", kind, exif=exif(short_tag(0x0112, 6), odd))
    with opened_picture(tmp_path / "a") as opened:
        assert upright(opened).size == (20, 40)


@pytest.mark.parametrize("raised", [struct.error, TypeError, AttributeError, KeyError])
def test_tags_that_cannot_be_read_turn_nothing(monkeypatch: pytest.MonkeyPatch, raised: type[Exception]) -> None:
    def fail() -> Image.Exif:
        raise raised("odd")

    picture = marked()
    monkeypatch.setattr(picture, "getexif", fail)
    assert upright(picture) is picture


def test_a_file_is_written_whole_or_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "new" / "a.json"
    write_whole(file, b"before")

    def full(self: Path, content: bytes) -> int:
        self.open("wb").close()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(file, b"after")
    assert [each.name for each in file.parent.iterdir()] == ["a.json"]
    assert file.read_bytes() == b"before"


def test_pictures_that_other_programs_would_draw_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture("EPS"))
    with pytest.raises(PictureError, match="not a PNG, JPEG or WebP picture"), opened_picture(tmp_path / "a.png"):
        pass


def test_the_rest_comes_when_one_fails_and_a_failure_is_not_asked_again_at_once(shop: Shop, tmp_path: Path) -> None:
    shop.answers["/good.png"] = Answer(body=picture())
    shop.answers["/bad.png"] = Answer(body=b"no")
    shelf = PictureShelf(tmp_path / "pictures", shop.allowance)
    urls = [shop.url(path) for path in ("/good.png", "/bad.png", "/gone.png")] + ["http://shop.test/x.png"]
    found = shelf.get_all(urls)
    assert isinstance(found[urls[0]], Path)
    assert [str(found[url]) for url in urls[1:]] == [
        "it is not a PNG, JPEG or WebP picture",
        "it answers 404 Not Found",
        "“http://shop.test/x.png” does not begin with https://",
    ]
    count = len(shop.asked)
    assert shelf.get_all(urls) == found
    assert len(shop.asked) == count
