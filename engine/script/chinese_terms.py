"""The words of a Chinese question: which matter, which mean the same, and what kind of fact is asked for."""

from __future__ import annotations

import re

from engine.script import disguise
from engine.script.lexicons import lexicon, listed
from engine.script.policy import words_of
from engine.script.terms import Concept
from engine.settings import FactType

_EMPTY = listed("questions_zh", "empty")

LIMITS = listed("questions_zh", "limits")
"""Words that a fact need not hold to be told, but to be told with "yes"."""

_GROUPS: tuple[tuple[str, ...], ...] = tuple(tuple(group.split()) for group in lexicon("questions_zh")["groups"])
_GROUP_OF: dict[str, int] = {word: number for number, group in enumerate(_GROUPS) for word in group}

MATERIALS = listed("questions_zh", "materials")
COLOURS = listed("questions_zh", "colours")

FILLINGS: dict[FactType, frozenset[str]] = {FactType.CAPACITY: listed("questions_zh", "capacity")}
"""Words that a question of a kind may hold without asking more: 能装多少水."""

WEAK_WORDS = listed("questions_zh", "weak")
"""Words that alone ask nothing a fact could answer."""

_UNITS = "克|斤|公斤|千克|毫升|升|瓦|伏|度|小时|分钟|天|个月|月|年|厘米|毫米|米|支|档|种|寸|英寸|人"


def _concept(pattern: str, *types: FactType, needs: str = "") -> Concept:
    return Concept(re.compile(pattern), frozenset(types), words_of(needs))


CONCEPTS: tuple[Concept, ...] = (
    _concept(r"保质期|能放多久|过期", FactType.CARE, needs="保质期 月 天 年"),
    _concept(r"容量|能装(?:多少)?|装多少|装得下多少|多大容量|净含量", FactType.CAPACITY, FactType.WEIGHT),
    _concept(r"多重|重量|几斤|重不重|有多沉|沉不沉|轻不轻|重吗|沉吗|轻吗", FactType.WEIGHT),
    _concept(r"多高|高度|高不高", FactType.SIZE, needs="高"),
    _concept(r"多宽|宽度", FactType.SIZE, needs="宽 乘"),
    _concept(r"多厚|厚度", FactType.SIZE, needs="厚"),
    _concept(r"多长(?!时间)|长度", FactType.SIZE, FactType.IN_BOX, needs="长 乘 米"),
    _concept(r"(?<!功率)(?<!亮度)(?<!音量)(?<!电压)多大(?!容量)|尺寸|大小|规格|尺码", FactType.SIZE, FactType.CAPACITY),
    _concept(
        r"材质|材料|面料|料子|(?:什么|啥)(?:材料|料)?做的|(?:什么|啥)(?:蜡|布|木头?|钢|皮|棉|绒)|用什么做|是什么料",
        FactType.MATERIAL,
    ),
    _concept(r"颜色|色号|什么色|几个?色|哪些色|配色", FactType.COLOUR),
    _concept(r"产地|哪(?:里|儿)?(?:生产|产|出|做|造)的?|产自|什么地方(?:生?产|做)", FactType.ORIGIN),
    _concept(r"功率|多少瓦|几瓦|电压|费电", FactType.POWER),
    _concept(
        r"充满(?:一次|电)?(?:要|需要|得)?(?:多久|多长时间|几个?小时)|多久(?:能)?充满",
        FactType.BATTERY,
        FactType.PERFORMANCE,
        needs="充满",
    ),
    _concept(
        r"(?:苹果|安卓|华为|小米|电脑|iphone)(?:手机)?.{0,2}(?:能用|能连|可以用|可以连|兼容|配对|连得上)",
        FactType.COMPATIBILITY,
        needs="连接 配对",
    ),
    _concept(
        r"续航|(?:听|用|撑|播)(?:多久|多长时间|几个?小时|几天)|电池|(?:充一次|一次|单次)(?:电|充电)?|充满",
        FactType.BATTERY,
    ),
    _concept(
        r"(?:怎么|咋)(?:洗|清洗|保养|打理|清洁)|如何(?:洗|清洗|保养|清洁)|好(?:洗|打理)吗|保养|打理", FactType.CARE
    ),
    _concept(r"什么认证|哪些认证|证书|什么标准|哪类标准|几类", FactType.CERTIFICATE),
    _concept(
        r"(?:盒子?|包装|套装|套)?(?:里面?|里)?(?:都)?(?:有|包括|包含|含)(?:什么|哪些|几件|啥)|配件|送什么|都有什么|(?:送|带|配)(?!.{0,2}货)(?=.{1,6}吗)",
        FactType.IN_BOX,
    ),
    _concept(r"保修|质保", FactType.WARRANTY),
    _concept(r"几点几|版本", FactType.COMPATIBILITY),
    _concept(r"什么(?:味道?|香型|香味|气味)|味道|香味|香型|气味|好闻", FactType.FEATURE, needs="香 味"),
)
"""Kinds of fact, first the narrow ones: the first that is found counts."""

AMOUNT = re.compile(rf"(?:多少|几|多长|多久)个?(?P<unit>{_UNITS})|(?P<span>多久|多长时间)")
"""An amount that is asked for by its unit, or a span of time."""

SAME_UNITS: dict[str, tuple[str, ...]] = {"斤": ("公斤", "斤", "克", "千克"), "寸": ("英寸", "寸", "厘米")}
"""A unit that is asked for in everyday words: those in which a fact may tell it."""

SPAN_UNITS = words_of("小时 分钟 天 个月 月 年")


def key_terms(text: str) -> list[str]:
    """The words of a Chinese question that a fact must meet, in order."""
    return [word for word in disguise.words(text.lower()) if _carries(word)]


def _carries(word: str) -> bool:
    counts = re.fullmatch(r"\d+(?:\.\d+)?|几.", word) and word not in MATERIALS
    return any(c.isalnum() for c in word) and word not in _EMPTY and not counts


def same_meaning(term: str, text: str) -> bool:
    """Whether ``term`` or a word of its group stands in ``text``."""
    lowered = text.lower()
    if term in lowered:
        return True
    group = _GROUP_OF.get(term)
    return group is not None and any(word in lowered for word in _GROUPS[group])
