"""How long a line lasts, and the pause behind it: a host breathes between products and waits after a question."""

from __future__ import annotations

from engine.flow import LineKind

WORDS_A_SECOND = 2.6
"""How fast the voice speaks, for the length of a line that is not spoken yet."""

CHARACTERS_A_SECOND = 4.5
"""The same for Chinese."""

PAUSE_S = 0.4
"""Silence between lines."""

PAUSES_MS: dict[LineKind, int] = {
    LineKind.GREETING: 150,
    LineKind.NOTICE: 200,
    LineKind.PRICE: 250,
    LineKind.ASK: 600,
    LineKind.TRANSITION: 400,
    LineKind.RECAP: 200,
}
"""Silence behind a line beyond ``show.gap_ms``, by its kind."""


def pause_ms(kind: LineKind) -> int:
    """Silence behind a line of that kind, beyond the channel's gap."""
    return PAUSES_MS.get(kind, 0)


def spoken_seconds(text: str) -> float:
    """About how long a line and the pause behind it last; Chinese is counted by character."""
    chinese = sum("\u3400" <= character <= "\u9fff" for character in text)
    return len(text.split()) / WORDS_A_SECOND + chinese / CHARACTERS_A_SECOND + PAUSE_S
