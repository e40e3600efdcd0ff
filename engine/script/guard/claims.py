"""Words of a line that claim what its facts do not say: attributes, names, dates, whatever is not everyday talk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from engine.script import disguise
from engine.script.guard.clauses import added, is_proved, of_the_product
from engine.script.guard.evidence import Evidence
from engine.script.guard.numbers import ADDRESS
from engine.script.lexicons import lexicon
from engine.script.verdict import Finding
from engine.script.vocabulary import (
    WORD,
    chinese_words,
    claim_words,
    harmless_chinese,
    harmless_stems,
    parts_of,
    same_claims,
    stem,
    stems_of,
)

_MESSAGES = {
    "material": "says a material that its facts do not",
    "colour": "says a colour that its facts do not",
    "quality": "says a quality that its facts do not",
    "promise": "promises what its facts do not",
    "certificate": "says a certificate that its facts do not",
    "date": "says a date that its facts do not",
}
_NAME_LIKE = re.compile(r"(?<![.?!:]\s)(?<!^)\b[A-Z][A-Za-z'-]+")
_NOT_NAMES = frozenset(["i", "i'm", "i've", "i'll", "i'd", "ai", "ok", "yes", "no", "shop", "name"])
_SUFFIX = re.compile(r"^[a-z]+-(?:proof|free|resistant|friendly|safe|grade|tested|approved|certified|repellent|rated)$")
_GIVEN = (
    r"\b(?:has|have|with|comes?|includes?|including|features?|offers?|adds?|plus|and|or|without|contains?|by|gets?|own|"
    r"built-in|integrated|matching|extra) (?:[\w-]+ ){0,3}"
)
"""What stands before a part that a product is said to have."""

_ASKS = re.compile(r"[?？]\s*$")
_TELLS = re.compile(
    r"\b(?:did you know|know that|isn't it|doesn't it|aren't they|don't they|right)\b|知道吗|对不对|是不是很"
)


def unproved(text: str, nameless: str, evidence: Evidence) -> Iterator[Finding]:
    """What ``text`` claims without evidence; in ``nameless``, "Name" stands for each name that it may say."""
    spoken = ADDRESS.sub(" ", nameless)
    asks = bool(_ASKS.search(text)) and not _TELLS.search(text.lower())
    yield from _english(spoken, evidence, asks=asks)
    yield from added(nameless, evidence)
    if disguise.has_chinese(spoken):
        yield from _chinese(spoken, evidence, asks=asks)


def _english(text: str, evidence: Evidence, *, asks: bool) -> Iterator[Finding]:
    claims, harmless = claim_words("en"), harmless_stems()
    said_of_it = None if asks else of_the_product(text, evidence)
    names = {match[0].lower().removesuffix("'s") for match in _NAME_LIKE.finditer(text)} - _NOT_NAMES
    places = _places()
    for written in dict.fromkeys(re.findall(r"[A-Za-z](?:[A-Za-z'-]*[A-Za-z])?", text.replace("’", "'"))):
        word = written.lower().removesuffix("'s")
        if word == "name" or len(word) < 2 or is_proved(word, evidence):
            continue
        kind = claims.get(word) or claims.get(stem(word))
        if kind == "accessory":
            given = said_of_it and re.search(rf"{_GIVEN}{re.escape(written)}\b", said_of_it)
            if given:
                yield Finding("claim", "gives a part that its facts do not", written, evidence.first)
        elif kind:
            if not (asks and kind == "date"):
                yield Finding(kind, _MESSAGES[kind], written, evidence.first)
        elif written in places or (
            word in names and (stem(word) not in harmless or written[1:] != written[1:].lower())
        ):
            yield Finding("entity", "names what its facts do not", written, evidence.first)
        elif (_SUFFIX.match(word) or not _is_harmless(word, harmless)) and _stands_in(written, said_of_it):
            yield Finding("claim", "says what its facts do not", written, evidence.first)


def _stands_in(written: str, said_of_it: str | None) -> bool:
    """Whether the word is said of the product; what is the viewer's ("your windowsill") is not."""
    return bool(said_of_it and re.search(rf"(?<!\byour )\b{re.escape(written)}\b", said_of_it))


def _is_harmless(word: str, harmless: frozenset[str]) -> bool:
    return stem(word) in harmless or all(stem(part) in harmless for part in parts_of(word)[1:] or (word,))


def _chinese(text: str, evidence: Evidence, *, asks: bool) -> Iterator[Finding]:
    seen = disguise.plain(text).text
    known = _without_proved(seen, evidence)
    pattern, kinds = _claim_pattern()
    flagged: set[str] = set()
    for match in pattern.finditer(known):
        kind = kinds.get(match[0], "entity")
        if not (asks and kind == "date"):
            flagged.add(match[0])
            message = _MESSAGES.get(kind, "names what its facts do not")
            yield Finding(kind, message, match[0], evidence.first)
    if asks:
        return
    characters, words = harmless_chinese()
    known_characters = characters | evidence.characters
    for clause in re.split(r"[,;:.!?、。，；：！？]", seen):
        marker = _chinese_marker().search(clause)
        if marker is None:
            continue
        for word in chinese_words(clause[marker.start("marker") :]):
            if word in words or word in evidence.proof or any(word in claim or claim in word for claim in flagged):
                continue
            if any("\u3400" <= c <= "\u9fff" and c not in known_characters for c in word):
                yield Finding("claim", "says what its facts do not", word, evidence.first)


@cache
def _chinese_marker() -> re.Pattern[str]:
    """Where a clause begins to say what a product has or can do, unless it speaks of the viewer or the host."""
    data = lexicon("claim_places")
    return re.compile(f"^(?!{data['others']}).*?(?P<marker>{data['markers']})")


def _without_proved(text: str, evidence: Evidence) -> str:
    """``text`` with the claim words that the facts hold made blank, so that no shorter one is found in them.

    So are words that only hold one (人工智能).
    """
    pattern, _ = _claim_pattern()
    for word in lexicon("claims_zh")["no_claim"].split():
        text = text.replace(word, "·" * len(word))

    def proved(match: re.Match[str]) -> str:
        word = match[0]
        others = same_claims().get(word, frozenset())
        if word in evidence.proof or any(other in evidence.proof for other in others):
            return "·" * len(word)
        return word

    return pattern.sub(proved, text)


@cache
def _claim_pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    kinds = dict(claim_words("zh"))
    for name in lexicon("names")["chinese"].split():
        kinds.setdefault(name, "entity")
    longest_first = sorted(map(re.escape, kinds), key=len, reverse=True)
    latin = [word for word in longest_first if re.fullmatch(r"[a-z0-9]+", word)]
    han = [word for word in longest_first if word not in latin]
    return re.compile(rf"{'|'.join(han)}|(?<![a-z0-9])(?:{'|'.join(latin)})(?![a-z0-9])"), kinds


@cache
def _places() -> frozenset[str]:
    return frozenset(lexicon("names")["english"].split())


def english_stems(text: str) -> frozenset[str]:
    """Stems of the English words of ``text`` in any case."""
    return stems_of(" ".join(WORD.findall(text.lower())))
