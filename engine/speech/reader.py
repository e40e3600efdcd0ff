"""Text to caption words and spoken words, by the rules of the language that it is written in."""

from __future__ import annotations

from collections.abc import Mapping

from engine.speech import normalise
from engine.speech.readings import SpokenWord
from engine.speech.scripts import is_chinese
from engine.speech.tongues.espeak import VOICES
from engine.speech.tongues.reading import read_spaced


def read_text(
    text: str, respell: Mapping[str, str] | None = None, language: str = ""
) -> tuple[tuple[str, ...], tuple[SpokenWord, ...]]:
    """Caption words of ``text``, and the words to be spoken, each with the index of its caption word.

    Unless ``language`` is one that Chinese and Latin letters do not show ("ja", "es", "fr", "hi", "it", "pt"), text
    with a Chinese character is read as Chinese, in which Latin words stay English, and other text as English.
    """
    # Dictionaries take a second and 60 to 100 MB: only for who speaks the language.
    if language == "ja":
        from engine.speech.tongues.japanese import read_japanese  # noqa: PLC0415

        return read_japanese(text, _small(respell))
    if language in VOICES:
        return read_spaced(text, language, _small(respell))
    if not is_chinese(text):
        return tuple(text.split()), normalise.spoken_words(text, respell)
    from engine.speech.mandarin import normalise as mandarin  # noqa: PLC0415

    return mandarin.caption_words(text), mandarin.spoken_words(text, respell)


def _small(respell: Mapping[str, str] | None) -> dict[str, str]:
    return {word.lower(): said for word, said in (respell or {}).items()}
