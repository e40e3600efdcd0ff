"""Which words claim nothing: those of everyday talk and those of the frames; and words brought to their stems."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from engine.script import disguise, frames, numerals
from engine.script.lexicons import lexicon
from engine.script.quantities import unit_words

WORD = re.compile(r"[a-z](?:[a-z'-]*[a-z])?")
_CJK = re.compile(r"[\u3400-\u9fff]")
_SLOT = re.compile(r"\{\w*\}")


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """``word`` without the endings of number, tense and person."""
    word = word.removesuffix("'s").removesuffix("'")
    for ending, rest in (("ies", "y"), ("ied", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)] + rest
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsze":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


def parts_of(word: str) -> list[str]:
    """A word and the parts of it that hyphens join."""
    return [word, *(part for part in word.split("-") if part)] if "-" in word else [word]


@lru_cache(maxsize=4096)
def stems_of(text: str) -> frozenset[str]:
    """Stems of all English words of ``text`` (small letters) and of their parts."""
    return frozenset(stem(part) for word in WORD.findall(text) for part in parts_of(word))


def characters_of(text: str) -> frozenset[str]:
    """The Chinese characters of ``text``."""
    return frozenset(_CJK.findall(text))


@cache
def claim_words(language: str) -> dict[str, str]:
    """Words that need evidence, each with its kind ("material", "colour", …)."""
    table: dict[str, str] = {}
    for kind, words in lexicon(f"claims_{language}").items():
        if kind not in {"same", "no_claim"}:
            table.update(dict.fromkeys(words.lower().split(), kind))
    return table


@cache
def same_claims() -> dict[str, frozenset[str]]:
    """Words that a claim word may be proved by: its other spellings and forms."""
    table: dict[str, set[str]] = {}
    for language in ("en", "zh"):
        for pair in lexicon(f"claims_{language}")["same"].lower().split():
            one, _, other = pair.partition("=")
            table.setdefault(one, set()).add(other)
            table.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in table.items()}


@cache
def harmless_stems() -> frozenset[str]:
    """Stems of the English words that claim nothing."""
    words = lexicon("everyday_en")["words"].lower().split()
    words += [word for text in frame_texts() for word in WORD.findall(text.lower())]
    words += numerals.WORDS
    claims = claim_words("en")
    return (
        frozenset(stem(p) for word in words for p in parts_of(word) if claims.get(p, "accessory") == "accessory")
        | unit_stems()
    )


@cache
def unit_stems() -> frozenset[str]:
    """Stems of the units, which count as said with their numbers."""
    return frozenset(stem(word) for name in unit_words() for word in WORD.findall(name))


@cache
def harmless_chinese() -> tuple[frozenset[str], frozenset[str]]:
    """Chinese characters and words that claim nothing."""
    data = lexicon("everyday_zh")
    words = set(data["words"].lower().split())
    for text in frame_texts():
        if _CJK.search(text):
            words.update(word for word in disguise.words(text) if _CJK.search(word))
    return characters_of(data["characters"]), frozenset(words - claim_words("zh").keys())


def warm_up(language: str) -> None:
    """Read the lists that lines of ``language`` need (Chinese: 1.7 s, once a process), so that no line waits for it."""
    harmless_stems()
    same_claims()
    if language == "zh":
        disguise.warm_up()
        harmless_chinese()


@cache
def frame_texts() -> tuple[str, ...]:
    """Every sentence of the frames, in all modules of that package, without slots."""
    modules = [frames]
    for entry in pkgutil.walk_packages(frames.__path__, f"{frames.__name__}."):
        modules.append(importlib.import_module(entry.name))
    return tuple({_SLOT.sub(" ", text) for module in modules for text in _strings(vars(module))})


def _strings(names: dict[str, object]) -> Iterator[str]:
    for name, value in names.items():
        if not name.startswith("__"):
            yield from _strings_in(value)


def _strings_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for entry in value.values():
            yield from _strings_in(entry)
    elif isinstance(value, tuple | list | frozenset):
        entries: Iterable[object] = value
        for entry in entries:
            yield from _strings_in(entry)


@lru_cache(maxsize=2048)
def chinese_words(text: str) -> tuple[str, ...]:
    """``text`` cut into words; those without a Chinese character are left out."""
    return tuple(word for word in disguise.words(text) if _CJK.search(word))
