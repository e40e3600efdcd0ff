"""What a line says around an amount: that the price was cut, and for how much of a product it is the price."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.script.guard.evidence import Evidence
from engine.script.guard.prices import ROLES
from engine.script.quantities import COUNT, Quantity, quantities
from engine.script.verdict import Finding
from engine.script.vocabulary import stem, stems_of

_CUT = "(?:lowered|reduced|cut|slashed|dropped|discounted|marked down|knocked down|brought down)"
_FALLEN = "(?:(?:come|came|gone|went|going|is|are|was) down|dropped|drops|fell|fallen)"
_THEN = "(?:原来|之前|以前|平时|原价|上次|上周|上个月|昨天|往常|过去)"

_NOT_REDUCED = re.compile(
    r"\b(?:not|never|no|nor|without|isn't|aren't|wasn't|weren't|hasn't|haven't|hadn't|didn't|don't|doesn't)"
    r"(?: (?:been|yet|now|currently|a|any|the|at|on))* "
    rf"(?:{_CUT}|{_FALLEN}|(?:lower|reduce|drop)s?|come|gone|cheaper|(?:special|sale) prices?|"
    r"price (?:cut|drop|reduction)s?)\b|"
    r"(?:没有?|(?<![得能会可])不|未|无|不是|不算|并非|有没有|是否|是不是|会不会|能不能|什么时候)(?:再|在|做|搞|打|任何|什么)*"
    r"(?:降价|减价|特价|特惠|降|减|便宜)"
)
"""Words that deny a reduction, or ask for one in Chinese."""

_REDUCED = re.compile(
    r"\bprices?(?: (?:of|for|on) (?:the |this |these |our )?\w+)?(?:'s|'ve)?"
    r"(?: (?:has|have|had|is|are|was|were|been|just|now|got|recently|already|even|also|again))* "
    rf"(?:{_CUT}|{_FALLEN}|down)\b|\bprice (?:cut|drop|reduction)s?\b|\bmarked down\b|"
    rf"\b(?:{_CUT}|(?:lower|reduce|drop)s?) (?:the|its|our|this|that|their|all) (?:\w+ )?prices?\b|"
    rf"\b(?:{_CUT}|lower|special|sale|clearance)(?: low)? prices?\b|"
    r"(?:'s|'re|\b(?:is|are|been|was|gets?|got|now|just)) (?:now |just |also |even )?(?:reduced|discounted)"
    r"(?=[,.:;!?]|$| (?:now|today|tonight|again|this|for|from|to)\b)|"
    r"\b(?:reduced|discounted) (?:now|today|tonight)\b|\bdown from (?!the\b|its\b)|"
    r"\b(?:cheaper|less|lower) than (?:before|it was|last|yesterday)\b|"
    r"\b(?:now|got|becomes?) (?:even |much |a bit |a lot )?cheaper\b|\bcheaper (?:now|today|tonight)\b|"
    r"降价|减价|(?<!独)特价(?!值)|特惠|(?:优惠|促销|活动|折后|惊喜|福利|清仓|秒杀)价(?!值)|甩卖|让利|破价|"
    r"(?<![太真好够很最])便宜了|便宜(?:不少|很多|好多|多了)|(?:现在|今天|今晚|这次|变|又)更便宜|(?:下调|直降|立减)了|"
    r"(?:价格|价钱|售价)[^，。！？；]{0,6}(?:下调|调低|降(?![噪温压火解落])|(?<![记写念抄拍定])下来|往下|跌|砍)|"
    rf"[比跟较]{_THEN}的?(?:价格?)?[^，。！？；]{{0,6}}(?:便宜|低(?!温)|划算)"
)
"""Words that say a product costs less than before, whether or not an amount stands beside them."""

_BESIDE_AMOUNT = re.compile(r"\b(?:reduced|discounted|slashed|cheaper|money off)\b|(?<![音温度重量压])[降减]了")
_DOWN_TO = re.compile(
    rf"\b(?:{_CUT}|{_FALLEN}|down)(?: (?:it|this|these|them|that|(?:the )?name))?(?: now)?(?: down)? to"
    r"(?: just| only)?\s?$|[降减跌调打砍][到至](?:了|只要|只有)?\s?$"
)
"""What says so of an amount only: "reduced", and "cut to $49", 降到259元."""


def mentions_reduction(text: str) -> bool:
    """Whether ``text`` speaks of a reduction, be it to deny it."""
    lowered = _lowered(text)
    amounts = [quantity for quantity in quantities(text) if quantity.is_money or quantity.dimension == COUNT]
    return bool(_NOT_REDUCED.search(lowered)) or bool(_reduction(text, amounts))


def reductions(text: str, evidence: Evidence) -> Iterator[Finding]:
    """A reduction that no price before proves; each product whose price is cited needs one.

    The catalogue's sentences may speak of one (a campaign), but no answer of the shop: it would go stale.
    """
    said = _reduction(text, _amounts(text, evidence))
    if not said:
        return
    owners = {role: {i.removesuffix(f".{role}") for i, _ in evidence.facts if i.endswith(f".{role}")} for role in ROLES}
    reduced = owners["was_price"] | owners["saving"]
    proved = bool(reduced) and owners["price"] <= reduced
    told = [fact for fact_id, fact in evidence.facts if not fact_id.startswith("faq.")]
    if not proved and not any(_tells(said, fact) for fact in told):
        yield Finding("price.reduced", "says a reduction that its facts do not", said, evidence.first)


def _tells(said: str, fact: str) -> bool:
    """Whether ``fact`` speaks of a reduction itself, or is what the words are about ("reduces noise")."""
    if _reduction(fact, _money(fact)) or said in _lowered(fact):
        return True
    return any(stem(word) in stems_of(_lowered(fact)) for word in re.findall(_CUT, said))


def _reduction(text: str, amounts: Iterable[Quantity]) -> str:
    """The words of ``text`` that say a product was made cheaper, or ""."""
    said = _NOT_REDUCED.sub(lambda match: "_" * len(match[0]), _lowered(text))
    found = [_REDUCED.search(said)]
    for amount in amounts:
        found += [_BESIDE_AMOUNT.search(said) if amount.is_money else None, _DOWN_TO.search(said, 0, amount.start)]
    return next((match[0].strip() for match in found if match), "")


_FEW = "(?:both|two|three|four|five|six)"
_ALL = "(?:everything|all of (?:it|them|these)|the whole (?:set|lot|table))"
_SETS = "(?:pair|set|bundle|trio|couple|dozen)"
_PIECES = "(?:一[对双套组打]|[两俩三四五六七八九十2-9][件个只支条台盏把双瓶盒包袋张对套组]|全套|俩)"
_TIMES = "(?:每个?|一个?|/)(?:月|年|天|周|星期|季度?|期)"

_BEHIND = re.compile(
    rf"\s?(?:for (?:{_FEW}(?= (?:of|now|today)\b|[,.!?]|$)|(?:the|a) (?:{_SETS}|two|lot)|{_ALL})|"
    r"(?:an?|per|each|every|/) ?(?:day|night|week|month|mo|year|quarter|pair|set|dozen|gram|kilo|ounce|litre|liter|"
    rf"person|head)|monthly|weekly|yearly|and up)\b|\s?(?:起(?![步来])|(?:/|每)?{_PIECES}|{_TIMES}|打包)"
)
_BEFORE = re.compile(
    rf"\b(?:(?:{_FEW}(?: of (?:them|these))?|(?:the|a|this) {_SETS}|(?:the|this) lot|{_ALL}) "
    r"(?:for|at|are|is|costs?|comes? to|goe?s? for)(?: just| only| now)?|"
    r"(?:starting|starts?|begins?|beginning) (?:at|from)(?: just| only)?|from (?:just|only)|as (?:low|little) as)\s?$|"
    rf"(?:{_PIECES}[，,]?|打包|{_TIMES}|月[付供]|低至|起步?价|起售价)(?:是|为|才|就|也|[只仅]?[要需卖]|只|仅|[一总]?共)*\s?$"
)
_ONE_MORE = re.compile(
    r"\b(?:get|have|take|receive|plus) (?:a |the )?(?:second|third|extra|free) one\b|\bone for free\b|"
    r"\b(?:get|receive) (?:another one|one more|a pair)\b|[买拍][一1][送得带发]"
)
"""What makes an amount the price of more, of less or of another thing than one piece."""

_SET = re.compile(
    r"pair|set|bundle|trio|couple|dozen|一[对双套组打]|[两三四五六七八九十\d][件个只支条台盏把双瓶盒包袋张对套组]|全套"
)


def of_pieces(text: str, evidence: Evidence) -> Iterator[Finding]:
    """Amounts that are said to be for both, for a pair, for a month or "from", where no fact and no name says so."""
    known = {words for _, fact in evidence.facts for words in _for_pieces(fact, _money(fact))}
    for words in _for_pieces(text, _amounts(text, evidence)):
        if words not in known and not any(_is_set(each, evidence) for each in _SET.findall(words)):
            yield Finding("price.pieces", "gives the price for something else than one piece", words, evidence.first)


def _for_pieces(text: str, amounts: Iterable[Quantity]) -> list[str]:
    """The words of ``text`` that make its amounts the price of something else than one piece."""
    lowered = _lowered(text)
    found: list[re.Match[str] | None] = []
    for amount in amounts:
        found += [
            _BEHIND.match(lowered, amount.end),
            _BEFORE.search(lowered, 0, amount.start),
            _ONE_MORE.search(lowered),
        ]
    return list(dict.fromkeys(match[0].strip() for match in found if match))


def _is_set(word: str, evidence: Evidence) -> bool:
    """Whether the product is sold as such a set, by its name or a cited fact."""
    if word.isascii():
        return re.search(rf"\b{word}\b", evidence.proof) is not None
    return word in evidence.proof or (word[-1] in "对双套组" and word[-1] in evidence.said_names)


def _amounts(text: str, evidence: Evidence) -> list[Quantity]:
    """Amounts of money in ``text``, and bare numbers that are a price."""
    prices = [known for fact_id, known in evidence.numbers if fact_id.rpartition(".")[2] in ROLES]
    return [
        quantity
        for quantity in quantities(text)
        if quantity.is_money or (quantity.dimension == COUNT and any(quantity.same_as(known) for known in prices))
    ]


def _money(text: str) -> list[Quantity]:
    return [quantity for quantity in quantities(text) if quantity.is_money]


def _lowered(text: str) -> str:
    return text.lower().replace("’", "'")
