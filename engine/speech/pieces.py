"""Pieces of an English compound that say something by themselves: "50%-off", "100ml/3.4oz", "2/$10", "2nd-generation".

A piece is what stands between the dashes, slashes and full stops of a caption word; a decimal point cuts none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.speech import labels, measures, numbers, prices
from engine.speech.scripts import LATIN
from engine.speech.spoken_lists import UNITS
from engine.speech.spoken_word import ALONE, NUMBER, Context, SpokenWord, say

_RE_CUT = re.compile(rf"[-–—~/_&]|(?<=[{LATIN}])\.|\.(?!\d)")
_AMOUNT = r"(?:\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?|\d+(?:,\d{3})*(?:\.\d+)?|(?<!\d)\.\d+)"
_RE_PARTS = re.compile(
    rf"[{LATIN}]+(?:'[a-z]+)?"
    rf"|(?:{prices.SIGNS}){_AMOUNT}(?![.,]?\d)"
    rf"|(?<![\d.]){_AMOUNT}[%¢](?!\d)"
    rf"|\d+(?:\.\d+){{2,}}|{_AMOUNT}"
)
_RE_PRICE = re.compile(rf"^({prices.SIGNS})?([\d,.]+?)([%¢])?$")
_RE_MONEY = re.compile(rf"^(?:{prices.SIGNS})[\d.]|^[\d.,]+(?:{prices.SIGNS})$")
_RE_WORD = re.compile(rf"^[{LATIN}]{{2,}}$")
_RE_DOTTED_DATE = re.compile(r"^\d{1,2}\.\d{1,2}\.\d{2,4}$")
_RE_MEASURE = re.compile(rf"^({NUMBER})({measures.UNIT})$")
_RE_RATING = re.compile(r"^(10|\d)(\.\d{1,2})?/(5|10)(?:\.0)?(?:-(stars?))?$")

_WORDS_OF_ONE_LETTER = frozenset({"A", "K", "s", "in"})
"""Units that a piece beside others rarely is: sizes (32A), pictures (4K), decades (80s), 2in1."""

_RATED = frozenset({"rated", "rating", "ratings", "score", "scored", "scores", "stars"})
_STARS = frozenset({"star", "stars", "rating", "ratings"})


def cut(core: str) -> list[str]:
    """The pieces of a compound."""
    return _RE_CUT.split(core)


def parts(piece: str) -> list[str]:
    """Runs of letters, and numbers with the sign of money before or "%" and "¢" behind them."""
    return _RE_PARTS.findall(piece)


def number_words(part: str, *, is_model: bool) -> list[str]:
    """Words of a part that begins with no letter; the whole numbers of a model name are read as such."""
    found = _RE_PRICE.match(part)
    sign, value, behind = found.groups() if found else (None, part, None)
    if sign:
        return prices.money(sign, value)
    if behind:
        return [*numbers.decimal(value), UNITS[behind][value != "1"]]
    if value.count(".") > 1:
        places = value.split(".")
        between = [] if _RE_DOTTED_DATE.match(value) else ["point"]
        return [w for i, place in enumerate(places) for w in [*(between if i else []), *numbers.cardinal(int(place))]]
    return numbers.model_number(value) if is_model and value.isdecimal() else numbers.decimal(value)


def whole(pieces: Sequence[str], at: int, around: Context) -> list[SpokenWord] | None:
    """What the piece at ``at`` says as a whole: a price, a measure, an ordinal, karats; None where it does not."""
    piece = pieces[at]
    if _RE_MONEY.match(piece):
        said = prices.price(piece, ALONE)
        return [*say("for"), *said] if said and at == 1 and pieces[0].isdecimal() and len(pieces) == 2 else said
    if ordinal := measures.ordinal(piece):
        return say(*ordinal)
    behind = pieces[at + 1] if at + 1 < len(pieces) else around.after
    karats = labels.karats(piece) if around.karat or labels.is_gold(behind) else None
    return karats or _measure(pieces, at, around)


def _measure(pieces: Sequence[str], at: int, around: Context) -> list[SpokenWord] | None:
    """A measure beside others ("100ml/3.4oz", "60°C/140°F") or before a word ("500ml-bottle").

    Units of one letter are read so only where each piece is a measure, or behind small ones only words follow: "5W-40"
    is a grade.
    """
    found = _RE_MEASURE.match(pieces[at])
    if not found:
        return None
    value, unit = found.groups()
    rest = [*pieces[:at], *pieces[at + 1 :]]
    all_words = all(map(_RE_WORD.match, rest))
    if len(unit) == 1 and unit.isalpha():
        others = [_RE_MEASURE.match(piece) for piece in rest]
        beside = all(others) and not (unit in _WORDS_OF_ONE_LETTER and all(o and o.group(2) == unit for o in others))
        is_generation = unit == "g" and value in {"2", "3", "4", "5"}
        if not (beside or (unit.islower() and unit != "s" and all_words)) or is_generation:
            return None
    elif unit in _WORDS_OF_ONE_LETTER and not (rest and all(map(_RE_MEASURE.match, rest))):
        return None
    singular = value == "1" or around.one_thing or (at + 1 < len(pieces) and pieces[at + 1].islower() and all_words)
    return say(*numbers.decimal(value), UNITS[unit][not singular])


def rating(core: str, around: Context) -> list[SpokenWord] | None:
    """How good something was found: "4.8/5", "9/10 stars"; elsewhere "4/5" is a part."""
    found = _RE_RATING.match(core)
    if not found or around.after in UNITS:
        return None
    first, more, under, star = found.groups()
    value = first + (more or "")
    is_one = more or star or around.after.lower() in _STARS or around.before.lower() in _RATED
    if not is_one or float(value) > int(under):
        return None
    return say(*numbers.decimal(value), "out", "of", *numbers.cardinal(int(under)), star or "")


def is_out_of(around: Context) -> bool:
    """Whether a slash by itself is that of a rating: "4.5 / 5"."""
    return rating(f"{around.before}/{around.after}", Context(around.earlier, "", False, "")) is not None
