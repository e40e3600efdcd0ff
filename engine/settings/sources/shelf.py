"""Collects the products of a table, an export or a JSON answer, in the form of the YAML catalogue."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.settings.catalogue import UNCOUNTED
from engine.settings.quantity import subject_of, unit_of, value_of
from engine.settings.sources import amounts
from engine.settings.sources.base import MOST_FACTS, Cell, Given, Note, Reading, Why, short_hash, slug
from engine.settings.sources.claims import REASONS, Claim, Refusal, card_of, claims_in, keyed, why_not
from engine.settings.sources.columns import cell_words, column_of, fact_columns
from engine.settings.sources.currencies import NO_CURRENCY_HINT

_CJK = re.compile(r"[\u3400-\u9fff]")
_ONE_ANSWER = frozenset({"weight", "capacity", "size", "power", "warranty"})
"""Types of which a product has one value for a subject: two values mean that one is wrong."""

_MEASURED = frozenset({"weight", "capacity", "power", "battery", "warranty", "size"})
"""Types whose number says nothing without its unit."""

_BETWEEN_PICTURES = re.compile(
    r"[,;|\s]+(?=https?://)|\s*[;|\n]\s*|(?:(?<=\.png)|(?<=\.jpg)|(?<=\.jpeg)|(?<=\.webp))\s*[,，、]\s*", re.IGNORECASE
)
_SHEET_ERROR = re.compile(r"#(?:ref!|n/a|value!|name\?|div/0!|num!|null!|spill!|calc!|error!|blocked!|field!)")
"""What spreadsheets show where a formula fails."""

_FIGURES = re.compile(r"[\d.,\s×xX*/~–-]+")
A_STOCK = "write a whole number, “in stock” or “sold out”"

_NO_FACTS = (
    "add columns such as material, size or weight; what descriptions say must be approved first, by everhost catalogue"
    " import, or all of it by “descriptions: say” in the channel file"
)
_NOT_IN_NAMES = frozenset({"instruction", "encoded", "link", "absolute", "medical", Why.HIDDEN, Why.EMPTY, Why.UNTYPED})


def is_chinese(text: str) -> bool:
    """Whether ``text`` holds Chinese characters."""
    return bool(_CJK.search(text))


@dataclass(slots=True)
class Item:
    """One product while it is collected. ``row`` is where it begins, ``name`` how notes call it.

    ``priced`` is the row and the column of its price.
    """

    row: int
    name: str
    data: dict[str, Any]
    facts: list[dict[str, str]] = field(default_factory=list)
    priced: tuple[int, str] = (0, "price")


class Shelf:
    """The products of one reading. ``language`` "" is decided by the first product's name."""

    def __init__(self, reading: Reading, given: Given) -> None:
        self.reading = reading
        self.language = given.language
        self.currency = given.currency
        self._descriptions = given.descriptions
        self.items: list[Item] = []
        self._rows: dict[str, int] = {}

    def add(self, row: int, name: str, item_id: str = "") -> Item:
        """Begin a product. Its id is made of ``item_id``, else of its name."""
        self.language = self.language or ("zh" if is_chinese(name) else "en")
        item = Item(row, name, {"id": slug(item_id or name), "name": name, "pictures": []}, priced=(row, "price"))
        first = self._rows.setdefault(item.data["id"], row)
        if first != row:
            message = self.reading.file.twice(item_id or name, first)
            self.reading.problem(row, "id", message, "keep one of them, or give each an id of its own")
        self.items.append(item)
        return item

    def note(self, cell: Cell, product: str, text: str, code: str, reason: str = "") -> None:
        """Keep what was not understood."""
        self.reading.notes.append(Note(cell.where, product, text, str(code), reason or REASONS[code]))

    @property
    def usual_currency(self) -> str:
        """What the prices are in where nothing in the table says it; "" where nobody knows."""
        return self.currency or ("CNY" if self.language == "zh" else "")

    def set_price(self, item: Item, key: str, cell: Cell, known: str = "") -> None:
        """A price column; the sign or code of its currency counts for the product.

        ``known`` is the currency that the row names elsewhere: another one in the cell is a mistake.
        """
        if key == "price":
            item.priced = (cell.row, cell.column)
        try:
            value, currency = amounts.price(cell, known or self.usual_currency)
        except amounts.AmountError as error:
            self.reading.problem(cell.row, cell.column, str(error), error.hint)
            return
        if key == "was_price" and not Decimal(value):
            return
        item.data[key] = value
        known = item.data.get("currency") or known or currency or self.usual_currency
        if currency and known != currency:
            message = f"“{cell.text}” is in {currency}, and the row says {known} elsewhere"
            self.reading.problem(cell.row, cell.column, message, "keep one of them")
        if known:
            item.data["currency"] = known

    def end_sale(self, item: Item, cell: Cell) -> None:
        """No price before where it is not above the price: nothing is on sale. ``cell`` holds it."""
        was, now = item.data.get("was_price"), item.data.get("price")
        if was is not None and now is not None and Decimal(was) <= Decimal(now):
            del item.data["was_price"]
            self.note(cell, item.name, f"{cell.column}: {cell.text}", Why.NO_SALE)

    def set_stock(self, item: Item, cell: Cell) -> None:
        """A stock column: a number, or words such as "sold out"."""
        found = amounts.stock_of(cell)
        if found is None:
            self.reading.problem(cell.row, cell.column, f"“{cell.text}” is not a stock", A_STOCK)
            return
        if found == UNCOUNTED:
            self.note(cell, item.name, cell.text, Why.UNCOUNTED)
        item.data["stock"] = found

    def set_name(self, item: Item, key: str, cell: Cell, most: int) -> None:
        """A name or a category: said as it stands, so it is held against the same reasons as a fact."""
        refusal = no_words(cell.text) or why_not(cell.text)
        if refusal is not None and refusal.code in _NOT_IN_NAMES:
            if key == "name":
                self.reading.problem(cell.row, cell.column, f"“{cell.text[:60]}” cannot be a name: {refusal.reason}")
            else:
                self.note(cell, item.name, cell.text, refusal.code, refusal.reason)
        elif len(cell.text) > most and key != "name":
            self.note(cell, item.name, cell.text, Why.LENGTH, f"a {key} has at most {most} letters")
        else:
            item.data[key] = cell.text

    def add_pictures(self, item: Item, cell: Cell) -> None:
        """Paths or addresses, with spaces, commas or bars between addresses, and commas behind pictures' endings."""
        if no_words(cell.text) is not None:
            self.note(cell, item.name, cell.text, Why.PICTURE)
            return
        parts = _BETWEEN_PICTURES.split(cell.text)
        item.data["pictures"] += [part.strip(" ,") for part in parts if part.strip(" ,")]

    def add_value(self, item: Item, key: str, cell: Cell, unit: str = "", number: str = "") -> None:
        """A cell of a column that holds one fact ("Material": "stainless steel")."""
        column = fact_columns()[key]
        value = cell.text.strip().rstrip(".。")
        says_nothing = no_words(cell.text) or _without_its_question(value)
        if says_nothing is not None:
            self.note(cell, item.name, f"{cell.column}: {cell.text}", says_nothing.code, says_nothing.reason)
            return
        if _FIGURES.fullmatch(value):
            if column.kind in _MEASURED and not unit_of(unit):
                self.note(cell, item.name, f"{cell.column}: {cell.text}", Why.NO_UNIT)
                return
            value = f"{value} {unit}".strip() if unit.isascii() else f"{value}{unit}"
        whole = _whole_phrase(value, item.name) if column.is_phrase else None
        if whole is not None:
            self.add_fact(item, cell, whole.kind, whole.text, f"{key}{number}" if number else whole.fact_id)
            return
        refusal = why_not(value)
        # A column's own cell is one fact, however it is put; "M" is a size.
        is_harmless = refusal is not None and refusal.code in {"several", Why.LENGTH} and len(value) < 100
        if refusal is not None and not is_harmless:
            self.note(cell, item.name, cell.text, refusal.code, refusal.reason)
            return
        template = column.zh if self.language == "zh" else column.en
        text = template.format(value=as_in_a_sentence(value))
        self.add_fact(item, cell, column.kind, text, f"{key}{number}", column.subject)

    def add_text(self, item: Item, cell: Cell) -> None:
        """A cell of free text: its sentences become facts or notes."""
        for claim in claims_in(cell.text, item.name):
            if isinstance(claim, Refusal):
                self.note(cell, item.name, claim.said, claim.code, claim.reason)
            elif not self._descriptions:
                said = claim.said if isinstance(claim, Claim) else claim[2]
                self.note(cell, item.name, said, Why.UNAPPROVED)
            elif isinstance(claim, Claim):
                self.add_fact(item, cell, claim.kind, claim.text, claim.fact_id)
            else:
                key, value, sentence = claim
                column = column_of(key)
                if column is not None and column.role == "fact":
                    self.add_value(item, column.key, Cell(key, value, cell.row, cell.where), column.unit)
                else:
                    self.note(cell, item.name, sentence, Why.UNTYPED)

    def add_unknown(self, item: Item, cell: Cell) -> None:
        """A cell whose column is not known. Only what reads as a whole fact by itself is taken."""
        whole = f"{cell.column}: {cell.text}" if keyed(cell.text) is None else cell.text
        self.note(cell, item.name, whole, Why.UNKNOWN_COLUMN)

    def finish(self) -> None:
        """Put the products into the reading's data, with the line of each key."""
        file = self.reading.file
        products: list[dict[str, Any]] = []
        self._fill_currencies()
        for item in self.items:
            path = ("products", len(products))
            file.lines[path] = item.row
            for number in range(len(item.facts)):
                file.lines[(*path, "facts", number)] = item.row
            products.append({**item.data, "facts": item.facts})
            self._check(item)
        file.data |= {"language": self.language or "en", "products": products}

    def _fill_currencies(self) -> None:
        """The currency of the prices that name none: the one given, else the only one that stands in the table."""
        bare = [item for item in self.items if "price" in item.data and "currency" not in item.data]
        named = {item.data["currency"] for item in self.items if "currency" in item.data}
        usual = self.usual_currency or (next(iter(named)) if len(named) == 1 else "")
        if usual:
            for item in bare:
                item.data["currency"] = usual
        elif bare:
            row, column = bare[0].priced
            message = "nothing says in which currency the prices are"
            if named:
                message = f"nothing says in which currency “{bare[0].name}” is, and the others differ"
            self.reading.problem(row, column, message, NO_CURRENCY_HINT)

    def _check(self, item: Item) -> None:
        if "stock" not in item.data or "price" not in item.data:
            return
        if not item.facts:
            message = f"nothing is known of “{item.name}” beside its price"
            self.reading.problem(item.row, "", message, _NO_FACTS)

    def add_fact(self, item: Item, cell: Cell, kind: str, text: str, fact_id: str, subject: str = "") -> None:
        """A fact in its phrase, unless it is in another language, a repetition, or one too many."""
        chinese = is_chinese(text)
        if chinese != (self.language == "zh") and (chinese or not text.isascii() or " " in text):
            self.note(cell, item.name, text, Why.LANGUAGE)
            return
        value, unit = value_of(kind, text)
        fact = {
            "id": fact_id if not any(f["id"] == fact_id for f in item.facts) else f"{kind}-{short_hash(text)}",
            "type": kind,
            "text": text,
            "card": card_of(kind, text),
            "subject": subject or subject_of(kind, text, fact_id),
            "value": value,
            "unit": unit,
            "language": self.language,
            "source": f"{self.reading.file.title} {cell.where}",
        }
        code = _clash(fact, item.facts)
        if code is None and len(item.facts) >= MOST_FACTS:
            code = Why.TOO_MANY
        if code is not None:
            self.note(cell, item.name, text, code)
            return
        item.facts.append(fact)


def no_words(text: str) -> Refusal | None:
    """Why a cell holds no words to say: it is left open, a formula without its value, or a block of data."""
    plain = text.strip().lower()
    if not plain.strip(".。 ") or plain.strip(".。 ") in cell_words("nothing"):
        return Refusal(text, Why.EMPTY, REASONS[Why.EMPTY])
    if plain.startswith("="):
        return Refusal(text, Why.UNTYPED, "it is a formula without a value")
    if _SHEET_ERROR.fullmatch(plain):
        return Refusal(text, Why.UNTYPED, "it is an error of the spreadsheet, where a formula has no result")
    if plain[0] in "{[" and plain[-1] in "}]":
        return Refusal(text, Why.UNTYPED, "it is a block of data, not words")
    return None


def _without_its_question(value: str) -> Refusal | None:
    if value.lower() in cell_words("bare"):
        return Refusal(value, Why.UNTYPED, "“yes” and “no” say nothing by themselves; write it as words")
    return None


def _whole_phrase(value: str, product: str) -> Claim | None:
    """A cell that is a phrase by itself ("folds flat"), or a thing with its article ("a leak-proof lid")."""
    text = f"has {value}" if re.match(r"(?:an?|one|two|three|four|five|six|\d+) ", value, re.IGNORECASE) else value
    claims = claims_in(text, product)
    return claims[0] if len(claims) == 1 and isinstance(claims[0], Claim) else None


def _clash(fact: dict[str, str], others: list[dict[str, str]]) -> Why | None:
    """Whether another fact says the same, or another value of the same."""
    for other in others:
        same_kind = (other["type"], other["subject"]) == (fact["type"], fact["subject"])
        if fact["text"].lower() == other["text"].lower() or (
            same_kind and fact["value"].lower() == other["value"].lower() and fact["unit"] == other["unit"]
        ):
            return Why.DUPLICATE
        if same_kind and fact["type"] in _ONE_ANSWER and fact["unit"] == other["unit"] != "":
            return Why.CONFLICT
    return None


def as_in_a_sentence(value: str) -> str:
    """A cell as it stands within a sentence: a capital that only began the cell is made small."""
    first = value.split(" ", 1)[0]
    keeps = not value.isascii() or first.upper() == first or any(c.isupper() or c.isdigit() for c in first[1:])
    return value if keeps or first in cell_words("proper") else value[0].lower() + value[1:]
