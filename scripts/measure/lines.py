"""The ledger's lines, spoken again, and found in sound that was really on air."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from engine.flow import SAMPLE_RATE, Line, LineKind, Utterance
from engine.records import AskedQuestion, Ledger, SaidLine
from engine.settings import Voice
from engine.speech import make_speaker
from engine.speech.pauses import stretches
from measure.place import Place, Sound, find, find_anywhere

REACH_S = 1.5
"""A line is looked for this far around where the others make it expected."""

LOADING_S = 300.0
"""How long a voice of another program may take to be loaded."""

_ANCHORS = 8


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line that went on air, spoken again here, and where its sound was found (``place.start`` in samples)."""

    said: SaidLine
    utterance: Utterance
    place: Place

    @property
    def first_sound(self) -> int:
        """Sample at which the first phoneme begins; by ear where the voice does not know."""
        return self.place.start + _heard(self.utterance)[0]

    @property
    def last_sound(self) -> int:
        """Sample at which the last phoneme ends; by ear where the voice does not know."""
        return self.place.start + _heard(self.utterance)[1]


def _heard(utterance: Utterance) -> tuple[int, int]:
    sounds = [(p.start, p.end) for p in utterance.phonemes if p.symbol] or stretches(utterance.pcm_48k)
    return sounds[0][0], sounds[-1][1]


def read_ledger(path: Path) -> tuple[list[SaidLine], list[AskedQuestion]]:
    """All lines and questions, oldest first."""
    ledger = Ledger(path)
    try:
        return list(reversed(ledger.lines(100_000))), list(reversed(ledger.questions(100_000)))
    finally:
        ledger.close()


def speak_again(voice: Voice, said: Iterable[SaidLine]) -> list[tuple[SaidLine, Utterance]]:
    """Each line's sound, made anew by the same voice: the same text gives the same samples."""
    with closing(make_speaker(voice)) as speaker:
        speaker.waits_s = LOADING_S
        return [(s, speaker.utter(Line(s.line_id, LineKind(s.kind), s.text))) for s in said]


def find_lines(spoken: Sequence[tuple[SaidLine, Utterance]], sound: Sound) -> list[Spoken]:
    """Find every line in ``sound`` by its own waveform; those that are not there have an uncertain place.

    One line found anywhere gives the distance between the ledger's samples and the sound's; each line is then looked
    for within ``REACH_S`` around its expected place, and anywhere when it is not there.
    """
    distance = _distance(spoken, sound)
    found = []
    for said, utterance in spoken:
        place = Place(0, 0.0)
        if distance is not None:
            expected, reach = said.start_sample + distance, round(REACH_S * SAMPLE_RATE)
            if -reach < expected < len(sound):
                place = find(utterance.pcm_48k, sound, expected - reach, expected + reach)
                if place.certain:
                    distance = place.start - said.start_sample
        found.append(Spoken(said, utterance, place))
    return found


def _distance(spoken: Sequence[tuple[SaidLine, Utterance]], sound: Sound) -> int | None:
    for said, utterance in spoken[:_ANCHORS]:
        place = find_anywhere(utterance.pcm_48k, sound)
        if place.certain:
            return place.start - said.start_sample
    return None


def spread(lines: Sequence[Spoken], count: int) -> list[Spoken]:
    """At most ``count`` of ``lines``, evenly spread over the run."""
    if len(lines) <= count:
        return list(lines)
    return [lines[round(i * (len(lines) - 1) / (count - 1))] for i in range(count)]
