"""What strangers write can be shown: no control codes, no marks of direction, no halves of letters."""

from __future__ import annotations

import pytest

from engine.settings.plain import plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ann Example", "Ann Example"),
        ("王芳、直播　一", "王芳、直播　一"),
        ("red\x1b[31m and\x07 bell", "red[31m and bell"),
        ("\x9b2J", "2J"),
        ("two\nlines\tand\r\nmore", "two lines and  more"),
        ("turned \u202egnp\u2066.exe", "turned gnp.exe"),
        ("half \ud83d a letter", "half  a letter"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_only_what_can_be_seen_is_left(text: str, shown: str) -> None:
    assert plain(text) == shown
