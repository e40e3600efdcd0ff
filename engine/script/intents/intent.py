"""What a chat message may want, and the form of a rule that finds it."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass


class Intent(enum.StrEnum):
    """What is wanted."""

    INJECTION = "injection"
    UNKIND = "unkind"
    AI = "ai"
    USED = "used"
    NAME = "name"
    SHIPPING = "shipping"
    DELIVERY = "delivery"
    DESTINATIONS = "destinations"
    RETURNS = "returns"
    HOURS = "hours"
    PAYMENT = "payment"
    WARRANTY = "warranty"
    CONTACT = "contact"
    COUPON = "coupon"
    DISCOUNT = "discount"
    STOCK = "stock"
    LINK = "link"
    NEXT = "next"
    LIST = "list"
    OPINION = "opinion"
    PRICE = "price"
    THANKS = "thanks"
    COMPLIMENT = "compliment"
    GOODBYE = "goodbye"
    SMALL_TALK = "small_talk"
    REACTION = "reaction"
    GREETING = "greeting"


@dataclass(frozen=True, slots=True)
class Rule:
    """``pattern`` says that a message has ``intent``, unless ``unless`` is found too."""

    intent: Intent
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None


def rule(intent: Intent, pattern: str, unless: str = "") -> Rule:
    """A rule from two expressions, for messages in small letters."""
    return Rule(intent, re.compile(pattern), re.compile(unless) if unless else None)
