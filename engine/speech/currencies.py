"""Currencies in English: ISO codes, and the signs that prices are written with."""

from __future__ import annotations

from engine.currencies import SIGNS

_DOLLAR = ("dollar", "dollars", "cent", "cents")
_POUND = ("pound", "pounds", "penny", "pence")
_YUAN = ("yuan", "yuan", "", "")
_RUPEE = ("rupee", "rupees", "paisa", "paise")


def _of(country: str, names: tuple[str, str, str, str]) -> tuple[str, str, str, str]:
    return f"{country} {names[0]}", f"{country} {names[1]}", names[2], names[3]


_PESO = ("peso", "pesos", "centavo", "centavos")
_SHILLING = ("shilling", "shillings", "cent", "cents")
_CROWN = ("krone", "kroner", "øre", "øre")
_LIRA = ("lira", "lira", "kurus", "kurus")
_RIYAL = ("riyal", "riyals", "", "")
_DINAR = ("dinar", "dinars", "", "")

CURRENCIES: dict[str, tuple[str, str, str, str]] = {
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
    "NOK": _of("Norwegian", _CROWN),
    "DKK": _of("Danish", _CROWN),
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

_SIGNS = SIGNS | {"¥": "CNY", "￥": "CNY", "Rs": "INR", "Rs.": "INR"}

CURRENCIES |= {sign: CURRENCIES[code] for sign, code in _SIGNS.items()} | {"kr": _CROWN}

WORD_CODES = frozenset({"TRY", "PEN", "COP", "MOP", "MAD", "RON", "ARS", "PHP"})
"""Codes that are words or names too: currencies only with an amount that has two decimals, and never touching it."""
