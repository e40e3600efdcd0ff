"""The slate: what viewers see when there is no picture to show. It is drawn once, and carries the label."""

from __future__ import annotations

import cv2
import numpy as np

from engine.flow import Floats
from engine.stage.colour import WHITE, Rgb, ink_on, mix
from engine.stage.layout import Layout, even
from engine.stage.overlay import Bytes, Overlay, Planes
from engine.stage.sheet import Sheet
from engine.stage.typeface import Style, Typeface, Weight
from engine.stage.words import StageWords

NIGHT: Rgb = (0.075, 0.055, 0.075)


def draw_slate(layout: Layout, typeface: Typeface, words: StageWords, shop: str, brand: Rgb, label: Overlay) -> Bytes:
    """The shop's name and that it comes back, on the brand's colour at night, and the label; I420."""
    ground = np.clip(_ground(layout, brand)[..., ::-1] * 255 + 0.5, 0, 255).astype(np.uint8)
    slate = np.asarray(cv2.cvtColor(ground, cv2.COLOR_BGR2YUV_I420), np.uint8)
    planes = Planes(slate, layout.width, layout.height)
    text = _text(layout, typeface, words, shop, brand)
    text.draw(planes, even((layout.width - text.width) / 2), even(layout.height * 0.49 - text.height / 2))
    label.draw(planes, layout.label.x, layout.label.y)
    return slate


def _ground(layout: Layout, brand: Rgb) -> Floats:
    """RGB: a dark gradient, a glow in the brand's colour behind the disc, and faint rings around it."""
    rows = np.arange(layout.height, dtype=np.float32)[:, None] / layout.unit
    columns = np.arange(layout.width, dtype=np.float32)[None, :] / layout.unit
    away = np.hypot(columns - layout.width / layout.unit / 2, rows - layout.height / layout.unit * 0.49 + 120)
    fall = (rows / (layout.height / layout.unit))[..., None]
    top, low = mix(brand, NIGHT, 0.72), mix(brand, NIGHT, 0.93)
    ground = np.asarray(top, np.float32) * (1 - fall) + np.asarray(low, np.float32) * fall
    glow = np.exp(-((away / 330) ** 2))[..., None] * 0.62
    ground = ground + (np.asarray(mix(brand, NIGHT, 0.22), np.float32) - ground) * glow
    for radius, strength in ((132, 0.10), (214, 0.07), (306, 0.05), (408, 0.035)):
        ring = np.clip(1.6 - np.abs(away - radius), 0, 1)[..., None]
        ground = ground + (1 - ground) * ring * strength
    noise = np.random.default_rng(3).triangular(-0.7, 0.0, 0.7, away.shape)[..., None] / 255
    return np.asarray(ground + noise, np.float32)


def _text(layout: Layout, typeface: Typeface, words: StageWords, shop: str, brand: Rgb) -> Overlay:
    u = layout.px
    width, disc = even(u(640)), even(u(132))
    sheet = Sheet(width, even(u(372)), typeface)
    left = (width - disc) // 2
    sheet.box(left, 0, disc, disc, disc / 2, WHITE)
    edge = round(u(5))
    sheet.box(left + edge, edge, disc - 2 * edge, disc - 2 * edge, disc / 2 - edge, brand)

    def centred(text: str, style: Style, baseline: float, opacity: float) -> None:
        text, style = typeface.fit(text, style, width - u(20), style.size * 0.6)
        sheet.text((width - typeface.width(text, style)) / 2, baseline, text, style, WHITE, opacity)

    letter, style = shop.strip()[:1].upper(), Style(Weight.DISPLAY_BOLD, disc * 0.56)
    pen = left + (disc - typeface.width(letter, style)) / 2
    sheet.text(pen, disc * 0.70, letter, style, ink_on(brand))
    centred(shop, Style(Weight.SEMIBOLD, u(34)), u(196), 0.92)
    centred(words.back, Style(Weight.DISPLAY_BOLD, u(62)), u(282), 1.0)
    centred(words.goes_on, Style(Weight.MEDIUM, u(24)), u(334), 0.72)
    return sheet.bake()
