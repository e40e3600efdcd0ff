"""Currencies by their ISO 4217 codes: the signs that prices are written with, and their names in both languages."""

from __future__ import annotations

SIGNS: dict[str, str] = {
    "$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "CN¥": "CNY", "JP¥": "JPY", "CA$": "CAD", "C$": "CAD",
    "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD", "SG$": "SGD", "MX$": "MXN",
    "R$": "BRL", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₱": "PHP", "฿": "THB", "₫": "VND", "₪": "ILS",
    "₴": "UAH", "₦": "NGN", "₸": "KZT", "₵": "GHS", "zł": "PLN", "Kč": "CZK",
}  # fmt: skip
"""The currency that a sign stands for where nothing says otherwise.

Not here: "¥", which is yuan or yen, and "kr", which four countries write.
"""

_DOLLAR = ("dollar", "dollars", "cent", "cents")
_POUND = ("pound", "pounds", "penny", "pence")
_YUAN = ("yuan", "yuan", "", "")
_RUPEE = ("rupee", "rupees", "paisa", "paise")


def _of(country: str, names: tuple[str, str, str, str]) -> tuple[str, str, str, str]:
    return f"{country} {names[0]}", f"{country} {names[1]}", names[2], names[3]


_PESO = ("peso", "pesos", "centavo", "centavos")
_SHILLING = ("shilling", "shillings", "cent", "cents")
CROWN = ("krone", "kroner", "øre", "øre")
"""Also what "kr" is read as."""

_LIRA = ("lira", "lira", "kurus", "kurus")
_RIYAL = ("riyal", "riyals", "", "")
_DINAR = ("dinar", "dinars", "", "")

ENGLISH: dict[str, tuple[str, str, str, str]] = {
    "USD": _DOLLAR,
    "EUR": ("euro", "euros", "cent", "cents"),
    "GBP": _POUND,
    "CNY": _YUAN,
    "RMB": _YUAN,
    "JPY": ("yen", "yen", "", ""),
    "CAD": _of("Canadian", _DOLLAR),
    "AUD": _of("Australian", _DOLLAR),
    "NZD": _of("New Zealand", _DOLLAR),
    "HKD": _of("Hong Kong", _DOLLAR),
    "TWD": _of("New Taiwan", _DOLLAR),
    "SGD": _of("Singapore", _DOLLAR),
    "JMD": _of("Jamaican", _DOLLAR),
    "TTD": _of("Trinidad", _DOLLAR),
    "INR": _RUPEE,
    "PKR": _of("Pakistani", _RUPEE),
    "NPR": _of("Nepalese", _RUPEE),
    "LKR": ("Sri Lankan rupee", "Sri Lankan rupees", "cent", "cents"),
    "BDT": ("taka", "taka", "", ""),
    "CHF": ("Swiss franc", "Swiss francs", "centime", "centimes"),
    "SEK": ("Swedish krona", "Swedish kronor", "öre", "öre"),
    "NOK": _of("Norwegian", CROWN),
    "DKK": _of("Danish", CROWN),
    "ISK": ("Icelandic krona", "Icelandic kronur", "", ""),
    "PLN": ("Polish zloty", "Polish zlotys", "grosz", "groszy"),
    "CZK": ("Czech koruna", "Czech korunas", "", ""),
    "HUF": ("forint", "forints", "", ""),
    "RON": ("Romanian leu", "Romanian lei", "ban", "bani"),
    "BGN": ("Bulgarian lev", "Bulgarian leva", "", ""),
    "RSD": _of("Serbian", _DINAR),
    "RUB": ("ruble", "rubles", "kopeck", "kopecks"),
    "UAH": ("hryvnia", "hryvnias", "kopeck", "kopecks"),
    "KZT": ("tenge", "tenge", "", ""),
    "TRY": _of("Turkish", _LIRA),
    "ILS": ("shekel", "shekels", "agora", "agorot"),
    "AED": ("dirham", "dirhams", "fils", "fils"),
    "SAR": ("Saudi riyal", "Saudi riyals", "halala", "halalas"),
    "QAR": _of("Qatari", _RIYAL),
    "OMR": _of("Omani", _RIYAL),
    "KWD": _of("Kuwaiti", _DINAR),
    "BHD": _of("Bahraini", _DINAR),
    "JOD": _of("Jordanian", _DINAR),
    "EGP": ("Egyptian pound", "Egyptian pounds", "piastre", "piastres"),
    "MAD": ("Moroccan dirham", "Moroccan dirhams", "centime", "centimes"),
    "TND": _of("Tunisian", _DINAR),
    "NGN": ("naira", "naira", "kobo", "kobo"),
    "GHS": ("cedi", "cedis", "pesewa", "pesewas"),
    "KES": _of("Kenyan", _SHILLING),
    "TZS": _of("Tanzanian", _SHILLING),
    "UGX": ("Ugandan shilling", "Ugandan shillings", "", ""),
    "ZAR": ("rand", "rand", "cent", "cents"),
    "KRW": ("won", "won", "", ""),
    "THB": ("baht", "baht", "satang", "satang"),
    "MYR": ("ringgit", "ringgit", "sen", "sen"),
    "IDR": ("rupiah", "rupiah", "", ""),
    "VND": ("dong", "dong", "", ""),
    "PHP": _of("Philippine", _PESO),
    "MOP": ("pataca", "patacas", "avo", "avos"),
    "MXN": _of("Mexican", _PESO),
    "ARS": _of("Argentine", _PESO),
    "COP": _of("Colombian", _PESO),
    "CLP": ("Chilean peso", "Chilean pesos", "", ""),
    "DOP": _of("Dominican", _PESO),
    "UYU": _of("Uruguayan", _PESO),
    "PEN": ("sol", "soles", "centimo", "centimos"),
    "BRL": ("Brazilian real", "Brazilian reais", "centavo", "centavos"),
}
"""Code: singular, plural, and the same of its hundredth ("" reads decimals with "point")."""

CHINESE: dict[str, str] = {
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
"""Code: the name that stands behind an amount. The yuan has several, and is not here."""

OTHER_CODES = frozenset({
    "AFN", "ALL", "AMD", "AOA", "AWG", "AZN", "BAM", "BBD", "BIF", "BMD", "BND", "BOB", "BSD", "BTN", "BWP", "BYN",
    "BZD", "CDF", "CRC", "CUP", "CVE", "DJF", "DZD", "ERN", "ETB", "FJD", "FKP", "GEL", "GIP", "GMD", "GNF", "GTQ",
    "GYD", "HNL", "HTG", "IQD", "IRR", "KGS", "KHR", "KMF", "KPW", "KYD", "LAK", "LBP", "LRD", "LSL", "LYD", "MDL",
    "MGA", "MKD", "MMK", "MNT", "MRU", "MUR", "MVR", "MWK", "MZN", "NAD", "NIO", "PAB", "PGK", "PYG", "RWF", "SBD",
    "SCR", "SDG", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "TJS", "TMT", "TOP", "UZS", "VED",
    "VES", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZMW", "ZWG",
})  # fmt: skip
"""Codes of ISO 4217 for which there are no names here: they are read letter by letter."""

CODES = frozenset(ENGLISH.keys() - {"RMB"}) | OTHER_CODES
"""Every currency that a price may be in. RMB is a name of the yuan, and its code is CNY."""

WORD_CODES = frozenset({"TRY", "PEN", "COP", "MOP", "MAD", "RON", "ARS", "PHP"})
"""Codes that are words or names too."""
