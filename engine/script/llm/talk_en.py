"""What a small model may say in English; the words stand in ``lexicons/talk_en.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from engine.flow import LineKind
from engine.script.lexicons import lexicon, listed
from engine.script.llm.talk import FACT, MOST_WORDS, PRODUCT, Subject, names_of, unwrapped
from engine.script.wording.english import without_article
from engine.settings import Product

_CHATTER = re.compile(r"^(?:(?:sure(?: thing)?|certainly|absolutely|got it|yes|alright)[,!.:]\s+)+", re.IGNORECASE)
"""What an assistant says to the one who asked it, and no host to viewers."""

_TOKEN = re.compile(r"PRODUCT|FACT|[A-Za-z]+(?:['-][A-Za-z]+)*|\d[\d.,]*|[^\sA-Za-z0-9,:;.!?'-]|[,:;.!?]")
_STANDS_FOR_IT = frozenset([PRODUCT, "it", "this", "that", "these", "those", "they", "which", "one", "them"])
_BE_OR_DO = frozenset(["is", "are", "was", "does", "do", "did", "can", "will", "would", "could", "has", "may", "might"])
_IS_AT = frozenset(["is", "was", "comes", "goes"])
_AFTER_PLACE = frozenset(["on", "in", "at", "for", "with", "and", "so", "as", "to", "from", "if"])
_SHORT_FOR_IT_IS = frozenset(["it's", "that's", "they're"])
_ASKS_FOR_WHOM = re.compile(r"(?:is|would) \S+ (?:be )?(?:for (?!\.|\?)|something |one |on your |in your |what you)")
_BEFORE_FACT = frozenset([PRODUCT, "it", "which", "that"])
_TELLING_QUESTION = re.compile(r"^(?:so |now |well |and )?(?:did you know(?: that)?|do you know that)\b")
_MODAL = r"(?:'ll|'d|(?:,? (?:also|now|then))?(?: (?:can|will|may|might|would|could))?)(?: (?:also|now|then))?"
_ADDRESSED = (
    r"[,.:!?]|$| (?:and|now|too|here|with|on|at|the|in|about|what|that|this|all|something|one|PRODUCT|PHRASE)\b"
)
"""What may follow a "you" that is no subject ("for you, …", "show you the …")."""

_OWN = re.compile(
    r"\b(?:my|our)\b(?! (?:notes?|list|cards?|table|page|screen|next|catalogue|chat|show|PRODUCT|PHRASE)\b)",
    re.IGNORECASE,
)
_HOST, _VIEWERS = "the host does and feels nothing", "say nothing about the viewers"
_PHRASE = "PHRASE"


class EnglishTalk:
    """See ``Talk``."""

    def cleaned(self, text: str, product: Product) -> str:
        """See ``Talk``."""
        text = _CHATTER.sub("", re.sub(r"\s+[-–—]+\s+", ", ", unwrapped(text)))
        text = re.sub(r"\s+([,.;:!?])", r"\1", text)
        for name in names_of(product):
            text = re.sub(rf"\b{re.escape(name)}\b", name, text, flags=re.IGNORECASE)
        if text and text[0].islower():
            text = text[0].upper() + text[1:]
        return text if not text or text[-1] in ".!?" else f"{text.rstrip(',;:')}."

    def faults(self, text: str, subject: Subject) -> tuple[str, ...]:
        """See ``Talk``."""
        return tuple(dict.fromkeys(_faults(text, subject)))

    def follows(self, frame: str) -> bool:
        """See ``Talk``."""
        said = frame.replace("{text}", "").lower()
        return bool(set(re.findall(r"[a-z]+", said)) & listed("talk_en", "following") or said.startswith("and "))

    def frame(self, text: str, subject: Subject) -> str:
        """See ``Talk``."""
        return _marked(text, subject).replace(FACT, "{text}").replace(PRODUCT, "{the}")


def _faults(text: str, subject: Subject) -> Iterator[str]:
    marked = _marked(text, subject)
    if not 3 <= len(text.split()) <= MOST_WORDS:
        yield "the line must be one short sentence"
    if re.search(r"[.!?].*[.!?]$", marked):
        yield "the line must be one sentence"
    if subject.kind is LineKind.PITCH and marked.count(FACT) != 1:
        yield f"the words “{subject.fact}” must stand in the line exactly as they are, once"
        return
    if subject.kind is not LineKind.PITCH and marked.count(PRODUCT) != 1:
        yield "the line must name the product once"
        return
    asks = marked.endswith("?")
    plain = _without_phrases(marked)
    yield from _unknown_words(plain, subject.kind, asks=asks)
    yield from _misplaced_name(_words(plain), subject.kind)
    yield from _wrong_persons(plain, asks=asks)
    yield from _said_of_it(plain, asks=asks)
    if subject.kind is LineKind.PITCH:
        yield from _around_fact(plain, subject, asks=asks)
    elif subject.kind is LineKind.ASK and not asks:
        yield "the line must be a question"
    elif asks and subject.kind is LineKind.ASK and _words(plain)[0] not in _question_starts():
        yield "the question must begin with a question word"


def _marked(text: str, subject: Subject) -> str:
    """``text`` with ``FACT`` for the fact and ``PRODUCT`` for the product's name with its article."""
    if subject.fact:
        # A comma before the last "and" of a list changes nothing.
        fact = re.escape(subject.fact).replace(r"\ and\ ", r",?\ and\ ")
        text = re.sub(rf"(?<![\w.]){fact}(?![\w%°]|[.,]\d)", FACT, text, flags=re.IGNORECASE)
    for name in _mentions(subject.product):
        text = re.sub(rf"\b(?:the |our |a |an )?{re.escape(name)}\b(?!-)", PRODUCT, text, flags=re.IGNORECASE)
    return text


@cache
def _mentions_of(name: str, short: str) -> tuple[str, ...]:
    names = {without_article(name), without_article(short or name)}
    # "desk lamp" and "lamp" for the Lumen desk lamp; never its first words alone, which may be anything.
    tails = {" ".join(words[i:]) for each in names for words in [each.split()] for i in range(len(words))}
    plain = {tail for tail in tails if tail in names or (tail == tail.lower() and len(tail) > 2)}
    return tuple(sorted(plain | {short.lower() for short in tails if len(short.split()) == 1}, key=len, reverse=True))


def _mentions(product: Product) -> tuple[str, ...]:
    """How a product may be named: its names, and the thing that it is."""
    return _mentions_of(product.name, product.short or "")


@cache
def _phrase_pattern() -> re.Pattern[str]:
    phrases = sorted(map(re.escape, lexicon("talk_en")["phrases"]), key=len, reverse=True)
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(phrases)})(?![\w'-])", re.IGNORECASE)


def _without_phrases(marked: str) -> str:
    return _phrase_pattern().sub(_PHRASE, marked)


def _words(text: str) -> list[str]:
    return [token if token.isupper() and len(token) > 1 else token.lower() for token in _TOKEN.findall(text)]


@cache
def _known(*, asks: bool) -> frozenset[str]:
    known = listed("talk_en", "words") | {PRODUCT, FACT, _PHRASE, *",:;.!?"}
    return known | listed("talk_en", "ask_words") if asks else known


_SHORTENED = re.compile(r"^(.+?)'(?:s|re|ll|d|ve|m)$")


def _unknown_words(plain: str, kind: LineKind, *, asks: bool) -> Iterator[str]:
    known = _known(asks=asks and kind is LineKind.ASK)
    if kind is LineKind.PITCH:
        known -= listed("talk_en", "not_with_fact")
    words = [*_words(plain), "."]
    for i, word in enumerate(words):
        if word in listed("talk_en", "called") and (words[i + 1] in {*",.!?:"} or _is_receiver(words, i, kind)):
            continue
        found = _SHORTENED.match(word)
        if word not in known and not (found and found[1] in known):
            yield f"leave out the word “{word}”"


def _is_receiver(words: list[str], i: int, kind: LineKind) -> bool:
    """Whether the viewers are asked for whom something would be ("for friends")."""
    return kind is LineKind.ASK and i > 0 and words[i - 1] in {"for", "to", "with", "your", "or"}


def _misplaced_name(words: list[str], kind: LineKind) -> Iterator[str]:
    """Where the product's name stands as something that does or has or suffers what is not known of it."""
    asks = kind is LineKind.ASK
    before = listed("talk_en", "before_name") | {"", ",", ":", _PHRASE}
    after = listed("talk_en", "after_name") | {".", "!", "?", ",", ":", _PHRASE, FACT}
    if asks:
        before |= listed("talk_en", "before_name_asking")
        after |= listed("talk_en", "after_name_asking")
    elif kind is LineKind.PITCH:
        after |= {"which", "that", "also"}
    padded = ["", "", *words, "", ""]
    for i, word in enumerate(padded):
        if word != PRODUCT:
            continue
        led = padded[i - 1] in before or "-".join(padded[i - 2 : i]) in listed("talk_en", "pairs_before_name")
        follower = padded[i + 1]
        goes_on = follower in after or "-".join(padded[i + 1 : i + 3]) in listed("talk_en", "pairs_after_name")
        said = follower in _IS_AT and _only_somewhere(padded[i + 2 :])
        heads_fact = kind is LineKind.PITCH and follower in {FACT, "also"}
        if not (led or heads_fact) or not (goes_on or said):
            yield "only bring the product on, or name it, and say nothing about it"


def _only_somewhere(words: list[str]) -> bool:
    """Whether what follows "is" tells of a place in the show ("up next", "now here for you"), and of nothing else."""
    places = listed("talk_en", "places")
    behind = next((i for i, word in enumerate(words) if word not in places), len(words))
    if words[0] == _PHRASE:
        return True
    return behind > 0 and (words[behind] in {"", ".", "!", "?", ",", ":", _PHRASE} or words[behind] in _AFTER_PLACE)


@cache
def _person_patterns() -> tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...]:
    """Where a person is spoken of, and how that may go on."""

    def one_of(key: str) -> str:
        return "|".join(sorted(listed("talk_en", key), key=len, reverse=True))

    does, is_now = one_of("first_person"), one_of("first_person_now")
    first = rf"{_MODAL} (?:{does})\b|(?:'m|'re| am| are) (?:{is_now})\b"
    does, is_now = one_of("second_person"), one_of("second_person_now")
    second = rf"{_MODAL} (?:{does})\b|(?:'re| are) (?:{is_now})\b|{_ADDRESSED}"
    return (
        (re.compile(r"\b(?:I|we)\b", re.IGNORECASE), re.compile(first, re.IGNORECASE), _HOST),
        (re.compile(r"\byou\b", re.IGNORECASE), re.compile(second, re.IGNORECASE), _VIEWERS),
    )


def _wrong_persons(plain: str, *, asks: bool) -> Iterator[str]:
    for number, (person, goes_on, message) in enumerate(_person_patterns()):
        if number == 1 and asks:
            continue
        for match in person.finditer(plain):
            if not goes_on.match(plain, match.end()):
                yield message
    if re.search(r"\b(?:show|give|for) (?:me|us)\b|^read \S+ to you\b", plain, re.IGNORECASE):
        yield "the host asks for nothing"
    if asks and re.search(r"\b(?:tell|let) (?:me|us)\b|\b(?:could|can|will) you\b", plain, re.IGNORECASE):
        yield "ask the viewers about themselves"
    if re.match(r"(?:as )?you know\b|fact about\b|write (?!(?:this|that|it|these) down\b)", plain, re.IGNORECASE):
        yield "begin in another way"
    if _OWN.search(plain):
        yield "the host owns nothing but the notes"


def _said_of_it(plain: str, *, asks: bool) -> Iterator[str]:
    """Verbs behind the product, or before it in a question, that would say something of it."""
    words = ["", *_words(plain), ".", ".", ""]
    verbs, places = listed("talk_en", "verbs"), listed("talk_en", "places") | {PRODUCT, _PHRASE}
    for i, word in enumerate(words):
        behind, after = words[i + 1 : i + 2], words[i + 2 : i + 3]
        if word in _SHORT_FOR_IT_IS:
            if not places.intersection(behind):
                yield f"say nothing about the product but the fact (“{word} {''.join(behind)}”)"
        elif word in _STANDS_FOR_IT:
            is_somewhere = _IS_AT.intersection(behind) and (after == [PRODUCT] or _only_somewhere(words[i + 2 :]))
            if verbs.intersection(behind) and not is_somewhere and not (asks and behind == ["be"]):
                yield f"say nothing about the product but the fact (“{' '.join(behind + after)}”)"
            if asks and words[i - 1] in _BE_OR_DO and not _ASKS_FOR_WHOM.match(" ".join(words[i - 1 : i + 4])):
                yield "ask the viewers about themselves, not about the product"


def _around_fact(plain: str, subject: Subject, *, asks: bool) -> Iterator[str]:
    """The fact must be said outright, of this product."""
    before, _, tail = plain.partition(FACT)
    words = _words(before)
    if words and words[-1] in {"also", "now"}:
        words.pop()
    if not words or words[-1] not in _BEFORE_FACT:
        yield "the fact must follow the product's name or “it”"
        return
    place = len(words) - 1
    governed = words[place - 1] if place else ""
    if governed in listed("talk_en", "doubting") - ({"that"}):
        yield "say the fact outright, without a condition"
    if words[-1] == PRODUCT and governed in {"about", "of", "on", "for", "to", "with", "at", "from", "in"}:
        yield "the fact must be said of the product"
    if words[-1] in {"that", "which"} and PRODUCT not in words[:-1]:
        yield "the fact must follow the product's name or “it”"
    near = words[-4:-1]
    if near and listed("talk_en", "doubting").intersection(near) and not {",", ":", "that"}.intersection(near):
        yield "say the fact outright, without a condition"
    if asks and not _TELLING_QUESTION.match(plain.lower()):
        yield "say the fact, do not ask for it"
    if re.search(r"[A-Za-z]", tail.replace(_PHRASE, "")) and len(tail.split()) > 1:
        yield "the line must end with the fact"


@cache
def _question_starts() -> frozenset[str]:
    return listed("talk_en", "question_starts") | {_PHRASE}
