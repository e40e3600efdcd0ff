"""How questions of each language are read: their words, what the shop's rules already say, and who is compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from engine.script import chinese_match, chinese_terms, match, terms
from engine.script.intents import Intent
from engine.script.match import Match
from engine.script.policy import words_of
from engine.settings import FactType, Product


@dataclass(frozen=True)
class Attribute:
    """Something that two products are compared by; no ``types``: their prices."""

    pattern: re.Pattern[str]
    types: frozenset[FactType]


@dataclass(frozen=True)
class Reading:
    """How questions of one language are read.

    ``value_words``: what a question about price, stock or link may hold without asking more.
    ``policy_words``: the same for each rule of the shop. ``compared``: says that two products are held side by side.
    ``further``: begins a message that goes on from the one before. ``this``: the product on show is meant.
    """

    key_terms: Callable[[str], list[str]]
    root: Callable[[str], str]
    same_meaning: Callable[[str, str], bool]
    facts_that_meet: Callable[[str, Product], Iterable[Match]]
    weak_words: frozenset[str]
    value_words: frozenset[str]
    policy_words: Mapping[Intent, frozenset[str]]
    compared: re.Pattern[str]
    compare_words: frozenset[str]
    attributes: tuple[Attribute, ...]
    further: re.Pattern[str]
    this: re.Pattern[str]

    def unmet(self, text: str, known: frozenset[str]) -> list[str]:
        """The words of ``text`` that matter and are not ``known``."""
        return [term for term in self.key_terms(text) if self.root(term) not in known]


def _roots(words: str) -> frozenset[str]:
    return frozenset(map(terms.stem, words.split()))


def _attribute(pattern: str, *types: FactType) -> Attribute:
    return Attribute(re.compile(pattern), frozenset(types))


_ENGLISH = Reading(
    key_terms=terms.key_terms,
    root=terms.stem,
    same_meaning=lambda term, text: terms.same_meaning(term, terms.word_set(text)),
    facts_that_meet=match.facts_that_meet,
    weak_words=terms.WEAK_WORDS,
    value_words=_roots("""
        price prices priced pricing cost costs expensive much dollars dollar usd euro euros pounds discount discounts
        discounted sale deal deals offer offers reduced cheaper reduction before old original was save saving savings
        special drop stock sold available left remaining many link url website site order buy purchase checkout cart
        add online total each send
    """),
    policy_words={
        Intent.SHIPPING: _roots("""
            shipping ship ships postage delivery deliver free cost costs much charge charges price fee fees order orders
        """),
        Intent.DELIVERY: _roots("""
            shipping ship delivery deliver delivered long fast soon days day weeks arrive order package parcel reach
            receive hours time times usually ordered
        """),
        Intent.RETURNS: _roots("return returns refund money back send policy order days day accept"),
        Intent.WARRANTY: _roots("warranty guarantee year years break breaks stops stop dies working"),
        Intent.HOURS: _roots("""
            opening open close business support office service hour hours time times weekend weekends monday tuesday
            wednesday thursday friday saturday sunday morning evening shop store
        """),
        Intent.CONTACT: _roots("""
            contact email e-mail mail write reach support service customer team talk speak person real human shop store
            phone number call help desk someone
        """),
    },
    compared=re.compile(
        r"\b(?:cheaper|lighter|heavier|bigger|larger|smaller|taller|thicker|longer|expensive|compared?|comparison|"
        r"differences?|different|versus|vs|than|which|or|more|less|most|least|higher|lower)\b"
    ),
    compare_words=_roots("""
        cheaper cheapest lighter lightest heavier heaviest bigger biggest larger largest smaller smallest taller tallest
        longer expensive compare compared comparison difference differences different versus vs between both two more
        less most least weigh weighs weight size sizes price prices cost costs holds hold capacity volume lasts last
        battery material materials colour color colours colors made higher lower other
    """),
    attributes=(
        _attribute(r"\b(?:light|heav|weigh)\w*\b", FactType.WEIGHT),
        _attribute(r"\b(?:holds?|capacity|volume|fits? more|contains?)\b", FactType.CAPACITY),
        _attribute(r"\b(?:bigger|biggest|larger|largest|smaller|smallest|taller|tallest|sizes?|big|tall)\b", FactType.SIZE),
        _attribute(r"\b(?:lasts?|battery)\b", FactType.BATTERY),
        _attribute(r"\b(?:materials?|made (?:of|from))\b", FactType.MATERIAL),
        _attribute(r"\bcolou?rs?\b", FactType.COLOUR),
        _attribute(r"\b(?:cheap\w*|expensive|prices?|costs?|differences?|different|compared?|less|more)\b"),
    ),
    further=re.compile(r"^\W*(?:and|also|what about|how about|or)\b"),
    this=re.compile(r"\bthis\b|\bthat\b|\bon (?:the )?(?:screen|show|table)\b|\bright now\b"),
)

_CHINESE = Reading(
    key_terms=chinese_terms.key_terms,
    root=lambda term: term,
    same_meaning=chinese_terms.same_meaning,
    facts_that_meet=chinese_match.facts_that_meet,
    weak_words=chinese_terms.WEAK_WORDS,
    value_words=words_of("""
        多少钱 钱 价 价格 价钱 卖 怎么卖 几块 元 块 米 售价 贵 不贵 贵不贵 报价 单价 标价 原价 打折 优惠 折扣 便宜 便宜点 少 点 降价 降 活动 之前 省 减 特价
        现价 现货 货 有货 库存 剩 还剩 缺货 卖完 断货 没货 售罄 链接 买 购买 下单 拍 号 购物车 小黄车 几多钱 只要 多少 原来 有无 没有货 剩下
    """),
    policy_words={
        Intent.SHIPPING: words_of("运费 邮费 包邮 快递费 快递 免邮 送货费 送货 免费 免 包 邮 多少 钱 多少钱 收 收费 满 费用 费"),
        Intent.DELIVERY: words_of("""
            发货 发 到货 到 送达 快递 物流 配送 快 快不快 几天 天 今天 明天 当天 下单 拍 订单 买 收到 收 出发 发出 送 货 送货 时间 几点 多久 内 后
        """),
        Intent.RETURNS: words_of("""
            退 退货 退款 退换 退换货 换货 换 无理由 无 理由 支持 不喜欢 喜欢 七天 天 满意 退钱 可退 退回 不满意 收到 买 买错 尺码 货 钱 七 7
        """),
        Intent.WARRANTY: words_of("保修 质保 三包 坏 坏了 修 换 赔 多久 年"),
        Intent.HOURS: words_of("客服 几点 点 时间 上班 下班 营业 店 门店 开门 关门 在线 人工"),
        Intent.CONTACT: words_of("联系 客服 找 转 人工 电话 微信 店家 老板 号 方式 联系方式"),
    },
    compared=re.compile(r"哪(?:个|款|种|一个|一款)|比|对比|区别|差别|不同|还是|差多少|相比|谁"),
    compare_words=words_of("""
        哪个 哪款 比 对比 区别 差别 不同 还是 相比 谁 贵 便宜 轻 重 大 小 高 容量 重量 价格 尺寸 材质 颜色 更 差 两个 两款 之间 点 些 一点 一些 多少钱 差多少
        轻一点 重一点 便宜一点 大一点 装 能装 续航
    """),
    attributes=(
        _attribute(r"轻|重|沉", FactType.WEIGHT),
        _attribute(r"容量|装", FactType.CAPACITY),
        _attribute(r"续航|用得久|电池", FactType.BATTERY),
        _attribute(r"大|小|高|尺寸", FactType.SIZE),
        _attribute(r"材质|材料|面料", FactType.MATERIAL),
        _attribute(r"颜色", FactType.COLOUR),
        _attribute(r"贵|便宜|价|钱|区别|差别|不同|对比"),
    ),
    further=re.compile(r"^\W*(?:那|还有|以及|另外)|呢\W*$"),
    this=re.compile(r"这(?:个|款|件|只|台|支|套)"),
)

READINGS: Mapping[str, Reading] = {"en": _ENGLISH, "zh": _CHINESE}
"""By the language of the question."""
