"""What a line says about stock, against the stock as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.script.verdict import Finding

_NONE = re.compile(
    r"\bsold out\b|\bout of stock\b|\b(?:says|at) zero\b|卖完了|卖光了|售罄|没货|断货了|缺货|没有库存|"
    r"库存(?:数|量)?(?:是|为|只?剩)?(?:零|0(?!\d))"
)
_ONE = re.compile(
    r"\b(?:just|only) one (?:is )?left\b|\bsays one\b|\bone of (?:these|the|them) [^.]*left\b|"
    r"只剩(?:最后)?一[件个只支]|(?:库存|数量)(?:是|为|还有)一件|还有一件(?!事)"
)
_SOME = re.compile(
    r"\bis in stock\b|\bon the shelf\b|\bcan be ordered right now\b|\b(?:there are|have) [^.]*left\b|"
    r"有(?:现)?货|还有库存|库存充足"
)


def untrue(text: str, stocks: dict[str, str]) -> Iterator[Finding]:
    """``stocks`` is the stock of each product that the line cites it of, by fact id."""
    lowered = text.lower()
    for fact_id, stock in stocks.items():
        for pattern, is_true in ((_NONE, stock == "0"), (_ONE, stock == "1"), (_SOME, stock != "0")):
            found = pattern.search(lowered)
            if found and not is_true:
                yield Finding("stock", "says another stock than the catalogue", found[0], fact_id)
