"""The picture on the product card: upright, never more than can be decoded in time, always the file that is there."""

from __future__ import annotations

import io
import logging
import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from engine.flow import Card
from engine.settings.channel import Canvas
from engine.stage import Stage, layout_for
from engine.stage.card import CardPainter
from engine.stage.colour import YUV_FROM_RGB, YUV_OFFSET, from_hex
from engine.stage.typeface import Typeface
from engine.stage.words import WORDS
from tests.settings.test_pictures import png_that_claims

from .scene import BoxBody, card, channel, drawn, performance

ORIENTATION, TURN_RIGHT = 0x0112, 6
"""EXIF: the picture must be turned a quarter to the right to stand upright."""

RED, BLUE, GREY = (230, 20, 20), (20, 20, 230), (244, 243, 241)


def luma(rgb: tuple[int, int, int]) -> float:
    return float(np.dot(YUV_FROM_RGB[0], np.array(rgb) / 255) + YUV_OFFSET[0])


LAYOUT = layout_for(Canvas())


def shown(file: Path) -> NDArray[np.uint8]:
    """The middle of the picture on the card, as luma."""
    painter = CardPainter(LAYOUT, Typeface(), WORDS["en"], from_hex("#e63348"), (file.parent / "none", file.parent))
    of = card(picture=file.name)
    plane = painter.paint(of, painter.stamp(of)).colour[0]
    corner, side = painter.margin + LAYOUT.card.height // 5, LAYOUT.card.height * 3 // 5
    return plane[corner : corner + side, corner : corner + side]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_of_a_phone_stands_upright(tmp_path: Path, kind: str) -> None:
    lying = Image.new("RGB", (1200, 1200), RED)
    lying.paste(BLUE, (600, 0, 1200, 1200))
    exif = Image.Exif()
    exif[ORIENTATION] = TURN_RIGHT
    lying.save(tmp_path / "phone", kind, exif=exif)
    seen = shown(tmp_path / "phone").astype(float)
    half = len(seen) // 2 - 4
    assert seen[:half].mean() == pytest.approx(luma(RED), abs=3), "what lay left is above"
    assert seen[-half:].mean() == pytest.approx(luma(BLUE), abs=3)


def test_pictures_of_every_mode_are_shown_on_the_cards_ground(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (200, 300), (*RED, 0))
    clear.save(tmp_path / "clear.png")
    palette = Image.new("P", (200, 300), 0)
    palette.putpalette([*RED, *BLUE])
    palette.save(tmp_path / "palette.png", transparency=0)
    Image.new("CMYK", (200, 300), (0, 255, 255, 0)).save(tmp_path / "print.jpg")
    Image.fromarray(np.full((200, 300), 40_000, np.uint16)).save(tmp_path / "grey.png")
    for name in ("clear.png", "palette.png"):
        assert shown(tmp_path / name).mean() == pytest.approx(luma(GREY), abs=2)
    assert shown(tmp_path / "grey.png").mean() == pytest.approx(luma((156,) * 3), abs=2)
    assert shown(tmp_path / "print.jpg").mean() == pytest.approx(luma((255, 0, 0)), abs=12)


def broken_text() -> bytes:
    """A PNG whose text would grow without end: Pillow raises ValueError."""
    out = io.BytesIO()
    text = PngInfo()
    text.add_text("a", "b" * 2_000_000, zip=True)
    Image.new("RGB", (64, 64)).save(out, "PNG", pnginfo=text)
    return out.getvalue()


def cut_off() -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8)).save(out, "PNG")
    return out.getvalue()[:2000]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (png_that_claims(8000, 8000), "it has 8000 × 8000 pixels, more than 40 million"),
        (png_that_claims(40_000, 40_000), "it has far more than 40 million pixels"),
        (cut_off(), "it is a broken picture"),
        (broken_text(), "it is a broken picture"),
        (b"no picture", "it is not a PNG, JPEG or WebP picture"),
    ],
)
def test_what_cannot_be_decoded_is_told_and_the_initial_is_shown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes, why: str
) -> None:
    file = tmp_path / "cup.png"
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        seen = shown(file)
    assert f"product bottle: picture {file}: {why}" in caplog.text
    assert seen.std() > 5, "a letter"


def on_card(stage: Stage, picture: int) -> float:
    """Luma in the middle of the product's picture."""
    box = stage.layout.card
    side = box.height // 3
    plane = drawn(stage, picture)[: stage.layout.height]
    return float(plane[box.y + side : box.y + 2 * side, box.x + side : box.x + 2 * side].mean())


def test_a_picture_that_comes_later_or_is_replaced_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "cup.png"
    cards: list[Card] = [card(picture=str(file))]
    stage = Stage(channel(), BoxBody())
    stage.set_cards(cards)
    stage.add(performance())
    stage.schedule("p1", 0)
    without = on_card(stage, 40)
    Image.new("RGB", (90, 90), RED).save(file)
    assert on_card(stage, 41) == without, "the disk is not asked at every picture"
    stage.set_cards(cards)
    assert on_card(stage, 42) == pytest.approx(luma(RED), abs=3)
    before = file.stat()
    Image.new("RGB", (90, 90), BLUE).save(file)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    stage.set_cards(cards)
    assert on_card(stage, 43) == pytest.approx(luma(BLUE), abs=3)
    file.unlink()
    stage.set_cards(cards)
    assert on_card(stage, 44) == without
