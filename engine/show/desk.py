"""The desk: receives the chat and lets through what the host may be asked."""

from __future__ import annotations

import re
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from engine.flow import Question
from engine.script import abuse
from engine.script.steering import steering
from engine.settings import Chat
from engine.show.cleaning import clean_text
from engine.show.refusals import Refusal, refusal

WINDOW_S = 60.0
"""Span over which messages are counted."""

MOST_VIEWERS = 10_000
"""Viewers remembered at once; beyond it the one that was silent longest is forgotten."""

MOST_VIEWER_LETTERS = 40

_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w.-]+\.(?:com|net|org|io|ru|cn|xyz|top|shop|info|biz|link|click|me|ly|gg|"
    r"tv)\b(?:/\S*)?",
    re.IGNORECASE,
)


class Desk:
    """Admits chat messages by the channel's chat settings. ``clock`` counts seconds and never goes back."""

    def __init__(self, chat: Chat, clock: Callable[[], float] = time.monotonic) -> None:
        self._chat = chat
        self._clock = clock
        self._times: OrderedDict[str, deque[float]] = OrderedDict()
        self._room: deque[float] = deque(maxlen=chat.room_messages_per_minute + 1)

    def admit(self, message_id: str, viewer: str, text: str) -> Question | Refusal:
        """A clean question, or why it is none. Refused messages count towards the limits as well."""
        text = text[: 20 * self._chat.max_length]
        clean = clean_text(text)
        code = self._objection(viewer, text, clean)
        if code is not None:
            return refusal(message_id, code, clean, self._chat.max_length)
        return Question(message_id, clean_text(viewer)[:MOST_VIEWER_LETTERS] or "viewer", clean)

    def _objection(self, viewer: str, text: str, clean: str) -> str | None:
        """The first thing that speaks against a message, if any; a code of ``refusals``."""
        if not self._chat.enabled:
            return "closed"
        now = self._clock()
        too_many, room_is_full = self._too_many(viewer, now), self._room_is_full(now)
        checks: tuple[tuple[str, Callable[[], object]], ...] = (
            ("rate", lambda: too_many),
            ("busy", lambda: room_is_full),
            ("length", lambda: len(clean) > self._chat.max_length),
            ("link", lambda: _LINK.search(text) or _LINK.search(clean)),
            ("empty", lambda: not any(character.isalnum() for character in clean)),
            ("unkind", lambda: abuse.is_grave(clean)),
            # What is hidden by signs that cleaning removes is looked for in the text as it came.
            ("steering", lambda: steering(clean) or steering(text)),
        )
        return next((code for code, objects in checks if objects()), None)

    def _too_many(self, viewer: str, now: float) -> bool:
        times = self._times.setdefault(viewer, deque(maxlen=self._chat.messages_per_minute + 1))
        self._times.move_to_end(viewer)
        while len(self._times) > MOST_VIEWERS:
            self._times.popitem(last=False)
        return _is_over(times, now, self._chat.messages_per_minute)

    def _room_is_full(self, now: float) -> bool:
        return _is_over(self._room, now, self._chat.room_messages_per_minute)


def _is_over(times: deque[float], now: float, most: int) -> bool:
    """Count one more message; whether there are now more than ``most`` within ``WINDOW_S``."""
    while times and now - times[0] >= WINDOW_S:
        times.popleft()
    times.append(now)
    return len(times) > most
