from __future__ import annotations

import pytest

from engine.flow import Line, LineKind
from engine.speech.cache import SoundCache
from engine.speech.hibari import HibariVoice
from engine.speech.speaker import Speaker


@pytest.fixture(scope="session")
def voice() -> HibariVoice:
    return HibariVoice("heart")


@pytest.fixture(scope="session")
def speaker(voice: HibariVoice) -> Speaker:
    return Speaker(voice, 1.0, SoundCache())


@pytest.fixture
def line():
    def make(text: str, kind: LineKind = LineKind.SAY) -> Line:
        return Line("line-1", kind, text)

    return make
