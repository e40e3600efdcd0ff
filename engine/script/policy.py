"""What the host may not say: patterns with the reason for each, and words that need evidence.

Sources: FTC 16 CFR 465 (invented reviews) and 16 CFR 255 (endorsements by those who have not used a product), EU
Directive 2005/29/EC annex I (false urgency, exhorting children), the Advertising Law of China, article 9(3)
(absolute terms). ``ALWAYS`` may never be said; ``UNLESS_IN_EVIDENCE`` may be said only where the very words stand in
the cited facts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern, and why it is not said."""

    reason: str
    pattern: re.Pattern[str]


def words_of(text: str) -> frozenset[str]:
    """The words of ``text``, which is written as a paragraph so that it can be read."""
    return frozenset(text.split())


def _rule(reason: str, *patterns: str) -> Rule:
    return Rule(reason, re.compile("|".join(rf"(?:\b{pattern})" for pattern in patterns), re.IGNORECASE))


_USED = (
    r"used|tried|tested|owned|bought|worn|tasted|cooked|slept|carried|washed|drunk|wore|loved|travelled|traveled|"
    r"enjoyed|read in|written in"
)

ALWAYS: tuple[Rule, ...] = (
    _rule(
        "claims to be human",
        r"I(?:'m| am) (?:actually |really |just )?(?:an? )?(?:real |living |normal )?(?:human|person|woman|man|"
        r"girl|boy)\b",
        r"I(?:'m| am) (?:actually |really )?(?:real|alive|not an? (?:AI|robot|bot|machine|digital))\b",
        r"as an? (?:mother|father|mum|mom|dad|woman|man|human|person|real)\b",
    ),
    _rule(
        "claims to have used a product",
        rf"I(?:'ve| have)(?: also| just| already| personally)? (?:{_USED})\b",
        rf"I (?:personally |always |often |just |really )*(?:{_USED}|use|own|wear|love|adore|swear by|recommend)\b",
        r"my (?:own|favou?rite|husband|wife|kids|children|family|friends?|kitchen|home|house|bag|desk|skin|hair)\b",
    ),
    _rule(
        "invents what buyers say",
        r"(?:customers|buyers|people|everyone|everybody|users|viewers) (?:love|loves|say|says|adore|rave|recommend)\b",
        r"(?:five|5)[- ]star\b",
        r"best[- ]?sell(?:er|ing)\b",
        r"(?:viral|trending|in demand)\b",
    ),
    _rule(
        "urges without a reason",
        r"hurry\b",
        r"last chance\b",
        r"sell(?:ing|s) (?:out|fast)\b",
        r"act now\b",
        r"don't miss\b",
        r"before (?:it's|they're) gone\b",
        r"(?:going|almost) gone\b",
        r"(?:only|just) (?:today|tonight)\b",
        r"limited[- ]time\b",
        r"while (?:stocks?|supplies) last\b",
        r"you (?:must|need to|have to) (?:buy|get|have)\b",
    ),
    _rule(
        "urges children",
        r"(?:ask|tell|beg|persuade|convince) (?:your )?(?:mum|mom|mummy|mommy|dad|daddy|parents?|grandma|grandpa)\b",
        r"(?:hey|hi|hello) kids\b",
    ),
)

UNLESS_IN_EVIDENCE: tuple[Rule, ...] = (
    _rule(
        "absolute term",
        r"(?:the )?(?:very )?best\b",
        r"number[- ]one\b",
        r"(?:cheapest|lowest|strongest|lightest|fastest|finest|greatest|safest|toughest|softest|smallest|biggest)\b",
        r"(?:perfect|unbeatable|unmatched|unrivall?ed|ultimate|flawless|incredible|amazing|miracle|magical)\b",
        r"guarantee[ds]?\b",
        r"(?:never|always) (?:break|fail|leak|fade|lose)s?\b",
        r"world[- ]class\b",
        r"(?:risk|worry|maintenance)[- ]free\b",
        r"indestructible\b",
        r"lifetime\b",
        r"most [a-z]+(?= |$|[.,])",
        r"everyone needs\b",
    ),
    _rule(
        "comparison without evidence",
        r"(?:better|cheaper|stronger|lighter|faster|safer|softer|nicer) than\b",
        r"(?:unlike|compared (?:to|with)) (?:other|others|the)\b",
        r"than (?:others|other|any|the competition|most)\b",
    ),
    _rule(
        "health claim",
        r"(?:cures?|heals?|treats?|therap(?:y|eutic)|clinical(?:ly)?|medical(?:ly)?|doctors?|dermatologists?)\b",
        r"(?:pain|stress|anxiety|insomnia|allerg(?:y|ies)|immune|detox|wellness|healthy|healthier|posture)\b",
        r"(?:hypoallergenic|non-?toxic|antibacterial|chemical-free|BPA)\b",
        r"sleep better\b",
        r"lose weight\b",
    ),
    _rule("promises a gift or a price", r"(?:free|giveaway|discount code|coupon|voucher|cashback|for nothing)\b"),
)

_ATTRIBUTES = """
    leather suede wool woollen cashmere cotton linen silk velvet polyester nylon acrylic fleece denim canvas bamboo
    wood wooden oak pine walnut cork rubber latex silicone plastic acrylic resin glass crystal ceramic porcelain
    stoneware clay marble granite stone steel stainless iron aluminium aluminum titanium copper brass bronze gold
    golden silver chrome carbon paper cardboard soy beeswax paraffin
    red orange yellow green blue purple violet pink brown black white grey gray beige cream navy teal turquoise
    burgundy charcoal sage oatmeal ivory
    organic vegan recycled recyclable biodegradable sustainable eco eco-friendly handmade handcrafted artisan
    waterproof water-resistant splashproof leak-proof leakproof dustproof shockproof scratchproof fireproof windproof
    unbreakable dishwasher microwave oven induction washable machine-washable rechargeable wireless bluetooth usb-c
    usb certified patented award-winning award imported authentic genuine original premium luxury luxurious
    insulated padded ergonomic adjustable foldable portable noise-cancelling noise-canceling
    warranty refund returns shipping delivery
"""

NEEDS_EVIDENCE: frozenset[str] = words_of(_ATTRIBUTES)
"""Materials, colours, qualities and promises: each must stand in the cited facts or in the product's name."""

UNITS: frozenset[str] = words_of("""
    ml cl l litre litres liter liters oz g kg gram grams kilo kilos lb lbs pound pounds mm cm m metre metres meter
    meters inch inches ft feet w watt watts kw v volt volts volt-hours wh mah ah hz khz db lm lumen lumens k kelvin
    hour hours minute minutes second seconds day days week weeks month months year years % percent °c °f c f degrees
    bar psi rpm mp gb mb tb gsm am pm dollars euros cents charges
""")

NUMBER_WORDS: dict[str, str] = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "eleven": "11", "twelve": "12", "fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40",
    "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90", "hundred": "100",
    "thousand": "1000", "dozen": "dozen", "half": "half", "double": "double", "twice": "twice", "triple": "triple",
}  # fmt: skip
"""Number words that count as numbers. "one" is left out: "this one", "one detail"."""
