"""Sound against lips over a whole run, from what a player and a viewer decoded: line by line, spread over it.

``python -m faults.drift SIDE SOURCE CHANNEL STATE OUT`` writes what is found on one side ("rtmp", "viewer") as JSON:
a hundred minutes take a core for some ten, so that the two sides are measured by two processes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from measure.kept import OPUS_RATE, VIDEO_RATE, Watched, decode_h264, decode_opus
from measure.lines import Spoken, find_lines, read_ledger, speak_again, spread
from measure.lips import lag_curve, peak
from measure.mouth_track import (
    CLEAR_MATCH,
    MARGIN_S,
    MouthTrack,
    TimedLine,
    TimedPicture,
    acted_mouth,
    read_mouth,
    wanted,
)
from measure.place import Sound
from measure.recording import pictures, read_sound

from engine.flow import SAMPLE_RATE
from engine.settings import load_channel

LINES = 240
"""Lines looked at: one in some 25 s of a run of a hundred minutes."""

FPS = 25


@dataclass(slots=True)
class Drift:
    """For each line: when it was (seconds), and by how many milliseconds its sound came after its picture."""

    at_s: list[float] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)


def rtmp_drift(file: Path, channel: Path, state: Path) -> Drift:
    """From a file that a player copied from the RTMP server."""
    track = read_sound(file)
    lines = [TimedLine(line, track.seconds(line.place.start)) for line in _found(channel, state, track.pcm)]
    shown = (TimedPicture(picture.time_s, picture.frame) for picture in pictures(file))
    return _drift(lines, shown)


def viewer_drift(folder: Path, channel: Path, state: Path) -> Drift:
    """From what a WebRTC viewer kept; sound and picture by the sender reports that it got."""
    watched = Watched.load(folder)
    sounds, shown = watched.units("audio"), watched.units("video")
    pcm, first = decode_opus(sounds)
    base = {kind: float(np.median(watched.ntp_offset_s(kind, 0.0, np.inf)[1])) for kind in ("audio", "video")}
    lines = [
        TimedLine(line, base["audio"] + (first + line.place.start) / OPUS_RATE) for line in _found(channel, state, pcm)
    ]

    def timed() -> Iterator[TimedPicture]:
        for picture in decode_h264(shown):
            yield TimedPicture(base["video"] + picture.pts / VIDEO_RATE, picture.frame)

    return _drift(lines, timed())


def _found(channel: Path, state: Path, sound: Sound) -> list[Spoken]:
    """Lines of the ledger that are in ``sound`` with certainty, spread over it."""
    said = read_ledger(next(state.glob("*.ledger.sqlite")))[0]
    chosen = said if len(said) <= LINES else [said[round(i * (len(said) - 1) / (LINES - 1))] for i in range(LINES)]
    spoken = speak_again(load_channel(channel, check_files=False).voice, chosen)
    return spread([line for line in find_lines(spoken, sound) if line.place.certain], LINES)


def _drift(lines: Sequence[TimedLine], shown: Iterable[TimedPicture]) -> Drift:
    track = read_mouth(wanted(shown, lines))
    drift = Drift()
    for line in lines:
        lag = _lag(line, track)
        if lag is not None:
            drift.at_s.append(line.begins_s)
            drift.late_ms.append(-1000 * lag)
    return drift


def _lag(line: TimedLine, track: MouthTrack) -> float | None:
    """Seconds by which the picture comes after the sound, where the mouth that was meant is clearly seen."""
    end = line.begins_s + len(line.spoken.utterance.pcm_48k) / SAMPLE_RATE
    times, opening = track.within(line.begins_s - MARGIN_S, end + MARGIN_S)
    if not len(times):
        return None
    curve = lag_curve(opening, times - line.begins_s, acted_mouth(line.spoken, FPS).astype(np.float64), FPS)
    found = peak(curve) if curve is not None else None
    return found.seconds if found is not None and found.match >= CLEAR_MATCH else None


SIDES = {"rtmp": rtmp_drift, "viewer": viewer_drift}


def main(side: str, source: str, channel: str, state: str, out: str) -> None:
    """See the module."""
    found = SIDES[side](Path(source), Path(channel), Path(state))
    Path(out).write_text(json.dumps(asdict(found)))


if __name__ == "__main__":
    main(*sys.argv[1:])
