"""Phonemes to visemes, and visemes to face curves.

The phonemes are those of the misaki/Kokoro alphabet. The visemes are the fifteen of the Oculus/Meta set, with
``er`` (a relaxed mouth), ``ww`` (lips pushed forward for w) and ``LL`` (tongue up, mouth ajar) beside them, and for
Mandarin ``ZH`` (zh, ch and sh, whose lips are less round than in English sh) and ``uo`` (the o of uo and ou, rounder
and more closed than in English saw).
"""

from __future__ import annotations

import numpy as np

from engine.flow import CURVE_INDEX, CURVES, Floats


class MotionError(Exception):
    """A face that cannot be moved as asked: an unknown phoneme or frame rate."""


def _sides(**curves: float) -> dict[str, float]:
    return {name + side: value for name, value in curves.items() for side in ("Left", "Right")}


VISEME_CURVES: dict[str, dict[str, float]] = {
    "sil": {},
    "PP": {**_sides(mouthPress=0.30), "mouthClose": 0.09, "mouthRollLower": 0.21, "mouthRollUpper": 0.18,
           "mouthPucker": 0.05},
    "FF": {**_sides(mouthUpperUp=0.42), "jawOpen": 0.03, "mouthRollLower": 0.92, "mouthShrugLower": 0.32},
    "TH": {**_sides(mouthLowerDown=0.24, mouthUpperUp=0.14), "jawOpen": 0.15, "tongueOut": 0.55, "tongueUp": 0.30},
    "DD": {**_sides(mouthLowerDown=0.32, mouthUpperUp=0.16, mouthStretch=0.08), "jawOpen": 0.13, "tongueUp": 0.75},
    "kk": {**_sides(mouthLowerDown=0.22, mouthStretch=0.12), "jawOpen": 0.21},
    "CH": {**_sides(mouthUpperUp=0.24, mouthLowerDown=0.28), "jawOpen": 0.09, "mouthFunnel": 0.55, "mouthPucker": 0.22},
    "ZH": {**_sides(mouthUpperUp=0.22, mouthLowerDown=0.30), "jawOpen": 0.08, "mouthFunnel": 0.30, "mouthPucker": 0.08},
    "SS": {**_sides(mouthStretch=0.28, mouthLowerDown=0.40, mouthUpperUp=0.20, mouthSmile=0.12), "jawOpen": 0.05},
    "nn": {**_sides(mouthLowerDown=0.24, mouthUpperUp=0.14), "jawOpen": 0.12, "tongueUp": 0.80},
    "LL": {**_sides(mouthLowerDown=0.26, mouthUpperUp=0.16), "jawOpen": 0.19, "tongueUp": 1.0},
    "RR": {**_sides(mouthLowerDown=0.16, mouthUpperUp=0.06), "jawOpen": 0.13, "mouthFunnel": 0.34, "mouthPucker": 0.24},
    "ww": {**_sides(mouthLowerDown=0.04), "jawOpen": 0.08, "mouthPucker": 0.82, "mouthFunnel": 0.24},
    "aa": {**_sides(mouthLowerDown=0.28, mouthUpperUp=0.22), "jawOpen": 0.74},
    "ae": {**_sides(mouthLowerDown=0.28, mouthUpperUp=0.24, mouthStretch=0.20, mouthSmile=0.10), "jawOpen": 0.64},
    "E": {**_sides(mouthStretch=0.28, mouthSmile=0.18, mouthLowerDown=0.26, mouthUpperUp=0.16), "jawOpen": 0.44},
    "ih": {**_sides(mouthStretch=0.24, mouthSmile=0.24, mouthLowerDown=0.26, mouthUpperUp=0.14), "jawOpen": 0.25},
    "er": {**_sides(mouthLowerDown=0.20, mouthUpperUp=0.10), "jawOpen": 0.29, "mouthFunnel": 0.08},
    "oh": {**_sides(mouthLowerDown=0.08, mouthUpperUp=0.08), "jawOpen": 0.52, "mouthFunnel": 0.55, "mouthPucker": 0.18},
    "ou": {**_sides(mouthLowerDown=0.06), "jawOpen": 0.18, "mouthPucker": 0.70, "mouthFunnel": 0.30},
    "uo": {**_sides(mouthLowerDown=0.06, mouthUpperUp=0.04), "jawOpen": 0.34, "mouthPucker": 0.62, "mouthFunnel": 0.46},
}  # fmt: skip
"""Curves of each viseme at full strength on a face at rest. "sil" is a closed, relaxed mouth."""

VISEMES: tuple[str, ...] = tuple(VISEME_CURVES)
VISEME_INDEX: dict[str, int] = {name: i for i, name in enumerate(VISEMES)}

MOUTH_CURVES: tuple[str, ...] = tuple(
    sorted({c for curves in VISEME_CURVES.values() for c in curves}, key=CURVES.index)
)
MOUTH_COLUMNS = np.array([CURVE_INDEX[c] for c in MOUTH_CURVES])

VOWELS = frozenset("AIOQWYaeiouyæɐɑɒɔøœəɚɛɜɤɨɪɯʊʌᵊᵻ")
SEALS = frozenset("pbm")
"""Phonemes with closed lips."""

LIP_TO_TEETH = frozenset("fvʋɸβ")
ROUND_GLIDES = frozenset("wɥ")

_SINGLE: dict[str, str] = {
    "PP": "pbm",
    "FF": "fvʋɸβ",
    "TH": "θð",
    "DD": "tdTɾʈɖ",
    "kk": "kɡŋcɟqχɣxɴʁɰhʔçʝ",
    "CH": "ʃʒʧʤ",
    "ZH": "ʂꭧ",
    "SS": "szʣʦɕʥʨ",
    "nn": "nɲɳ",
    "LL": "lʎ",
    "RR": "ɹrɻɽ",
    "ww": "wɥ",
    "ih": "ijɪɨᵻ",
    "E": "ɛeœø",
    "ae": "æ",
    "aa": "aɑɒʌ",
    "oh": "ɔ",
    "uo": "o",
    "ou": "uʊɯy",
    "er": "əɚɜɐɤᵊ",
}
_GLIDES: dict[str, tuple[str, str]] = {
    "A": ("E", "ih"), "I": ("aa", "ih"), "O": ("oh", "ou"), "W": ("aa", "ou"), "Y": ("oh", "ih"), "Q": ("er", "ou"),
    "S": ("CH", "CH"),
}  # fmt: skip
"""Diphthongs, as Kokoro writes them, move from one mouth to another; Q is the British one of "go"."""

GLIDE_SHARE = 0.58
"""Share of a diphthong that its first mouth lasts."""

PHONEME_VISEMES: dict[str, tuple[str, ...]] = {
    **{symbol: (viseme,) for viseme, symbols in _SINGLE.items() for symbol in symbols},
    **_GLIDES,
    "": ("sil",),
}
"""Each phoneme's mouth, or the two that it moves between."""

LONG_JAW: dict[str, float] = {
    "ɐ": 1.15,
    "ʌ": 0.68,
    "ɜ": 1.1,
    "ə": 0.75,
    "ᵊ": 0.5,
    "h": 0.9,
    "i": 0.9,
    "y": 0.6,
    "ɨ": 0.55,
}
"""Factor on ``jawOpen`` where a phoneme is more or less open than its viseme."""


def visemes_of(symbol: str) -> tuple[str, ...]:
    """Mouths of one phoneme. Raises MotionError for a symbol that is not in the alphabet."""
    try:
        return PHONEME_VISEMES[symbol]
    except KeyError:
        raise MotionError(f"unknown phoneme {symbol!r}") from None


def viseme_matrix() -> Floats:
    """Curves of all visemes, shape ``(len(VISEMES), len(MOUTH_CURVES))``."""
    rows = [[VISEME_CURVES[v].get(c, 0.0) for c in MOUTH_CURVES] for v in VISEMES]
    return np.array(rows, np.float32)
