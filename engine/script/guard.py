"""The guard: a line goes on air only if the facts that it cites prove it.

Each line is held against its own evidence, never against the whole catalogue: so a number that is true of another
product, or of another fact, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from engine.flow import Line, LineKind
from engine.script.facts import FactBook, without_article
from engine.script.policy import ALWAYS, NEEDS_EVIDENCE, NUMBER_WORDS, UNITS, UNLESS_IN_EVIDENCE, words_of
from engine.script.writer import Draft

MAX_SPOKEN_WORDS = 45
"""A line may be longer than the writer likes (a policy is one sentence), but not a speech."""

CARRIED = 0.7
"""Part of a cited fact's own words that a line must hold to count as saying that fact."""

_NUMBER = re.compile(
    r"(?P<sign>[$€£¥₹]|CA\$|A\$)?(?<![A-Za-z0-9.-])(?P<value>\d[\d,]*(?:\.\d+)?)(?:\s?-?(?P<unit>°[CF]|%|[A-Za-z]+))?"
)
_CODE = re.compile(r"\b(?=[A-Za-z-]*\d)(?=\d*[A-Za-z])[A-Za-z]+-?\d[\w-]*\b")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|\b[a-z0-9-]+\.(?:com|net|org|shop|example|io|co|de|uk)\b", re.IGNORECASE)
_COUNTED = re.compile(r"\btwo (?:facts|lines|numbers|things)\b", re.IGNORECASE)
_SMALL_WORDS = words_of("""
    a an and are as at be by for from has have in is it its of on or so that the their they this to up us we with you
    your our can should which than per
""")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a line may go on air, and all reasons if not."""

    ok: bool
    reasons: tuple[str, ...] = ()


class Guard:
    """Judges lines against one version of the catalogue."""

    def __init__(self, book: FactBook) -> None:
        self.book = book
        self._names = {
            without_article(name).lower(): product.id
            for product in book.catalogue.products
            for name in (product.name, product.short)
            if name
        }
        names = sorted(map(re.escape, self._names), key=len, reverse=True)
        self._name_pattern = re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)")
        self._fact_ids = {f"{product.id}.{fact.id}" for product in book.catalogue.products for fact in product.facts}

    def verdict(self, line: Line | Draft) -> Verdict:
        """Hold ``line`` against the facts that it cites."""
        reasons = list(_shape(line.text, self._without_names(line.text)))
        missing = [fact_id for fact_id in line.fact_ids if self.book.value(fact_id) is None]
        reasons += [f"cites “{fact_id}”, which the catalogue does not have" for fact_id in missing]
        evidence = self._evidence(line)
        proof = " | ".join(evidence)
        reasons += _unproved_numbers(line.text, evidence)
        reasons += _unproved_words(line.text, proof)
        reasons += _rules_broken(line.text, proof)
        reasons += self._wrong_products(line)
        reasons += self._not_carried(line)
        reasons += self._swapped_prices(line)
        return Verdict(not reasons, tuple(dict.fromkeys(reasons)))

    def _without_names(self, text: str) -> str:
        """``text`` with a plain word for each name, since names may hold points ("Dr. Baker's Soap")."""
        for name in filter(None, (self.book.shop, self.book.host)):
            text = text.replace(name, "Name")
        return re.sub(self._name_pattern.pattern, "Name", text, flags=re.IGNORECASE)

    def _evidence(self, line: Line | Draft) -> list[str]:
        """What the cited facts say, with the names of their products, the shop and the host."""
        values = [self.book.value(fact_id) or "" for fact_id in line.fact_ids]
        values += [self.book.value(f"{product_id}.name") or "" for product_id in self._cited_products(line)]
        values += [self.book.policies[i].topic for i in self._cited_policies(line) if i in self.book.policies]
        return [*values, self.book.shop, self.book.host]

    @staticmethod
    def _cited_policies(line: Line | Draft) -> list[str]:
        return [fact_id.removeprefix("policy.") for fact_id in line.fact_ids if fact_id.startswith("policy.")]

    def _cited_products(self, line: Line | Draft) -> set[str]:
        cited = {fact_id.partition(".")[0] for fact_id in line.fact_ids}
        if line.product_id:
            cited.add(line.product_id)
        return cited & self.book.products.keys()

    def _wrong_products(self, line: Line | Draft) -> list[str]:
        """Products that the line names without citing them."""
        cited = self._cited_products(line)
        return [
            f"names the product “{product_id}” without citing it"
            for product_id in dict.fromkeys(found for _, found in self._named(line.text))
            if product_id not in cited
        ]

    def _named(self, text: str) -> list[tuple[int, str]]:
        """Where products are named: (place, product id), in the order of the text; the longest name counts."""
        return [(match.start(), self._names[match[0]]) for match in self._name_pattern.finditer(text.lower())]

    def _not_carried(self, line: Line | Draft) -> list[str]:
        """Cited facts, policies and prices that the line does not say."""
        reasons = []
        said = _content_words(line.text)
        for fact_id in line.fact_ids:
            owner, _, key = fact_id.partition(".")
            value = self.book.value(fact_id)
            if value is None:
                continue
            if key == "price" and line.kind is LineKind.PRICE and value not in line.text:
                reasons.append(f"cites “{fact_id}” without saying {value}")
            is_fact = owner == "policy" or fact_id in self._fact_ids
            own = _content_words(value)
            if is_fact and own and len(own & said) < CARRIED * len(own):
                reasons.append(f"cites “{fact_id}” without saying it")
        return reasons

    def _swapped_prices(self, line: Line | Draft) -> list[str]:
        """Of two products with prices in one line, names and prices stand in the same order."""
        priced = [i.removesuffix(".price") for i in line.fact_ids if i.endswith(".price")]
        if len(priced) < 2:
            return []
        order = [product_id for _, product_id in self._named(line.text) if product_id in priced]
        expected = [self.book.value(f"{product_id}.price") for product_id in dict.fromkeys(order)]
        spoken = re.findall(r"[$€£¥₹]\d[\d,]*(?:\.\d+)?", line.text)
        return [] if spoken == expected else ["gives a product another product's price"]


def _shape(text: str, nameless: str) -> Iterable[str]:
    if not text.strip():
        yield "says nothing"
        return
    if any(not character.isprintable() for character in text):
        yield "has control characters"
    if "{" in text or "}" in text:
        yield "has a slot that was not filled"
    if "  " in text or text != text.strip():
        yield "has stray spaces"
    if text[-1] not in ".?!" or re.search(r"[.?!][.?!]$|[?!] |[a-z)]\. [A-Z]", nameless):
        yield "is not one sentence"
    if len(text.split()) > MAX_SPOKEN_WORDS:
        yield "is too long for one breath"


def _numbers(text: str) -> set[tuple[str, str]]:
    """Numbers of ``text`` with their unit ("" without one); money has its sign as the unit."""
    found = set()
    for match in _NUMBER.finditer(text):
        value = match["value"].replace(",", "").rstrip(".")
        unit = (match["unit"] or "").lower()
        found.add((value, match["sign"] or (unit if unit in UNITS else "")))
    for word in _WORD.findall(_COUNTED.sub(" ", text)):
        for part in word.lower().split("-"):
            if part in NUMBER_WORDS:
                found.add((NUMBER_WORDS[part], ""))
    return found


def _unproved_numbers(text: str, evidence: list[str]) -> list[str]:
    proved = set().union(*(_numbers(value) for value in evidence))
    proof = " | ".join(evidence).lower()
    text_without_addresses = _ADDRESS.sub(" ", text)
    reasons = [
        f"says “{' '.join(number).strip()}”, which its facts do not"
        for number in sorted(_numbers(text_without_addresses) - proved)
    ]
    reasons += [
        f"says “{code}”, which its facts do not"
        for code in _CODE.findall(text_without_addresses)
        if code.lower() not in proof
    ]
    reasons += [
        f"gives the address “{address}”, which its facts do not"
        for address in _ADDRESS.findall(text)
        if address.rstrip(".,").lower() not in proof
    ]
    return reasons


def _unproved_words(text: str, proof: str) -> list[str]:
    proved = set(re.findall(r"[a-z][a-z-]*", proof.lower()))
    proved |= {part for word in proved for part in word.split("-")}
    words = dict.fromkeys(word.lower().rstrip("'s") for word in _WORD.findall(_ADDRESS.sub(" ", text)))
    return [f"says “{word}”, which its facts do not" for word in words if word in NEEDS_EVIDENCE - proved]


def _rules_broken(text: str, proof: str) -> list[str]:
    reasons = [f"{rule.reason}: “{match[0]}”" for rule in ALWAYS for match in rule.pattern.finditer(text)]
    lowered = proof.lower()
    for rule in UNLESS_IN_EVIDENCE:
        for match in rule.pattern.finditer(text):
            if match[0].lower() not in lowered:
                reasons.append(f"{rule.reason}: “{match[0]}”")
    return reasons


def _content_words(text: str) -> set[str]:
    words = re.findall(r"[a-z0-9°%$€£¥.,@-]+", text.lower())
    return {word.strip(".,-") for word in words} - _SMALL_WORDS - {""}
