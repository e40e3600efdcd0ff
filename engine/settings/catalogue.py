"""The catalogue as a merchant writes it: products, their typed facts, and the shop's policies."""

from __future__ import annotations

import enum
import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from engine.currencies import CODES
from engine.settings.quantity import subject_of, value_of

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=40)]


class Strict(BaseModel):
    """A settings block: unknown keys are refused, values do not change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, coerce_numbers_to_str=True)


def _known(code: str) -> str:
    if code and code not in CODES:
        # Prices in a currency that is none would be on air before anybody sees it.
        raise PydanticCustomError("unknown_currency", "not a currency", {"code": code})
    return code


Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$"), AfterValidator(_known)]
MaybeCurrency = Annotated[str, Field(pattern=r"^([A-Z]{3})?$"), AfterValidator(_known)]
"""A code of ISO 4217, or "" where nothing says it."""


def _in_figures(amount: Decimal) -> Decimal:
    """1E+3, which JSON and YAML allow, as 1000: it is shown and said as it is kept."""
    return amount.quantize(Decimal(1)) if amount.as_tuple().exponent > 0 else amount  # type: ignore[operator]


Money = Annotated[Decimal, Field(gt=0, max_digits=10, decimal_places=2), AfterValidator(_in_figures)]

UNCOUNTED = 999_999
"""The stock of what is always there; so many are never said."""


class FactType(enum.StrEnum):
    """What a fact is about; the template bank and the answer rules go by it."""

    MATERIAL = "material"
    SIZE = "size"
    WEIGHT = "weight"
    CAPACITY = "capacity"
    COLOUR = "colour"
    POWER = "power"
    BATTERY = "battery"
    PERFORMANCE = "performance"
    COMPATIBILITY = "compatibility"
    CARE = "care"
    IN_BOX = "in_box"
    FEATURE = "feature"
    USE = "use"
    ORIGIN = "origin"
    CERTIFICATE = "certificate"
    WARRANTY = "warranty"


class Fact(Strict):
    """One thing that is true of a product.

    ``text`` is a verb phrase in the third person that follows "it" ("keeps drinks cold for 24 hours"); ``card`` is
    its shortest form ("cold 24 h"), shown on the product card. ``subject`` ("cold"), ``value`` ("24") and ``unit``
    ("h") are the same as data; they are read from the text where they are not given. ``language`` is the catalogue's
    unless given; ``source`` says where the fact was read ("demo.yaml:23", "shop.csv row 3, Material").
    """

    id: Identifier
    type: FactType
    text: Annotated[str, Field(min_length=3, max_length=160)]
    card: Annotated[str, Field(max_length=24)] = ""
    subject: Annotated[str, Field(max_length=40)] = ""
    value: Annotated[str, Field(max_length=80)] = ""
    unit: Annotated[str, Field(max_length=20)] = ""
    language: Annotated[str, Field(pattern=r"^(en|zh|)$")] = ""
    source: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="before")
    @classmethod
    def _with_data(cls, given: Any) -> Any:
        """Subject, value and unit from the text, where they are not given."""
        if not isinstance(given, dict) or not isinstance(given.get("text"), str):
            return given
        filled = dict(given)
        text = re.sub(r"^[Ii]t\s+", "", given["text"].strip()).rstrip("。. ")
        if not filled.get("value"):
            value, unit = value_of(str(filled.get("type", "")), text)
            filled |= {"value": value, "unit": filled.get("unit") or unit}
        if not filled.get("subject"):
            filled["subject"] = subject_of(str(filled.get("type", "")), text, str(filled.get("id", "")))[:40]
        return filled

    @field_validator("text")
    @classmethod
    def _as_phrase(cls, text: str) -> str:
        """The phrase alone, where a merchant wrote the whole sentence ("It holds 300 ml.")."""
        return re.sub(r"^[Ii]t\s+", "", text).rstrip("。. ")


class Product(Strict):
    """One product. ``short`` is the name in running speech ("the TrailMate bottle", without the article).

    ``stock`` is ``UNCOUNTED`` where the shop sells without counting. Without a picture the card shows an initial.
    """

    id: Identifier
    name: Annotated[str, Field(min_length=1, max_length=60)]
    short: Annotated[str, Field(max_length=40)] = ""
    category: Annotated[str, Field(max_length=40)] = ""
    model: Annotated[str, Field(max_length=40)] = ""
    price: Money
    was_price: Money | None = None
    currency: Currency = "USD"
    stock: Annotated[int, Field(ge=0)]
    facts: Annotated[tuple[Fact, ...], Field(min_length=1, max_length=24)]
    pictures: tuple[Path, ...] = ()
    link: Annotated[str, Field(pattern=r"^https?://")] = ""


class Policy(Strict):
    """One rule of the shop (shipping, returns, hours, payment …) as a whole sentence that may be spoken."""

    id: Identifier
    topic: Annotated[str, Field(min_length=2, max_length=40)]
    text: Annotated[str, Field(min_length=5, max_length=240)]


class Catalogue(Strict):
    """All that the host may know. Ids of products are unique, so are ids of facts within a product.

    ``currency`` is that of the products that name none; without it, the channel's.
    """

    shop: Annotated[str, Field(min_length=1, max_length=60)]
    language: Annotated[str, Field(pattern=r"^(en|zh)$")] = "en"
    currency: MaybeCurrency = ""
    products: Annotated[tuple[Product, ...], Field(min_length=1, max_length=500)]
    policies: tuple[Policy, ...] = ()
