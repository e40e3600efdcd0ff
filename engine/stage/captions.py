"""Captions: the words of a Performance in phrases of at most two lines, the spoken word lit.

Times are samples from the Performance's start, as in ``Performance.words``.
"""

from __future__ import annotations

import bisect
import math
from collections import OrderedDict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from engine.flow import SAMPLE_RATE, Floats, Word
from engine.stage.breaking import gap_between, has_kana
from engine.stage.colour import WHITE, Rgb, from_hex
from engine.stage.layout import Layout, Rect, even
from engine.stage.overlay import Overlay, bake
from engine.stage.sheet import Sheet, blurred
from engine.stage.typeface import Style, Typeface, Weight

LIT: Rgb = from_hex("#ffcf7d")
OUTLINE: Rgb = (0.10, 0.05, 0.07)
HELD_GAP = SAMPLE_RATE // 5
"""A word stays lit over a gap up to this long before the next, so that the light does not flicker."""

LONGEST_PHRASE = 12
LONGEST_CHINESE_PHRASE = 20
"""Words: Chinese ones are shorter. The width of two lines bounds both."""

PHRASE_CACHE = 4
"""More than one for a picture that is drawn again; each holds a megabyte, and none comes back later."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is on show at once: its words' place in the Performance, and how many of them are on the first line."""

    first: int
    words: tuple[Word, ...]
    upper: int

    @property
    def lines(self) -> tuple[tuple[Word, ...], ...]:
        """One or two lines of words."""
        if self.upper >= len(self.words):
            return (self.words,)
        return self.words[: self.upper], self.words[self.upper :]


class _Reach(NamedTuple):
    """Where each word would start and end if all stood on one line."""

    starts: tuple[float, ...]
    ends: tuple[float, ...]


class CaptionSetter:
    """Sets words into phrases that fit the canvas."""

    def __init__(self, layout: Layout, typeface: Typeface) -> None:
        self._typeface = typeface
        self.style = Style(Weight.BOLD, layout.px(38 if layout.portrait else 36))
        self.limit = layout.captions.width - layout.px(28)
        self.space = typeface.width(" ", self.style)

    def phrases(self, words: tuple[Word, ...]) -> tuple[Phrase, ...]:
        """The cheapest split: few phrases, ended by punctuation, no lonely words, even lines."""
        shown = tuple(word for word in words if self.width(word) > 0)
        reach = self._measured(shown)
        longest = LONGEST_CHINESE_PHRASE if any(not word.text.isascii() for word in shown) else LONGEST_PHRASE
        stops = [_stop(word.text) for word in shown]
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)]
        for end in range(1, len(shown) + 1):
            options: list[tuple[float, int, int]] = []
            for begin in range(end - 1, max(0, end - longest) - 1, -1):
                middle = self._split(reach, stops, begin, end)
                if not middle:
                    break
                options.append((best[begin][0] + self._cost(reach, stops, begin, middle, end), begin, middle))
            best.append(min(options))
        phrases: list[Phrase] = []
        end = len(shown)
        while end > 0:
            _, begin, middle = best[end]
            phrases.append(Phrase(words.index(shown[begin]), shown[begin:end], middle - begin))
            end = begin
        return tuple(reversed(phrases))

    def width(self, word: Word) -> float:
        """Advance of one word, never more than a line (a longer one is shortened)."""
        return min(self._typeface.width(word.text, self.style), self.limit)

    def gap(self, before: Word, after: Word) -> float:
        """Pixels between two words of a line."""
        return gap_between(before.text, after.text, self.space, self.style.size)

    def _measured(self, words: tuple[Word, ...]) -> _Reach:
        starts, ends = [], []
        pen = 0.0
        for index, word in enumerate(words):
            if index:
                pen += self.gap(words[index - 1], word)
            starts.append(pen)
            pen += self.width(word)
            ends.append(pen)
        return _Reach(tuple(starts), tuple(ends))

    def _row(self, reach: _Reach, begin: int, end: int) -> float:
        return reach.ends[end - 1] - reach.starts[begin]

    def _split(self, reach: _Reach, stops: list[int], begin: int, end: int) -> int:
        """Index of the second line's first word (``end`` for one line); 0 where two lines are too few."""
        whole = self._row(reach, begin, end)
        if whole <= self.limit * 0.8:
            return end

        def uneven(k: int) -> float:
            return abs(self._row(reach, begin, k) - self._row(reach, k, end)) - 30 * stops[k - 1]

        fits = [
            k
            for k in range(begin + 1, end)
            if self._row(reach, begin, k) <= self.limit and self._row(reach, k, end) <= self.limit
        ]
        if fits:
            return min(fits, key=uneven)
        return end if whole <= self.limit else 0

    def _cost(self, reach: _Reach, stops: list[int], begin: int, middle: int, end: int) -> float:
        cost = 10.0 - 4.0 * stops[end - 1]
        if end < len(stops) and stops[end - 1] == 0:
            cost += 6.0
        if end - begin <= 2 and len(stops) > 2:
            cost += 8.0
        if middle < end:
            cost += 3.0 * abs(self._row(reach, begin, middle) - self._row(reach, middle, end)) / self.limit
        return cost


def _stop(text: str) -> int:
    """2 at the end of a sentence, 1 at a lesser stop, else 0."""
    last = text.rstrip("\"'”’)）》」』】")[-1:]
    return 2 if last in ".!?。！？।" else 1 if last in ",;:—–，；：、" else 0


def phrase_at(phrases: tuple[Phrase, ...], sample: int) -> Phrase | None:
    """The phrase on show: the first from the Performance's start, each next one from its first word on."""
    if not phrases:
        return None
    starts = [phrase.words[0].start for phrase in phrases]
    return phrases[max(0, bisect.bisect_right(starts, sample) - 1)]


def lit_word(phrase: Phrase, sample: int) -> int:
    """Index within the phrase of the word that is spoken at ``sample``, -1 where none is.

    A word is lit from its start to its end, or to the next word's start if that is within ``HELD_GAP``.
    """
    for index, word in enumerate(phrase.words):
        end = word.end
        if index + 1 < len(phrase.words) and 0 <= phrase.words[index + 1].start - end <= HELD_GAP:
            end = phrase.words[index + 1].start
        if word.start <= sample < end:
            return index
    return -1


@dataclass(frozen=True, slots=True)
class SetPhrase:
    """A phrase as an overlay, with each word's place and coverage on it."""

    overlay: Overlay
    rgba: Floats
    words: tuple[tuple[Floats, int, int], ...]
    place: Rect

    def lit(self, index: int, colour: Rgb) -> Overlay:
        """The overlay with one word in ``colour``: opacity is the same, so only its colour is baked again."""
        coverage, x, y = self.words[index]
        left, top = max(0, x - x % 2), max(0, y - y % 2)
        right = min(self.rgba.shape[1], even(x + coverage.shape[1] + 1))
        bottom = min(self.rgba.shape[0], even(y + coverage.shape[0] + 1))
        patch = self.rgba[top:bottom, left:right].copy()
        alpha = coverage[: bottom - y, : right - x][..., None]
        inner = patch[y - top :, x - left :][: alpha.shape[0], : alpha.shape[1], :3]
        inner += (np.asarray(colour, np.float32) - np.asarray(WHITE, np.float32)) * alpha
        baked = bake(patch)
        planes = []
        for plane, (whole, part) in enumerate(zip(self.overlay.colour, baked.colour, strict=True)):
            shift = 1 if plane else 0
            copy = whole.copy()
            copy[top >> shift : bottom >> shift, left >> shift : right >> shift] = part
            planes.append(copy)
        return replace(self.overlay, colour=(planes[0], planes[1], planes[2]))


class Captioner:
    """Draws phrases; keeps the last ``PHRASE_CACHE`` of them, and the last lit state."""

    def __init__(self, layout: Layout, typeface: Typeface) -> None:
        self.setter = CaptionSetter(layout, typeface)
        self._layout = layout
        self._typeface = typeface
        self._set: OrderedDict[tuple[str, ...], SetPhrase] = OrderedDict()
        self._lit: tuple[tuple[str, ...], int, Overlay] | None = None

    def overlay(self, phrase: Phrase, lit: int) -> tuple[Overlay, Rect]:
        """The overlay of a phrase with word ``lit`` alight (-1: none), and its place."""
        key = ("|".join(w.text for w in phrase.words), str(phrase.upper))
        done = self.set(phrase, key)
        if lit < 0:
            return done.overlay, done.place
        if self._lit is None or self._lit[:2] != (key, lit):
            self._lit = (key, lit, done.lit(lit, LIT))
        return self._lit[2], done.place

    def set(self, phrase: Phrase, key: tuple[str, ...]) -> SetPhrase:
        """The phrase drawn, from the cache where it is there."""
        if key in self._set:
            self._set.move_to_end(key)
            return self._set[key]
        done = self._draw(phrase)
        self._set[key] = done
        if len(self._set) > PHRASE_CACHE:
            self._set.popitem(last=False)
        return done

    def _draw(self, phrase: Phrase) -> SetPhrase:
        setter, box = self.setter, self._layout.captions
        style = replace(setter.style, japanese=any(has_kana(w.text) for w in phrase.words))
        size = style.size
        rows = [
            [(self._typeface.shorten(w.text, style, setter.limit), setter.width(w)) for w in line]
            for line in phrase.lines
        ]
        gaps = [[*(setter.gap(a, b) for a, b in pairwise(line)), 0.0] for line in phrase.lines]
        lengths = [sum(width for _, width in row) + sum(spaces) for row, spaces in zip(rows, gaps, strict=True)]
        pitch, pad = math.ceil(size * 1.22), math.ceil(size * 0.5)
        width = min(box.width, even(max(lengths) + 2 * pad + 1))
        height = min(box.height, even(size * 1.42 + pitch * (len(rows) - 1) + 1))
        sheet = Sheet(width, height, self._typeface)
        placed: list[tuple[Floats, int, int]] = []
        for line, (row, length) in enumerate(zip(rows, lengths, strict=True)):
            pen, baseline = (width - length) / 2, round(size * 1.04) + line * pitch
            for (text, advance), space in zip(row, gaps[line], strict=True):
                ink = self._typeface.ink(text, style, pen % 1)
                placed.append(_clipped(ink.coverage, int(pen) - ink.left, baseline - ink.above, width, height))
                pen += advance + space
        letters = np.zeros((height, width), np.float32)
        for coverage, x, y in placed:
            part = letters[y : y + coverage.shape[0], x : x + coverage.shape[1]]
            np.maximum(part, coverage, out=part)
        sheet.cover(np.clip(blurred(letters, size * 0.16) * 1.1, 0, 1), OUTLINE, 0, 0, 0.42)
        sheet.cover(np.clip(blurred(letters, size * 0.045) * 2.4, 0, 1), OUTLINE, 0, 0, 0.88)
        sheet.cover(letters, WHITE, 0, 0)
        place = Rect(even(box.x + (box.width - width) / 2), box.bottom - height, width, height)
        rgba = sheet.rgba
        return SetPhrase(bake(rgba), rgba, tuple(placed), place)


def _clipped(coverage: Floats, x: int, y: int, width: int, height: int) -> tuple[Floats, int, int]:
    """The part of a coverage that lies on a sheet, and where."""
    left, top = max(0, -x), max(0, -y)
    return coverage[top : top + height - max(0, y), left : left + width - max(0, x)], x + left, y + top
