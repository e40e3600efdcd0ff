"""The desk: receives the chat and lets through what the host may be asked."""

from __future__ import annotations

import re
import time
import unicodedata
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

from engine.flow import Question
from engine.settings import Chat

WINDOW_S = 60.0
"""Span over which a viewer's messages are counted."""

DUPLICATE_S = 30.0
"""The same words again within this time are not answered twice."""

MOST_VIEWERS = 10_000
"""Viewers remembered at once; beyond it the one that was silent longest is forgotten."""

MOST_VIEWER_LETTERS = 40

_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w.-]+\.(?:com|net|org|io|ru|cn|xyz|top|shop|info|biz|link|click|me|ly|gg|"
    r"tv)\b(?:/\S*)?",
    re.IGNORECASE,
)
_INSULT = re.compile(
    r"\b(?:fuck\w*|motherfuck\w*|shit\w*|bitch\w*|asshole\w*|cunt\w*|whore\w*|slut\w*|nigg\w*|fagg?ot\w*|retard\w*|"
    r"kill yourself|kys|rape\w*|nazi\w*|nudes?|naked|sexy?|boobs?|tits)\b",
    re.IGNORECASE,
)
_LOOKALIKES = str.maketrans({"@": "a", "$": "s", "0": "o", "1": "i", "3": "e", "5": "s", "!": "i"})


_REASONS = {
    "closed": "The chat is closed at the moment.",
    "rate": "That was a lot at once. Please wait a minute before you write again.",
    "length": "Please keep it under {length} letters.",
    "link": "Links cannot be posted here. Please ask without the link.",
    "empty": "There was nothing to read in that message. Please write a few words.",
    "unkind": "Let's keep it friendly. Please ask in other words.",
    "duplicate": "Somebody just asked that. The answer is coming.",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A message that was not let through. ``reason`` may be shown to its writer; ``code`` is for counts."""

    message_id: str
    code: str
    reason: str


class Desk:
    """Admits chat messages by the channel's chat settings. ``clock`` counts seconds and never goes back."""

    def __init__(self, chat: Chat, clock: Callable[[], float] = time.monotonic) -> None:
        self._chat = chat
        self._clock = clock
        self._times: OrderedDict[str, deque[float]] = OrderedDict()
        self._lately: OrderedDict[str, float] = OrderedDict()

    def admit(self, message_id: str, viewer: str, text: str) -> Question | Refusal:
        """A clean question, or why it is none. Refused messages count towards the viewer's limit as well."""
        clean = clean_text(text[: 20 * self._chat.max_length])
        code = self._objection(viewer, text, clean)
        if code is not None:
            return Refusal(message_id, code, _REASONS[code].format(length=self._chat.max_length))
        return Question(message_id, clean_text(viewer)[:MOST_VIEWER_LETTERS] or "viewer", clean)

    def _objection(self, viewer: str, text: str, clean: str) -> str | None:
        """The first thing that speaks against a message, if any; a key of ``_REASONS``."""
        if not self._chat.enabled:
            return "closed"
        now = self._clock()
        too_many = self._too_many(viewer, now)
        checks = {
            "rate": too_many,
            "length": len(clean) > self._chat.max_length,
            "link": bool(_LINK.search(text) or _LINK.search(clean)),
            "empty": not any(character.isalnum() for character in clean),
            "unkind": bool(_INSULT.search(clean) or _INSULT.search(clean.translate(_LOOKALIKES))),
        }
        for code, objects in checks.items():
            if objects:
                return code
        return "duplicate" if self._is_duplicate(clean, now) else None

    def _too_many(self, viewer: str, now: float) -> bool:
        times = self._times.setdefault(viewer, deque(maxlen=self._chat.messages_per_minute + 1))
        self._times.move_to_end(viewer)
        while len(self._times) > MOST_VIEWERS:
            self._times.popitem(last=False)
        while times and now - times[0] >= WINDOW_S:
            times.popleft()
        times.append(now)
        return len(times) > self._chat.messages_per_minute

    def _is_duplicate(self, clean: str, now: float) -> bool:
        key = re.sub(r"\W+", " ", clean.lower()).strip()
        while self._lately and now - next(iter(self._lately.values())) >= DUPLICATE_S:
            self._lately.popitem(last=False)
        if key in self._lately:
            return True
        self._lately[key] = now
        return False


def clean_text(text: str) -> str:
    """``text`` in NFKC on one line, without control and format characters, emoji, and stacked accents or letters."""
    composed = unicodedata.normalize("NFKC", text)
    kept = []
    for character in composed:
        category = unicodedata.category(character)
        if category[0] == "Z" or category == "Cc":
            kept.append(" ")
        elif category[0] == "C" or category in {"So", "Sk", "Mn", "Me"}:
            continue
        else:
            kept.append(character)
    line = re.sub(r"\s+", " ", "".join(kept)).strip()
    return re.sub(r"(\S)\1{4,}", r"\1\1\1", line)
