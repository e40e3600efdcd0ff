"""How each language puts a sentence together: names, articles, money, sentence ends, and what is too long."""

from engine.script.wording.base import Wording
from engine.script.wording.chinese import Chinese
from engine.script.wording.english import English

_WORDINGS: dict[str, Wording] = {"en": English(), "zh": Chinese()}


def wording_of(language: str) -> Wording:
    """The grammar of ``language`` ("en", "zh"), which is one that a catalogue may have."""
    return _WORDINGS[language]


__all__ = ["Wording", "wording_of"]
