"""Who speaks for training, for choosing the best epoch, and for judging. Nobody is in two of these."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A voice that says ``sentences`` sentences of a language, at ``speed``."""

    backend: str
    voice: str
    language: str
    sentences: int
    speed: float = 1.0


JUDGED_ENGLISH = ("af_nova", "af_sky", "am_fenrir", "am_puck", "bf_emma", "bm_george")
JUDGED_MANDARIN = ("zf_xiaoyi", "zm_yunyang")
ENGLISH = (
    "af_alloy", "af_aoede", "af_bella", "am_eric", "am_liam", "am_michael", "am_onyx", "am_santa", "bf_alice",
    "bf_isabella", "bf_lily", "bm_daniel", "bm_fable",
)  # fmt: skip
MANDARIN = ("zf_xiaobei", "zf_xiaoxiao", "zm_yunjian", "zm_yunxi", "zm_yunxia")

PARTS: dict[str, tuple[Part, ...]] = {
    "validate": (
        Part("kokoro", "af_kore", "en", 4),
        Part("kokoro", "bm_lewis", "en", 4),
        Part("kokoro", "zf_xiaoni", "zh", 4),
        Part("kokoro", "if_sara", "it", 3),
    ),
    "train": (
        Part("hibari", "heart", "en", 60),
        Part("flite", "awb", "en", 50),
        Part("flite", "kal16", "en", 30),
        *(Part("kokoro", v, "zh", 10, (1.0, 1.15)[i % 2]) for i, v in enumerate(MANDARIN)),
        Part("kokoro", "ff_siwis", "fr", 10),
        Part("kokoro", "im_nicola", "it", 8),
        Part("kokoro", "pf_dora", "pt", 7),
        Part("kokoro", "pm_alex", "pt", 7, 1.1),
        Part("kokoro", "hf_alpha", "hi", 8),
        Part("kokoro", "hm_omega", "hi", 6),
        *(Part("kokoro", v, "en", 5, (0.9, 1.0, 1.15)[i % 3]) for i, v in enumerate(ENGLISH)),
    ),
    "judged": (
        *(Part("kokoro", v, "en", 5) for v in JUDGED_ENGLISH),
        *(Part("kokoro", v, "zh", 5) for v in JUDGED_MANDARIN),
        Part("kokoro", "ef_dora", "es", 6),
        Part("kokoro", "em_alex", "es", 6),
        Part("kokoro", "jf_alpha", "ja", 5),
        Part("kokoro", "jm_kumo", "ja", 5),
        Part("flite", "slt", "en", 10),
        Part("flite", "rms", "en", 10),
    ),
}
"""Spanish and Japanese are heard in judging only; so is the make of the voices slt and rms (human recordings turned
into parameters), of which training hears two other speakers."""
