from __future__ import annotations

import pytest

from engine.flow import Line, LineKind, Utterance
from engine.settings.voice import Voice
from engine.speech import make_speaker

TEXTS = (
    "Please pop it open, pour a cup of coffee, and keep it beside you.",
    "The TM-750 bottle is $19.99, down from $29.99!",
    "Five lovely vases, and a very fine map of Peru?",
    "Hello everyone, and welcome to our show. Nice to see you all here.",
)


@pytest.fixture(scope="session")
def utterances() -> tuple[Utterance, ...]:
    speaker = make_speaker(Voice())
    return tuple(speaker.utter(Line(f"l{i}", LineKind.PITCH, t)) for i, t in enumerate(TEXTS))
