"""Pinyin syllables in Kokoro's alphabet, which is IPA with arrows for the tones.

The alphabet is that of ``misaki.zh`` (version 1.0 of the model); ``tests/speech/mandarin`` holds every syllable against
misaki where that is installed.
"""

from __future__ import annotations

TONES = ("", "→", "↗", "↓", "↘", "")
"""Mark of tones 1 to 4; 5, the light tone, has none."""

INITIALS: dict[str, str] = {
    "b": "p", "p": "pʰ", "m": "m", "f": "f", "d": "t", "t": "tʰ", "n": "n", "l": "l", "g": "k", "k": "kʰ", "h": "x",
    "j": "ʨ", "q": "ʨʰ", "x": "ɕ", "zh": "ꭧ", "ch": "ꭧʰ", "sh": "ʂ", "r": "ɻ", "z": "ʦ", "c": "ʦʰ", "s": "s",
}  # fmt: skip

FINALS: dict[str, tuple[str, str]] = {
    "a": ("a", ""), "ai": ("ai", ""), "an": ("a", "n"), "ang": ("a", "ŋ"), "ao": ("au", ""), "e": ("ɤ", ""),
    "ei": ("ei", ""), "en": ("ə", "n"), "eng": ("ə", "ŋ"), "i": ("i", ""), "ia": ("ja", ""), "ian": ("jɛ", "n"),
    "iang": ("ja", "ŋ"), "iao": ("jau", ""), "ie": ("je", ""), "in": ("i", "n"), "iou": ("jou", ""),
    "ing": ("i", "ŋ"), "iong": ("jʊ", "ŋ"), "ong": ("ʊ", "ŋ"), "ou": ("ou", ""), "u": ("u", ""), "uei": ("wei", ""),
    "ua": ("wa", ""), "uai": ("wai", ""), "uan": ("wa", "n"), "uen": ("wə", "n"), "uang": ("wa", "ŋ"),
    "ueng": ("wə", "ŋ"), "uo": ("wo", ""), "o": ("wo", ""), "ü": ("y", ""), "üe": ("ɥe", ""), "üan": ("ɥɛ", "n"),
    "ün": ("y", "n"), "ɨ": ("ɨ", ""), "er": ("ɚ", ""), "ê": ("ɛ", ""),
}  # fmt: skip
"""Final: what bears the tone mark, and what follows it."""

WHOLE: dict[str, tuple[str, str]] = {
    "o": ("ɔ", ""),
    "yo": ("wo", ""),
    "m": ("m", ""),
    "hm": ("xm", ""),
    "n": ("n", ""),
    "ng": ("ŋ", ""),
}
"""Syllables that are not an initial and a final of the tables."""

_SPELT_Y = {
    "yi": "i", "ya": "ia", "yan": "ian", "yang": "iang", "yao": "iao", "ye": "ie", "yin": "in", "you": "iou",
    "ying": "ing", "yong": "iong", "yu": "ü", "yue": "üe", "yuan": "üan", "yun": "ün", "wu": "u", "wei": "uei",
    "wa": "ua", "wai": "uai", "wan": "uan", "wen": "uen", "wang": "uang", "weng": "ueng", "wo": "uo",
}  # fmt: skip
_SPELT_SHORT = {"iu": "iou", "ui": "uei", "un": "uen"}


def sounds_of(pinyin: str) -> str:
    """A syllable with its tone digit ("zhong1") in the voice's alphabet ("ꭧʊ→ŋ"). Raises KeyError for no syllable."""
    plain, tone = pinyin[:-1].replace("v", "ü").replace("u:", "ü"), TONES[int(pinyin[-1])]
    if plain in WHOLE:
        core, coda = WHOLE[plain]
        return core + tone + coda
    initial, final = _cut(plain)
    core, coda = FINALS[final]
    return INITIALS.get(initial, "") + core + tone + coda


def _cut(plain: str) -> tuple[str, str]:
    if plain in _SPELT_Y:
        return "", _SPELT_Y[plain]
    initial = plain[:2] if plain[:2] in {"zh", "ch", "sh"} else plain[:1] if plain[:1] in INITIALS else ""
    final = plain[len(initial) :]
    if final == "i" and initial in {"zh", "ch", "sh", "r", "z", "c", "s"}:
        return initial, "ɨ"
    if initial in {"j", "q", "x"} and final.startswith("u"):
        final = "ü" + final[1:]
    return initial, _SPELT_SHORT.get(final, final)
