"""The template writer: typed sentences filled from the catalogue."""

from __future__ import annotations

import enum
import string
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from engine.flow import LineKind
from engine.script.choose import Chooser
from engine.script.facts import FactBook, campaign_id
from engine.script.frames import Bank, bank_of
from engine.script.wording import Wording, wording_of
from engine.settings import Fact, Policy, Product

FEW_LEFT = 50
"""The stock number is spoken, and stands on the card, at or below this."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One sentence with its evidence, before it has an id. ``frame`` is the template that it came from.

    ``writer`` and ``model`` say who wrote it, for the ledger; ``addressed`` are the viewers that it calls by name.
    ``follows``: it only makes sense after another line about the same product ("also").
    """

    kind: LineKind
    text: str
    fact_ids: tuple[str, ...]
    frame: str
    product_id: str | None = None
    mood: str = "warm"
    writer: str = "template"
    model: str = ""
    addressed: tuple[str, ...] = ()
    follows: bool = False


class Place(enum.Enum):
    """Where a fact comes in the visit of its product."""

    FIRST = "first"
    LATER = "later"
    LAST = "last"


_MOODS_BY_MANNER: dict[str, dict[str, str]] = {
    "warm": {},
    "lively": {"warm": "lively"},
    "calm": {"warm": "calm", "lively": "warm"},
}
"""Moods are "warm", "lively", "calm" and "sorry"."""

Approves = Callable[[Draft], bool]
Fit = Callable[[str], str | None]


class TemplateWriter:
    """Writes lines from the bank. No words come again within ``TEXT_WINDOW`` lines, unless ``repeats`` is set.

    ``approves`` is asked before a draft is handed out; a method returns None when no sentence passes or all were said
    lately. ``chat`` False leaves out lines that invite questions. ``manner`` is the persona's: it shifts the mood of
    every line and has sentences of its own.
    """

    def __init__(
        self, book: FactBook, seed: int, approves: Approves, *, chat: bool = True, manner: str = "warm"
    ) -> None:
        self.book = book
        self.chooser = Chooser(seed)
        self.chat = chat
        self.repeats = False
        self._approves = approves
        self._manner = manner
        self._moods = _MOODS_BY_MANNER[manner]

    @property
    def bank(self) -> Bank:
        """The sentences of the catalogue's language, in the persona's manner."""
        return bank_of(self.book.catalogue.language, self._manner)

    @property
    def wording(self) -> Wording:
        """The grammar of the catalogue's language."""
        return wording_of(self.book.catalogue.language)

    def greeting(self) -> Draft | None:
        """The first sentence of a show: the host says who it is, and that it is an AI."""
        return self.write(LineKind.GREETING, self.bank.greetings, {}, ("shop.name", "shop.host"), mood="lively")

    def welcome(self) -> Draft | None:
        """A greeting for those who joined later; says again that the host is an AI."""
        return self.write(LineKind.GREETING, self.bank.welcomes, {}, ("shop.name", "shop.host"), mood="lively")

    def notice(self) -> Draft | None:
        """Says plainly, in the catalogue's language, that the host is an AI."""
        return self.write(LineKind.NOTICE, self.bank.notices, {}, ("shop.host",), needed=True)

    def introduction(self) -> Draft | None:
        """The merchant's own sentence about the host, if there is one."""
        text = self.book.value("shop.introduction")
        if not text:
            return None
        text = self.wording.sentence(text)
        return self.write(LineKind.GREETING, (text.replace("{", "").replace("}", ""),), {}, ("shop.introduction",))

    def plan(self) -> Draft | None:
        """How the show goes."""
        return self.write(LineKind.GREETING, self.bank.plans, {}, ())

    def invitation(self) -> Draft | None:
        """An invitation to ask in the chat."""
        return self.write(LineKind.ASK, self.bank.invitations, {}, ()) if self.chat else None

    def opener(self, product_id: str) -> Draft | None:
        """Brings a product on."""
        product = self.book.product(product_id)
        frames: tuple[str, ...] = self.bank.openers
        slots = {"number": self.book.value(f"{product_id}.number") or ""}
        if product.category:
            frames += self.bank.openers_by_category
            slots["category"] = self.wording.category(product.category)
        return self.write(LineKind.OPENER, frames, slots, ("name",), product, mood="lively")

    def fact(self, fact_id: str, place: Place | None = None) -> Draft | None:
        """One fact such as ``bottle.capacity``; ``place`` is where it comes in the visit of its product."""
        product, fact = self.book.fact(fact_id)
        frames = self.bank.by_type[fact.type] + self.bank.any_fact + self._placed(place)
        fit = self._fit(product, fact)
        slots = {"text": self.wording.phrase(fact.text)}
        return self.write(LineKind.PITCH, frames, slots, (fact.id,), product, fit=fit)

    def pair(self, first_id: str, second_id: str) -> Draft | None:
        """Two facts of one product in one sentence, where that stays one breath and a frame for it has rested."""
        product, first = self.book.fact(first_id)
        _, second = self.book.fact(second_id)
        if not self.wording.may_join(first, second):
            return None
        slots = {"text": self.wording.phrase(first.text), "other": self.wording.phrase(second.text)}
        fit = self._fit(product, first)
        frames = filter(self.chooser.is_rested, self.bank.pairs)
        return self.write(LineKind.PITCH, frames, slots, (first.id, second.id), product, fit=fit)

    def _fit(self, product: Product, fact: Fact) -> Fit:
        """Frames as they take ``fact``; its subject changes from line to line."""
        return lambda frame: self.wording.about(frame, product, fact, self.chooser.lines)

    def price(self, product_id: str) -> Draft | None:
        """The price as the catalogue has it now, with the price before if there is one."""
        product = self.book.product(product_id)
        frames = self.bank.prices
        keys: tuple[str, ...] = ("price",)
        slots = {"price": self._value(product, "price")}
        if product.was_price is not None:
            frames, keys = self.bank.reduced_prices, ("price", "was_price", "saving")
            slots |= {"was": self._value(product, "was_price"), "saving": self._value(product, "saving")}
        # A product that comes often needs more sentences than there are frames: its full name makes others of them.
        return self.write(LineKind.PRICE, frames, slots, keys, product, mood="lively") or self.write(
            LineKind.PRICE, frames, slots | self._named(product, product.name), keys, product, mood="lively"
        )

    def stock(self, product_id: str) -> Draft | None:
        """The stock as it is: the number when few are left, else just that it is there."""
        product = self.book.product(product_id)
        frames, mood = self.bank.in_stock, "warm"
        if product.stock == 0:
            frames, mood = self.bank.sold_out, "sorry"
        elif product.stock == 1:
            frames = self.bank.last_one
        elif product.stock <= FEW_LEFT:
            frames = self.bank.stocks
        slots = {"stock": self._value(product, "stock")}
        return self.write(LineKind.PRICE, frames, slots, ("stock",), product, mood=mood)

    def policy(self, policy: Policy, product_id: str | None) -> Draft | None:
        """One rule of the shop, as it stands."""
        slots = {"policy": self.wording.sentence(policy.text), "topic": self.wording.category(policy.topic)}
        draft = self.write(LineKind.PITCH, self.bank.policies, slots, (f"policy.{policy.id}",))
        if draft is None:
            return None
        return Draft(draft.kind, draft.text, draft.fact_ids, draft.frame, product_id, draft.mood)

    def campaign(self, name: str) -> Draft | None:
        """The merchant's sentence on the campaign ``name``."""
        text = self.book.campaigns[name]
        named = [p for p in self.book.catalogue.products if p.name in text or (p.short and p.short in text)]
        ids = (campaign_id(name), *(f"{product.id}.name" for product in named))
        slots = {"policy": self.wording.sentence(text), "topic": name}
        return self.write(LineKind.PITCH, self.bank.policies, slots, ids)

    def ask(self, product_id: str, fact_id: str | None = None) -> Draft | None:
        """A question to the viewers, about the fact just told where there is one for its type."""
        if not self.chat:
            return None
        frames = self.bank.asks
        if fact_id is not None:
            _, fact = self.book.fact(fact_id)
            frames += self.bank.asks_by_type.get(fact.type, ())
        return self.write(LineKind.ASK, frames, {}, ("name",), self.book.product(product_id))

    def transition(self, product_id: str, next_id: str) -> Draft | None:
        """From one product to the next."""
        product, following = self.book.product(product_id), self.book.product(next_id)
        slots = {"next": self.wording.the(following)}
        evidence = (f"{next_id}.name",)
        return self.write(LineKind.TRANSITION, self.bank.transitions, slots, ("name",), product, more_ids=evidence)

    def recap_open(self) -> Draft | None:
        """Begins a recap."""
        return self.write(LineKind.RECAP, self.bank.recap_opens, {}, ())

    def recap_pair(self, product_id: str, next_id: str) -> Draft | None:
        """The prices of two products."""
        product, other = self.book.product(product_id), self.book.product(next_id)
        slots = {
            "price": self._value(product, "price"),
            "next": self.wording.the(other),
            "next_price": self._value(other, "price"),
        }
        evidence = (f"{next_id}.name", f"{next_id}.price")
        return self.write(LineKind.RECAP, self.bank.recap_pairs, slots, ("name", "price"), product, more_ids=evidence)

    def recap_end(self) -> Draft | None:
        """Ends a recap."""
        return self.write(LineKind.RECAP, self.bank.recap_ends, {}, ())

    def _placed(self, place: Place | None) -> tuple[str, ...]:
        bank = self.bank
        by_place = {Place.FIRST: bank.first_fact, Place.LATER: bank.later_fact, Place.LAST: bank.last_fact}
        return by_place[place] if place else ()

    def _value(self, product: Product, key: str) -> str:
        return self.book.value(f"{product.id}.{key}") or ""

    def write(
        self,
        kind: LineKind,
        frames: Iterable[str],
        slots: Mapping[str, str],
        keys: tuple[str, ...],
        product: Product | None = None,
        *,
        more_ids: tuple[str, ...] = (),
        mood: str = "warm",
        needed: bool = False,
        addressed: tuple[str, ...] = (),
        fit: Fit = str,
    ) -> Draft | None:
        """The first rested frame whose sentence is new, approved and one breath long, else the shortest such sentence.

        Where all were said lately, the one that was said longest ago if the line is ``needed``, is an answer, or
        ``repeats`` is set; else None. ``keys`` are of ``product`` ("price"), or whole fact ids when there is none;
        ``more_ids`` are whole fact ids; ``fit`` changes a frame before it is filled, or leaves it out.
        """
        values = self._common_slots(product) | dict(slots)
        ids = tuple(f"{product.id}.{key}" for key in keys) if product else keys
        following = self.book.products.get(more_ids[0].partition(".")[0]) if more_ids else None
        long: list[Draft] = []
        repeated: list[Draft] = []
        for frame in self.chooser.order(frames):
            fitted = fit(frame)
            if fitted is None or (not self.book.host and "{host}" in frame):
                continue
            fact_ids = ids
            if product is not None and "{number}" in frame:
                fact_ids += (f"{product.id}.number",)
            if product is not None and "{category}" in frame:
                fact_ids += (f"{product.id}.category",)
            fitted = self.wording.agreed(fitted, product, following)
            text = self.wording.spoken(fitted.format_map(values))
            shown = product.id if product else None
            mind = self._moods.get(mood, mood)
            draft = Draft(kind, text, fact_ids + more_ids, frame, shown, mind, addressed=addressed)
            if self.chooser.is_recent(text):
                repeated.append(draft)
            elif self._approves(draft):
                if self.wording.length(text) <= self.wording.most:
                    return draft
                long.append(draft)
        if long:
            return min(long, key=lambda each: self.wording.length(each.text))
        if not (needed or self.repeats or kind is LineKind.ANSWER):
            return None
        repeated.sort(key=lambda each: self.chooser.said_at(each.text))
        return next((draft for draft in repeated if self._approves(draft)), None)

    def _common_slots(self, product: Product | None) -> dict[str, str]:
        slots = {"shop": self.book.shop, "host": self.book.host}
        if product is not None:
            slots |= self._named(product, product.short) | {"name": self.wording.name(product)}
        return slots

    def _named(self, product: Product, name: str) -> dict[str, str]:
        """The slots for ``product`` called by one of its names."""
        the = self.wording.the(product.model_copy(update={"short": name}))
        return {"the": the, "The": self.wording.capital(the)}


def slots_of(frame: str) -> frozenset[str]:
    """Names of the slots in ``frame``."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(frame) if name)
