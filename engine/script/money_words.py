"""Every word and sign that stands for money in small letters: codes, signs, and names in both languages."""

from __future__ import annotations

from engine.currencies import CHINESE, ENGLISH, SIGNS, WORD_CODES

_KINDS = {
    "USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "RMB": "¥", "JPY": "jp¥", "CAD": "ca$", "AUD": "a$", "INR": "₹",
}  # fmt: skip
"""Currencies that are known by a sign; the others are known by their code in small letters."""

SHARED: dict[str, frozenset[str]] = {
    "peso": frozenset(["mxn", "php", "ars", "cop", "clp", "dop", "uyu"]),
    "rupee": frozenset(["₹", "pkr", "npr", "lkr"]),
    "krona": frozenset(["sek", "nok", "dkk", "isk", "czk"]),
    "dinar": frozenset(["rsd", "kwd", "bhd", "jod", "tnd"]),
    "riyal": frozenset(["sar", "qar", "omr"]),
    "shilling": frozenset(["kes", "tzs", "ugx"]),
    "dirham": frozenset(["aed", "mad"]),
    "shield": frozenset(["idr", "vnd"]),
}
"""What stands for a name that several currencies bear (盾 is a "shield"), each with those that it may mean."""

_NAMES = {
    "dollar": "$", "dollars": "$", "us dollar": "$", "us dollars": "$", "american dollar": "$",
    "american dollars": "$", "buck": "$", "bucks": "$", "pound": "£", "pounds": "£", "british pound": "£",
    "british pounds": "£", "quid": "£", "renminbi": "¥", "chinese yuan": "¥", "japanese yen": "jp¥",
    "rupee": "rupee", "rupees": "rupee", "indian rupee": "₹", "indian rupees": "₹", "rs": "rupee", "rs.": "rupee",
    "peso": "peso", "pesos": "peso", "kr": "krona", "kr.": "krona", "krona": "krona", "kronor": "krona",
    "kronur": "krona", "krone": "krona", "kroner": "krona", "koruna": "czk", "korunas": "czk", "dinar": "dinar",
    "dinars": "dinar", "riyal": "riyal", "riyals": "riyal", "shilling": "shilling", "shillings": "shilling",
    "dirham": "dirham", "dirhams": "dirham", "franc": "chf", "francs": "chf", "zloty": "pln", "zlotys": "pln",
    "leu": "ron", "lei": "ron", "lev": "bgn", "leva": "bgn", "lira": "try", "reais": "brl", "rouble": "rub",
    "roubles": "rub", "russian ruble": "rub", "russian rubles": "rub", "korean won": "krw", "thai baht": "thb",
    "rm": "myr", "rp": "idr", "pennies": "pence",
    "元": "¥", "块": "¥", "块钱": "¥", "人民币": "¥", "美金": "$", "刀": "$", "镑": "£", "日圆": "jp¥", "日币": "jp¥",
    "港元": "hkd", "港纸": "hkd", "韩币": "krw", "韩圆": "krw", "台币": "twd", "台元": "twd", "新元": "sgd",
    "新币": "sgd", "坡币": "sgd", "加币": "ca$", "澳币": "a$", "纽元": "nzd", "纽币": "nzd", "澳门币": "mop",
    "葡币": "mop", "马币": "myr", "铢": "thb", "法郎": "chf", "里拉": "try", "谢克尔": "ils", "比索": "peso",
    "卢比": "rupee", "克朗": "krona", "第纳尔": "dinar", "里亚尔": "riyal", "先令": "shilling", "迪拉姆": "dirham",
    "盾": "shield",
    "¥": "¥", "￥": "¥", "¢": "cents", "￠": "cents",
}  # fmt: skip
"""What people call them beside their names and signs, and what several share."""

_EVERYDAY = frozenset(["ban", "real", "sol", "soles"])
"""Names that are other words in English: "real leather", "two soles"."""


def kind_of(code: str) -> str:
    """What amounts in a currency are known by; ``code`` in capitals."""
    return _KINDS.get(code, code.lower())


def _money_words() -> dict[str, str]:
    words: dict[str, str] = {}
    for code, (one, many, part, parts) in ENGLISH.items():
        words |= {one.lower(): kind_of(code), many.lower(): kind_of(code)} | {part: parts, parts: parts}
        if code not in WORD_CODES:
            words[code.lower()] = kind_of(code)
    words |= {name: kind_of(code) for code, name in CHINESE.items()}
    words |= {sign.lower(): kind_of(code) for sign, code in SIGNS.items()}
    words |= _NAMES
    return {word: kind for word, kind in words.items() if word and word not in _EVERYDAY}


MONEY_WORDS = _money_words()
"""Signs, codes and words, each with the sign or the code that stands for it; without ``WORD_CODES``."""
