"""What is told of languages in ``words.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FILE = Path(__file__).with_name("words.yaml")


@dataclass(frozen=True, slots=True)
class Grammar:
    """How figures are written and said in a language; a unit or a currency has a word for one and one for more."""

    point: str
    group: str
    price: str
    one: tuple[str, str]
    feminine: frozenset[str]
    money: Mapping[str, tuple[str, str]]
    units: Mapping[str, tuple[str, str]]
    signs: Mapping[str, str]
    to: str
    named: frozenset[str]


@cache
def common_words() -> Mapping[str, frozenset[str]]:
    """Language to words in small letters that are common in it."""
    return {language: frozenset(told["common"].split()) for language, told in _told().items() if "common" in told}


@cache
def own_letters() -> Mapping[str, frozenset[str]]:
    """Language to letters that no other of these has."""
    return {language: frozenset(told["letters"]) for language, told in _told().items() if "letters" in told}


@cache
def grammar(language: str) -> Grammar:
    """How figures are said in "es", "fr", "hi", "it" or "pt"."""
    told = _told()[language]
    return Grammar(
        told.get("point", told["decimal"]),
        told["group"],
        told["price"],
        tuple(told["one"]),
        frozenset(told["feminine"]),
        {sign: tuple(words) for sign, words in told["money"].items()},
        {sign: tuple(words) for sign, words in told["units"].items()},
        told["signs"],
        told["to"],
        frozenset(told["named"].split()),
    )


@cache
def _told() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))
    return loaded
