"""Answers to the chat: a rule, or the one fact that meets every word of the question, or an honest "I'll ask".

The similarity of two sentences cannot tell 48 hours from 24, so nearness only chooses among facts that already meet
the question's words; it never makes a fact an answer. What a viewer wrote is never spoken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from engine.flow import LineKind
from engine.script.facts import FactBook, money, spoken_name
from engine.script.frames.en import answers as frames
from engine.script.intents import POLICY_WORDS, Intent, intent_of
from engine.script.match import facts_that_meet
from engine.script.names import ProductNames
from engine.script.policy import words_of
from engine.script.retrieval import PassageIndex
from engine.script.terms import WEAK_WORDS, key_terms, plain, same_meaning, stem, tokens, word_set
from engine.script.writer import FEW_LEFT, Draft, TemplateWriter
from engine.settings import FactType, Policy, Product

NEAR_ENOUGH = 0.78
"""Cosine below which a fact that meets the words is still not an answer."""

_PLAIN_REPLIES: dict[Intent, tuple[str, ...]] = {
    Intent.INJECTION: frames.INJECTION_ANSWERS,
    Intent.UNKIND: frames.UNKIND_ANSWERS,
    Intent.AI: frames.AI_ANSWERS,
    Intent.USED: frames.USED_ANSWERS,
    Intent.NAME: frames.NAME_ANSWERS,
    Intent.OPINION: frames.OPINION_ANSWERS,
    Intent.THANKS: frames.THANKS_ANSWERS,
    Intent.COMPLIMENT: frames.COMPLIMENT_ANSWERS,
    Intent.GOODBYE: frames.GOODBYE_ANSWERS,
    Intent.SMALL_TALK: frames.SMALL_TALK_ANSWERS,
    Intent.GREETING: frames.GREETING_ANSWERS,
}

_POLICY_INTENTS = frozenset(POLICY_WORDS) - {Intent.LINK}


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say and to write. ``declined`` answers are kept for the shop; ``intent`` says how it was found."""

    draft: Draft
    reply: str
    declined: bool
    intent: str


class Answerer:
    """Answers questions about one version of the catalogue; ``writer`` fills the frames and asks the guard."""

    def __init__(self, book: FactBook, writer: TemplateWriter) -> None:
        self._writer = writer
        self._index = PassageIndex()
        self.replace(book)

    def replace(self, book: FactBook) -> None:
        """Go on with another version of the catalogue."""
        self._book = book
        self._names = ProductNames(book)
        passages = {}
        for product in book.catalogue.products:
            for fact in product.facts:
                passages[f"{product.id}.{fact.id}"] = f"{spoken_name(product)}: it {fact.text}"
        passages |= {f"policy.{policy.id}": f"{policy.topic}: {policy.text}" for policy in book.catalogue.policies}
        self._passages = passages
        self._index.keep_only(passages.values())

    def load(self) -> None:
        """Load the retriever now, so that the first question does not wait for it."""
        self._index.load()

    def answer(self, text: str, on_show: str | None, next_id: str | None = None) -> Answer:
        """Answer ``text``; "it" is the product ``on_show``, "what's next" is ``next_id``."""
        named, rest = self._names.find(plain(text))
        intent = intent_of(rest)
        if intent in _PLAIN_REPLIES:
            return self._plain(intent)
        about = named or ((on_show,) if on_show in self._book.products else ())
        answer: Answer | None = None
        if intent in _POLICY_INTENTS:
            answer = self._policy(intent, rest, about)
        elif intent is Intent.NEXT and next_id in self._book.products:
            answer = self._next(next_id)
        elif intent is Intent.LIST:
            answer = self._list()
        elif intent in {Intent.PRICE, Intent.DISCOUNT, Intent.STOCK, Intent.LINK}:
            answer = self._value(intent, rest, about)
        elif intent is None:
            answer = self._fact(text, rest, about) or self._any_policy(text, rest)
        return answer or self._decline(about, intent)

    def _plain(self, intent: Intent) -> Answer:
        ids = {Intent.NAME: ("shop.name", "shop.host"), Intent.AI: ("shop.host",), Intent.GREETING: ("shop.name",)}
        mood = "calm" if intent in {Intent.UNKIND, Intent.INJECTION} else "lively"
        draft = self._say(_PLAIN_REPLIES[intent], {}, ids.get(intent, ()), mood=mood)
        if draft is None:
            return self._decline((), intent)
        return Answer(draft, draft.text, False, intent)

    def _decline(self, about: tuple[str, ...], intent: Intent | None) -> Answer:
        product = self._book.products[about[0]] if len(about) == 1 else None
        if product is not None:
            draft = self._say(frames.DECLINES + frames.DECLINES_ON_PRODUCT, {}, ("name",), product, mood="sorry")
        else:
            draft = self._say(frames.DECLINES, {}, (), mood="sorry")
        if draft is None:
            draft = Draft(LineKind.ANSWER, frames.DECLINES[0], (), frames.DECLINES[0], mood="sorry")
        return Answer(draft, draft.text, True, intent or "unknown")

    def _next(self, product_id: str) -> Answer | None:
        product = self._book.products[product_id]
        draft = self._say(frames.NEXT_ANSWERS, {}, ("name",), product)
        # The card stays with the product on show: the next one has its turn soon.
        return Answer(replace(draft, product_id=None), draft.text, False, Intent.NEXT) if draft else None

    def _list(self) -> Answer | None:
        products = [product for product in self._book.catalogue.products if product.stock > 0]
        if len(products) < 3:
            return None
        first, second, third = self._writer.chooser.sample(products, 3)
        slots = {"second": f"the {spoken_name(second)}", "third": f"the {spoken_name(third)}"}
        more = (f"{second.id}.name", f"{third.id}.name")
        draft = self._say(frames.LIST_ANSWERS, slots, ("name",), first, more_ids=more)
        if draft is None:
            return None
        priced = ", ".join(f"{p.name} {money(p.price, p.currency)}" for p in products)
        return Answer(replace(draft, product_id=None), f"On the table: {priced}.", False, Intent.LIST)

    def _value(self, intent: Intent, rest: str, about: tuple[str, ...]) -> Answer | None:
        """Price, reduction, stock or link of one product; not if the question holds words that nothing meets."""
        if intent is Intent.LINK and (policy := self._policy_for(Intent.LINK)) and not about:
            return self._policy_answer(policy, intent)
        unmet = [term for term in key_terms(rest) if stem(term) not in _VALUE_STEMS]
        if unmet or _is_for_several(rest) or not about:
            return None
        if len(about) > 1:
            return self._two_prices(*about) if intent is Intent.PRICE and len(about) == 2 else None
        product = self._book.products[about[0]]
        by_intent = {Intent.STOCK: self._stock, Intent.LINK: self._link}
        return by_intent[intent](product) if intent in by_intent else self._price(product, intent)

    def _price(self, product: Product, intent: Intent) -> Answer | None:
        keys: tuple[str, ...] = ("price",)
        slots = {"price": money(product.price, product.currency)}
        bank = frames.NOT_REDUCED_ANSWERS if intent is Intent.DISCOUNT else frames.PRICE_ANSWERS
        if product.was_price is not None:
            keys = ("price", "was_price", "saving")
            slots["was"] = money(product.was_price, product.currency)
            slots["saving"] = money(product.was_price - product.price, product.currency)
            bank = frames.REDUCED_PRICE_ANSWERS
        draft = self._say(bank, slots, keys, product)
        return self._spoken(draft, intent, product.link)

    def _two_prices(self, first_id: str, second_id: str) -> Answer | None:
        draft = self._writer.recap_pair(first_id, second_id)
        return self._spoken(replace(draft, kind=LineKind.ANSWER), Intent.PRICE) if draft else None

    def _stock(self, product: Product) -> Answer | None:
        bank = frames.IN_STOCK_ANSWERS
        if product.stock == 0:
            bank = frames.SOLD_OUT_ANSWERS
        elif product.stock == 1:
            bank = frames.LAST_ONE_ANSWERS
        elif product.stock <= FEW_LEFT:
            bank = frames.STOCK_ANSWERS
        draft = self._say(bank, {"stock": str(product.stock)}, ("stock",), product)
        return self._spoken(draft, Intent.STOCK)

    def _link(self, product: Product) -> Answer | None:
        if not product.link:
            policy = self._policy_for(Intent.LINK)
            return self._policy_answer(policy, Intent.LINK) if policy else None
        draft = self._say(frames.LINK_ANSWERS, {}, ("link",), product)
        return Answer(draft, f"{product.name}: {product.link}", False, Intent.LINK) if draft else None

    def _policy(self, intent: Intent, rest: str, about: tuple[str, ...]) -> Answer | None:
        """The shop's rule for ``intent``, if there is one and it meets the question's own words."""
        if intent is Intent.WARRANTY and len(about) == 1:
            for fact in self._book.products[about[0]].facts:
                if fact.type is FactType.WARRANTY:
                    return self._fact_answer(f"{about[0]}.{fact.id}", yes=False)
        policy = self._policy_for(intent)
        if policy is None or not _policy_meets(rest, policy, intent):
            return None
        return self._policy_answer(policy, intent)

    def _any_policy(self, text: str, rest: str) -> Answer | None:
        """A rule of the shop that no intent knows ("gift wrapping") and that says every word of the question."""
        terms = key_terms(rest)
        passages = {}
        for policy in self._book.catalogue.policies:
            words = word_set(f"{policy.topic} {policy.text}")
            if set(terms) - WEAK_WORDS and all(same_meaning(term, words) for term in terms):
                passages[policy.id] = self._passages[f"policy.{policy.id}"]
        if not passages:
            return None
        near = self._index.nearness(text, passages)
        best = max(near, key=lambda policy_id: near[policy_id])
        if near[best] < NEAR_ENOUGH:
            return None
        return self._policy_answer(self._book.policies[best], "policy")

    def _policy_for(self, intent: Intent) -> Policy | None:
        pattern = re.compile(POLICY_WORDS[intent], re.IGNORECASE)
        policies = self._book.catalogue.policies
        by_id = [policy for policy in policies if policy.id == intent.value]
        by_topic = [policy for policy in policies if pattern.search(policy.topic)]
        by_text = [policy for policy in policies if pattern.search(policy.text)]
        return next(iter(by_id + by_topic + by_text), None)

    def _policy_answer(self, policy: Policy, intent: str) -> Answer | None:
        slots = {"policy": policy.text.rstrip(".")}
        draft = self._say(frames.POLICY_ANSWERS, slots, (f"policy.{policy.id}",))
        return self._spoken(draft, intent)

    def _fact(self, text: str, rest: str, about: tuple[str, ...]) -> Answer | None:
        """The fact that meets all words of the question; of several, the nearest in meaning."""
        if len(about) != 1:
            return None
        matches = {match.fact_id: match for match in facts_that_meet(rest, self._book.products[about[0]])}
        if not matches:
            return None
        near = self._index.nearness(text, {fact_id: self._passages[fact_id] for fact_id in matches})
        best = max(near, key=lambda fact_id: (matches[fact_id].sure, matches[fact_id].typed, near[fact_id]))
        if near[best] < NEAR_ENOUGH:
            return None
        return self._fact_answer(best, yes=matches[best].sure)

    def _fact_answer(self, fact_id: str, *, yes: bool) -> Answer | None:
        product, fact = self._book.fact(fact_id)
        bank = frames.YES_ANSWERS if yes else frames.FACT_ANSWERS
        draft = self._say(bank, {"text": fact.text}, (fact.id,), product)
        return self._spoken(draft, "fact")

    def _spoken(self, draft: Draft | None, intent: str, link: str = "") -> Answer | None:
        if draft is None:
            return None
        return Answer(draft, f"{draft.text} {link}".strip(), False, intent)

    def _say(
        self,
        bank: tuple[str, ...],
        slots: dict[str, str],
        keys: tuple[str, ...],
        product: Product | None = None,
        *,
        more_ids: tuple[str, ...] = (),
        mood: str = "warm",
    ) -> Draft | None:
        return self._writer.write(LineKind.ANSWER, bank, slots, keys, product, more_ids=more_ids, mood=mood)


_VALUE_STEMS = frozenset(
    map(
        stem,
        words_of("""
            price prices priced pricing cost costs expensive much dollars dollar usd discount discounts discounted sale
            deal deals offer offers reduced cheaper reduction before old original was save saving savings special drop
            stock sold available left remaining many link url website site order buy purchase checkout cart add online
            total each
        """),
    )
)


def _is_for_several(rest: str) -> bool:
    """Whether a number is asked about that is no amount of money: "how much for 3?"."""
    return any(token[0].isdigit() for token in tokens(rest)) and not re.search(r"[$€£]|dollar|usd", rest)


_ANY_WORDS = frozenset({Intent.DESTINATIONS, Intent.PAYMENT})
"""Where naming what the shop has answers any word: "Germany?", "bitcoin?"."""

_POLICY_WORDS: dict[Intent, str] = {
    Intent.SHIPPING: """
        shipping ship ships postage delivery deliver free cost costs much charge charges price fee fees order orders
    """,
    Intent.DELIVERY: """
        shipping ship delivery deliver delivered long fast soon days day weeks arrive order package parcel reach receive
        hours time times usually ordered
    """,
    Intent.RETURNS: "return returns refund money back send policy order days day accept",
    Intent.WARRANTY: "warranty guarantee year years break breaks stops stop dies working",
    Intent.HOURS: """
        opening open close business support office service hour hours time times weekend weekends monday tuesday
        wednesday thursday friday saturday sunday morning evening shop store
    """,
    Intent.CONTACT: """
        contact email e-mail mail write reach support service customer team talk speak person real human shop store
        phone number call help desk someone
    """,
}
_POLICY_STEMS = {intent: frozenset(map(stem, words.split())) for intent, words in _POLICY_WORDS.items()}
"""Words of a question that the policy itself answers, by intent."""


def _policy_meets(rest: str, policy: Policy, intent: Intent) -> bool:
    """Whether the policy meets every word of the question that matters."""
    if intent in _ANY_WORDS:
        return True
    words = word_set(policy.text)
    known = _POLICY_STEMS[intent]
    return all(stem(term) in known or same_meaning(term, words) for term in key_terms(rest))
