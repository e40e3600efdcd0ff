"""Who speaks for training, for choosing the best epoch, and for judging. Nobody is in two of these."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A voice that says ``sentences`` sentences of a language, at ``speed``; of the written ones it says those from
    number ``begin`` on, and then the first ones.
    """

    backend: str
    voice: str
    language: str
    sentences: int
    speed: float = 1.0
    begin: int = 0


JUDGED_ENGLISH = ("af_nova", "af_sky", "am_fenrir", "am_puck", "bf_emma", "bm_george")
JUDGED_MANDARIN = ("zf_xiaoyi", "zm_yunyang")
ENGLISH = {
    "af_alloy": 0, "af_aoede": 1, "af_bella": 2, "af_heart": 3, "am_echo": 9, "am_eric": 10, "am_liam": 11,
    "am_michael": 12, "am_onyx": 13, "am_santa": 14, "bf_alice": 15, "bf_isabella": 16, "bf_lily": 17, "bm_daniel": 18,
    "bm_fable": 19,
}  # fmt: skip
"""Each with a number, from which its pace and its first sentence follow."""

MANDARIN = ("zf_xiaobei", "zf_xiaoxiao", "zm_yunjian", "zm_yunxi", "zm_yunxia")

PARTS: dict[str, tuple[Part, ...]] = {
    "validate": (
        Part("kokoro", "af_kore", "en", 4),
        Part("kokoro", "bm_lewis", "en", 4, begin=3),
        Part("kokoro", "zf_xiaoni", "zh", 4, begin=2),
        Part("kokoro", "if_sara", "it", 3),
    ),
    "train": (
        Part("hibari", "heart", "en", 200),
        Part("flite", "awb", "en", 120, begin=3),
        Part("flite", "kal16", "en", 70, begin=6),
        *(Part("kokoro", v, "zh", 10, (1.0, 1.15)[i % 2]) for i, v in enumerate(MANDARIN)),
        Part("kokoro", "ff_siwis", "fr", 10, begin=4),
        Part("kokoro", "im_nicola", "it", 8, begin=7),
        Part("kokoro", "pf_dora", "pt", 7),
        Part("kokoro", "pm_alex", "pt", 7, 1.1, begin=3),
        Part("kokoro", "hf_alpha", "hi", 8, begin=4),
        Part("kokoro", "hm_omega", "hi", 6, begin=7),
        *(Part("kokoro", v, "en", 5, (0.9, 1.0, 1.15)[n % 3], begin=42 + 3 * n) for v, n in ENGLISH.items()),
    ),
    "judged": (
        *(Part("kokoro", v, "en", 5, begin=3 * i) for i, v in enumerate(JUDGED_ENGLISH)),
        *(Part("kokoro", v, "zh", 5, begin=3 * i) for i, v in enumerate(JUDGED_MANDARIN)),
        Part("kokoro", "ef_dora", "es", 6),
        Part("kokoro", "em_alex", "es", 6, begin=3),
        Part("kokoro", "jf_alpha", "ja", 5),
        Part("kokoro", "jm_kumo", "ja", 5, begin=3),
        Part("flite", "slt", "en", 10),
        Part("flite", "rms", "en", 10),
    ),
}
"""Spanish and Japanese are heard in judging only; so is the make of the voices slt and rms (human recordings turned
into parameters), of which training hears two other speakers."""
