"""The template bank: sentences with slots, true of every product that they may be filled with. One folder a language.

Slots: ``{text}`` the fact's verb phrase, ``{the}`` and ``{The}`` the product's short name with its article,
``{name}`` its full name, ``{price}``, ``{was}``, ``{saving}``, ``{stock}``, ``{number}``, ``{category}``, ``{next}``
the next product's short name with its article, ``{shop}``, ``{host}``, ``{policy}``, ``{topic}``.
"""

from functools import cache

from engine.script.frames.bank import Bank, NoBankError
from engine.script.frames.en import BANK as _ENGLISH
from engine.script.frames.zh import BANK as _CHINESE

_BANKS: dict[str, Bank] = {"en": _ENGLISH, "zh": _CHINESE}


@cache
def bank_of(language: str, manner: str = "") -> Bank:
    """The sentences of ``language`` ("en", "zh"), as a persona of ``manner`` ("warm", "lively", "calm") says them.

    Raises:
        NoBankError: there are none in that language.
    """
    if language not in _BANKS:
        known = ", ".join(_BANKS)
        raise NoBankError(f"there are no sentences in the language “{language}”; there are in {known}")
    bank = _BANKS[language]
    return bank.in_manner(manner) if manner else bank


__all__ = ["Bank", "NoBankError", "bank_of"]
