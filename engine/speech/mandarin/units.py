"""What is written in letters and signs and read in Chinese."""

from __future__ import annotations

import unicodedata

_UNITS: dict[str, str] = {
    "mAh": "毫安时", "Wh": "瓦时", "kWh": "千瓦时", "ml": "毫升", "mL": "毫升", "L": "升", "l": "升", "kg": "公斤",
    "mg": "毫克", "μg": "微克", "µg": "微克", "mcg": "微克", "g": "克", "km": "公里", "cm": "厘米", "mm": "毫米",
    "μm": "微米", "µm": "微米", "m": "米", "mm²": "平方毫米", "cm²": "平方厘米", "m²": "平方米",
    "km²": "平方公里", "cm³": "立方厘米", "m³": "立方米", "kcal": "千卡", "kJ": "千焦", "kW": "千瓦", "W": "瓦",
    "w": "瓦", "V": "伏", "v": "伏", "Hz": "赫兹", "GHz": "吉赫兹", "MHz": "兆赫兹", "lm": "流明", "dB": "分贝",
    "h": "小时", "H": "小时", "min": "分钟", "s": "秒", "ms": "毫秒", "oz": "盎司", "℃": "度", "°C": "度", "°": "度",
    "″": "英寸", "Ω": "欧姆", "kΩ": "千欧", "MΩ": "兆欧", "inch": "英寸", "rpm": "转", "Pa": "帕", "kPa": "千帕",
    "X": "倍", "x": "倍", "pcs": "件", "天": "天",
}  # fmt: skip


def _cases(unit: str) -> tuple[str, ...]:
    return (unit.upper(), unit.lower(), unit.capitalize()) if len(unit) > 1 and unit.isalpha() else ()


def _squared() -> dict[str, str]:
    """Units that are one sign: "㎏", "㎥", "ℓ"."""
    signs = {c: unicodedata.normalize("NFKC", c) for c in ("ℓ", *map(chr, range(0x3380, 0x33E0)))}
    plain = {sign: unit.replace("2", "²").replace("3", "³") for sign, unit in signs.items()}
    return {sign: _UNITS[unit] for sign, unit in plain.items() if unit in _UNITS}


UNITS: dict[str, str] = {case: said for unit, said in _UNITS.items() for case in _cases(unit)} | _UNITS | _squared()
"""Unit behind a number: how it is read; of two letters and more in any case. Storage (GB) and generations (5G) stay
letters.
"""

MEASURES: tuple[str, ...] = (
    "新台币", "新加坡元", "瑞士法郎", "港币", "港元", "台币", "澳元", "加元", "韩元", "泰铢", "卢布",
    "毫安时", "千瓦时", "平方米", "摄氏度", "个小时", "个月", "分钟", "小时", "毫升", "毫米", "厘米", "公斤",
    "千克", "公里", "毫克", "流明", "英寸", "瓦时", "赫兹", "分贝", "美元", "欧元", "日元", "英镑", "块钱",
    "件套", "年级", "人份", "人次", "元", "块", "毛", "件", "个", "只", "支", "条", "张", "本", "把", "双",
    "套", "瓶", "盒", "包", "罐", "袋", "杯", "口", "台", "部", "款", "种", "档", "层", "页", "份", "片", "颗",
    "粒", "位", "名", "人", "家", "次", "遍", "天", "年", "月", "日", "号", "周", "秒", "分", "点", "升", "克",
    "斤", "吨", "米", "瓦", "伏", "安", "度", "倍", "折", "码", "寸", "级", "根", "枚", "盏", "副", "对", "组",
    "批", "岁", "楼", "代", "格", "色", "路", "维",
)  # fmt: skip
"""What a number counts; the longest that fits is read with it."""

SIGNS: dict[str, str] = {
    "+": "加", "=": "等于", "≈": "约", "≤": "不超过", "≥": "不低于", "<": "小于", ">": "大于", "±": "正负",
    "&": "和", "@": "at", "%": "百分比", "％": "百分比", "×": "乘",
}  # fmt: skip
"""A sign by itself."""

EXCEPT_MONEY: tuple[str, ...] = tuple(
    m for m in MEASURES if m not in {"元", "块", "毛", "块钱"} and m[-1] not in "元币铢"
)
"""What a price may be for: "9.9元/斤"."""

EACH: dict[str, str] = {
    "小时": "小时", "个小时": "小时", "分钟": "分钟", "分": "分钟", "秒": "秒", "天": "天", "日": "天", "晚": "晚",
    "周": "周", "月": "月", "个月": "月", "年": "年", "人": "人", "位": "位", "次": "次",
}  # fmt: skip
"""What amounts are told for with 每: "2次/天" is 每天两次."""

ALIKE: tuple[frozenset[str], ...] = (
    frozenset({"毫秒", "秒", "分", "分钟", "小时", "个小时", "天", "日", "周", "月", "个月", "年"}),
    frozenset({"毫克", "克", "斤", "公斤", "千克", "吨"}),
    frozenset({"毫升", "升"}),
    frozenset({"毫米", "厘米", "英寸", "寸", "米", "公里"}),
)
"""Units between which a range may lie: "500g-1kg"."""

ROUND = frozenset({"点", "月", "日", "号", "时"})
"""Units that begin anew, so that a range may fall: "22点-6点"."""

FESTIVALS: dict[str, str] = {
    "618": "六幺八",
    "双11": "双十一",
    "双12": "双十二",
    "11.11": "双十一",
    "12.12": "双十二",
    "12315": "幺二三幺五",
}
"""Numbers that are names."""

GRADES = frozenset({"201", "202", "304", "316", "430", "444"})
"""Steels, read digit by digit."""

MARKS: dict[str, str] = {
    "，": ",", "、": ",", "。": ".", "．": ".", "！": "!", "？": "?", "：": ":", "；": ";", "…": "…", "—": "—",
    "–": "—", "～": "—", ",": ",", ".": ".", "!": "!", "?": "?", ":": ":", ";": ";", "·": ",", "|": ",", "/": ",",
}  # fmt: skip
"""Mark in the text: what the voice gets."""

OPENING = "（(「『《〈【[“‘\"'"
CLOSING = "）)」』》〉】]”’\"'"
