"""What a chat message wants, by rules of its language; what no rule takes goes to retrieval."""

from __future__ import annotations

import re

from engine.script import abuse
from engine.script.disguise import has_chinese
from engine.script.intents import chinese, english
from engine.script.intents.intent import Intent, Rule
from engine.script.steering import steering

_RULES = {"en": english.RULES, "zh": chinese.RULES}
_PREFIXES = {"en": re.compile(english.GREETING_PREFIX), "zh": re.compile(chinese.GREETING_PREFIX)}
_POLICY_WORDS = {"en": english.POLICY_WORDS, "zh": chinese.POLICY_WORDS}
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")

POLICY_INTENTS = frozenset(english.POLICY_WORDS)
"""What a rule of the shop may answer."""


def language_of(text: str) -> str:
    """The language that ``text`` is answered in: "zh" for Chinese writing, else "en"."""
    return "zh" if has_chinese(text) and not _KANA_OR_HANGUL.search(text) else "en"


def intent_of(text: str) -> Intent | None:
    """The first rule of its language that takes ``text``, or None."""
    if steering(text):
        return Intent.INJECTION
    if abuse.is_mild(text) or abuse.is_grave(text):
        return Intent.UNKIND
    found = _rule_of(text)
    return found[0].intent if found is not None else None


def beside(text: str) -> str:
    """What ``text`` says beside the words by which its intent was found."""
    found = _rule_of(text)
    return found[0].pattern.sub(" ", found[1]) if found is not None else text


def _rule_of(text: str) -> tuple[Rule, str] | None:
    """The rule that takes ``text``, and the text as rules see it."""
    language = language_of(text)
    whole = text.lower().replace("’", "'")
    for lowered in dict.fromkeys((_PREFIXES[language].sub("", whole), whole)):
        for rule in _RULES[language]:
            if rule.pattern.search(lowered) and not (rule.unless and rule.unless.search(lowered)):
                return rule, lowered
    return None


def policy_words(intent: Intent, language: str) -> re.Pattern[str]:
    """What a policy written in ``language`` says that answers ``intent``."""
    return re.compile(_POLICY_WORDS[language][intent], re.IGNORECASE)


__all__ = ["POLICY_INTENTS", "Intent", "beside", "intent_of", "language_of", "policy_words"]
