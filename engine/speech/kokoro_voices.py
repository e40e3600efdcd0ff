"""The voices of Kokoro-82M that this program speaks with, where they lie, and what to do when they are not there."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "var" / "models" / "kokoro"
"""Holds ``model.onnx``, ``vocab.json`` and ``voices/*.bin`` (float32 510 x 1 x 256: a style by number of symbols)."""

MODEL_BYTES = 92_361_271
STYLES_BYTES = 510 * 256 * 4
"""How large the files are that are whole."""

COMMAND = "make zh"
TONGUES_COMMAND = "make tongues"
"""Gets what the languages beside English and Mandarin need."""

MANDARIN = (
    "zf_xiaobei", "zf_xiaoni", "zf_xiaoxiao", "zf_xiaoyi", "zm_yunjian", "zm_yunxi", "zm_yunxia", "zm_yunyang",
)  # fmt: skip
ENGLISH = (
    "af_alloy", "af_aoede", "af_bella", "af_heart", "af_jessica", "af_kore", "af_nicole", "af_nova", "af_river",
    "af_sarah", "af_sky", "am_adam", "am_echo", "am_eric", "am_fenrir", "am_liam", "am_michael", "am_onyx",
    "am_puck", "am_santa", "bf_alice", "bf_emma", "bf_isabella", "bf_lily", "bm_daniel", "bm_fable", "bm_george",
    "bm_lewis",
)  # fmt: skip
"""The first letter is the accent (American, British), the second f or m."""

TONGUES: dict[str, tuple[str, ...]] = {
    "ja": ("jf_alpha", "jf_gongitsune", "jf_nezumi", "jf_tebukuro", "jm_kumo"),
    "es": ("ef_dora", "em_alex", "em_santa"),
    "fr": ("ff_siwis",),
    "hi": ("hf_alpha", "hf_beta", "hm_omega", "hm_psi"),
    "it": ("if_sara", "im_nicola"),
    "pt": ("pf_dora", "pm_alex", "pm_santa"),
}
"""Voices for lines in other languages than a channel's; Portuguese is that of Brazil."""

LANGUAGES: dict[str, frozenset[str]] = {
    **dict.fromkeys(MANDARIN, frozenset({"zh", "en"})),
    **dict.fromkeys(ENGLISH, frozenset({"en"})),
    **{voice: frozenset({language}) for language, voices in TONGUES.items() for voice in voices},
}
"""What each voice speaks; the Mandarin ones say English words too."""


def tongue(voice: str) -> str:
    """The language of ``TONGUES`` that a voice speaks; "" for English and Mandarin ones."""
    return next((language for language, voices in TONGUES.items() if voice in voices), "")


def missing(voice: str, folder: Path = FOLDER) -> str:
    """What ``voice`` lacks, with the command that fetches it; "" when it can speak (``LANGUAGES``, or by phonemes)."""
    names = ("model.onnx", "vocab.json", f"voices/{voice}.bin")
    lacks = [name for name in names if not (folder / name).is_file()]
    damaged = [name for name in names if name not in lacks and not is_whole(folder / name)]
    language = tongue(voice)
    if "zh" in LANGUAGES.get(voice, ()) and importlib.util.find_spec("pypinyin") is None:
        lacks.append("the package pypinyin")
    if language == "ja":
        lacks += [f"the package {p}" for p in ("pyopenjtalk", "sudachipy") if importlib.util.find_spec(p) is None]
    elif language and shutil.which("espeak-ng") is None:
        lacks.append("the program espeak-ng")
    command = TONGUES_COMMAND if language else COMMAND
    if lacks:
        return f"voice {voice!r} of backend 'kokoro' is not installed ({', '.join(lacks)}): run `{command}`"
    if damaged:
        return f"voice {voice!r} of backend 'kokoro' is damaged ({', '.join(damaged)}): run `{command}`"
    return ""


def is_whole(file: Path) -> bool:
    """Whether one of Kokoro's files has the size or the form that it has to have."""
    try:
        if file.suffix == ".json":
            return bool(json.loads(file.read_text(encoding="utf-8")))
        return file.stat().st_size == (MODEL_BYTES if file.suffix == ".onnx" else STYLES_BYTES)
    except (OSError, ValueError):
        return False
