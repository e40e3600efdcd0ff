"""English: articles, contractions, capitals."""

from __future__ import annotations

import re
from decimal import Decimal

from engine.script.lexicons import listed
from engine.script.policy import words_of
from engine.script.wording.base import WHOLE_CURRENCIES
from engine.settings import Fact, Product

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "CAD": "CA$", "AUD": "A$", "INR": "₹"}
_COMMON_STARTS = words_of("""
    the you we our all orders shipping delivery returns unused items every if most payment payments electrical prices
    parcels packages please customers refunds exchanges gift questions each any no
""")
"""First words of a policy that may be written small after a colon; others may be names."""


_NAMES = listed("names", "english") | words_of(
    "Christmas Easter Halloween Valentine's TV USB Italian French German Japanese"
)

_PLURAL_VERBS = words_of("""
    are have were come weigh measure hold keep fit work run make need last carry contain include feature charge connect
    play stand give take meet cut wash open close fold use offer dry grip block filter absorb stretch
""")
"""First words of facts about what is spoken of as several: "are made of wool"."""

_IS_SO = re.compile(
    r"(?:made|woven|knitted|poured|crafted|handmade|hand-\w+ed|certified|rated|designed|built|printed|coated|forged|"
    r"suitable|compatible|available|organic|vegan|wireless|lightweight|genuine|pure|recycled|waterproof|"
    r"\w+(?:proof|resistant|washable|friendly)|\w+-(?:free|safe)|(?:dishwasher|microwave|oven|freezer|food) safe|"
    r"machine washable|\d[\d.,]*%|\d[\d.,]* ?\w+ (?:thick|wide|long|tall|high|deep|across))(?![\w-])"
)
_HAS_SO = re.compile(r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten) |\d")
"""How facts begin that a merchant wrote without a verb: what the product is, and what it has."""

_AS_SEVERAL = {"is": "are", "was": "were", "wasn't": "weren't", "costs": "cost", "comes": "come", "has": "have"}
_VERB = "|".join(sorted(_AS_SEVERAL, key=len, reverse=True))
_NO_SUBJECT = "".join(
    f"(?<!\\b{word} )" for word in ("of", "for", "on", "to", "at", "in", "with", "about", "from", "than")
)
_SEVERAL = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"\b(?:t|T)his is (?=the \{name\}|\{the\})", "these are "),
        (r"\bhere(?:'s| is) (?=the \{name\}|\{the\})", "here are "),
        (r"\bHere(?:'s| is) (?=the \{name\}|\{the\})", "Here are "),
        (r"\bhere comes (?=the \{name\})", "here come "),
        (r"\bHere comes (?=the \{name\})", "Here come "),
        (r"\bcomes (?=the \{name\})", "come "),
        (r"\bwhere it was\b", "where they were"),
        (r"^Is (?=\{the\})", "Are "),
        (r"\bit (?=(?:also |can |then )?\{(?:text|other)\})", "they "),
        (r"\bIt (?=\{text\})", "They "),
        (r"\bit's (?=sold out|out of stock|\{price\}|in stock|the \{name\})", "they're "),
        (r"\bit is (?=now )", "they are "),
        (r"^(?!.*rice of \{the\})(.*)\band it was (?=\{was\})", r"\1and they were "),
        (r"\band is (?=\{price\})", "and are "),
        (r"\bprice for it\b", "price for them"),
        (r"\bhere it is\b", "here they are"),
        (r"\bwould it be\b", "would they be"),
        (r"\bshould it be\b", "should that be"),
        (r"\bearn its place\b", "earn their place"),
        (r"\bskip it\b", "skip them"),
        (r"\bwithout it\b", "without them"),
        (r"\bsell it\b", "sell them"),
        (r"\btime with it\b", "time with them"),
        (r", which is item\b", ", which are item"),
    )
)
"""What else says in a frame that one thing is spoken of, with what says so of several."""


class English:
    """Lengths are in words; 24 are one breath."""

    most = 24

    def length(self, text: str) -> int:
        """Words."""
        return len(text.split())

    def the(self, product: Product) -> str:
        """The short name with its article."""
        return f"the {without_article(product.short or product.name)}"

    def name(self, product: Product) -> str:
        """The full name without a "The" of its own."""
        return without_article(product.name)

    def capital(self, text: str) -> str:
        """With a large first letter."""
        return text[:1].upper() + text[1:]

    def category(self, text: str) -> str:
        """With small first letters; "USB", "iPhone" and what is a name keep theirs."""
        return re.sub(r"[A-Za-z][\w'-]*", lambda word: _small(word[0]), text)

    def sentence(self, text: str) -> str:
        """With a full stop unless it ends."""
        return text if text[-1] in ".!?" else f"{text}."

    def clause(self, text: str) -> str:
        """Without the full stop."""
        return text.rstrip(".")

    def phrase(self, fact: str) -> str:
        """With "is" before what it is, and "is listed with" before what it has, where no verb stands there."""
        small = fact[:1].lower() + fact[1:] if fact[1:2].islower() else fact
        if _IS_SO.match(small):
            return f"is {small}"
        return f"is listed with {small}" if _HAS_SO.match(small) else fact

    def behind_name(self, fact: str) -> str:
        """As it follows "it"."""
        return self.phrase(fact)

    def may_join(self, first: Fact, second: Fact) -> bool:
        """Not where one has a clause of its own, nor where both begin alike."""
        return "," not in first.text + second.text and first.text.split()[0] != second.text.split()[0]

    def about(self, frame: str, product: Product, fact: Fact, turn: int) -> str | None:
        """The frame, unless it would put one "which", or one "and", behind another."""
        if ", which {text}" in frame and "which" in fact.text:
            return None
        return None if "{text} and {other}" in frame and " and " in fact.text else frame

    def agreed(self, frame: str, product: Product | None, following: Product | None) -> str:
        """With "are" and "they" where the facts of the product are written so ("are knitted from cotton")."""
        if product is not None and _is_several(product):
            frame = _verbs_of(r"\{the\}|\{The\}|\b[Tt]he \{name\}", frame)
            for pattern, words in _SEVERAL:
                frame = pattern.sub(words, frame)
            frame = frame[:1].upper() + frame[1:]
        if following is not None and _is_several(following):
            frame = re.sub(r"\bhere comes (?=\{next\})", "here come ", _verbs_of(r"\{next\}", frame))
        return frame

    def spoken(self, text: str) -> str:
        """With "it's" for "it is", one mark at the end, and a small letter after a colon."""
        text = re.sub(r"(?<!\.)\.\.$", ".", re.sub(r"([!?])\.$", r"\1", text))
        text = re.sub(r"(^|[,:] |\bthat |\band )([Ii]t) is (?!\$)", r"\1\2's ", text)
        head, colon, tail = text.partition(": ")
        if colon and tail.split(" ", 1)[0].lower() in _COMMON_STARTS:
            return f"{head}: {tail[0].lower()}{tail[1:]}"
        return text

    def money(self, amount: Decimal, currency: str) -> str:
        """``$19.99``; a currency without a known sign stands behind the amount ("19.99 CHF")."""
        digits = f"{amount:,.0f}" if currency in WHOLE_CURRENCIES else f"{amount:,.2f}"
        symbol = _SYMBOLS.get(currency)
        return f"{symbol}{digits}" if symbol else f"{digits} {currency}"


def _small(word: str) -> str:
    keeps = word in _NAMES or not word[1:].islower() or len(word) == 1
    return word if keeps else word.lower()


def _is_several(product: Product) -> bool:
    """Whether most facts of the product that tell one or several apart speak of several."""
    first = [fact.text.split(" ", 1)[0].lower() for fact in product.facts]
    several = sum(word in _PLURAL_VERBS for word in first)
    return several > sum(word.endswith("s") and word not in _PLURAL_VERBS for word in first)


def _verbs_of(subject: str, frame: str) -> str:
    """``frame`` with the verbs of ``subject`` in the plural, where it is one and not a part ("the price of …")."""
    return re.sub(rf"{_NO_SUBJECT}({subject}) ({_VERB})\b", lambda match: f"{match[1]} {_AS_SEVERAL[match[2]]}", frame)


def without_article(name: str) -> str:
    """``name`` without a "The" of its own, since sentences bring theirs."""
    return re.sub(r"^the\s+", "", name, flags=re.IGNORECASE)
