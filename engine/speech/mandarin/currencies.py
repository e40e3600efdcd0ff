"""Currencies but the yuan, as Mandarin says them: ISO codes, and the signs that prices are written with."""

from __future__ import annotations

from engine.currencies import SIGNS

_CODES: dict[str, str] = {
    "USD": "美元", "EUR": "欧元", "GBP": "英镑", "JPY": "日元", "HKD": "港币", "TWD": "新台币", "MOP": "澳门元",
    "SGD": "新加坡元", "CAD": "加元", "AUD": "澳元", "NZD": "新西兰元", "JMD": "牙买加元", "TTD": "特立尼达元",
    "CHF": "瑞士法郎", "KRW": "韩元", "THB": "泰铢", "MYR": "林吉特", "IDR": "印尼盾", "VND": "越南盾",
    "PHP": "菲律宾比索", "INR": "印度卢比", "PKR": "巴基斯坦卢比", "NPR": "尼泊尔卢比", "LKR": "斯里兰卡卢比",
    "BDT": "塔卡", "SEK": "瑞典克朗", "NOK": "挪威克朗", "DKK": "丹麦克朗", "ISK": "冰岛克朗", "CZK": "捷克克朗",
    "PLN": "兹罗提", "HUF": "福林", "RON": "罗马尼亚列伊", "BGN": "保加利亚列弗", "RSD": "塞尔维亚第纳尔",
    "RUB": "卢布", "UAH": "格里夫纳", "KZT": "坚戈", "TRY": "土耳其里拉", "ILS": "新谢克尔", "AED": "迪拉姆",
    "SAR": "沙特里亚尔", "QAR": "卡塔尔里亚尔", "OMR": "阿曼里亚尔", "KWD": "科威特第纳尔", "BHD": "巴林第纳尔",
    "JOD": "约旦第纳尔", "TND": "突尼斯第纳尔", "EGP": "埃及镑", "MAD": "摩洛哥迪拉姆", "NGN": "奈拉", "GHS": "塞地",
    "KES": "肯尼亚先令", "TZS": "坦桑尼亚先令", "UGX": "乌干达先令", "ZAR": "兰特", "MXN": "墨西哥比索",
    "ARS": "阿根廷比索", "COP": "哥伦比亚比索", "CLP": "智利比索", "DOP": "多米尼加比索", "UYU": "乌拉圭比索",
    "PEN": "索尔", "BRL": "雷亚尔",
}  # fmt: skip

_SIGNS = {sign: code for sign, code in SIGNS.items() if code != "CNY"} | {"＄": "USD", "￡": "GBP"}

NAMES: dict[str, str] = _CODES | {sign: _CODES[code] for sign, code in _SIGNS.items()}
"""Code or sign: the currency's name, which stands behind the amount."""

NOT_BEFORE = frozenset({"CAD", "INR", "PHP", "TRY", "PEN", "COP", "MOP", "MAD", "RON", "ARS"})
"""Codes that are other names too: in front of an amount they are currencies only where it has two decimals."""
