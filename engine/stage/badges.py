"""The small fixed things: who sells, the label that says what the host is, and the question being answered."""

from __future__ import annotations

from engine.flow import Question
from engine.stage.colour import WHITE, Rgb, ink_on, readable
from engine.stage.layout import LABEL_HEIGHT, Layout, Rect, even
from engine.stage.overlay import Overlay
from engine.stage.sheet import Sheet, rounded
from engine.stage.typeface import Style, Typeface, Weight
from engine.stage.words import StageWords

DARK: Rgb = (0.12, 0.09, 0.11)
INTER_CAPITALS = 0.727
"""Height of a capital as a fraction of the em, in Inter (OS/2 table, sCapHeight)."""

GROUND_OPACITY = 0.66
"""Over a white backdrop it leaves white text a contrast of 5.8."""


def label_style(layout: Layout) -> Style:
    """The size at which capitals reach ``LABEL_HEIGHT`` of the shorter side, with half a pixel's row to spare."""
    return Style(Weight.DISPLAY, (min(layout.width, layout.height) * LABEL_HEIGHT + 0.6) / INTER_CAPITALS)


def paint_label(layout: Layout, typeface: Typeface, words: StageWords) -> Overlay:
    """The permanent label, in two lines; every letter's capital height is at least 5 % of the shorter side."""
    box, u = layout.label, layout.px
    style = label_style(layout)
    sheet = Sheet(box.width, box.height, typeface)
    sheet.box(0, 0, box.width, box.height, u(22), DARK, GROUND_OPACITY)
    widest = max(typeface.width(text, style) for text in words.label)
    left = max(u(18), (box.width - widest) / 2)
    for line, text in enumerate(words.label):
        sheet.text(left, u(52) + line * u(55), text, style, WHITE)
    return sheet.bake()


def paint_shop(
    layout: Layout, typeface: Typeface, words: StageWords, shop: str, host: str, brand: Rgb
) -> tuple[Overlay, Rect]:
    """The shop's initial, its name and who is live, in a pill as long as its words, and its place."""
    box, u = layout.shop, layout.px
    disc = even(u(52))
    edge = (box.height - disc) // 2
    x = edge + disc + u(12)
    limit = box.width - x - u(24)
    name, name_style = typeface.fit(shop, Style(Weight.SEMIBOLD, u(23)), limit, u(18))
    state, state_style = typeface.fit(words.live.format(host=host), Style(Weight.MEDIUM, u(17)), limit - u(16), u(14))
    longest = max(typeface.width(name, name_style), typeface.width(state, state_style) + u(16))
    width = min(box.width, even(x + longest + u(26)))
    sheet = Sheet(width, box.height, typeface)
    sheet.box(0, 0, width, box.height, box.height / 2, DARK, GROUND_OPACITY)
    sheet.box(edge, edge, disc, disc, disc / 2, brand)
    letter, letter_style = shop.strip()[:1].upper(), Style(Weight.DISPLAY_BOLD, disc * 0.56)
    pen = edge + (disc - typeface.width(letter, letter_style)) / 2
    sheet.text(pen, edge + disc * 0.70, letter, letter_style, ink_on(brand))
    sheet.text(x, u(32), name, name_style, WHITE)
    dot = max(4, round(u(9)))
    sheet.box(round(x + u(1)), round(u(48.5)), dot, dot, dot / 2, readable(brand, DARK, 3.6))
    sheet.text(x + u(16), u(58), state, state_style, WHITE, 0.88)
    left = box.x if box.x < layout.label.x else box.right - width
    return sheet.bake(), Rect(left, box.y, width, box.height)


def paint_question(
    layout: Layout, typeface: Typeface, words: StageWords, question: Question, brand: Rgb
) -> tuple[Overlay, Rect]:
    """The viewer's name and question in a bubble as small as its words, at most two lines, and its place."""
    box, u = layout.question, layout.px
    inset = u(22)
    limit = box.width - 2 * inset
    asker = words.asks.format(viewer=question.viewer.strip() or words.somebody)
    asker, asker_style = typeface.fit(asker, Style(Weight.SEMIBOLD, u(17)), limit, u(15))
    text, style = typeface.fit(question.text, Style(Weight.SEMIBOLD, u(23)), limit, u(21))
    lines = [text]
    if text.endswith("…"):
        style = Style(Weight.SEMIBOLD, u(20))
        lines = typeface.wrap(question.text, style, limit, 2)
    longest = max(typeface.width(asker, asker_style), *(typeface.width(line, style) for line in lines))
    width = min(box.width, even(longest + 2 * inset + 1))
    height = box.height + (even(u(22)) if len(lines) > 1 else 0)
    sheet = Sheet(width, height, typeface)
    sheet.cover(rounded(width, height, u(20)), WHITE, 0, 0, 0.95)
    sheet.text(inset, u(30), asker, asker_style, readable(brand, WHITE))
    for line, shown in enumerate(lines):
        sheet.text(inset, u(61) + line * u(26), shown, style, DARK)
    return sheet.bake(), Rect(box.x, box.bottom - height, width, height)
