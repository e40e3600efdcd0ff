"""The currency that a sign stands for where nothing says otherwise, by its ISO 4217 code.

Not here: "¥", which is yuan or yen, and "kr", which four countries write.
"""

from __future__ import annotations

SIGNS: dict[str, str] = {
    "$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "CN¥": "CNY", "JP¥": "JPY", "CA$": "CAD", "C$": "CAD",
    "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD", "SG$": "SGD", "MX$": "MXN",
    "R$": "BRL", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₱": "PHP", "฿": "THB", "₫": "VND", "₪": "ILS",
    "₴": "UAH", "₦": "NGN", "₸": "KZT", "₵": "GHS", "zł": "PLN", "Kč": "CZK",
}  # fmt: skip
