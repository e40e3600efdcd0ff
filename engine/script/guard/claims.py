"""Words of a line that claim something its facts do not say: attributes, names, dates, all but everyday talk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from engine.script import disguise
from engine.script.guard.evidence import Evidence
from engine.script.guard.numbers import ADDRESS
from engine.script.lexicons import lexicon
from engine.script.quantities import quantities
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
    """What ``text`` claims without evidence; ``nameless`` has "Name" for the names of products, shop and host."""
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
        if word == "name" or len(word) < 2 or _is_proved(word, evidence):
            continue
        kind = claims.get(word) or claims.get(stem(word))
        if kind == "accessory":
            given = said_of_it and re.search(rf"{_GIVEN}{re.escape(written)}\b", said_of_it)
            if given:
                yield Finding("claim", "gives a part that its facts do not", written, evidence.first)
        elif kind:
            if not (asks and kind == "date"):
                yield Finding(kind, _MESSAGES[kind], written, evidence.first)
        elif (
            written in places
            or (word in names and word not in _NOT_NAMES and stem(word) not in harmless)
            or (word in names and written[1:] != written[1:].lower() and word not in _NOT_NAMES)
        ):
            yield Finding("entity", "names what its facts do not", written, evidence.first)
        elif (
            (_SUFFIX.match(word) or not _is_harmless(word, harmless))
            and said_of_it
            and re.search(rf"(?<!\byour )\b{re.escape(written)}\b", said_of_it)
        ):
            yield Finding("claim", "says what its facts do not", written, evidence.first)


_CLAUSES = re.compile(
    r"[,;:.!?]\s*|\s(?=(?:because|since|so|as|while|when|whenever|if|unless|until|before|after|where|although)\b)|"
    r"\s(?=(?:and|but|or|that|which)\b)"
)
_JOINING = re.compile(
    r"^(?:(?:and|but|or|so|because|since|as|that|plus|also|then|yet|now|well|oh|yes|indeed|even|still|only|just|"
    r"by the way|on top of that|in fact|besides)\s+)+",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"(?:the |this |these |that |those |each |every |both |all |our |my |a |an |one )?(?P<first>[A-Za-z][\w'-]*)",
    re.IGNORECASE,
)
_PRONOUNS = frozenset(
    [
        "it",
        "it's",
        "its",
        "itself",
        "they",
        "they're",
        "they've",
        "they'll",
        "their",
        "these",
        "this",
        "that",
        "that's",
        "those",
        "which",
        "each",
        "both",
        "name",
        "everything",
        "all",
        "there's",
        "there",
        "comes",
        "here's",
    ]
)
_OTHERS = frozenset(
    [
        "you",
        "you'll",
        "you're",
        "you've",
        "you'd",
        "your",
        "i",
        "i'm",
        "i'll",
        "i've",
        "i'd",
        "my",
        "we",
        "we're",
        "we'll",
        "we've",
        "our",
        "let's",
        "who",
        "whoever",
        "somebody",
        "someone",
        "anyone",
        "nobody",
        "people",
        "if",
        "when",
        "whenever",
        "while",
        "whether",
        "until",
        "unless",
        "before",
        "after",
        "for",
        "on",
        "in",
        "at",
        "during",
        "from",
        "to",
        "into",
        "through",
        "however",
        "as",
    ]
)


def added(text: str, evidence: Evidence) -> Iterator[Finding]:
    """What is joined to a clause about the product with "and" or "with", and shares no word with its facts."""
    if not evidence.tells_facts or _ASKS.search(text):
        return
    said_of_it = of_the_product(ADDRESS.sub(" ", text), evidence)
    for clause in re.split(r" , |(?=\swith\s)", said_of_it):
        found = _JOINED.match(clause.strip())
        if found is None:
            continue
        stems = stems_of(clause.lower())
        if not stems <= _FILLERS | _TALK and not (stems - _FILLERS) & evidence.stems and not quantities(clause):
            yield Finding("claim", "adds what its facts do not", clause.strip(), evidence.first)


_JOINED = re.compile(
    r"(?:and|or) (?:it |they |also |even )?(?!(?:you|i|we|if|when|what|how|that's|yes|so|then|here)\b)[a-z]|with "
)
_TALK = frozenset(
    stem(word)
    for word in [
        "say",
        "says",
        "note",
        "notes",
        "first",
        "second",
        "third",
        "clear",
        "guess",
        "guessing",
        "needed",
        "no",
        "sure",
        "simple",
        "short",
        "price",
        "prices",
        "card",
        "label",
        "list",
        "picture",
        "screen",
        "chat",
        "they",
        "you",
        "i",
        "we",
        "here",
        "there",
        "again",
        "more",
        "next",
        "name",
        "table",
        "shop",
    ]
)
_FILLERS = frozenset(
    stem(word)
    for word in [
        "a",
        "an",
        "the",
        "and",
        "or",
        "with",
        "it",
        "is",
        "are",
        "of",
        "to",
        "in",
        "on",
        "at",
        "for",
        "from",
        "by",
        "as",
        "so",
        "that",
    ]
)


def of_the_product(text: str, evidence: Evidence) -> str:
    """The clauses of ``text`` that speak of the product: those about it, and those that go on without a subject.

    A clause about the viewer, the host, or a scene ("if your apple tree has grown wild") may use any word.
    """
    kept: list[str] = []
    about_it = False
    for clause in _CLAUSES.split(text):
        rest = _JOINING.sub("", clause.strip())
        joined = clause.strip() != rest
        subject = _SUBJECT.match(rest)
        if subject is None:
            continue
        first = subject["first"].lower()
        opening = rest.split(" ", 1)[0].lower()
        if first in _PRONOUNS or opening in _PRONOUNS:
            about_it = True
        elif opening in _OTHERS or first in _OTHERS:
            about_it = False
        elif _is_proved(first, evidence) or (rest != subject["first"] and opening in {"the", "a", "an"}):
            about_it = True
        elif opening == "with":
            about_it = about_it or not kept
        elif not joined and not kept:
            about_it = False
        if about_it:
            kept.append(clause)
    return " , ".join(kept)


def _is_proved(word: str, evidence: Evidence) -> bool:
    """Whether the facts hold the word, a form of it, another spelling, or, if it has a hyphen, all of its parts."""
    if stem(word) in evidence.stems:
        return True
    if any(stem(other) in evidence.stems for other in same_claims().get(word, ())):
        return True
    parts = [part for part in word.split("-") if part]
    return len(parts) > 1 and all(stem(part) in evidence.stems or part in _GLUE for part in parts)


_GLUE = frozenset(["in", "of", "to", "and", "up", "on", "by"])


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
    """``text`` with the claim words that the facts hold made blank, so that no shorter one is found in them."""
    pattern, _ = _claim_pattern()

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
