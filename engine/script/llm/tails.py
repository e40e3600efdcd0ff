"""What a strong model lets follow a fact: where it errs, it errs in the tail ("…, so your laptop stays dry").

The guard knows many claims by their words. Here nothing needs to be known: a clause behind the fact that holds neither
a number nor a word of it may only be the host's own talk, in words of the sentences that this house wrote.
"""

from __future__ import annotations

import re
from functools import cache

from engine.script import disguise, numerals
from engine.script.lexicons import listed
from engine.script.quantities import quantities
from engine.script.vocabulary import WORD, frame_texts, parts_of, stem, stems_of, unit_stems

_ENGLISH = re.compile(
    r"[,;:.!?]\s+|\s[-–—]\s|[.!?]$|\s(?=(?:so|which|that|because|since|even|while|whether|no matter|and it|and you)\b)"
)
_CHINESE = re.compile(r"[，；：。！？,;:!?]")
_HAN = re.compile("[\u3400-\u9fff]")


def added_tail(nameless: str, facts: str) -> str:
    """The first clause of ``nameless`` that stands behind one on ``facts`` and adds to them; "" if there is none.

    ``nameless`` has "Name" for each name; ``facts`` is what the line cites, in small letters.
    """
    chinese = _HAN.search(nameless) is not None
    clauses = [clause.strip() for clause in (_CHINESE if chinese else _ENGLISH).split(nameless) if clause.strip()]
    told = False
    for clause in clauses:
        if quantities(clause) or (_tells_chinese if chinese else _tells_english)(clause, facts):
            told = True
        elif told and not (_is_talk_chinese if chinese else _is_talk_english)(clause):
            return clause
    return ""


def _tells_english(clause: str, facts: str) -> bool:
    return bool((stems_of(clause.lower()) - _small()) & stems_of(facts))


def _is_talk_english(clause: str) -> bool:
    return stems_of(clause.lower()) <= _talk_stems()


def _tells_chinese(clause: str, facts: str) -> bool:
    """Whether a word of the clause, or two characters that are no talk, stand in the facts."""
    words = _talk_words()
    if any(len(word) > 1 and word in facts and word not in words for word in disguise.words(clause)):
        return True
    pairs = (clause[i : i + 2] for i in range(len(clause) - 1))
    return any(pair in facts and pair not in words for pair in pairs if len(_HAN.findall(pair)) == 2)


def _is_talk_chinese(clause: str) -> bool:
    return all(word in _talk_words() for word in disguise.words(clause) if _HAN.search(word))


@cache
def _small() -> frozenset[str]:
    return frozenset(stem(word) for word in listed("grammar", "small"))


@cache
def _talk_stems() -> frozenset[str]:
    words = [part for text in frame_texts() for word in WORD.findall(text.lower()) for part in parts_of(word)]
    return frozenset(stem(word) for word in (*words, *numerals.WORDS, "name")) | unit_stems()


@cache
def _talk_words() -> frozenset[str]:
    texts = [text for text in frame_texts() if _HAN.search(text)]
    return frozenset(word for text in texts for word in disguise.words(text) if _HAN.search(word))
