"""Chinese caption text to the words that are spoken, each tied to the caption word that it is heard for.

A caption word is a word of Chinese, a price or an amount with its unit, or a Latin word, with the marks behind it.
"""

from __future__ import annotations

import functools
import logging
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

import jieba

from engine.speech.mandarin.readings import read_at
from engine.speech.mandarin.units import CLOSING, MARKS, OPENING, SIGNS
from engine.speech.readings import SpokenWord, read
from engine.speech.scripts import HAN, LATIN, is_chinese
from engine.speech.spoken_lists import RESPELL
from engine.speech.spoken_word import ALONE

_HAN = re.compile(f"[{HAN}]+")
_LATIN = re.compile(rf"[{LATIN}][{LATIN}'’]*(?:-[{LATIN}]+)*")
_DASH = re.compile(rf"[-–—－]\s?\d[\d,.]*\s?([{HAN}])?")
KEPT_TOGETHER = (
    "包邮", "小黄车", "数字人", "直播间", "公屏", "下单", "宝宝们",
    "家人们", "库存", "运费险", "杯身", "单只",
)  # fmt: skip
"""Words of live rooms that the segmenter's dictionary lacks."""


@dataclass(slots=True)
class _Piece:
    """A caption word in the making: its text, what is said (Chinese, or Latin words), and the mark behind it."""

    text: str
    parts: list[str] = field(default_factory=list)
    pause: str = ""


@functools.lru_cache(maxsize=1)
def segmenter() -> jieba.Tokenizer:
    """Jieba with a dictionary of its own, so that words that we add change nobody else's."""
    jieba.setLogLevel(logging.WARNING)
    made = jieba.Tokenizer()
    for word in KEPT_TOGETHER:
        made.add_word(word)
    return made


def caption_words(text: str) -> tuple[str, ...]:
    """The caption words of ``text``, in order."""
    return tuple(piece.text for piece in _pieces(text))


def spoken_words(text: str, respell: Mapping[str, str] | None = None) -> tuple[SpokenWord, ...]:
    """The words to be spoken; the last one carries a sentence end. ``respell`` maps Latin or Chinese caption words (in
    lower case) to what is said instead.
    """
    table = {**RESPELL, **{k.lower(): v for k, v in (respell or {}).items()}}
    out: list[SpokenWord] = []
    for index, piece in enumerate(_pieces(text)):
        for part in piece.parts:
            out += _words(part, index, table)
        if piece.pause and out:
            last = out[-1]
            out[-1] = SpokenWord(last.text, last.caption, _stronger(last.pause, piece.pause), last.spelled)
    if out and out[-1].pause not in {".", "!", "?"}:
        out[-1] = SpokenWord(out[-1].text, out[-1].caption, ".", out[-1].spelled)
    return tuple(out)


def _words(part: str, caption: int, table: Mapping[str, str]) -> list[SpokenWord]:
    said = table.get(part.lower(), part)
    if is_chinese(said):
        words = segmenter().lcut(said) if said is not part else [said]
        return [SpokenWord(word, caption) for word in words if is_chinese(word)]
    read_words = [w for piece in said.replace("’", "'").split() for w in read(piece, ALONE, table)]
    single = len(said) == 1 and said.isalpha()
    return [SpokenWord(w.text.upper() if single else w.text, caption, "", w.spelled or single) for w in read_words]


def _stronger(one: str, other: str) -> str:
    order = ".?!…;:—,"
    return min((p for p in (one, other) if p), key=order.index)


def _pieces(text: str) -> list[_Piece]:
    plain = unicodedata.normalize("NFC", text)
    plain = "".join(_narrow(c) for c in plain)
    out: list[_Piece] = []
    opening = ""
    place = 0
    while place < len(plain):
        character = plain[place]
        place += 1
        if character.isspace():
            continue
        if character in OPENING and not (character in CLOSING and _is_open(out, character)):
            opening += character
            if out and not out[-1].pause and character not in "\"'“‘":
                out[-1].pause = ","
            continue
        found = read_at(plain, place - 1)
        if found is not None:
            piece, parts = found
            out.append(_Piece(opening + piece, parts))
            place += len(piece) - 1
        elif run := _HAN.match(plain, place - 1):
            out += _cut(run.group(), opening)
            place = run.end()
        elif latin := _LATIN.match(plain, place - 1):
            out.append(_Piece(opening + latin.group(), [latin.group()]))
            place = latin.end()
        else:
            _mark(out, opening + character)
            if out and _is_apart(out[-1].text, plain, place - 1):
                out[-1].pause = _stronger(out[-1].pause, ",")
        opening = ""
    return out


def _is_apart(before: str, text: str, at: int) -> bool:
    """Whether the sign at ``at`` parts two numbers that are no range: "300-50" must not be heard as 三百五十.

    Behind a price in front of which its sign stands a number with its unit is heard apart anyway: "$20-5件".
    """
    dash = _DASH.match(text, at)
    is_signed = not before.lstrip(OPENING)[:1].isdigit()
    return dash is not None and before[-2:-1] in set("0123456789%％") and not (is_signed and dash.group(1))


def _cut(run: str, opening: str) -> list[_Piece]:
    """Words of Chinese characters; 〇, which the segmenter does not know, is cut and said as 零."""
    out: list[_Piece] = []
    place = 0
    for word in segmenter().lcut(run.replace("〇", "零")):
        out.append(_Piece((opening if not out else "") + run[place : place + len(word)], [word]))
        place += len(word)
    return out


def _mark(out: list[_Piece], text: str) -> None:
    """A mark or a sign joins the caption word before it; a sign that is read is a word of its own."""
    sign = text[-1]
    if sign in SIGNS:
        out.append(_Piece(text, [SIGNS[sign]]))
    elif out:
        out[-1].text += text
        pause = MARKS.get(sign, "," if sign in CLOSING and sign not in "\"'”’" else "")
        if pause:
            out[-1].pause = _stronger(out[-1].pause, pause)


def _is_open(out: list[_Piece], quote: str) -> bool:
    """Whether a straight quote was opened before."""
    return sum(piece.text.count(quote) for piece in out) % 2 == 1


def _narrow(character: str) -> str:
    """Wide Latin letters and digits as narrow ones; marks stay."""
    return chr(ord(character) - 0xFEE0) if "０" <= character <= "ｚ" and character.isalnum() else character
