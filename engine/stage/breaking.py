"""Where text may be broken into lines, and the space that shows between two words.

Chinese may be broken between any two characters, but no line begins with a closing mark or ends with an opening one
(GB/T 15834-2011, section 5.1). Latin words and numbers stay whole.
"""

from __future__ import annotations

import re

CLOSING = "，。、！？；：…—～·％℃）》」』】〉”’,.!?;:%)]}"
OPENING = "（《「『【〈“‘([{¥￥"
_UNIT = re.compile(
    rf"[{re.escape(OPENING)}]*(?:[㐀-鿿]|[^\s㐀-鿿{re.escape(CLOSING + OPENING)}]+|)[{re.escape(CLOSING)}]*\s*"
)
_WIDE = re.compile(r"[　-〿㐀-鿿＀-￯]")

SCRIPT_GAP = 0.14
"""Space between a Chinese character and a Latin letter or digit, in ems."""


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
