"""Every sentence that the template writer could ever say over a catalogue, as drafts with their evidence."""

from __future__ import annotations

from collections.abc import Iterator

from engine.flow import LineKind
from engine.script import Draft, FactBook
from engine.script.frames import Bank, bank_of
from engine.script.frames.en import answers
from engine.script.wording import wording_of
from engine.settings import Fact, Product

MANNERS = ("warm", "lively", "calm")


def whole_bank(book: FactBook, subjects: int = 3) -> Iterator[Draft]:
    """The bank of the book's language in every manner; for English with the answers.

    ``subjects`` 3 takes every subject that a Chinese sentence may have, 1 another one from sentence to sentence.
    """
    seen: set[str] = set()
    for manner in MANNERS:
        for draft in _in_manner(book, bank_of(book.catalogue.language, manner), subjects):
            if draft.text not in seen:
                seen.add(draft.text)
                yield draft
    if book.catalogue.language == "en":
        yield from _answers(book)


def common(book: FactBook, product: Product) -> dict[str, str]:
    """What the slots of a frame about ``product`` hold."""
    wording = wording_of(book.catalogue.language)
    the = wording.the(product)
    slots = {"shop": book.shop, "host": book.host, "name": wording.name(product), "the": the}
    slots |= {"The": wording.capital(the), "stock": str(product.stock), "category": wording.category(product.category)}
    for slot, key in (("number", "number"), ("price", "price"), ("was", "was_price"), ("saving", "saving")):
        slots[slot] = book.value(f"{product.id}.{key}") or ""
    return slots


def ids(book: FactBook, product: Product, *keys: str) -> tuple[str, ...]:
    """Those of the product's fact ids that the book has."""
    return tuple(f"{product.id}.{key}" for key in keys if book.value(f"{product.id}.{key}") is not None)


def stock_frames(bank: Bank, stock: int) -> tuple[str, ...]:
    """The frames that are true of ``stock``."""
    if stock == 0:
        return bank.sold_out
    return bank.last_one if stock == 1 else bank.stocks + bank.in_stock


def _in_manner(book: FactBook, bank: Bank, subjects: int) -> Iterator[Draft]:
    wording = wording_of(book.catalogue.language)
    shop = ("shop.name", "shop.host")
    alone = bank.greetings + bank.welcomes + bank.notices + bank.plans + bank.invitations
    for frame in alone + bank.recap_opens + bank.recap_ends:
        yield Draft(LineKind.SAY, frame.format(shop=book.shop, host=book.host), shop, frame)
    for policy in book.catalogue.policies:
        for frame in bank.policies:
            text = wording.spoken(frame.format(policy=wording.sentence(policy.text), topic=policy.topic))
            yield Draft(LineKind.PITCH, text, (f"policy.{policy.id}",), frame)
    products = book.catalogue.products
    for product, following in zip(products, products[1:] + products[:1], strict=True):
        yield from _of_facts(book, bank, product, subjects)
        yield from _of_product(book, bank, product, following)


def _variants(book: FactBook, frames: tuple[str, ...], product: Product, fact: Fact, subjects: int) -> list[str]:
    """The frames as they take the fact, with each subject that they may have."""
    wording = wording_of(book.catalogue.language)
    turns = [(frame, i + turn) for i, frame in enumerate(frames) for turn in range(subjects)]
    found = [wording.about(frame, product, fact, turn) for frame, turn in turns]
    return [frame for frame in dict.fromkeys(found) if frame is not None]


def _of_facts(book: FactBook, bank: Bank, product: Product, subjects: int) -> Iterator[Draft]:
    wording = wording_of(book.catalogue.language)
    slots = common(book, product)
    placed = bank.first_fact + bank.later_fact + bank.last_fact
    for fact in product.facts:
        for frame in _variants(book, bank.by_type[fact.type] + bank.any_fact + placed, product, fact, subjects):
            text = wording.spoken(frame.format(**slots, text=fact.text))
            yield Draft(LineKind.PITCH, text, ids(book, product, fact.id), frame, product.id)
        other = product.facts[0]
        if wording.may_join(fact, other) and fact != other:
            for frame in _variants(book, bank.pairs, product, fact, subjects):
                text = wording.spoken(frame.format(**slots, text=fact.text, other=other.text))
                yield Draft(LineKind.PITCH, text, ids(book, product, fact.id, other.id), frame, product.id)
        for frame in bank.asks + bank.asks_by_type.get(fact.type, ()):
            yield Draft(LineKind.ASK, frame.format(**slots), ids(book, product, "name"), frame, product.id)


def _of_product(book: FactBook, bank: Bank, product: Product, following: Product) -> Iterator[Draft]:
    slots = common(book, product)
    of_name = bank.openers + (bank.openers_by_category if product.category else ())
    for frame in of_name + stock_frames(bank, product.stock):
        evidence = ids(book, product, "name", "number", "category", "stock")
        yield Draft(LineKind.OPENER, frame.format(**slots), evidence, frame, product.id)
    full = slots | common(book, product.model_copy(update={"short": product.name}))
    for frame in bank.prices if product.was_price is None else bank.reduced_prices:
        evidence = ids(book, product, "price", "was_price", "saving")
        for named in (slots, full):
            yield Draft(LineKind.PRICE, frame.format(**named), evidence, frame, product.id)
    other = common(book, following)
    slots |= {"next": other["the"], "next_price": other["price"]}
    for frame in bank.transitions:
        names = ids(book, product, "name") + ids(book, following, "name")
        yield Draft(LineKind.TRANSITION, frame.format(**slots), names, frame, product.id)
    for frame in bank.recap_pairs:
        both = ids(book, product, "name", "price") + ids(book, following, "name", "price")
        yield Draft(LineKind.RECAP, frame.format(**slots), both, frame, product.id)


def answer_stock_frames(stock: int) -> tuple[str, ...]:
    """The answer frames that are true of ``stock``."""
    if stock == 0:
        return answers.SOLD_OUT_ANSWERS
    return answers.LAST_ONE_ANSWERS if stock == 1 else answers.STOCK_ANSWERS + answers.IN_STOCK_ANSWERS


def _answers(book: FactBook) -> Iterator[Draft]:
    wording = wording_of("en")
    alone = answers.AI_ANSWERS + answers.NAME_ANSWERS + answers.USED_ANSWERS + answers.DECLINES
    alone += answers.OPINION_ANSWERS + answers.GREETING_ANSWERS + answers.THANKS_ANSWERS + answers.INJECTION_ANSWERS
    alone += answers.COMPLIMENT_ANSWERS + answers.SMALL_TALK_ANSWERS + answers.GOODBYE_ANSWERS + answers.UNKIND_ANSWERS
    for frame in alone:
        text = frame.format(shop=book.shop, host=book.host)
        yield Draft(LineKind.SAY, text, ("shop.name", "shop.host"), frame)
    for policy in book.catalogue.policies:
        for frame in answers.POLICY_ANSWERS:
            text = wording.spoken(frame.format(policy=wording.clause(policy.text)))
            yield Draft(LineKind.PITCH, text, (f"policy.{policy.id}",), frame)
    for product in book.catalogue.products:
        slots = common(book, product)
        for fact in product.facts:
            for frame in answers.FACT_ANSWERS + answers.YES_ANSWERS:
                text = wording.spoken(frame.format(**slots, text=fact.text))
                yield Draft(LineKind.PITCH, text, ids(book, product, fact.id), frame, product.id)
        of_name = answers.DECLINES_ON_PRODUCT + answers.LINK_ANSWERS + answers.NEXT_ANSWERS
        for frame in of_name + answer_stock_frames(product.stock):
            yield Draft(LineKind.SAY, frame.format(**slots), ids(book, product, "name", "stock"), frame, product.id)
        prices: tuple[str, ...] = answers.PRICE_ANSWERS + answers.NOT_REDUCED_ANSWERS
        if product.was_price is not None:
            prices = answers.REDUCED_PRICE_ANSWERS
        for frame in prices:
            evidence = ids(book, product, "price", "was_price", "saving")
            yield Draft(LineKind.PRICE, frame.format(**slots), evidence, frame, product.id)
