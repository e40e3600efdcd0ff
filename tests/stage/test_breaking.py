from __future__ import annotations

import numpy as np
import pytest

from engine.flow import Word
from engine.settings.channel import Canvas
from engine.stage import layout_for
from engine.stage.breaking import CLOSING, OPENING, gap_between, units
from engine.stage.captions import CaptionSetter
from engine.stage.typeface import CJK_FONTS, Style, Typeface, Weight, can_join_letters

cjk = pytest.mark.skipif(not CJK_FONTS.is_dir(), reason="fonts-noto-cjk is not installed")
TEXT = "这款“山径”保温杯（750毫升）用的是304不锈钢，USB-C、Type-C都能充；真好！"


def test_units_join_to_the_text_and_never_begin_with_a_closing_mark():
    pieces = units(TEXT)
    assert "".join(pieces) == TEXT
    assert not [p for p in pieces if p[0] in CLOSING or p[-1] in OPENING]
    assert "USB-C、" in pieces
    assert "304" in pieces


def test_latin_breaks_at_spaces():
    assert units("Only 3 left, hurry!") == ["Only ", "3 ", "left, ", "hurry!"]


def test_gaps():
    assert gap_between("Only", "three", 9.0, 38.0) == 9.0
    assert gap_between("保温", "杯", 9.0, 38.0) == 0.0
    assert gap_between("现在，", "129元", 9.0, 38.0) == 0.0
    assert 0 < gap_between("现在", "129元", 9.0, 38.0) < 9.0


@cjk
def test_wrapped_chinese_fits_and_keeps_its_marks():
    typeface, style = Typeface(), Style(Weight.SEMIBOLD, 20)
    lines = typeface.wrap(TEXT, style, 240, 6)
    assert "".join(lines).replace(" ", "") == TEXT
    assert all(typeface.width(line, style) <= 240 for line in lines)
    assert not [line for line in lines if line[0] in CLOSING]


@cjk
def test_captions_of_chinese_stand_without_spaces():
    setter = CaptionSetter(layout_for(Canvas()), Typeface())
    words = tuple(Word(t, i * 9600, (i + 1) * 9600) for i, t in enumerate(["装", "热水", "能", "保温", "12小时。"]))
    (phrase,) = setter.phrases(words)
    row = setter._measured(phrase.words)
    together = Typeface().width("装热水能保温", setter.style)
    assert row.starts[4] == pytest.approx(together + setter.gap(words[3], words[4]), abs=1.0)


@cjk
def test_japanese_is_drawn_as_in_japan():
    typeface = Typeface()
    chinese, japanese = (typeface.ink("直", Style(Weight.BOLD, 40, japanese=j)).coverage for j in (False, True))
    assert chinese.shape == japanese.shape
    assert np.abs(chinese - japanese).max() > 0.5


@pytest.mark.skipif(not can_join_letters(), reason="fonts-noto-core or FriBidi is not installed")
def test_letters_of_hindi_join():
    typeface, style = Typeface(), Style(Weight.BOLD, 40)
    alone = sum(typeface.width(letter, style) for letter in "स्ता")
    assert 0 < typeface.width("स्ता", style) < 0.9 * alone
