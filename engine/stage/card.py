"""The product card: picture, item number, name, details, price, was-price, stock."""

from __future__ import annotations

import logging
import stat
from collections import OrderedDict
from pathlib import Path

import numpy as np
from PIL import Image

from engine.flow import Card
from engine.settings.pictures import PictureError, opened_picture, upright
from engine.stage.cart import paint_cart
from engine.stage.colour import WHITE, Rgb, ink_on, mix, readable
from engine.stage.layout import Layout, even
from engine.stage.overlay import Bytes, Overlay
from engine.stage.sheet import Sheet, rounded
from engine.stage.typeface import Style, Typeface, Weight
from engine.stage.words import StageWords

logger = logging.getLogger(__name__)

INK: Rgb = (0.11, 0.09, 0.10)
QUIET: Rgb = (0.39, 0.36, 0.37)
FAINT: Rgb = (0.45, 0.42, 0.43)
STOCK: Rgb = (0.66, 0.29, 0.12)
SHADOW = 22
"""Units of the sheet around the card that hold its shadow."""

PICTURE_CACHE = 32

Stamp = tuple[Path, int, int]
"""A file as it was when it was looked at: its path, when it was changed (ns), and its bytes."""


class CardPainter:
    """Draws cards. ``folders`` are where relative picture paths may be, the first that has the file wins."""

    def __init__(
        self, layout: Layout, typeface: Typeface, words: StageWords, brand: Rgb, folders: tuple[Path, ...]
    ) -> None:
        self._layout = layout
        self._typeface = typeface
        self._words = words
        self._brand = brand
        self._folders = folders
        self._pictures: OrderedDict[tuple[str, Stamp | None, int], Bytes | None] = OrderedDict()

    @property
    def margin(self) -> int:
        """Pixels of the overlay around the card."""
        return even(self._layout.px(SHADOW))

    def stamp(self, card: Card) -> Stamp | None:
        """The file of a card's picture as it is now; None where there is none."""
        for folder in self._folders:
            path = folder / card.picture
            try:
                found = path.stat()
            except (OSError, ValueError):
                continue
            if stat.S_ISREG(found.st_mode):
                return path, found.st_mtime_ns, found.st_size
        return None

    def paint(self, card: Card, picture: Stamp | None) -> Overlay:
        """The card with its picture and shadow; the card's own corner is at (``margin``, ``margin``)."""
        box, edge = self._layout.card, self.margin
        sheet = Sheet(box.width + 2 * edge, box.height + 2 * edge, self._typeface)
        radius = self._layout.px(24)
        sheet.shadow(edge, edge + round(edge * 0.3), box.width, box.height, radius, edge * 0.3, 0.34)
        sheet.box(edge, edge, box.width, box.height, radius, WHITE)
        if self._layout.portrait:
            self._wide(sheet, card, picture, edge)
        else:
            self._tall(sheet, card, picture, edge)
        return sheet.bake()

    def _wide(self, sheet: Sheet, card: Card, picture: Stamp | None, edge: int) -> None:
        u = self._layout.px
        height, pad = self._layout.card.height, even(u(16))
        side = height - 2 * pad
        self._picture(sheet, card, picture, edge + pad, side)
        x, top = edge + pad + side + u(22), float(edge)
        limit = self._layout.card.width - pad - side - u(22) - u(24)
        self._item_tag(sheet, card, x, top + u(29))
        name, style = self._typeface.fit(card.name, Style(Weight.SEMIBOLD, u(28)), limit, u(21))
        sheet.text(x, top + u(73), name, style, INK)
        details, style = self._typeface.fit(card.details, Style(Weight.MEDIUM, u(19)), limit, u(16))
        sheet.text(x, top + u(102), details, style, QUIET)
        self._price(sheet, card, x, top + height - (u(51) if card.stock else u(28)), limit)
        if card.stock:
            stock, style = self._typeface.fit(card.stock, Style(Weight.SEMIBOLD, u(17)), limit, u(15))
            sheet.text(x, top + height - u(21), stock, style, STOCK)

    def _tall(self, sheet: Sheet, card: Card, picture: Stamp | None, edge: int) -> None:
        u = self._layout.px
        box, pad = self._layout.card, even(u(14))
        side = box.width - 2 * pad
        self._picture(sheet, card, picture, edge + pad, side)
        x, limit = edge + u(20), box.width - u(40)
        pen = float(edge + pad + side) + u(24)
        self._item_tag(sheet, card, x, pen)
        name, style = self._typeface.fit(card.name, Style(Weight.SEMIBOLD, u(23)), limit, u(20))
        lines = [name]
        if name.endswith("…"):
            style = Style(Weight.SEMIBOLD, u(21))
            lines = self._typeface.wrap(card.name, style, limit, 2)
        pen += u(41)
        for line in lines:
            sheet.text(x, pen, line, style, INK)
            pen += u(26)
        style = Style(Weight.MEDIUM, u(16))
        for line in self._typeface.wrap(card.details, style, limit, 3 - len(lines)):
            sheet.text(x, pen, line, style, QUIET)
            pen += u(22)
        self._price(sheet, card, x, edge + box.height - (u(46) if card.stock else u(26)), limit)
        if card.stock:
            stock, style = self._typeface.fit(card.stock, Style(Weight.SEMIBOLD, u(16)), limit, u(14))
            sheet.text(x, edge + box.height - u(20), stock, style, STOCK)

    def _price(self, sheet: Sheet, card: Card, x: float, baseline: float, limit: float) -> None:
        size = self._layout.px(44)
        share = (0.5 if card.saving else 0.66) if card.was_price else 1.0
        price, style = self._typeface.fit(card.price, Style(Weight.DISPLAY_BOLD, size), limit * share, size * 0.6)
        advance = sheet.text(x - size * 0.04, baseline, price, style, readable(self._brand, WHITE))
        if not card.was_price:
            return
        start = x + advance + size * 0.36
        small = Style(Weight.MEDIUM, size * 0.5)
        was, small = self._typeface.fit(card.was_price, small, limit - advance - size * 0.36, size * 0.36)
        width = sheet.text(start, baseline, was, small, FAINT)
        ticket = start + width + size * 0.36
        if card.saving and ticket + self._coupon_width(card) <= x + limit:
            self._coupon(sheet, card, ticket, baseline)
        line = max(2, round(size * 0.045))
        middle = round(baseline - small.size * 0.34)
        sheet.box(int(start) - 2, middle - line // 2, int(width) + 5, line, line / 2, FAINT)

    def _picture(self, sheet: Sheet, card: Card, stamp: Stamp | None, corner: int, side: int) -> None:
        """A square with its upper left corner at (``corner``, ``corner``)."""
        shape = rounded(side, side, self._layout.px(16))
        picture = self._thumbnail(card, stamp, side)
        if picture is None:
            sheet.cover(shape, mix(self._brand, WHITE, 0.86), corner, corner)
            style = Style(Weight.DISPLAY_BOLD, side * 0.5)
            letter = card.name.strip()[:1].upper()
            pen = corner + (side - self._typeface.width(letter, style)) / 2
            sheet.text(pen, corner + side * 0.68, letter, style, mix(self._brand, WHITE, 0.35))
        else:
            sheet.cover(shape, picture.astype(np.float32) / np.float32(255), corner, corner)

    def _item_tag(self, sheet: Sheet, card: Card, x: float, middle: float) -> float:
        """The item's number as a small flat mark over the name, not a button; returns its width."""
        u = self._layout.px
        style = Style(Weight.BOLD, u(16))
        text = self._words.item.format(number=card.item_number)
        cart = round(u(25)) if self._words.cart else 0
        width, height = round(self._typeface.width(text, style) + u(16)) + cart, round(u(25))
        sheet.box(round(x), round(middle - height / 2), width, height, u(7), mix(self._brand, WHITE, 0.88))
        ink = readable(self._brand, mix(self._brand, WHITE, 0.88))
        sheet.text(round(x) + cart + u(8), middle + u(5.8), text, style, ink)
        if cart:
            paint_cart(sheet, round(x), round(middle - height / 2), cart)
        return width

    def _coupon_width(self, card: Card) -> float:
        return self._typeface.width(card.saving, Style(Weight.BOLD, self._layout.px(18))) + self._layout.px(26)

    def _coupon(self, sheet: Sheet, card: Card, x: float, baseline: float) -> None:
        """What is saved, on a ticket in the brand's colour with a notch in each side."""
        u = self._layout.px
        style, width, height = Style(Weight.BOLD, u(18)), round(self._coupon_width(card)), round(u(31))
        top, notch = round(baseline - u(23)), round(u(9))
        sheet.box(round(x), top, width, height, u(6), self._brand)
        for edge in (round(x) - notch // 2, round(x) + width - notch // 2):
            sheet.box(edge, top + (height - notch) // 2, notch, notch, notch / 2, WHITE)
        sheet.text(round(x) + u(13), baseline - u(1), card.saving, style, ink_on(self._brand))

    def _thumbnail(self, card: Card, stamp: Stamp | None, side: int) -> Bytes | None:
        key = (card.picture, stamp, side)
        if key not in self._pictures:
            self._pictures[key] = _loaded(card, stamp, side)
            if len(self._pictures) > PICTURE_CACHE:
                self._pictures.popitem(last=False)
        self._pictures.move_to_end(key)
        return self._pictures[key]


def _loaded(card: Card, stamp: Stamp | None, side: int) -> Bytes | None:
    """A card's picture as a square; None, and a warning, where there is none that can be shown."""
    if stamp is None:
        logger.warning("product %s: picture %r is missing; its initial is shown", card.product_id, card.picture)
        return None
    path = stamp[0]
    try:
        with opened_picture(path) as image:
            # A JPEG is decoded no larger than it is needed.
            image.draft("RGB", (2 * side, 2 * side))
            picture = upright(image)
            if picture.has_transparency_data or picture.mode not in ("L", "RGB"):
                picture = picture.convert("RGBA")
            rgba = _square(picture, side).convert("RGBA")
    except PictureError as error:
        logger.warning("product %s: picture %s: %s; its initial is shown", card.product_id, path, error)
        return None
    ground = Image.new("RGBA", rgba.size, (244, 243, 241, 255))
    ground.alpha_composite(rgba)
    return np.asarray(ground.convert("RGB"), np.uint8)


def _square(image: Image.Image, side: int) -> Image.Image:
    """The middle square of a picture, scaled."""
    short = min(image.size)
    left, top = (image.width - short) // 2, (image.height - short) // 2
    return image.resize((side, side), Image.Resampling.LANCZOS, (left, top, left + short, top + short))
