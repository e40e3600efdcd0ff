"""An hour of script in each language: repeated sentences, facts told, the guard again from the text and from the sound.

The English hour is spoken with the product's voice and heard by Whisper-base; the guard then holds the numbers and
prices of what was heard against each line's facts. A recogniser mishears too: every finding is listed with what was
meant and heard. Those that go when Whisper hears the line once more by itself are counted apart, and so are those
where the numbers heard are those written, so that only a name ("Killn Mug") or a grade ("18-8") is spelt otherwise.
"""

from __future__ import annotations

import re
import sys
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
NUMBER_RULES = frozenset(
    ["number", "number.bound", "number.exchanged", "price.role", "price.swapped", "price.reduced", "price.pieces"]
)
"""Findings that concern numbers and prices; the others depend on the spelling of every word."""

PIECE_S = 27.0
_WHISPER_RATE = 16_000
_GAP = np.zeros(round(0.7 * _WHISPER_RATE), np.float32)


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
class Heard:
    """A line's sound and what was heard of it among its neighbours."""

    line: Line
    sound: NDArray[np.float32]
    text: str


class Ear:
    """Whisper-base on one thread, which is slower but steady beside other work."""

    def __init__(self) -> None:
        from faster_whisper import WhisperModel  # noqa: PLC0415  # an extra that only this part needs

        self._model = WhisperModel(str(MODEL), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)

    def alone(self, sound: NDArray[np.float32]) -> str:
        """The words of one line by itself."""
        return "".join(word for _, word in self._words(np.pad(sound, (1600, 4800)))).strip()

    def together(self, piece: list[tuple[Line, NDArray[np.float32]]]) -> list[Heard]:
        """The words of neighbouring lines, told apart by their times: Whisper looks at 30 s at once anyway."""
        starts: list[int] = []
        mix: list[NDArray[np.float32]] = [_GAP]
        for _, sound in piece:
            starts.append(sum(map(len, mix)))
            mix += [sound, _GAP]
        words = self._words(np.concatenate(mix))
        heard = []
        for start, (line, sound) in zip(starts, piece, strict=True):
            first, last = start - len(_GAP) // 2, start + len(sound) + len(_GAP) // 2
            heard.append(Heard(line, sound, "".join(word for at, word in words if first <= at < last).strip()))
        return heard

    def _words(self, sound: NDArray[np.float32]) -> list[tuple[float, str]]:
        """Words with the sample of their middle."""
        parts, _ = self._model.transcribe(
            sound, language="en", beam_size=5, condition_on_previous_text=False, word_timestamps=True
        )
        return [((w.start + w.end) / 2 * _WHISPER_RATE, w.word) for part in parts for w in part.words or ()]


def of_sound(channel: Channel, lines: list[ScriptLine]) -> dict[str, Any]:
    """Numbers and prices of what Whisper hears of each line, held against that line's facts.

    A line that reads wrong among its neighbours is heard once more by itself; it counts as a violation if it reads
    wrong then too and its numbers are others than those written.
    """
    if not (MODEL / "model.bin").is_file():
        return {"left_out": "run scripts/fetch_whisper.py first", "violations": []}
    ear, guard = Ear(), guard_of(channel)
    seconds, pieces = _spoken_pieces(channel, lines)
    violations: list[dict[str, Any]] = []
    misheard: list[dict[str, Any]] = []
    spelt_otherwise: list[dict[str, Any]] = []
    for number, piece in enumerate(pieces, start=1):
        for heard in ear.together(piece):
            wrong = number_findings(guard, heard.line, heard.text)
            if wrong:
                again = ear.alone(heard.sound)
                still = number_findings(guard, heard.line, again)
                row = {"meant": heard.line.text, "heard": heard.text, "findings": wrong, "again": again, "still": still}
                if still and not same_numbers(heard.line.text, heard.text) and not same_numbers(heard.line.text, again):
                    violations.append(row)
                else:
                    (spelt_otherwise if still else misheard).append(row)
        print(f"\rheard {number} of {len(pieces)} pieces", end="", file=sys.stderr, flush=True)
    return {
        "seconds": round(seconds, 1),
        "lines_with_numbers": sum(map(len, pieces)),
        "violations": violations,
        "misheard_once": misheard,
        "spelt_otherwise": spelt_otherwise,
    }


def _spoken_pieces(
    channel: Channel, lines: list[ScriptLine]
) -> tuple[float, list[list[tuple[Line, NDArray[np.float32]]]]]:
    """Seconds of speech of the whole hour, and its lines with numbers in pieces that Whisper hears at once."""
    import soxr  # noqa: PLC0415  # only this part needs the voice

    from engine.speech import make_speaker  # noqa: PLC0415

    speaker = make_speaker(channel.voice)
    seconds = length = 0.0
    pieces: list[list[tuple[Line, NDArray[np.float32]]]] = []
    for each in lines:
        pcm = speaker.utter(each.line).pcm_48k
        own = (len(pcm) / SAMPLE_RATE) + len(_GAP) / _WHISPER_RATE
        seconds += len(pcm) / SAMPLE_RATE
        if not quantities(each.line.text):
            continue
        if not pieces or length + own > PIECE_S:
            pieces.append([])
            length = len(_GAP) / _WHISPER_RATE
        pieces[-1].append((each.line, soxr.resample(pcm, SAMPLE_RATE, _WHISPER_RATE).astype(np.float32)))
        length += own
    return seconds, pieces


def same_numbers(meant: str, heard: str) -> bool:
    """Whether two texts have the same numbers in the same order, or the same digits where they are joined otherwise."""
    values = [[quantity.raw for quantity in quantities(text)] for text in (meant, heard)]
    digits = ["".join(re.findall(r"\d", re.sub(r"\.00\b", "", text))) for text in (meant, heard)]
    return values[0] == values[1] or (bool(digits[0]) and digits[0] == digits[1])


def number_findings(guard: Guard, line: Line, heard: str) -> list[str]:
    """What the guard says of the numbers and prices of a line as it was heard."""
    found = guard.verdict(replace(line, text=heard)).findings
    unsaid = [each for each in found if each.rule == "empty" and each.fact_id.endswith(".price")]
    return [f"{each.rule}: {each.words or each.message}" for each in found if each.rule in NUMBER_RULES] + [
        each.message for each in unsaid
    ]
