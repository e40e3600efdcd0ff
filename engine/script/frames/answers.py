"""The answers to the chat, by language."""

from engine.script.frames.answer_bank import AnswerBank
from engine.script.frames.en.answers import ANSWERS as _ENGLISH
from engine.script.frames.zh.answers import ANSWERS as _CHINESE

_ANSWERS: dict[str, AnswerBank] = {"en": _ENGLISH, "zh": _CHINESE}


def answers_of(language: str) -> AnswerBank:
    """The answers in ``language`` ("en", "zh"), which is one that a catalogue may have."""
    return _ANSWERS[language]
