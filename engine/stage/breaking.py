"""Where text may be broken into lines, and the space that shows between two words.

Chinese and Japanese may be broken between any two characters, but no line begins with a closing mark (in Japanese nor
with a small kana or ー: JIS X 4051) or ends with an opening one (GB/T 15834-2011, section 5.1). Latin words and numbers
stay whole.
"""

from __future__ import annotations

import re

CLOSING = "，。、！？；：…—～〜·・ー％℃）》」』】〉”’,.!?;:%)]}।"
OPENING = "（《「『【〈“‘([{¥￥"
_SMALL_KANA = "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
_LETTERS = "㐀-鿿ぁ-ゖァ-ヺ"
_UNIT = re.compile(
    rf"[{re.escape(OPENING)}]*(?:[{_LETTERS}]|[^\s{_LETTERS}{re.escape(CLOSING + OPENING)}]+|)"
    rf"[{re.escape(CLOSING)}{_SMALL_KANA}]*\s*"
)
_WIDE = re.compile(r"[　-ヿ㐀-鿿＀-￯]")

_KANA = re.compile(r"[ぁ-ヺ]")

SCRIPT_GAP = 0.14
"""Space between a Chinese character and a Latin letter or digit, in ems."""


def has_kana(text: str) -> bool:
    """Whether a text is Japanese by its letters."""
    return _KANA.search(text) is not None


def units(text: str) -> list[str]:
    """The text in pieces that stay whole, each with the space behind it; joined they are the text."""
    if _WIDE.search(text) is None:
        return re.findall(r"\S+\s*", text)
    return [piece for piece in _UNIT.findall(text) if piece]


def gap_between(before: str, after: str, space: float, em: float) -> float:
    """Pixels between two words: ``space`` if both are Latin, none if both are Chinese, a little where scripts meet."""
    left, right = before[-1:], after[:1]
    wide = (_WIDE.match(left) is not None, _WIDE.match(right) is not None)
    if not any(wide):
        return space
    if all(wide) or left in CLOSING or right in OPENING:
        return 0.0
    return SCRIPT_GAP * em
