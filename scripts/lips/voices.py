"""Who speaks for training, for choosing the best epoch, and for judging. Nobody is in two of these."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A voice ("a+b": half-way between two) that says ``sentences`` sentences of a language, at ``speed``; of the
    written ones it says those from number ``begin`` on, and then the first ones.
    """

    backend: str
    voice: str
    language: str
    sentences: int
    speed: float = 1.0
    begin: int = 0


JUDGED_ENGLISH = ("af_nova", "af_sky", "am_fenrir", "am_puck", "bf_emma", "bm_george")
JUDGED_MANDARIN = ("zf_xiaoyi", "zm_yunyang")
ENGLISH = (
    "af_alloy", "af_aoede", "af_bella", "af_heart", "af_jessica", "af_nicole", "af_river", "af_sarah", "am_adam",
    "am_echo", "am_eric", "am_liam", "am_michael", "am_onyx", "am_santa", "bf_alice", "bf_isabella", "bf_lily",
    "bm_daniel", "bm_fable",
)  # fmt: skip
MANDARIN = ("zf_xiaobei", "zf_xiaoxiao", "zm_yunjian", "zm_yunxi", "zm_yunxia")
MIDWAY = (
    "af_bella+am_onyx", "af_heart+bf_lily", "af_nicole+am_adam", "af_river+am_michael", "af_sarah+bm_daniel",
    "af_aoede+zf_xiaobei", "am_echo+bm_fable", "am_eric+zm_yunxi", "bf_alice+im_nicola", "bf_isabella+ff_siwis",
    "am_liam+pm_alex", "af_jessica+hf_alpha",
)  # fmt: skip
MIDWAY_MANDARIN = ("zf_xiaobei+zm_yunjian", "zf_xiaoxiao+af_heart", "zm_yunxi+am_michael", "zm_yunxia+af_bella")
"""Throats that nobody has: half-way between two voices that are heard in training."""

MORE_MIDWAY = (
    *(f"{voice}+{ENGLISH[(i + apart) % len(ENGLISH)]}" for apart in (3, 7) for i, voice in enumerate(ENGLISH)),
    "af_aoede+zf_xiaobei", "am_eric+zm_yunxi", "bf_alice+im_nicola", "bf_isabella+ff_siwis", "am_liam+pm_alex",
    "af_jessica+hf_alpha", "am_onyx+hm_omega", "af_river+pf_dora", "bm_fable+zm_yunjian", "bf_lily+zf_xiaoxiao",
)  # fmt: skip
MORE_MIDWAY_MANDARIN = (
    *MIDWAY_MANDARIN, "zf_xiaoxiao+zf_xiaobei", "zm_yunxi+zm_yunxia", "zm_yunjian+am_onyx", "zf_xiaobei+bf_lily",
)  # fmt: skip

TONGUES = {"fr": ("ff_siwis", 12), "it": ("im_nicola", 10), "pt": ("pf_dora", 9), "hi": ("hf_alpha", 9)}
GUESTS = {
    "fr": ("af_bella", "am_onyx", "bf_lily"), "it": ("am_echo", "bf_alice", "zf_xiaoxiao"),
    "pt": ("pm_alex", "af_nicole", "bm_daniel"), "hi": ("hm_omega", "af_sarah", "zm_yunxi"),
}  # fmt: skip
MORE_GUESTS = {
    "fr": (*GUESTS["fr"], "ff_siwis+bm_daniel", "ff_siwis+af_river", "ff_siwis+am_michael"),
    "it": (*GUESTS["it"], "im_nicola+am_eric", "im_nicola+bf_lily", "im_nicola+af_nicole"),
    "pt": (*GUESTS["pt"], "pf_dora+af_sarah", "pm_alex+am_adam", "pf_dora+bf_isabella"),
    "hi": (*GUESTS["hi"], "hf_alpha+af_bella", "hm_omega+am_liam", "hf_alpha+af_aoede"),
}
"""Who else says the sentences of the other languages."""

PACES = (0.9, 1.0, 1.15)


def _training(
    midway: tuple[str, ...], mandarin: tuple[str, ...], guests: dict[str, tuple[str, ...]]
) -> tuple[Part, ...]:
    """Everybody whose voice is their own, and some of those that nobody has."""
    return (
        Part("hibari", "heart", "en", 200),
        Part("flite", "awb", "en", 120, begin=3),
        Part("flite", "kal16", "en", 70, begin=6),
        *(Part("kokoro", v, "en", 9, PACES[i % 3], 3 * i) for i, v in enumerate(ENGLISH)),
        *(Part("kokoro", v, "en", 6, PACES[i % 3], 3 * i) for i, v in enumerate(midway)),
        *(Part("kokoro", v, "en", 4, 1.0, 5 * i) for i, v in enumerate(MANDARIN)),
        *(Part("kokoro", v, "zh", 16, PACES[i % 3]) for i, v in enumerate(MANDARIN)),
        *(Part("kokoro", v, "zh", 12, PACES[i % 3]) for i, v in enumerate(mandarin)),
        *(Part("kokoro", v, language, n, begin=4) for language, (v, n) in TONGUES.items()),
        *(
            Part("kokoro", v, language, 6, PACES[i % 3], 3 * i)
            for language, who in guests.items()
            for i, v in enumerate(who)
        ),
    )


PARTS: dict[str, tuple[Part, ...]] = {
    "validate": (
        Part("kokoro", "af_kore", "en", 4),
        Part("kokoro", "bm_lewis", "en", 4, begin=3),
        Part("kokoro", "zf_xiaoni", "zh", 4, begin=2),
        Part("kokoro", "if_sara", "it", 3),
    ),
    "train": _training(MIDWAY, MIDWAY_MANDARIN, GUESTS),
    "train_midway": _training(MORE_MIDWAY, MORE_MIDWAY_MANDARIN, MORE_GUESTS),
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

TRAINED = ("train", "train_midway")
"""Two networks, the second with three times as many throats that nobody has: together they are right more often than
either.
"""
