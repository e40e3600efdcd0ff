"""What voices say for training and judging: written sentences, and word salads that cover a language's sounds."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from pathlib import Path

import jieba
import numpy as np
from hibari.voices import ASSETS
from ruamel.yaml import YAML

FILE = Path(__file__).with_name("texts.yaml")
WORDS = 8
CHINESE_WORDS = 7
COMMON = 300
"""How often jieba's corpus has a Chinese word of the salads at least."""


def written(part: str, language: str) -> list[str]:
    """Sentences of ``part`` ("train", "validate", "judged") in a language."""
    texts = YAML(typ="safe").load(FILE)[part]
    return list(texts.get(language, ()))


def salad(language: str, chance: np.random.Generator) -> str:
    """A sentence of random words, with a comma in its middle: every sound beside every other."""
    if language == "zh":
        words = [str(w) for w in chance.choice(_chinese(), CHINESE_WORDS)]
        return "".join(words[:3]) + "，" + "".join(words[3:]) + "。"
    known = _english() if language == "en" else _written_words(language)
    words = [str(w) for w in chance.choice(known, WORDS)]
    return " ".join(words[:4]).capitalize() + ", " + " ".join(words[4:]) + "."


@cache
def _english() -> list[str]:
    with gzip.open(Path(ASSETS, "lexicon_us_gold.json.gz"), "rt", encoding="utf-8") as file:
        lexicon = json.load(file)
    return sorted(w for w in lexicon if w.isascii() and w.isalpha() and w.islower() and 3 <= len(w) <= 9)


@cache
def _written_words(language: str) -> list[str]:
    """The words of the training's sentences, without marks."""
    return sorted({w for line in written("train", language) for w in re.sub(r"[,.!?।]", " ", line).split()})


@cache
def _chinese() -> list[str]:
    rows = (
        line.split() for line in Path(jieba.__file__).with_name("dict.txt").read_text(encoding="utf-8").splitlines()
    )
    return sorted(r[0] for r in rows if 2 <= len(r[0]) <= 3 and int(r[1]) >= COMMON and _plain(r[0]))


def _plain(word: str) -> bool:
    return all("一" <= c <= "鿿" for c in word)
