"""Which names of viewers the host may say: those that look like names and cannot be anything else."""

from __future__ import annotations

import re

from engine.script import abuse, disguise
from engine.script.facts import FactBook
from engine.script.lexicons import lexicon
from engine.script.policy import load_policies, words_of
from engine.script.quantities import quantities
from engine.script.steering import steering
from engine.script.vocabulary import claim_words, harmless_chinese, harmless_stems, stem

MOST_LETTERS = 16

_LATIN_NAME = re.compile(r"[^\W\d_]{2,12}(?:[ -][^\W\d_]{1,12}\.?)?")
_CHINESE_NAME = re.compile(r"[\u3400-\u9fff]{2,4}")
_TITLES = words_of("""
    admin administrator mod moderator host official support system bot server staff owner manager team shop store dr
    doctor prof president god jesus guest viewer anonymous everyone everybody anyone nobody
""")
_CHINESE_TITLES = re.compile(
    r"管理|客服|官方|主播|系统|老板|店|医生|专家|教授|总统|主席|折|免|送|买|卖|价|钱|元|假|骗|大家|全|的|你|我|爸|妈|爷"
)


def safe_name(viewer: str, book: FactBook) -> str | None:
    """The name of ``viewer`` as it may be said, or None.

    One or two words of letters, or two to four Chinese characters; no number, no word that claims something or is
    merely a word, no title, no abuse, also not by its sound, no brand and no product, place or shop of the catalogue.
    """
    name = " ".join(viewer.split())
    if re.fullmatch(r"Guest \d+", name):
        return None
    if len(name) > MOST_LETTERS or not (_LATIN_NAME.fullmatch(name) or _CHINESE_NAME.fullmatch(name)):
        return None
    if _scripts(name) != 1 or abuse.sounds_bad(name) or steering(name) or quantities(name):
        return None
    if load_policies(("cn", "eu", "us")).findings(name) or _is_taken(name, book):
        return None
    return None if _is_a_word(name) else name


def _scripts(name: str) -> int:
    """How many ways of writing a name mixes."""
    return sum(
        bool(re.search(letters, name))
        for letters in ("[A-Za-zÀ-ɏ]", "[Ͱ-Ͽ]", "[Ѐ-ӿ]", "[\u3400-\u9fff]", "[^\u0000-\u04ff\u3400-\u9fff]")
    )


def _is_taken(name: str, book: FactBook) -> bool:
    """Whether the name is one of the catalogue's, of the host, or of a known maker or place."""
    lowered = name.lower()
    known = [
        book.shop,
        book.host,
        *(p.name for p in book.products.values()),
        *(p.short for p in book.products.values()),
    ]
    parts = set(lowered.split()) | {lowered}
    makers = {word.lower() for key in ("english", "chinese") for word in lexicon("names")[key].split()}
    long = [part for part in parts if len(part) > 2 or disguise.has_chinese(part)]
    return bool(parts & makers) or any(part in each.lower() for part in long for each in known)


def _is_a_word(name: str) -> bool:
    """Whether a part of the name is a word of everyday talk, a claim, or a title."""
    seen = disguise.plain(name).text
    if disguise.has_chinese(seen):
        _, harmless = harmless_chinese()
        claims = claim_words("zh")
        return (
            bool(_CHINESE_TITLES.search(seen))
            or seen in harmless
            or any(word in claims for word in disguise.words(seen))
        )
    words = re.findall(r"[^\W\d_]{2,}", seen)
    claims = claim_words("en")
    return any(word in _TITLES or word in claims or stem(word) in harmless_stems() for word in words)
