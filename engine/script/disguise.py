"""Undoes the ways in which words are hidden from a filter: the rules then see what a listener hears.

Width, zero-width and combining characters, look-alike letters, traditional characters, marks between the letters,
digits for letters, and Chinese written by sound (homophones, pinyin) are all brought back by what they are, not by
lists of disguised words.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_HOMOGLYPHS = str.maketrans(
    "аеорсухіјѕһԁӏкмтвнАЕОРСХІЈЅКМТВНαορντκβεικοχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijshdlkmtbhaeopcxijskmtbhaopvtkbeikoxabezhikmnoptyx",
)
_LEET = str.maketrans("0134578@$!", "oieastbasi")
_CJK = "\u3400-\u9fff"
_MARKS = r"[\s·•・.\-_*/|~=+^…'\"#\[\](){}<>【】「」『』《》〈〉〔〕“”‘’]"
_ONE = rf"[{_CJK}]"
_BETWEEN_CJK = re.compile(rf"(?<=[{_CJK}0-9]){_MARKS}+(?=[{_CJK}])|(?<=[{_CJK}]){_MARKS}+(?=[a-z0-9{_CJK}])")
_AFTER_LATIN = re.compile(rf"(?<=[a-z]){_MARKS}+(?=[{_CJK}])")
_SINGLE_LETTERS = re.compile(r"(?<![a-z0-9])[a-z]([\s.\-_*·|/~])[a-z](?:\1[a-z])+(?![a-z0-9])")
_SINGLE_CJK = re.compile(rf"(?<![{_CJK}])[{_CJK}](?:、[{_CJK}](?=、|[^{_CJK}]|[{_CJK}])){{2,}}")
_LONE_CJK = re.compile(rf"(?:^|(?<=[,。!?;])){_ONE}[,](?={_ONE})")
_SHORT_CODE = re.compile(r"(?<![a-z0-9])n[\s.·]?o[\s.·]*1(?!\d)|(?<![a-z0-9])top[\s.·]*1(?!\d)")
_NUMERALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十")
_MIXED = re.compile(r"[a-z0-9@$!]*(?:[a-z][0-9@$!]|[0-9@$!][a-z])[a-z0-9@$!]*")


@dataclass(frozen=True, slots=True)
class Plain:
    """Text without disguise; ``places`` gives for each of its characters the place in the text as written."""

    text: str
    places: tuple[int, ...]

    def written(self, original: str, start: int, end: int) -> str:
        """The characters of ``original`` from which ``text[start:end]`` comes."""
        return original[self.places[start] : self.places[end - 1] + 1]

    def without(self, pattern: re.Pattern[str], inside: str = "") -> Plain:
        """Without what ``pattern`` finds, or without the characters of ``inside`` in what it finds."""
        gone: set[int] = set()
        for match in pattern.finditer(self.text):
            span = range(match.start(), match.end())
            gone.update(i for i in span if not inside or self.text[i] in inside)
        if not gone:
            return self
        kept = [i for i in range(len(self.text)) if i not in gone]
        return Plain("".join(self.text[i] for i in kept), tuple(self.places[i] for i in kept))


def plain(text: str) -> Plain:
    """``text`` in small letters of one width and script, without hidden characters and marks between letters."""
    letters: list[str] = []
    places: list[int] = []
    simplified = _simplified()
    for place, character in enumerate(text):
        for part in unicodedata.normalize("NFKC", character).lower():
            if unicodedata.category(part) in {"Cf", "Mn", "Me", "Cc"} and part not in "\n\t":
                continue
            letters.append(simplified.get(part, part))
            places.append(place)
    result = Plain("".join(letters).translate(_NUMERALS), tuple(places))
    if re.search(r"[Ͱ-ӿ]", result.text):
        result = Plain(result.text.translate(_HOMOGLYPHS), result.places)
    result = result.without(_SINGLE_LETTERS, " .-_*·|/~\t").without(_SHORT_CODE, " .·\t")
    if has_chinese(result.text):
        result = result.without(_BETWEEN_CJK).without(_AFTER_LATIN).without(_SINGLE_CJK, "、").without(_LONE_CJK, ",")
    return result


def folded(text: str) -> str:
    """``text`` with the digits, Latin letters and signs of one width, in simplified characters; as long as ``text``."""
    return text.translate(_one_width())


def without_leet(text: str) -> str:
    """``text`` with digits read as letters in words that mix both ("b3st"); as long as ``text``."""
    return _MIXED.sub(lambda match: match[0].translate(_LEET), text)


def has_chinese(text: str) -> bool:
    """Whether a Chinese character stands in ``text``."""
    return any("\u3400" <= character <= "\u9fff" for character in text)


@dataclass(frozen=True, slots=True)
class Syllable:
    """One spoken syllable: ``sound`` without tone, ``toned`` with it ("" if written in Latin letters)."""

    sound: str
    toned: str
    start: int
    end: int


def syllables(text: str) -> list[Syllable]:
    """What is heard in ``text``: a syllable for each character and for each piece of Latin letters that is pinyin."""
    sounds = _sounds()
    found: list[Syllable] = []
    for match in re.finditer(rf"[{_CJK}]|[a-zü]+|\S", text):
        piece = match[0]
        if piece in sounds:
            found.append(Syllable(_toneless(sounds[piece]), sounds[piece], match.start(), match.end()))
            continue
        parts = _as_pinyin(piece) if piece[0].isalpha() and piece.isascii() else ()
        place = match.start()
        for part in parts:
            found.append(Syllable(part, "", place, place + len(part)))
            place += len(part)
        if not parts:
            found.append(Syllable(piece, "", match.start(), match.end()))
    return found


def sounds_of(term: str) -> tuple[str, ...]:
    """The syllables of a term without tones."""
    return tuple(syllable.sound for syllable in syllables(term))


@cache
def _as_pinyin(letters: str) -> tuple[str, ...]:
    """``letters`` as pinyin syllables, the longest first; empty if they are none."""
    known = _toneless_syllables()
    if not letters:
        return ()
    for length in range(min(6, len(letters)), 0, -1):
        head, rest = letters[:length], letters[length:]
        if head in known:
            tail = _as_pinyin(rest)
            if tail or not rest:
                return (head, *tail)
    return ()


def words(text: str) -> list[str]:
    """Chinese ``text`` cut into words by jieba's dictionary."""
    return list(_segmenter().cut(text, HMM=False))


def warm_up() -> None:
    """Load the dictionary (1.7 s, once a process), so that no line waits for it."""
    _segmenter()
    _sounds()


@cache
def _segmenter():  # type: ignore[no-untyped-def]  # jieba has no types
    with warnings.catch_warnings():
        # jieba 0.42.1 has invalid escape sequences and asks for pkg_resources; both only warn.
        warnings.simplefilter("ignore")
        import jieba  # noqa: PLC0415  # only Chinese needs it
    jieba.setLogLevel(60)
    segmenter = jieba.Tokenizer()
    segmenter.initialize()
    return segmenter


@cache
def _simplified() -> dict[str, str]:
    pairs = _data("traditional.txt").split()
    return {pair[0]: pair[1] for pair in pairs}


@cache
def _one_width() -> dict[int, str]:
    wide = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    narrow = {code: one for code, one in wide.items() if one.isalnum() or one in "%$+-.~"}
    return narrow | {ord(one): other for one, other in _simplified().items()}


@cache
def _sounds() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in _data("pinyin.txt").splitlines():
        sound, _, characters = line.partition(" ")
        table.update(dict.fromkeys(characters, sound))
    return table


@cache
def _toneless_syllables() -> frozenset[str]:
    return frozenset(_toneless(sound) for sound in _sounds().values())


@cache
def _toneless(sound: str) -> str:
    decomposed = unicodedata.normalize("NFD", sound)
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn")


def _data(name: str) -> str:
    """A data file of this room without its comment lines."""
    text = (Path(__file__).with_name("lexicons") / name).read_text("utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))
