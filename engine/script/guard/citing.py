"""Which facts a line speaks of, where its writer did not say."""

from __future__ import annotations

import re

from engine.script.facts import FactBook
from engine.script.guard import delivery, offers, stock
from engine.script.guard.carry import share_said
from engine.script.guard.prices import ROLES, bare_prices
from engine.script.quantities import quantities

SPOKEN_OF = 0.4
"""A fact of which this much is said is taken as cited."""

_PRICES = re.compile(r"[$€£¥₹]|\b(?:dollars?|euros?|pounds?|price|costs?)\b|元|块|价|折|% off|\boff\b|\bsave")
_STOCK = re.compile(r"\b(?:left|in stock)\b|库存|剩|现货|卖完|还有(?:\d+|[一二两三四五六七八九十百]+)[件个只台支套]")


def facts_of(text: str, product_id: str | None, book: FactBook) -> tuple[str, ...]:
    """Ids of the product's facts, prices and stock, and of the shop's policies, that ``text`` speaks of."""
    found: list[str] = []
    product = book.products.get(product_id or "")
    if product is not None:
        shares = {f"{product.id}.{fact.id}": share_said(fact.text, text) for fact in product.facts}
        found += [fact_id for fact_id, share in shares.items() if share >= SPOKEN_OF]
        if not found and shares and max(shares.values()) >= SPOKEN_OF / 2:
            found.append(max(shares, key=lambda fact_id: shares[fact_id]))
        lowered = text.lower()
        amounts = any(quantity.is_money or quantity.counts in book.currencies for quantity in quantities(text))
        if amounts or _PRICES.search(lowered) or bare_prices(text) or offers.mentions_reduction(text):
            found += [i for role in ROLES if book.value(i := f"{product.id}.{role}") is not None]
        if _STOCK.search(lowered) or stock.is_spoken_of(text):
            found.append(f"{product.id}.stock")
    promised = delivery.promises(text).keys()
    found += [
        f"policy.{policy.id}"
        for policy in book.policies.values()
        if share_said(policy.text, text) >= SPOKEN_OF or promised & delivery.promises(policy.text).keys()
    ]
    return tuple(found)
