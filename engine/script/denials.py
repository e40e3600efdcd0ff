"""Words that deny or limit what they stand with: one list for the answers and for the guard."""

from __future__ import annotations

import re

from engine.script.lexicons import lexicon


def _any_of(*keys: str) -> re.Pattern[str]:
    return re.compile("|".join(pattern for key in keys for pattern in lexicon("denials")[key]))


DENIES = _any_of("before")
"""What denies the words behind it ("without", "free of", 切勿), in small letters of either language."""

DENIES_BEFORE = _any_of("after")
"""What denies the clause that it ends ("is not included", 另购)."""

NOT_PLAIN_EN = _any_of("before", "doubts_en")
NOT_PLAIN_ZH = _any_of("before", "doubts_zh")
"""What denies, limits or blurs a sentence: "yes" to it, or because of it, could be wrong."""

AGAINST_EN = re.compile(lexicon("denials")["against_en"])
AGAINST_ZH = re.compile(lexicon("denials")["against_zh"])
"""What says that a thing works against what is named ("protects against scratches", 防摔)."""
