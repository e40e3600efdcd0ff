import itertools

import pytest

from engine.flow import Word, picture_sample
from engine.settings.channel import Canvas
from engine.stage import layout_for
from engine.stage.captions import CaptionSetter, lit_word, phrase_at
from engine.stage.typeface import ELLIPSIS, Style, Typeface, Weight, runs

from .scene import words

LONG = (
    "Yes, it fits most car cup holders, and it keeps drinks cold for 24 hours, so you can take it on a long walk, "
    "to the office, or anywhere else you like to go."
)


def setter(width: int = 720, height: int = 1280) -> CaptionSetter:
    return CaptionSetter(layout_for(Canvas(width=width, height=height)), Typeface())


@pytest.mark.parametrize(("width", "height"), [(720, 1280), (1280, 720)])
def test_phrases_hold_all_words_in_order_in_two_lines_that_fit(width: int, height: int) -> None:
    captions = setter(width, height)
    spoken = words(LONG)
    phrases = captions.phrases(spoken)
    assert tuple(word for phrase in phrases for word in phrase.words) == spoken
    assert [phrase.first for phrase in phrases] == [spoken.index(phrase.words[0]) for phrase in phrases]
    for phrase in phrases:
        assert len(phrase.lines) <= 2
        for line in phrase.lines:
            length = sum(captions.width(w) for w in line) + captions.space * (len(line) - 1)
            assert length <= captions.limit


def test_phrases_end_at_stops_and_leave_no_word_alone() -> None:
    phrases = setter().phrases(words(LONG))
    assert sum(phrase.words[-1].text[-1] in ",." for phrase in phrases) >= len(phrases) - 1
    assert min(len(phrase.words) for phrase in phrases) >= 3


def test_which_word_is_lit_at_which_picture() -> None:
    spoken = words("It holds plenty", first=4_800, each=14_400)
    phrase = setter().phrases(spoken)[0]
    lit = [lit_word(phrase, picture_sample(picture, 25)) for picture in range(27)]
    # 1920 samples a picture: "It" is 4800-19200, "holds" 19200-33600, "plenty" 33600-48000.
    assert lit == [-1] * 3 + [0] * 7 + [1] * 8 + [2] * 7 + [-1] * 2


def test_a_word_stays_lit_over_a_short_gap_only() -> None:
    phrase = setter().phrases((Word("a", 0, 100), Word("b", 5_000, 6_000), Word("c", 40_000, 41_000)))[0]
    assert [lit_word(phrase, s) for s in (99, 100, 4_999, 5_000, 6_000, 39_999, 40_000)] == [0, 0, 0, 1, -1, -1, 2]


def test_each_phrase_comes_with_its_first_word() -> None:
    phrases = setter().phrases(words(LONG))
    assert phrase_at(phrases, 0) is phrases[0]
    for before, phrase in itertools.pairwise(phrases):
        start = phrase.words[0].start
        assert phrase_at(phrases, start) is phrase
        assert phrase_at(phrases, start - 1) is before
    assert phrase_at((), 5) is None


def test_no_words_and_overlong_words() -> None:
    captions = setter()
    assert captions.phrases(()) == ()
    giant = (Word("W" * 80, 0, 10),)
    assert captions.width(giant[0]) == captions.limit
    assert captions.phrases(giant)[0].words == giant


def test_long_text_gets_smaller_then_an_ellipsis_and_never_overflows() -> None:
    typeface, style = Typeface(), Style(Weight.SEMIBOLD, 29)
    text, small = typeface.fit("TrailMate insulated steel bottle", style, 420, 22)
    assert text == "TrailMate insulated steel bottle"
    assert 22 <= small.size < 29
    text, small = typeface.fit("word " * 40, style, 420, 22)
    assert text.endswith(ELLIPSIS)
    assert typeface.width(text, small) <= 420
    lines = typeface.wrap("word " * 40, style, 300, 2)
    assert len(lines) == 2
    assert all(typeface.width(line, style) <= 300 for line in lines)


def test_characters_without_a_glyph_are_left_out() -> None:
    style = Style(Weight.MEDIUM, 20)
    assert "".join(piece for _, piece in runs("Ana \U0001f338é$", style)) == "Ana é$"
