"""The words of a Chinese question: which matter, which mean the same, and what kind of fact is asked for."""

from __future__ import annotations

import re

from engine.script import disguise
from engine.script.policy import words_of
from engine.script.terms import Concept
from engine.settings import FactType

_EMPTY = words_of("""
    的 了 吗 呢 啊 吧 呀 么 嘛 哦 哈 是 有 没有 没 不 这 这个 那 那个 它 这款 那款 这种 这件 这只 这套 这支 这台 你 你们 您 我 我们 咱 他 她
    请 请问 主播 老板 亲 家人 家人们 宝子 想 想要 想问 问 问下 问一下 一下 下 看 看看 看下 知道 了解 说 说说 讲 讲讲 介绍 可以 能 能不能 可不可以
    会 会不会 要 要不要 需要 得 地 在 里 里面 上 上面 到 给 和 跟 与 或 或者 还是 也 都 还 还有 就 又 很 太 更 最 比较 挺 多 少 多少 几 什么 啥
    怎么 怎样 怎么样 哪 哪里 哪儿 哪个 哪些 哪种 谁 为什么 为啥 如何 是不是 有没有 用 使用 来 去 做 东西 商品 产品 宝贝 款 个 件 只 支 台 套 条 罐
    盒 一 一个 一罐 一支 一只 一件 一台 一套 本 自己 真的 到底 大概 大约 左右 一般 平时 现在 今天 目前 直接 好 行 对 吧 的话 那么 时 时候 时间 多长
    多久 长 久 高 大 小 出来 起来 下来 进 进去 放 拿 带 带有 属于 种 样 样子 功能 方面 情况 问题 而且 但是 因为 所以 如果 把 被 让 从 之 其 之后 以后
    合适 适合 支持 采用 含 家里 家 人 可 不会 不能 不可以 不是 什么样 哪款 了吗 吗啊
""")
"""Words that carry nothing to check. What is left of a question must be met by the fact that answers it."""

_GROUPS: tuple[str, ...] = (
    "防水 防泼水 防雨 淋雨 淋湿 进水 下雨 雨 湿 ipx",
    "笔记本电脑 笔记本 电脑",
    "苹果 iphone ios 苹果手机",
    "安卓 android",
    "重 重量 自重 分量 净含量",
    "黏 粘 黏手 粘手",
    "油腻 油",
    "洗 清洗 机洗 水洗 手洗 洗涤 洗衣机",
    "泡 冲泡 冲 泡茶",
    "采 采摘 采的",
    "拆 拆开 拆卸 拆下 拆下来",
    "调 调节 切换 可调",
    "定时 计时 自动关 自动关灯",
    "充电头 充电器 插头 适配器",
    "充电线 数据线 线",
    "纯棉 棉 长绒棉 全棉",
    "味道 味 香味 气味 香 花香",
    "功率 瓦",
    "尺寸 寸 英寸",
    "保温 热",
    "保冷 冷",
    "折叠 折",
    "成分 添加",
    "保质期 过期",
)
_GROUP_OF: dict[str, int] = {word: number for number, group in enumerate(_GROUPS) for word in group.split()}
_MEMBERS = tuple(tuple(group.split()) for group in _GROUPS)

MATERIALS = words_of("""
    塑料 不锈钢 304 316 铝合金 铝 铁 铜 钛 玻璃 陶瓷 木 木头 实木 竹 硅胶 橡胶 皮 真皮 牛皮 棉 纯棉 长绒棉 麻 亚麻 丝 真丝 羊毛 涤纶 尼龙 聚酯
    帆布 碳钢 合金 石头 树脂
""")
COLOURS = words_of("""
    红色 红 橙色 黄色 黄 绿色 绿 墨绿 蓝色 蓝 紫色 紫 粉色 粉 粉红 棕色 黑色 黑 白色 白 米白 灰色 灰 银色 金色 卡其 卡其色 雾蓝 雾蓝色 咖啡色
""")

WEAK_WORDS = words_of("水 手 安全 灯 杯 包 手机 电 热 冷 面 油 线 雨")
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
    _concept(r"多大(?!容量)|尺寸|大小|规格|尺码", FactType.SIZE, FactType.CAPACITY),
    _concept(r"材质|材料|面料|料子|什么(?:材料|料)?做的|用什么做|是什么料", FactType.MATERIAL),
    _concept(r"颜色|色号|什么色|几个?色|哪些色|配色", FactType.COLOUR),
    _concept(r"产地|哪(?:里|儿)?(?:生产|产|出|做|造)的?|产自|什么地方(?:生?产|做)", FactType.ORIGIN),
    _concept(r"功率|多少瓦|几瓦|电压|费电", FactType.POWER),
    _concept(
        r"续航|(?:听|用|撑|播)(?:多久|多长时间|几个?小时|几天)|电池|(?:充一次|一次|单次)(?:电|充电)?|充满", FactType.BATTERY
    ),
    _concept(r"怎么(?:洗|清洗|保养|打理|清洁)|如何(?:洗|清洗|保养|清洁)|好(?:洗|打理)吗|保养|打理", FactType.CARE),
    _concept(r"什么认证|哪些认证|证书|什么标准|哪类标准|几类", FactType.CERTIFICATE),
    _concept(
        r"(?:盒子?|包装|套装|套)?(?:里面?|里)?(?:都)?(?:有|包括|包含|含)(?:什么|哪些|几件|啥)|配件|送什么|都有什么|(?:送|带|配)(?!.{0,2}货)(?=.{1,6}吗)",
        FactType.IN_BOX,
    ),
    _concept(r"保修|质保", FactType.WARRANTY),
    _concept(r"几点几|什么版本|哪个版本", FactType.COMPATIBILITY),
    _concept(r"什么(?:味道?|香型|香味|气味)|味道|香味|香型|气味|好闻", FactType.FEATURE, needs="香 味"),
)
"""Kinds of fact, first the narrow ones: the first that is found counts."""

AMOUNT = re.compile(rf"(?:多少|几|多长|多久)个?(?P<unit>{_UNITS})|(?P<span>多久|多长时间)")
"""An amount that is asked for by its unit, or a span of time."""

SPAN_UNITS = words_of("小时 分钟 天 个月 月 年")


def key_terms(text: str) -> list[str]:
    """The words of a Chinese question that a fact must meet, in order."""
    return [word for word in disguise.words(text.lower()) if _carries(word)]


def _carries(word: str) -> bool:
    return any(c.isalnum() for c in word) and word not in _EMPTY and not re.fullmatch(r"\d+(?:\.\d+)?", word)


def same_meaning(term: str, text: str) -> bool:
    """Whether ``term`` or a word of its group stands in ``text``."""
    lowered = text.lower()
    if term in lowered:
        return True
    group = _GROUP_OF.get(term)
    return group is not None and any(word in lowered for word in _MEMBERS[group])
