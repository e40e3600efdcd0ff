"""An hour of script in each language: repeated sentences, facts told, the guard again from the text and from the sound.

The English hour is spoken with the product's voice and heard by Whisper-base; the guard then holds the numbers and
prices of what was heard against each line's facts. A recogniser mishears too: every finding is listed with what was
meant and heard, and those that go when Whisper hears the same sound again with other settings are counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.commands.script import ScriptLine, summary, write_show
from engine.flow import SAMPLE_RATE, Line
from engine.script import FactBook, Guard
from engine.script.policy import packs_for
from engine.script.quantities import quantities
from engine.settings import Channel, load_channel
from words.corpus import ROOT

HOUR_S = 3600.0
FACTS_PERCENT = 95.0
BEGIN = datetime(2026, 3, 2, 18, tzinfo=UTC)
CHANNELS = ("mia", "xiaomei")
MODEL = ROOT / "var" / "models" / "whisper-base"
NUMBER_RULES = frozenset({"number", "number.bound", "number.exchanged", "price.role", "price.swapped"})
"""Findings that concern numbers and prices; the others depend on the spelling of every word."""

LISTEN_S = HOUR_S
_WHISPER_RATE = 16_000


def measure() -> dict[str, Any]:
    """Both hours; the English one also from its sound, where Whisper-base was fetched."""
    found: dict[str, Any] = {}
    met = True
    for name in CHANNELS:
        channel = load_channel(ROOT / "avatars" / f"{name}.yaml", check_files=False)
        lines = write_show(channel, HOUR_S, BEGIN)
        found[name] = of_text(channel, lines)
        met = met and not found[name]["repeated_sentences"] and not found[name]["violations"]
        met = met and found[name]["facts_percent"] >= FACTS_PERCENT
        if channel.language == "en":
            found[name]["heard"] = heard = of_sound(channel, lines)
            met = met and bool(heard.get("seconds")) and not heard["violations"]
    return {**found, "met": met}


def guard_of(channel: Channel) -> Guard:
    """A guard of its own for a channel, made anew."""
    policy = channel.policy
    book = FactBook.of(channel)
    return Guard(book, packs_for(channel.items.language, policy.packs, policy.platform))


def of_text(channel: Channel, lines: list[ScriptLine]) -> dict[str, Any]:
    """The summary of the hour, and every line that a fresh guard refuses."""
    guard = guard_of(channel)
    told = summary(channel, lines)
    violations = [each.line.text for each in lines if not guard.verdict(each.line).ok]
    return {
        **told,
        "facts_percent": round(100 * told["facts_told"] / told["facts"], 2),
        "violations": violations,
    }


@dataclass(frozen=True, slots=True)
class Ear:
    """Whisper-base, told that it hears a shop."""

    model: Any

    def hear(self, pcm_16k: NDArray[np.float32], *, beam: int, temperature: float) -> str:
        """The words in a sound."""
        parts, _ = self.model.transcribe(
            pcm_16k, language="en", beam_size=beam, temperature=temperature, condition_on_previous_text=False
        )
        return " ".join(part.text.strip() for part in parts)


def of_sound(channel: Channel, lines: list[ScriptLine]) -> dict[str, Any]:
    """Numbers and prices of what Whisper hears of each line, held against that line's facts."""
    if not (MODEL / "model.bin").is_file():
        return {"left_out": "run scripts/fetch_whisper.py first", "violations": []}
    import soxr  # noqa: PLC0415  # only this part needs them
    from faster_whisper import WhisperModel  # noqa: PLC0415

    from engine.speech import make_speaker  # noqa: PLC0415

    ear = Ear(WhisperModel(str(MODEL), device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True))
    speaker, guard = make_speaker(channel.voice), guard_of(channel)
    seconds = 0.0
    with_numbers = 0
    violations: list[dict[str, Any]] = []
    misheard: list[dict[str, Any]] = []
    for each in lines:
        if seconds >= LISTEN_S:
            break
        pcm = speaker.utter(each.line).pcm_48k
        seconds += len(pcm) / SAMPLE_RATE
        if not quantities(each.line.text):
            continue
        with_numbers += 1
        sound = np.pad(soxr.resample(pcm, SAMPLE_RATE, _WHISPER_RATE), (1600, 4800)).astype(np.float32)
        heard = ear.hear(sound, beam=5, temperature=0.0)
        wrong = number_findings(guard, each.line, heard)
        if not wrong:
            continue
        row = {"meant": each.line.text, "heard": heard, "findings": wrong}
        again = ear.hear(sound, beam=1, temperature=0.0)
        if number_findings(guard, each.line, again):
            violations.append({**row, "again": again})
        else:
            misheard.append({**row, "again": again})
    return {
        "seconds": round(seconds, 1),
        "lines_with_numbers": with_numbers,
        "violations": violations,
        "misheard_once": misheard,
    }


def number_findings(guard: Guard, line: Line, heard: str) -> list[str]:
    """What the guard says of the numbers and prices of a line as it was heard."""
    found = guard.verdict(replace(line, text=heard)).findings
    unsaid = [each for each in found if each.rule == "empty" and each.fact_id.endswith(".price")]
    return [f"{each.rule}: {each.words or each.message}" for each in found if each.rule in NUMBER_RULES] + [
        each.message for each in unsaid
    ]
