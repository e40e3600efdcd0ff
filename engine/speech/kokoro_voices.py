"""The voices of Kokoro-82M that this program speaks with, where they lie, and what to do when they are not there."""

from __future__ import annotations

import importlib.util
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "var" / "models" / "kokoro"
"""Holds ``model.onnx``, ``vocab.json`` and ``voices/*.bin`` (float32 510 x 1 x 256: a style by number of symbols)."""

COMMAND = "make zh"

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

LANGUAGES: dict[str, frozenset[str]] = {
    **dict.fromkeys(MANDARIN, frozenset({"zh", "en"})),
    **dict.fromkeys(ENGLISH, frozenset({"en"})),
}
"""What each voice speaks; the Mandarin ones say English words too."""


def missing(voice: str, folder: Path = FOLDER) -> str:
    """What ``voice`` lacks, with the command that fetches it; "" when it can speak (``LANGUAGES``, or by phonemes)."""
    lacks = [name for name in ("model.onnx", "vocab.json", f"voices/{voice}.bin") if not (folder / name).is_file()]
    if "zh" in LANGUAGES.get(voice, ()) and importlib.util.find_spec("pypinyin") is None:
        lacks.append("the package pypinyin")
    if not lacks:
        return ""
    return f"voice {voice!r} of backend 'kokoro' is not installed ({', '.join(lacks)}): run `{COMMAND}`"
