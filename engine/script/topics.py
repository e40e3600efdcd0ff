"""Finds what a message is about: a rule, or the one fact that meets every word of it, or nothing.

The similarity of two sentences cannot tell 48 hours from 24, so nearness only chooses among facts that already meet
the question's words; it never makes a fact an answer. A model, where there is one, may point at one of the nearest
facts of the right kind; it points, and does not speak.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterable
from dataclasses import replace

from engine.script.facts import FactBook, spoken_name
from engine.script.intents import POLICY_INTENTS, Intent, beside, intent_of, language_of, policy_words
from engine.script.names import ProductNames
from engine.script.reading import CURRENCY_WORDS, READINGS, Attribute, Reading
from engine.script.retrieval import PassageIndex
from engine.script.selector import Selector, SelectorError
from engine.script.terms import concepts_in, plain, tokens
from engine.script.topic import Kind, Topic
from engine.settings import Fact, FactType, Policy, Product

NEAR_ENOUGH = 0.78
"""Cosine below which a fact that meets the words is still not an answer."""

NOTES_SHOWN = 6
"""Notes that a model may choose from."""

NOTE_NEAR_ENOUGH = 0.80
"""Cosine below which a note is not shown to the model; unrelated texts already lie around 0.75."""

SELECTOR_DEADLINE_S = 0.6
"""What a model's choice may cost of the time in which an answer is made."""

TALK = frozenset(
    {
        Intent.INJECTION, Intent.UNKIND, Intent.AI, Intent.USED, Intent.NAME, Intent.OPINION, Intent.THANKS,
        Intent.COMPLIMENT, Intent.GOODBYE, Intent.SMALL_TALK, Intent.REACTION, Intent.GREETING,
    }
)  # fmt: skip
"""Messages that need no fact."""

MOST_PLACES = 3
"""Words of a message that may name where to, or what to pay with."""

_ANY_WORDS = frozenset({Intent.DESTINATIONS, Intent.PAYMENT})
"""Where naming what the shop has answers any word: "Germany?", "bitcoin?"."""

_TOGETHER = (
    frozenset({Intent.SHIPPING, Intent.DELIVERY, Intent.DESTINATIONS}),
    frozenset({Intent.CONTACT, Intent.HOURS}),
    frozenset({Intent.PAYMENT, Intent.LINK}),
    frozenset({Intent.RETURNS, Intent.WARRANTY}),
)
"""What one rule of the shop often answers together; a rule that is about one of them answers none of the others."""

_PARTS = re.compile(r"[?？!！;；\n、，]+|,(?!\d)|\band\b(?! the\b)|还有")
"""Where one message goes over to another question."""

_MOST_PARTS = 4
_MOST_ANSWERED = 2
"""Of several questions in one message: more would be a speech to one viewer."""

_DEPENDS = re.compile(
    r"\b(?:if|when|because|since|after|before|unless|without|but|even|not|allerg\w*)\b|n't\b|如果|要是|过敏|但|之后|以后|过了?还|不[要含用带是]"
)
"""What makes one part of a message depend on another; then no part is answered alone."""

_TO_SEE = (
    r"(?:go(?:ing)? )?back to|(?:want to |like to |let'?s )?see|show(?: me| us)?|talk about|"
    r"tell (?:me|us) (?:more )?(?:about)?|more about"
)
_ASKS_TO_SEE = re.compile(rf"\b(?:{_TO_SEE})\b|[看讲]")
"""Asks for a product, beside its name: "go back to the lamp". It goes on with no question that was asked before."""

_BRING_ON = re.compile(rf"\b(?:{_TO_SEE}|can you|could you|please|next|lo+l|(?:ha){{2,}})\b|[哈嘿]+")
"""That, words of courtesy, and laughter."""

_COURTESY = frozenset({Intent.THANKS, Intent.COMPLIMENT, Intent.GREETING, Intent.REACTION})
"""Talk behind which a question may stand."""

_HAVE = re.compile(r"\b(?:have|sell|got|any)\b|[有卖]")
"""Asks whether the shop has a product."""

_VALUES = {Intent.PRICE: Kind.PRICE, Intent.DISCOUNT: Kind.PRICE, Intent.STOCK: Kind.STOCK, Intent.LINK: Kind.LINK}

_ALONE = frozenset({Kind.PRICE, Kind.STOCK, Kind.LINK, Kind.FACT, Kind.POLICY})
"""What may answer one part of a message."""

log = logging.getLogger(__name__)


class TopicFinder:
    """Reads messages over one version of the catalogue."""

    def __init__(self, book: FactBook, selector: Selector | None = None) -> None:
        self._index = PassageIndex()
        self._selector = selector
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
        passages |= {f"faq.{entry.number}": f"{entry.question} {entry.answer}" for entry in book.faq.values()}
        self._passages = passages
        self._index.keep_only(passages.values())

    def load(self) -> None:
        """Load the retriever now, so that the first question does not wait for it."""
        self._index.load()

    def find(self, text: str, on_show: str | None, next_id: str | None = None, before: Topic | None = None) -> Topic:
        """What ``text`` is about; "it" is the product of ``before``, the same viewer's last message, else ``on_show``.

        ``next_id`` is the product that comes next.
        """
        return self._find(text, on_show, next_id, before, by_model=True)

    def _find(
        self, text: str, on_show: str | None, next_id: str | None, before: Topic | None, *, by_model: bool
    ) -> Topic:
        """See ``find``; a model is asked only ``by_model``: once a message, not once for each part of it."""
        language = language_of(text)
        reading = READINGS[language]
        named, rest = self._names.find(plain(text))
        asks_to_see = _ASKS_TO_SEE.search(rest)
        if named and before is not None and before.rest and not asks_to_see and self._goes_on(rest, reading):
            rest = before.rest
        intent = intent_of(rest)
        about = named or self._meant(rest, reading, on_show, before)
        terms = frozenset(reading.key_terms(rest))
        by_name = bool(named) or (before is not None and before.named and about == before.products)
        base = Topic(Kind.UNKNOWN, intent, about, (), False, by_name, language, rest, terms)
        if intent in (Intent.INJECTION, Intent.UNKIND):
            return replace(base, kind=Kind.TALK)
        if reading.compared.search(rest) and (pair := self._pair(named, rest, reading, on_show)):
            compared = self._comparison(base, pair, reading)
            if compared is not None:
                return compared
        if intent in TALK:
            asked = self._behind_courtesy(text, base, next_id, named=bool(named)) if intent in _COURTESY else None
            return asked or replace(base, kind=Kind.TALK, understood=not reading.key_terms(beside(rest)))
        found = self._by_intent(base, next_id)
        if found is not None:
            several = self._in_parts(text, base, before) if found.kind in _ALONE else None
            return several if several is not None and several.also else found
        found = self._by_meaning(text, base, by_model=by_model) or (self._brought_on(base) if named else None)
        return found or self._in_parts(text, base, before) or base

    def _behind_courtesy(self, text: str, base: Topic, next_id: str | None, *, named: bool) -> Topic | None:
        """What is asked beside thanks, praise or a greeting: "ok thanks, and the towel?"."""
        rest = beside(base.rest)
        terms = frozenset(READINGS[base.language].key_terms(rest))
        if not named and not terms:
            return None
        inner = replace(base, intent=intent_of(rest), rest=rest, terms=terms)
        found = (
            None
            if inner.intent in TALK
            else self._by_intent(inner, next_id) or self._by_meaning(text, inner, by_model=False)
        )
        return found or (self._brought_on(inner) if named else None)

    def _brought_on(self, base: Topic) -> Topic | None:
        """The price, or the stock, of a product that a message only names, asks to see, or asks for."""
        if len(base.products) != 1 or not self._names_only(base):
            return None
        (product_id,) = base.products
        asks_for_stock = _HAVE.search(base.rest) or not self._book.products[product_id].stock
        kind = Kind.STOCK if asks_for_stock else Kind.PRICE
        return _as(base, kind, (f"{product_id}.{kind.value}",))

    def _names_only(self, base: Topic) -> bool:
        rest = _BRING_ON.sub(" ", base.rest)
        return not READINGS[base.language].key_terms(rest) and base.intent is None and not concepts_in(rest)

    def _in_parts(self, text: str, base: Topic, before: Topic | None) -> Topic | None:
        """Of a message with several questions, those that the catalogue answers, up to two, with the first in front.

        Nothing is said of the others. "It" is the product that the message named last, if it names any.
        """
        parts = [part for part in map(str.strip, _PARTS.split(text)) if part]
        if not 1 < len(parts) <= _MOST_PARTS or _DEPENDS.search(text.lower()):
            return None
        on_show = base.products[0] if len(base.products) == 1 else None
        before = None if base.named else before
        found: dict[tuple[str, ...], Topic] = {}
        understood = 0
        for part in parts:
            topic = self._find(part, on_show, None, before, by_model=False)
            if topic.kind in _ALONE and (topic.intent is not None or concepts_in(topic.rest)):
                found.setdefault(topic.fact_ids, replace(topic, sure=False))
                understood += topic.understood
            if topic.named and len(topic.products) == 1:
                (on_show,) = topic.products
        if not found:
            return None
        first, *others = list(found.values())[:_MOST_ANSWERED]
        whole = understood == len(parts) == len(found) <= _MOST_ANSWERED
        return replace(first, rest=base.rest, terms=base.terms, understood=whole, also=tuple(others))

    def _goes_on(self, rest: str, reading: Reading) -> bool:
        """Whether a message says nothing but names: "and the mug?"."""
        return not reading.key_terms(rest) and intent_of(rest) is None and not concepts_in(rest)

    def _meant(self, rest: str, reading: Reading, on_show: str | None, before: Topic | None) -> tuple[str, ...]:
        """The product that a message means which names none."""
        if before is not None and len(before.products) == 1 and not reading.this.search(rest):
            (last,) = before.products
            if last in self._book.products and (before.named or reading.further.search(rest)):
                return (last,)
        return (on_show,) if on_show in self._book.products and on_show is not None else ()

    def _pair(self, named: tuple[str, ...], rest: str, reading: Reading, on_show: str | None) -> tuple[str, str] | None:
        """The two products that are held side by side, if there are two."""
        if len(named) == 2:
            return named[0], named[1]
        pointed = reading.this.search(rest) or re.search(r"\b(?:it|than)\b", rest) or "比" in rest
        if len(named) == 1 and pointed and on_show in self._book.products and on_show not in (None, named[0]):
            return str(on_show), named[0]
        return None

    def _comparison(self, base: Topic, pair: tuple[str, str], reading: Reading) -> Topic | None:
        """Two products by price or by a kind of fact that both have; None where other words ask for more."""
        attribute = next((each for each in reading.attributes if each.pattern.search(base.rest)), None)
        if attribute is None or reading.unmet(base.rest, reading.compare_words):
            return None
        if not attribute.types:
            return _as(base, Kind.TWO_PRICES, tuple(f"{i}.price" for i in pair), products=pair)
        found = [self._fact_of(product_id, attribute) for product_id in pair]
        if not all(found) or not self._is_readable(base):
            return _as(base, Kind.UNKNOWN, products=pair)
        ids = tuple(f"{i}.{fact.id}" for i, fact in zip(pair, found, strict=True) if fact is not None)
        return _as(base, Kind.TWO_FACTS, ids, products=pair)

    def _fact_of(self, product_id: str, attribute: Attribute) -> Fact | None:
        return next((f for f in self._book.products[product_id].facts if f.type in attribute.types), None)

    def _is_readable(self, base: Topic) -> bool:
        """Whether facts, which are told as they are written, are in the asker's language."""
        return base.language == self._book.catalogue.language

    def _by_intent(self, base: Topic, next_id: str | None) -> Topic | None:
        intent = base.intent
        if intent is Intent.NEXT and next_id in self._book.products:
            return _as(base, Kind.NEXT, (f"{next_id}.name",))
        if intent is Intent.LIST:
            return _as(base, Kind.LIST)
        if intent in _VALUES:
            return self._value(base, _VALUES[intent])
        if intent in POLICY_INTENTS:
            return self._policy(base)
        return None

    def _value(self, base: Topic, kind: Kind) -> Topic | None:
        """Price, reduction, stock or link; not if the question holds words that nothing meets."""
        reading = READINGS[base.language]
        known = reading.value_words
        if kind is Kind.LINK and len(base.products) == 1 and not self._book.products[base.products[0]].link:
            return self._rule(base, Intent.LINK)
        if kind is Kind.LINK and not base.products:
            return self._rule(base, Intent.LINK)
        for product_id in base.products:
            known |= CURRENCY_WORDS.get(self._book.products[product_id].currency, frozenset())
        if reading.unmet(self._without_noun(base), known) or _is_for_several(base.rest) or not base.products:
            return None
        if len(base.products) == 2 and base.intent is Intent.PRICE:
            return _as(base, Kind.TWO_PRICES, tuple(f"{i}.price" for i in base.products))
        if len(base.products) != 1:
            return None
        return _as(base, kind, (f"{base.products[0]}.{kind.value}",))

    def _without_noun(self, base: Topic) -> str:
        """The message without the last character of the product's Chinese name, by which it may be called."""
        if base.language != "zh" or len(base.products) != 1:
            return base.rest
        noun = self._book.products[base.products[0]].name[-1:]
        return re.sub(rf"^(?:这个?|那个?)?{re.escape(noun)}子?", "", base.rest)

    def _policy(self, base: Topic) -> Topic | None:
        """The shop's rule for the intent, if there is one and it meets the question's own words."""
        intent = base.intent
        assert intent is not None
        if intent is Intent.WARRANTY and len(base.products) == 1 and self._is_readable(base):
            for fact in self._book.products[base.products[0]].facts:
                if fact.type is FactType.WARRANTY:
                    return _as(base, Kind.FACT, (f"{base.products[0]}.{fact.id}",))
        policy = self._policy_for(intent)
        if policy is None and intent is Intent.DESTINATIONS:
            # "How much is shipping to Austria?" asks for the rule that names the place, whatever it is about.
            policy = next((p for p in self._book.catalogue.policies if self._says(p, base)), None)
        elif policy is not None and not self._policy_meets(base, policy):
            return None
        if policy is None:
            return None
        return _as(base, Kind.POLICY, (f"policy.{policy.id}",), products=())

    def _rule(self, base: Topic, intent: Intent) -> Topic | None:
        policy = self._policy_for(intent)
        return _as(base, Kind.POLICY, (f"policy.{policy.id}",), products=()) if policy else None

    def _policy_for(self, intent: Intent) -> Policy | None:
        pattern = policy_words(intent, self._book.catalogue.language)
        policies = self._book.catalogue.policies
        by_id = [policy for policy in policies if policy.id == intent.value]
        by_topic = [policy for policy in policies if pattern.search(policy.topic)]
        others = frozenset(POLICY_INTENTS).difference(*(each for each in _TOGETHER if intent in each), {intent})
        by_text = [policy for policy in policies if pattern.search(policy.text) and not self._is_about(policy, others)]
        return next(iter(by_id + by_topic + by_text), None)

    def _is_about(self, policy: Policy, intents: Iterable[Intent]) -> bool:
        """Whether a rule of the shop is, by its id or its topic, the answer to one of ``intents``."""
        language = self._book.catalogue.language
        return any(policy.id == each.value or policy_words(each, language).search(policy.topic) for each in intents)

    def _says(self, policy: Policy, base: Topic) -> bool:
        """Whether the policy says every word of the question but those of sending."""
        reading = READINGS[base.language]
        unmet = reading.unmet(base.rest, reading.policy_words[Intent.SHIPPING])
        words = f"{policy.topic} {policy.text}"
        return bool(unmet) and self._is_readable(base) and all(reading.same_meaning(term, words) for term in unmet)

    def _policy_meets(self, base: Topic, policy: Policy) -> bool:
        """Whether the policy meets every word of the question that matters."""
        intent = base.intent
        reading = READINGS[base.language]
        if intent in _ANY_WORDS and self._is_readable(base):
            return len(reading.key_terms(beside(base.rest))) <= MOST_PLACES
        unmet = reading.unmet(base.rest, reading.policy_words.get(intent, frozenset()) if intent else frozenset())
        if not self._is_readable(base):
            return not unmet
        return all(reading.same_meaning(term, f"{policy.topic} {policy.text}") for term in unmet)

    def _by_meaning(self, text: str, base: Topic, *, by_model: bool) -> Topic | None:
        """What no rule of intents answers: a fact, a rule of the shop, the shop's own answer, a model's choice."""
        if not self._is_readable(base):
            return None
        if base.intent is None:
            found = self._fact(text, base) or self._any_policy(text, base)
            if found is not None:
                return found
        return self._faq(text, base) or (self._chosen(text, base) if by_model and base.intent is None else None)

    def _fact(self, text: str, base: Topic) -> Topic | None:
        """The fact that meets all words of the question; of several, the nearest in meaning."""
        if len(base.products) != 1:
            return None
        product = self._book.products[base.products[0]]
        matches = {match.fact_id: match for match in READINGS[base.language].facts_that_meet(base.rest, product)}
        if not matches:
            return None
        near = self._index.nearness(text, {fact_id: self._passages[fact_id] for fact_id in matches})
        best = max(near, key=lambda fact_id: (matches[fact_id].sure, matches[fact_id].typed, near[fact_id]))
        if near[best] < NEAR_ENOUGH:
            return None
        return _as(base, Kind.FACT, (best,), sure=matches[best].sure)

    def _any_policy(self, text: str, base: Topic) -> Topic | None:
        """A rule of the shop that no intent knows ("gift wrapping") and that says every word of the question."""
        policies = {f"policy.{p.id}": f"{p.topic} {p.text}" for p in self._book.catalogue.policies}
        best = self._best(text, base, policies)
        return _as(base, Kind.POLICY, (best,), products=()) if best else None

    def _faq(self, text: str, base: Topic) -> Topic | None:
        """An answer that the shop gave before, to a question that says every word of this one."""
        asked = {
            f"faq.{entry.number}": f"{entry.question} {entry.answer}"
            for entry in self._book.faq.values()
            if entry.product_id is None or base.products == (entry.product_id,)
        }
        best = self._best(text, base, asked)
        if best is None:
            return None
        entry = self._book.faq[int(best.removeprefix("faq."))]
        return _as(base, Kind.FAQ, (best,), products=(entry.product_id,) if entry.product_id else ())

    def _best(self, text: str, base: Topic, texts: dict[str, str]) -> str | None:
        """Of ``texts`` (id: words) that say every word of the question, the nearest."""
        reading = READINGS[base.language]
        terms = reading.key_terms(base.rest)
        if not set(terms) - reading.weak_words:
            return None
        met = [i for i, words in texts.items() if all(reading.same_meaning(term, words) for term in terms)]
        near = self._index.nearness(text, {i: self._passages[i] for i in met}) if met else {}
        best = max(near, key=lambda i: near[i], default=None)
        return best if best is not None and near[best] >= NEAR_ENOUGH else None

    def _chosen(self, text: str, base: Topic) -> Topic | None:
        """The note that a model points at, of those near in meaning and of the kind asked for."""
        if self._selector is None or len(base.products) != 1:
            return None
        product = self._book.products[base.products[0]]
        allowed = {f"{product.id}.{fact.id}" for fact in _of_kind(base.rest, product)}
        near = self._index.nearness(text, {i: self._passages[i] for i in sorted(allowed)}) if allowed else {}
        shown = [i for i in sorted(near, key=lambda i: -near[i]) if near[i] >= NOTE_NEAR_ENOUGH][:NOTES_SHOWN]
        if not shown:
            return None
        began = time.monotonic()
        try:
            number = self._selector.choose(text, [self._passages[i] for i in shown], SELECTOR_DEADLINE_S)
        except SelectorError as error:
            log.info("no choice by the model: %s", error)
            return None
        if time.monotonic() - began > 2 * SELECTOR_DEADLINE_S or not 1 <= number <= len(shown):
            return None
        return replace(_as(base, Kind.FACT, (shown[number - 1],)), understood=False)


def _as(
    base: Topic,
    kind: Kind,
    fact_ids: tuple[str, ...] = (),
    *,
    products: tuple[str, ...] | None = None,
    sure: bool = False,
) -> Topic:
    """``base`` with its answer found."""
    about = base.products if products is None else products
    return replace(base, kind=kind, products=about, fact_ids=fact_ids, sure=sure, understood=kind is not Kind.UNKNOWN)


def _of_kind(rest: str, product: Product) -> Iterable[Fact]:
    """The facts of the kind that a question asks for, or all of them where it asks for none."""
    types = {kind for concept, _ in concepts_in(rest) for kind in concept.types}
    return [fact for fact in product.facts if not types or fact.type in types]


def _is_for_several(rest: str) -> bool:
    """Whether a number is asked about that is no amount of money: "how much for 3?"."""
    return any(token[0].isdigit() for token in tokens(rest)) and not re.search(r"[$€£¥]|dollar|usd|元|块", rest)
