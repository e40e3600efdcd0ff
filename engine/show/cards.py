"""What the product cards show."""

from __future__ import annotations

from decimal import Decimal

from engine.flow import Card
from engine.script import FEW_LEFT, money
from engine.settings import Catalogue, Product

CARD_FACTS = 3

_STOCK_TEXTS = {"en": ("Sold out", "Only {stock} left"), "zh": ("已售罄", "剩{stock}件")}
"""What a card says of a stock of zero and of a small one, by language."""

_SAVING_TEXTS = {"zh": "直降{saving}"}
"""What the coupon on a card says, in the languages whose live rooms have one."""


def make_cards(catalogue: Catalogue) -> tuple[Card, ...]:
    """A card for each product, in the catalogue's order; ``picture`` is an absolute path."""
    return tuple(
        _card(product, number, catalogue.language) for number, product in enumerate(catalogue.products, start=1)
    )


def _card(product: Product, number: int, language: str) -> Card:
    details = [fact.card for fact in product.facts if fact.card][:CARD_FACTS]
    return Card(
        product_id=product.id,
        item_number=number,
        name=product.name,
        details=" · ".join(details),
        price=_shown(product.price, product, language),
        was_price=_shown(product.was_price, product, language) if product.was_price is not None else "",
        stock=_stock_text(product.stock, language),
        picture=str(product.pictures[0].absolute()) if product.pictures else "",
        link=product.link,
        saving=_saving_text(product, language),
    )


def _stock_text(stock: int, language: str) -> str:
    none, few = _STOCK_TEXTS[language]
    if stock == 0:
        return none
    return few.format(stock=stock) if stock <= FEW_LEFT else ""


def _shown(amount: Decimal, product: Product, language: str) -> str:
    """The amount with its sign; Chinese cards leave out the cents of a round one."""
    text = money(amount, product.currency)
    return text.removesuffix(".00") if language == "zh" else text


def _saving_text(product: Product, language: str) -> str:
    """What is saved against the price before, where the language's live rooms show that as a coupon."""
    if product.was_price is None or language not in _SAVING_TEXTS:
        return ""
    return _SAVING_TEXTS[language].format(saving=_shown(product.was_price - product.price, product, language))
