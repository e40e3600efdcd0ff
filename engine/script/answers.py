"""Answers to the chat: what a message is about, put into a frame. What a viewer wrote is never spoken.

What is spoken is in the catalogue's language, since facts are told as they are written and one voice speaks; the
written reply is in the asker's where that needs no translation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engine.flow import LineKind
from engine.script import vocabulary
from engine.script.facts import FactBook
from engine.script.frames.answer_bank import AnswerBank
from engine.script.frames.answers import answers_of
from engine.script.intents import Intent, intent_of
from engine.script.selector import Selector
from engine.script.topic import Kind, Topic
from engine.script.topics import TopicFinder
from engine.script.wording import wording_of
from engine.script.writer import FEW_LEFT, Draft, TemplateWriter
from engine.settings import Product

MOST_NAMES = 3
"""Viewers greeted by name in one line."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say and to write. ``declined`` answers are kept for the shop; ``intent`` says how it was found."""

    draft: Draft
    reply: str
    declined: bool
    intent: str
    topic: Topic


class Answerer:
    """Answers questions about one version of the catalogue; ``writer`` fills the frames and asks the guard."""

    def __init__(self, book: FactBook, writer: TemplateWriter, selector: Selector | None = None) -> None:
        self._writer = writer
        self._book = book
        self._finder = TopicFinder(book, selector)

    def replace(self, book: FactBook) -> None:
        """Go on with another version of the catalogue."""
        self._book = book
        self._finder.replace(book)

    def load(self) -> None:
        """Load the retriever and the word lists of both languages now, so that no question waits for them."""
        self._finder.load()
        for language in ("en", "zh"):
            vocabulary.warm_up(language)
            intent_of({"en": "hello", "zh": "你好"}[language])

    def topic(self, text: str, on_show: str | None, next_id: str | None = None, before: Topic | None = None) -> Topic:
        """What ``text`` is about; see ``TopicFinder.find``."""
        return self._finder.find(text, on_show, next_id, before)

    def answer(self, text: str, on_show: str | None, next_id: str | None = None, before: Topic | None = None) -> Answer:
        """Answer ``text``; "it" is the product of ``before`` or the one ``on_show``, "what's next" is ``next_id``."""
        return self.say(self.topic(text, on_show, next_id, before))

    def say(self, topic: Topic) -> Answer:
        """An answer to ``topic`` from the catalogue as it is now."""
        draft = self._draft(topic)
        if draft is None:
            return self._decline(topic)
        told = [(topic, draft)]
        told += [(each, other) for each in topic.also if (other := self._draft(each)) is not None]
        joined = self._joined(topic, told[1][0]) if len(told) > 1 else None
        if joined is not None and topic.language == self._language:
            links = [self._product_of(each).link for each, _ in told if each.kind is Kind.PRICE]
            reply = " ".join(filter(None, (joined.text, *links)))
        else:
            reply = " ".join(self._reply(*each) for each in told)
        return Answer(joined or draft, reply, False, _intent_name(topic), topic)

    @property
    def openers(self) -> tuple[str, ...]:
        """All that ``open`` may say."""
        return answers_of(self._language).openers

    def open(self) -> Draft | None:
        """A few words before an answer that is not made yet."""
        return self._say(self.openers, {}, ())

    def greet(self, names: Sequence[str], others: bool, thanks: bool = False) -> Draft | None:
        """One line to several viewers by name, and to the ``others`` that are not named."""
        bank = answers_of(self._language)
        if not names:
            frames = bank.thanks if thanks else bank.greetings
            return self._say(frames, {}, ("shop.name",), mood="lively")
        called = list(names[:MOST_NAMES])
        spoken = bank.and_word.join(filter(None, (bank.comma.join(called[:-1]), called[-1])))
        if others or len(names) > MOST_NAMES:
            spoken = bank.others.format(viewers=spoken)
        frames = bank.named_thanks if thanks else bank.named_greetings
        return self._say(frames, {"viewers": spoken}, (), mood="lively", addressed=tuple(called))

    @property
    def _language(self) -> str:
        return self._book.catalogue.language

    def _draft(self, topic: Topic) -> Draft | None:
        """The spoken line; None where the catalogue holds no answer, or no longer."""
        makers: dict[Kind, Callable[[Topic], Draft | None]] = {
            Kind.TALK: self._talk,
            Kind.PRICE: self._price,
            Kind.STOCK: self._stock,
            Kind.LINK: self._link,
            Kind.TWO_PRICES: self._two_prices,
            Kind.TWO_FACTS: self._two_facts,
            Kind.NEXT: self._next,
            Kind.LIST: self._list,
            Kind.FACT: self._fact,
            Kind.POLICY: self._policy,
            Kind.FAQ: self._faq,
        }
        gone = any(i not in self._book.products for i in topic.products)
        if gone or topic.kind not in makers or any(self._book.value(fact_id) is None for fact_id in topic.fact_ids):
            return None
        return makers[topic.kind](topic)

    @property
    def _own(self) -> AnswerBank:
        return answers_of(self._language)

    def _talk(self, topic: Topic) -> Draft | None:
        intent = topic.intent
        assert intent is not None
        frames = _talk_frames(self._own)[intent]
        ids = {Intent.NAME: ("shop.name", "shop.host"), Intent.AI: ("shop.host",), Intent.GREETING: ("shop.name",)}
        mood = "calm" if intent in {Intent.UNKIND, Intent.INJECTION} else "lively"
        return self._say(frames, {}, ids.get(intent, ()), mood=mood)

    def _decline(self, topic: Topic) -> Answer:
        known = [i for i in topic.products if i in self._book.products]
        product = self._book.products[known[0]] if len(known) == 1 else None
        own = self._own
        if product is not None:
            draft = self._say(own.declines + own.declines_on_product, {}, ("name",), product, mood="sorry")
        else:
            draft = self._say(own.declines, {}, (), mood="sorry")
        if draft is None:
            draft = Draft(LineKind.ANSWER, own.declines[0], (), own.declines[0], mood="sorry")
        reply = draft.text if topic.language == self._language else answers_of(topic.language).declines[0]
        return Answer(draft, reply, True, topic.intent or "unknown", topic)

    def _next(self, topic: Topic) -> Draft | None:
        draft = self._say(self._own.nexts, {}, ("name",), self._product_of(topic))
        # The card stays with the product on show: the next one has its turn soon.
        return replace(draft, product_id=None) if draft is not None else None

    def _list(self, _: Topic) -> Draft | None:
        products = [product for product in self._book.catalogue.products if product.stock > 0]
        if len(products) < 3:
            return None
        first, second, third = self._writer.chooser.sample(products, 3)
        the = wording_of(self._language).the
        slots = {"second": the(second), "third": the(third)}
        more = (f"{second.id}.name", f"{third.id}.name")
        draft = self._say(self._own.lists, slots, ("name",), first, more_ids=more)
        return replace(draft, product_id=None) if draft is not None else None

    def _product_of(self, topic: Topic) -> Product:
        """The product whose value or fact answers ``topic``."""
        return self._book.products[topic.fact_ids[0].partition(".")[0]]

    def _link(self, topic: Topic) -> Draft | None:
        return self._say(self._own.links, {}, ("link",), self._product_of(topic))

    def _price(self, topic: Topic) -> Draft | None:
        product = self._product_of(topic)
        frames, keys, slots = self._price_parts(product, topic, self._language)
        return self._say(frames, slots, keys, product)

    def _price_parts(
        self, product: Product, topic: Topic, language: str
    ) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, str]]:
        """Frames, keys of what they cite, and slots for the price as it is now."""
        bank, money = answers_of(language), wording_of(language).money
        slots = {"price": money(product.price, product.currency)}
        if product.was_price is None:
            return (bank.not_reduced if topic.intent is Intent.DISCOUNT else bank.prices), ("price",), slots
        slots["was"] = money(product.was_price, product.currency)
        slots["saving"] = money(product.was_price - product.price, product.currency)
        return bank.reduced_prices, ("price", "was_price", "saving"), slots

    def _two_prices(self, topic: Topic) -> Draft | None:
        first, second = (self._book.products[i] for i in topic.products)
        more = (f"{second.id}.name", f"{second.id}.price")
        slots = self._pair_slots(first, second, self._language)
        return self._say(self._own.two_prices, slots, ("name", "price"), first, more_ids=more)

    @staticmethod
    def _pair_slots(first: Product, second: Product, language: str) -> dict[str, str]:
        wording = wording_of(language)
        return {
            "price": wording.money(first.price, first.currency),
            "next": wording.the(second),
            "next_price": wording.money(second.price, second.currency),
        }

    def _two_facts(self, topic: Topic) -> Draft | None:
        first, one = self._book.fact(topic.fact_ids[0])
        second, other = self._book.fact(topic.fact_ids[1])
        wording = wording_of(self._language)
        slots = {"text": wording.behind_name(one.text), "next": wording.the(second)}
        slots["other"] = wording.behind_name(other.text)
        more = (f"{second.id}.name", topic.fact_ids[1])
        return self._say(self._own.two_facts, slots, (one.id,), first, more_ids=more)

    def _joined(self, one: Topic, other: Topic) -> Draft | None:
        """Two answers in one sentence, where both are about one product; else the second is only written."""
        facts = [topic.fact_ids[0] for topic in (one, other) if topic.kind is Kind.FACT]
        priced = Kind.PRICE in (one.kind, other.kind)
        if len(facts) + priced < 2 or self._product_of(one) != self._product_of(other):
            return None
        wording, product = wording_of(self._language), self._product_of(one)
        told = [self._book.fact(fact_id)[1] for fact_id in facts]
        keys = tuple(fact.id for fact in told)
        if priced:
            slots = {"price": wording.money(product.price, product.currency), "text": wording.phrase(told[0].text)}
            return self._say(self._own.priced_facts, slots, ("price", *keys), product)
        slots = {"text": wording.behind_name(told[0].text), "other": wording.phrase(told[1].text)}
        return self._say(self._own.joined_facts, slots, keys, product)

    def _stock(self, topic: Topic) -> Draft | None:
        product = self._product_of(topic)
        return self._say(_stock_frames(self._own, product), {"stock": str(product.stock)}, ("stock",), product)

    def _policy(self, topic: Topic) -> Draft | None:
        policy = self._book.policies[topic.fact_ids[0].removeprefix("policy.")]
        clause = wording_of(self._language).clause(policy.text)
        return self._say(self._own.policies, {"policy": clause}, (f"policy.{policy.id}",))

    def _faq(self, topic: Topic) -> Draft | None:
        entry = self._book.faq[int(topic.fact_ids[0].removeprefix("faq."))]
        slots = {"answer": wording_of(self._language).clause(entry.answer)}
        draft = self._say(self._own.shop_answers, slots, topic.fact_ids)
        return replace(draft, product_id=entry.product_id) if draft is not None else None

    def _fact(self, topic: Topic) -> Draft | None:
        product, fact = self._book.fact(topic.fact_ids[0])
        bank = self._own.yes if topic.sure else self._own.facts
        return self._say(bank, {"text": wording_of(self._language).behind_name(fact.text)}, (fact.id,), product)

    def _reply(self, topic: Topic, draft: Draft) -> str:
        """The written reply: the spoken words, or the same in the asker's language, with the link."""
        if topic.kind is Kind.LIST:
            return self._written_list(topic.language)
        link = self._product_of(topic).link if topic.kind in {Kind.PRICE, Kind.LINK} else ""
        if topic.kind is Kind.LINK:
            return f"{self._product_of(topic).name}: {link}"
        text = draft.text if topic.language == self._language else self._translated(topic) or draft.text
        return f"{text} {link}".strip()

    def _written_list(self, language: str) -> str:
        money = wording_of(language).money
        products = [product for product in self._book.catalogue.products if product.stock > 0]
        listed = ", ".join(f"{product.name} {money(product.price, product.currency)}" for product in products)
        return answers_of(language).listed.format(list=listed)

    def _translated(self, topic: Topic) -> str | None:
        """The answer in another language than the catalogue's, where only values and names stand in it."""
        language, bank = topic.language, answers_of(topic.language)
        frames: tuple[str, ...] = ()
        slots: dict[str, str] = {}
        match topic.kind:
            case Kind.TALK:
                frames = _talk_frames(bank)[topic.intent] if topic.intent is not None else ()
            case Kind.POLICY | Kind.FAQ:
                frames, slots = bank.quoted_policies, {"policy": self._book.value(topic.fact_ids[0]) or ""}
            case Kind.PRICE:
                frames, _, slots = self._price_parts(self._product_of(topic), topic, language)
            case Kind.STOCK:
                product = self._product_of(topic)
                frames, slots = _stock_frames(bank, product), {"stock": str(product.stock)}
            case Kind.TWO_PRICES:
                first, second = (self._book.products[i] for i in topic.products)
                frames, slots = bank.two_prices, self._pair_slots(first, second, language)
            case Kind.NEXT:
                frames = bank.nexts
        if topic.kind in {Kind.PRICE, Kind.STOCK, Kind.TWO_PRICES, Kind.NEXT}:
            slots = slots | _names(self._product_of(topic), language)
        return self._written(frames, slots) if frames else None

    def _written(self, frames: tuple[str, ...], slots: dict[str, str]) -> str:
        return frames[0].format_map({"host": self._book.host, "shop": self._book.shop} | slots)

    def _say(
        self,
        bank: tuple[str, ...],
        slots: dict[str, str],
        keys: tuple[str, ...],
        product: Product | None = None,
        *,
        more_ids: tuple[str, ...] = (),
        mood: str = "warm",
        addressed: tuple[str, ...] = (),
    ) -> Draft | None:
        return self._writer.write(
            LineKind.ANSWER, bank, slots, keys, product, more_ids=more_ids, mood=mood, addressed=addressed
        )


def _names(product: Product, language: str) -> dict[str, str]:
    wording = wording_of(language)
    the = wording.the(product)
    return {"the": the, "The": wording.capital(the), "name": wording.name(product)}


def _stock_frames(bank: AnswerBank, product: Product) -> tuple[str, ...]:
    if product.stock == 0:
        return bank.sold_out
    if product.stock == 1:
        return bank.last_one
    return bank.stocks if product.stock <= FEW_LEFT else bank.in_stock


def _talk_frames(bank: AnswerBank) -> dict[Intent, tuple[str, ...]]:
    return {
        Intent.INJECTION: bank.orders,
        Intent.UNKIND: bank.unkind,
        Intent.AI: bank.ai,
        Intent.USED: bank.used,
        Intent.NAME: bank.names,
        Intent.OPINION: bank.opinions,
        Intent.THANKS: bank.thanks,
        Intent.COMPLIMENT: bank.compliments,
        Intent.GOODBYE: bank.goodbyes,
        Intent.SMALL_TALK: bank.small_talk,
        Intent.REACTION: bank.reactions,
        Intent.GREETING: bank.greetings,
    }


def _intent_name(topic: Topic) -> str:
    """How an answer was found, in one word."""
    return topic.intent if topic.intent is not None else topic.kind.value
