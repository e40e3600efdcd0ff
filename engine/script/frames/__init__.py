"""The template bank: sentences with slots, true of every product that they may be filled with. One folder a language.

Slots: ``{text}`` the fact's verb phrase, ``{the}`` and ``{The}`` the product's short name with its article,
``{name}`` its full name, ``{price}``, ``{was}``, ``{saving}``, ``{stock}``, ``{number}``, ``{category}``, ``{next}``
the next product's short name with its article, ``{shop}``, ``{host}``, ``{policy}``, ``{topic}``.
"""

from engine.script.frames.bank import Bank, NoBankError
from engine.script.frames.en import BANK as _ENGLISH

_BANKS: dict[str, Bank] = {"en": _ENGLISH}


def bank_of(language: str) -> Bank:
    """The sentences of ``language`` ("en").

    Raises:
        NoBankError: there are none in that language.
    """
    if language not in _BANKS:
        known = ", ".join(_BANKS)
        raise NoBankError(f"there are no sentences in the language “{language}”; there are in {known}")
    return _BANKS[language]


__all__ = ["Bank", "NoBankError", "bank_of"]
