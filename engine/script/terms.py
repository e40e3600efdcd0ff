"""The words of a question: which matter, which mean the same, and what kind of fact is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.script.lexicons import listed
from engine.script.policy import words_of
from engine.settings import FactType

_EMPTY = words_of("""
    a an the this that these those it its it's they them their there here one ones thing things item product stuff
    i i'm i'd you your you're u ur we us our my me mine he she his her
    is are was were be been am isn't aren't do does did don't doesn't didn't can could can't will would won't should
    may might must have has had haven't hasn't got get gets getting
    and or but so if then else also too as at by for from in into of off on onto out over to up with without about
    what what's which who whom whose when where how why whether any some all more much many very really actually
    just only even still yet already again now today currently right please pls plz thanks thank hi hello hey hiya
    yo ok okay well oh wow mia dear guys everyone team know tell show say explain wondering wonder question ask
    asking want need like think sure exactly approximately roughly kind sort type possible able use used using make
    makes good nice not no yes than quick quickly me-again come comes go goes give gives take takes work works
    long time lot lots s t re ve ll d m allergic allergy allergies im ive
    dont doesnt cant isnt arent wont didnt wheres inside stay stays put whats hows version versions let lets
""")
"""Words that carry nothing to check. What is left of a question must be met by the fact that answers it."""

_GROUPS: tuple[str, ...] = (
    "wash washing washed washable dishwasher handwash clean cleans cleaning wipe wipes laundry launder",
    "waterproof rainproof splashproof water-resistant waterresistant weatherproof rain rainy splash splashes wet ipx"
    " ipx4 sweat sweatproof",
    "weigh weighs weight heavy light grams kilo kilos",
    "colour color colours colors shade finish",
    "laptop laptops macbook notebook-computer computer",
    "iphone ios apple-phone",
    "phone phones smartphone smartphones device devices",
    "hob hobs stove stoves stovetop cooktop cooktops burner",
    "leak leaks leakproof leak-proof leaking spill spills spillproof",
    "boil boils boiling",
    "charge charges charging recharge recharges recharging refill refills",
    "battery batteries runtime",
    "scent scents smell smells fragrance perfume",
    "page pages sheets",
    "hold holds capacity volume fit-in contain contains litre litres liter liters",
    "bright brightness lumen lumens",
    "dim dimmable dimming steps levels",
    "cup-holder holder holders cupholder cupholders",
    "strap straps",
    "temperature temperatures degrees celsius °c",
    "thick thickness",
    "fold folds foldable folding collapsible",
    "season seasoned seasoning pre-seasoned preseasoned",
    "refund refunds return returns returned returning",
    "hour hours",
    "minute minutes",
    "inch inches",
    "pocket pockets compartment compartments",
    "ribbon ribbons bookmark bookmarks",
    "flat lay-flat layflat",
    "material materials fabric",
    "switch switches shut shuts shutoff auto-off",
    "rated rating ip",
    "light-tone tone tones",
    "burn burns burning",
    "latex latex-free",
    "included includes include box package contents",
    "extra additional more",
    "car cars",
    "plug plugs outlet socket",
    "cold cool chilled ice iced",
    "hot warm",
    "drink drinks beverage beverages",
)

_GROUP_OF: dict[str, int] = {word: number for number, group in enumerate(_GROUPS) for word in group.split()}

MATERIAL_WORDS = words_of("""
    leather suede wool woollen cashmere cotton linen silk velvet polyester nylon acrylic fleece denim canvas bamboo
    wood wooden oak pine rubber latex silicone plastic glass crystal ceramic porcelain stoneware clay marble steel
    stainless iron aluminium aluminum titanium copper brass metal soy beeswax paraffin pvc vinyl
""")

COLOUR_WORDS = words_of("""
    red orange yellow green blue purple violet pink brown black white grey gray beige cream navy teal turquoise
    burgundy charcoal sage oatmeal silver gold
""")


PLACES = frozenset(map(str.lower, listed("names", "english")))
"""Places and makers, which a fact on where a thing comes from answers for another one."""

NOT_CONTENTS = words_of("usb usb-c usb-a bluetooth wireless charging charger")
"""Words that ask how a product connects, not what is in its box."""

FILLINGS: dict[FactType, frozenset[str]] = {
    FactType.CAPACITY: words_of("water liquid tea coffee drink drinks stuff space"),
    FactType.BATTERY: words_of("battery batteries big"),
    FactType.CARE: words_of("machine hand"),
}
"""Words that a question of a kind may hold without asking more: "how much water does it hold?"."""

WEAK_WORDS = words_of("""
    safe hand full light body base part parts hot cold warm cool free hard flat open big small large new natural keep
    keeps end top cover covers water made
""")
"""Words that alone ask nothing a fact could answer: "is it safe?" is not answered by "safe in the dishwasher"."""


_CHAT_SPELLING = (
    (r"\br\b(?= (?:u|you)\b)", "are"),
    (r"\busb ([ac])\b", r"usb-\1"),
    (r"\bu\b", "you"),
    (r"\bur\b", "your"),
    (r"\b(?:pls|plz)\b", "please"),
    (r"\b(oven|dishwasher|microwave|freezer|induction)[- ](?:safe|proof|friendly)\b", r"\1"),
    (r"(?<=\d) ?v\b", " volts"),
    (r"(?<=\d) ?w\b", " watts"),
    (r"(?<=\d) ?(?:h|hrs?)\b", " hours"),
)


@dataclass(frozen=True, slots=True)
class Concept:
    """A way to ask for a kind of fact. ``needs``: words of which a fact must have one to answer ("tall")."""

    pattern: re.Pattern[str]
    types: frozenset[FactType]
    needs: frozenset[str] = frozenset()


_GAP = re.compile(r"\.\{0,\d+\}")
"""Where a concept's pattern leaves room; what stands there is not part of the concept, and is captured."""


def _concept(pattern: str, *types: FactType, needs: str = "") -> Concept:
    return Concept(re.compile(_GAP.sub(r"(\g<0>)", pattern)), frozenset(types), words_of(needs))


CONCEPTS: tuple[Concept, ...] = (
    _concept(
        r"\bhow (?:much|many).{0,40}\bweighs?\b|\bhow (?:heavy|light)\b|\bweight\b|\bweigh\b|\bheavy\b",
        FactType.WEIGHT,
    ),
    _concept(r"\bhow (?:tall|high)\b|\bheight\b", FactType.SIZE, needs="tall high height by"),
    _concept(r"\bhow wide\b|\bwidth\b|\bdiameter\b", FactType.SIZE, needs="wide width across diameter by"),
    _concept(
        r"\bhow thick\b|\bthickness\b",
        FactType.SIZE,
        FactType.MATERIAL,
        FactType.PERFORMANCE,
        needs="thick thickness",
    ),
    _concept(r"\bhow deep\b|\bdepth\b", FactType.SIZE, needs="deep depth"),
    _concept(
        r"\bhow (?:big|large|small)\b|\b(?:what|which) size\b|\bdimensions?\b|\bmeasure(?:ments?)?\b|\bsizes?\b",
        FactType.SIZE,
    ),
    _concept(r"\bingredients?\b|\bwhat(?:'s| is) in (?:it|this)\b", FactType.MATERIAL),
    _concept(r"\bmade (?:of|from|out of)\b|\bmaterials?\b|\bfabric\b|\bwhat.{0,15} made\b(?! in)", FactType.MATERIAL),
    _concept(r"\bwhere.{0,25}\b(?:made|from|manufactured|produced|woven)\b|\bmade in\b|\borigin\b", FactType.ORIGIN),
    _concept(r"\bcolou?rs?\b", FactType.COLOUR),
    _concept(
        r"\bhow much.{0,30}\b(?:hold|fit|contain|carry|store)s?\b|\bcapacity\b|\bvolume\b|\bhow many (?:litres?|"
        r"liters?|ml)\b",
        FactType.CAPACITY,
        FactType.BATTERY,
    ),
    _concept(
        r"\b(?:in|inside) the (?:box|package|parcel)\b|\bcomes? with\b|\bincluded?s?\b|\baccessories\b", FactType.IN_BOX
    ),
    _concept(
        r"\bwatts?\b|\bwattage\b|\bvoltage\b|\bvolts?\b|\bhow (?:is|are).{0,20}powered\b|\bpower source\b",
        FactType.POWER,
    ),
    _concept(
        r"\bbattery(?: life)?\b|\bhow long.{0,25}\b(?:last|play|run)s?\b|\bhow many charges\b|\bmah\b",
        FactType.BATTERY,
        FactType.PERFORMANCE,
        needs="hours hour charge charges mah plays burns battery",
    ),
    _concept(
        r"\bhow (?:do|should|can|to).{0,20}\b(?:wash|clean|care)\b|\bcare(?: instructions?)?\b|\blook after\b|"
        r"\bwash(?:able)?\b"
        r"|\bdishwasher\b|\bclean(?:ing)?\b",
        FactType.CARE,
    ),
    _concept(
        r"\bhow (?:fast|quick(?:ly)?|long)\b.{0,40}\b(?:boil|charge|recharge|refill|take)s?\b",
        FactType.PERFORMANCE,
        needs="boils refills minutes hours",
    ),
    _concept(r"\bhow long\b(?=.{0,30}\b(?:hot|warm|cold|cool)\b)", FactType.PERFORMANCE, needs="hours hour"),
    _concept(r"\bcompatib\w+\b", FactType.COMPATIBILITY),
    _concept(r"\bhow (?:bright)\b|\bbrightness\b", FactType.PERFORMANCE, needs="lumens lumen brightness"),
    _concept(r"\bwarranty\b|\bguarantee\b", FactType.WARRANTY),
)


def plain(text: str) -> str:
    """``text`` with chat spelling written out, and "oven safe" as "oven"."""
    for pattern, words in _CHAT_SPELLING:
        text = re.sub(pattern, words, text, flags=re.IGNORECASE)
    return text


def tokens(text: str) -> list[str]:
    """Words and numbers of ``text``, small letters, with "7.2", "usb-c" and "don't" in one piece."""
    lowered = text.lower().replace("’", "'")
    return re.findall(r"\d+(?:[.,]\d+)*|[a-z]+\d+|[a-z]+(?:[-'][a-z0-9]+)*|°c|%", lowered)


def stem(word: str) -> str:
    """``word`` without the endings that change nothing here."""
    word = word.removesuffix("'s")
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)]
            break
    return word.removesuffix("e") if len(word) > 3 else word


def key_terms(text: str) -> list[str]:
    """The words of a question that a fact must meet, in order."""
    return [word for word in tokens(text) if word not in _EMPTY and not word[0].isdigit()]


def same_meaning(term: str, words: frozenset[str]) -> bool:
    """Whether ``term`` or a word of its group is among ``words`` (tokens of a fact)."""
    stems = {stem(word) for word in words}
    if stem(term) in stems:
        return True
    group = _GROUP_OF.get(term)
    if group is None:
        group = _GROUP_OF.get(stem(term))
    return group is not None and any(_GROUP_OF.get(word) == group for word in words)


def word_set(text: str) -> frozenset[str]:
    """Words of a fact, with the parts of hyphenated ones."""
    words = tokens(text)
    return frozenset(words) | {part for word in words for part in word.split("-") if len(part) > 1}


def concepts_in(text: str) -> list[tuple[Concept, str]]:
    """What kinds of fact ``text`` asks for, each with the words that say so."""
    lowered = text.lower().replace("’", "'")
    found = []
    for concept in CONCEPTS:
        match = concept.pattern.search(lowered)
        if match:
            found.append((concept, _without_gaps(match)))
    return found


def _without_gaps(match: re.Match[str]) -> str:
    kept, place = "", match.start()
    for group in range(1, len(match.groups()) + 1):
        start, end = match.span(group)
        if place <= start <= end <= match.end():
            kept += match.string[place:start] + " "
            place = end
    return kept + match.string[place : match.end()]


SAME_WORDS = 0.75
"""Share of their words that two messages have in common when they ask the same."""


def same_words(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two messages have nearly the same key terms; messages without any are never the same."""
    first, second = {stem(word) for word in one}, {stem(word) for word in other}
    return bool(first and second) and len(first & second) >= SAME_WORDS * len(first | second)
