"""The picture: backdrop, host, and everything laid over them.

A picture is made in this order: the backdrop is copied, the body paints the host over it, the result becomes I420, and
the overlays (scrim, shop, label, card, question, captions) are blended into the planes, each in its own rectangle. What
is on a picture depends only on its number and on what was scheduled, so a picture drawn twice is the same picture.

The I420 is BT.601 limited range; see ``engine.stage.colour``.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, TypeVar

import cv2
import numpy as np

from engine.avatar.contract import Heard
from engine.flow import Card, Performance, rest_curves
from engine.motion import IdleLife, MotionError, blend, manner_of
from engine.settings.channel import Channel, LabelCorner
from engine.stage.backdrop import backdrop
from engine.stage.badges import paint_label, paint_question, paint_shop
from engine.stage.camerawork import Camerawork
from engine.stage.captions import Captioner, Phrase, lit_word, phrase_at
from engine.stage.card import CardPainter, Stamp
from engine.stage.colour import from_hex
from engine.stage.easing import eased_row
from engine.stage.errors import StageError
from engine.stage.layout import Layout, Rect, even, layout_for
from engine.stage.overlay import Bytes, Overlay, Planes, bake
from engine.stage.room import Room
from engine.stage.slate import draw_slate
from engine.stage.timeline import Placed, Timeline
from engine.stage.typeface import Typeface
from engine.stage.words import WORDS

if TYPE_CHECKING:
    from engine.avatar import Body

logger = logging.getLogger(__name__)

CARD_CHANGE_S = 0.36
"""A card slides in from the edge, over the one before: two prices are never mixed into one picture."""

CAPTIONS_HELD_S = 0.7
QUESTION_FADE_S = 0.2
CARD_CACHE = 4
"""The one on show, the one before, and two of what comes; who comes back in ten minutes is painted again."""

QUESTION_CACHE = 4
PHRASES_CACHE = 32

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Stage:
    """Draws the pictures of one channel.

    ``draw`` is called with rising picture numbers, mostly; each overlay is rendered once and kept while it is in use.
    Raises ``StageError`` when the channel's backdrop, the fonts or the manner file cannot be read.
    """

    def __init__(self, channel: Channel, body: Body) -> None:
        canvas = channel.canvas
        self._canvas_settings = canvas
        self._captions = canvas.captions
        self.layout: Layout = layout_for(canvas)
        self.timeline = Timeline(canvas.fps)
        self._fps = canvas.fps
        self._body = body
        try:
            self._idle = IdleLife(canvas.fps, channel.show.seed, manner_of(channel.moves_like))
        except MotionError as error:
            raise StageError(str(error)) from error
        self._brand = from_hex(canvas.brand_colour)
        self._typeface = Typeface()
        self._words = WORDS[channel.language]
        self._captioner = Captioner(self.layout, self._typeface)
        folders = (channel.catalogue.parent, channel.file.parent)
        self._card_painter = CardPainter(self.layout, self._typeface, self._words, self._brand, folders)
        self._cards: dict[str, Card] = {}
        self._stamps: dict[Card, Stamp | None] = {}
        self._card_overlays: OrderedDict[tuple[Card, Stamp | None], Overlay] = OrderedDict()
        self._question_overlays: OrderedDict[str, tuple[Overlay, Rect]] = OrderedDict()
        self._phrases: OrderedDict[str, tuple[Phrase, ...]] = OrderedDict()
        self._label = paint_label(self.layout, self._typeface, self._words)
        shop = channel.items.shop
        self._names = (shop, channel.name)
        self._lay_out()
        self._scrim = paint_scrim(self.layout)
        room = backdrop(canvas.backdrop, self.layout, self._brand, channel.file.parent)
        self._slate = draw_slate(self.layout, self._typeface, self._words, shop, self._brand, self._label)
        room, self._shift = _shifted(room, self.layout)
        self._room = Room(room, self.layout)
        self._canvas = room.copy()
        self._lens = Camerawork(canvas.fps)

    def set_cards(self, cards: Iterable[Card]) -> None:
        """Replace all cards; a card on show changes with the next picture, one that is gone disappears.

        Product pictures that were changed, or have come since, are shown from now on.
        """
        self._cards = {card.product_id: card for card in cards}
        self._stamps = {card: self._card_painter.stamp(card) for card in self._cards.values()}

    def set_picture(self, *, captions: bool, label: LabelCorner) -> None:
        """Show captions or not, and the label in another corner; the slate keeps it where the settings have it."""
        self._captions = captions
        if label != self._canvas_settings.label:
            self._canvas_settings = self._canvas_settings.model_copy(update={"label": label})
            self._lay_out()

    def _lay_out(self) -> None:
        self.layout = layout_for(self._canvas_settings)
        name, host = self._names
        self._shop, self._shop_place = paint_shop(self.layout, self._typeface, self._words, name, host, self._brand)

    def add(self, performance: Performance) -> None:
        """Keep a Performance until it is scheduled. Raises ``StageError`` if its fps is not the canvas's."""
        if performance.fps != self._fps:
            raise StageError(
                f"performance {performance.performance_id} has {performance.fps} pictures a second, "
                f"the canvas has {self._fps}"
            )
        self.timeline.add(performance if self._body.hears else performance.mute())
        card = self._cards.get(performance.line.product_id or "")
        if card is not None:
            self._card_overlay(card)

    def schedule(self, performance_id: str, start_picture: int) -> None:
        """Row 0 of the Performance's curves is picture ``start_picture``."""
        self.timeline.schedule(performance_id, start_picture)

    def recall(self, performance_id: str) -> None:
        """Take back a start that was decided; the Performance waits to be scheduled again."""
        self.timeline.recall(performance_id)

    def withdraw(self, ids: Iterable[str]) -> None:
        """Forget these Performances at once: call it for what the master let go, before its start or in the middle."""
        gone = self.timeline.withdraw(ids)
        if gone:
            logger.info("withdrawn: %s", ", ".join(gone))

    def draw(self, picture: int, out: Bytes) -> None:
        """Draw picture number ``picture`` into ``out``, I420 ``(height * 3 // 2, width)``."""
        planes = Planes(out, self.layout.width, self.layout.height)
        placed = self.timeline.on(picture)
        self._draw_host(picture, placed, out)
        self._scrim.draw(planes, self.layout.scrim.x, self.layout.scrim.y)
        self._shop.draw(planes, self._shop_place.x, self._shop_place.y)
        self._draw_card(picture, planes)
        if placed is not None:
            self._draw_question(picture, placed, planes)
            if self._captions:
                self._draw_captions(picture, placed, planes)
        self._label.draw(planes, self.layout.label.x, self.layout.label.y)
        self.timeline.forget(picture)

    def slate(self, out: Bytes) -> None:
        """Draw the "Back in a moment" picture into ``out``."""
        Planes(out, self.layout.width, self.layout.height)
        np.copyto(out, self._slate)

    def _draw_host(self, picture: int, placed: Placed | None, out: Bytes) -> None:
        row, heard = rest_curves(), None
        if placed is not None and picture < placed.end:
            row = placed.act.curves[picture - placed.start]
            if len(placed.act.pcm_48k):
                heard = Heard(placed.act.pcm_48k, placed.sample(picture, self._fps))
        for leaving in self.timeline.leaving:
            row = row + eased_row(leaving, picture, self._fps)
        view = self._lens.view(picture, placed)
        np.copyto(self._canvas, self._room.behind(view))
        width = self.layout.width
        self._body.paint(blend(self._idle.at(picture), row), self._canvas[:, :width], view, heard)
        cv2.cvtColor(self._canvas[:, self._shift : self._shift + width], cv2.COLOR_BGR2YUV_I420, dst=out)

    def _draw_card(self, picture: int, planes: Planes) -> None:
        now, before = self.timeline.product(picture)
        if now is None:
            return
        card = self._cards.get(now.product_id)
        if card is None:
            return
        share = min(1.0, (picture - now.start + 1) / (CARD_CHANGE_S * self._fps))
        old = self._cards.get(before.product_id) if before is not None else None
        if old is not None and share < 1:
            self._place_card(old, planes, 0.0)
        self._place_card(card, planes, (1 - share) ** 3)

    def _place_card(self, card: Card, planes: Planes, out: float) -> None:
        """Draw a card ``out`` (0 to 1) of the way outside: below a portrait canvas, right of any other."""
        margin, box = self._card_painter.margin, self.layout.card
        x, y = box.x - margin, box.y - margin
        if self.layout.portrait:
            y += even((self.layout.height - y) * out)
        else:
            x += even((self.layout.width - x) * out)
        self._card_overlay(card).draw(planes, x, y)

    def _card_overlay(self, card: Card) -> Overlay:
        stamp = self._stamps.get(card)
        return _kept(self._card_overlays, (card, stamp), CARD_CACHE, lambda: self._card_painter.paint(card, stamp))

    def _draw_question(self, picture: int, placed: Placed, planes: Planes) -> None:
        question = placed.act.line.question
        if question is None or picture >= placed.end:
            return
        overlay, place = _kept(
            self._question_overlays,
            question.question_id,
            QUESTION_CACHE,
            lambda: paint_question(self.layout, self._typeface, self._words, question, self._brand),
        )
        fade = QUESTION_FADE_S * self._fps
        opacity = min(1.0, (picture - placed.start + 1) / fade, (placed.end - picture) / fade)
        overlay.draw(planes, place.x, place.y, opacity)

    def _draw_captions(self, picture: int, placed: Placed, planes: Planes) -> None:
        if picture >= placed.end + CAPTIONS_HELD_S * self._fps:
            return
        phrases = _kept(
            self._phrases,
            placed.act.performance_id,
            PHRASES_CACHE,
            lambda: self._captioner.setter.phrases(placed.act.words),
        )
        sample = placed.sample(picture, self._fps)
        phrase = phrase_at(phrases, sample)
        if phrase is not None:
            overlay, place = self._captioner.overlay(phrase, lit_word(phrase, sample))
            overlay.draw(planes, place.x, place.y)


def paint_scrim(layout: Layout) -> Overlay:
    """A dark that grows towards the bottom, so that captions and card stand out from any clothes."""
    box = layout.scrim
    share = np.linspace(0, 1, box.height, dtype=np.float32)
    rgba = np.zeros((box.height, box.width, 4), np.float32)
    rgba[..., 3] = (0.72 * share**1.25 * np.clip(share * 3, 0, 1))[:, None]
    rgba[..., :3] = np.array([0.13, 0.06, 0.09], np.float32) * rgba[..., 3:]
    return bake(rgba)


def _shifted(room: Bytes, layout: Layout) -> tuple[Bytes, int]:
    """The backdrop widened so that a body, painted in the middle of a canvas, stands at ``layout.host_x``.

    Returns it with the column at which the picture begins; bodies paint on columns 0 to ``width``.
    """
    shift = layout.width // 2 - layout.host_x
    if shift <= 0:
        return room, 0
    return np.ascontiguousarray(np.pad(room, ((0, 0), (shift, 0), (0, 0)), mode="reflect")), shift


def _kept(store: OrderedDict[Key, Value], key: Key, size: int, make: Callable[[], Value]) -> Value:
    """The value of a key, made where it is missing; the store keeps the ``size`` last used."""
    if key not in store:
        store[key] = make()
        if len(store) > size:
            store.popitem(last=False)
    store.move_to_end(key)
    return store[key]
