"""Lips in a stream of pictures against the lines in its sound: what the recording's and the viewer's reports share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import av
import numpy as np

from engine.flow import CURVE_INDEX, SAMPLE_RATE, Floats
from engine.motion import Actor
from measure.face import MouthReader
from measure.lines import Spoken
from measure.lips import (
    GOOD_MATCH,
    Floats64,
    closed_threshold,
    closures,
    lag_curve,
    peak,
    vowel_envelope,
)
from measure.timing import percentiles, trend

MARGIN_S = 0.35
"""Pictures are read this far before and behind a line: the lags looked at reach that far."""

QUIET_MARGIN_S = 0.15
"""Lips may still be opening or closing this near to a sound."""

CLEAR_MATCH = 0.7
"""Lines that match this well tell the slope over the run: their lags scatter by a few milliseconds only."""

EARLY_S, LATE_S = -0.04, 0.06
"""EBU R37 at the transmitter: sound at most 40 ms early, at most 60 ms late."""


@dataclass(frozen=True, slots=True)
class TimedPicture:
    """A decoded picture and when it is shown, in seconds on the time line of the sound."""

    time_s: float
    frame: av.VideoFrame


@dataclass(slots=True)
class MouthTrack:
    """Times of pictures and the opening of the mouth in each (NaN: no face)."""

    times_s: list[float] = field(default_factory=list)
    opening: list[float] = field(default_factory=list)

    def within(self, start_s: float, end_s: float) -> tuple[Floats64, Floats64]:
        """Times and openings of the pictures between two times."""
        times, opening = np.array(self.times_s), np.array(self.opening)
        chosen = (times >= start_s) & (times <= end_s)
        return times[chosen], opening[chosen]


def read_mouth(pictures: Iterable[TimedPicture]) -> MouthTrack:
    """Read the mouth in each picture."""
    reader = MouthReader()
    track = MouthTrack()
    try:
        for picture in pictures:
            track.times_s.append(picture.time_s)
            track.opening.append(reader.opening(np.asarray(picture.frame.to_ndarray(format="rgb24"), np.uint8)))
    finally:
        reader.close()
    return track


@dataclass(frozen=True, slots=True)
class TimedLine:
    """A line with the second at which its sound begins, on the same time line as the pictures."""

    spoken: Spoken
    begins_s: float

    @property
    def ends_s(self) -> float:
        """Where its sound ends."""
        return self.begins_s + len(self.spoken.utterance.pcm_48k) / SAMPLE_RATE


def wanted(pictures: Iterable[TimedPicture], lines: Sequence[TimedLine]) -> Iterator[TimedPicture]:
    """The pictures within ``MARGIN_S`` of one of ``lines``."""
    for picture in pictures:
        if any(line.begins_s - MARGIN_S <= picture.time_s <= line.ends_s + MARGIN_S for line in lines):
            yield picture


def acted_mouth(line: Spoken, fps: int) -> Floats:
    """The opening that motion meant for a line, one value a picture: how far the jaw and lips part."""
    curves = Actor(fps, 1).perform(line.utterance, line.said.performance_id).curves
    parts = {"jawOpen": 1.0, "mouthLowerDownLeft": 0.25, "mouthUpperUpLeft": 0.25, "mouthClose": -1.0,
             "mouthRollLower": -0.2, "mouthPucker": -0.15}  # fmt: skip
    total = sum(curves[:, CURVE_INDEX[name]] * weight for name, weight in parts.items())
    return np.maximum(total, 0.0).astype(np.float32)


def lips_report(
    lines: Sequence[TimedLine], all_lines: Sequence[TimedLine], track: MouthTrack, fps: int
) -> dict[str, Any]:
    """Lags, closures and silence. ``all_lines`` tells where there is no silence.

    ``vowel_lag`` aligns the mouth with the vowels' energy, a picture taken at the middle of the time that it is
    shown. ``acted_lag`` aligns it with the mouth that motion meant for this sound, row by picture: whatever shifts
    pictures against sound on the way shows there, without the voice's own scatter.
    """
    vowel = [_vowel_lag(line, track, fps) for line in lines]
    acted = [_acted_lag(line, track, fps) for line in lines]
    begins = [line.begins_s for line in lines]
    _, speaking = _gather(track, lines)
    silent = _silence(track, all_lines)
    report: dict[str, Any] = {
        "lines": len(lines),
        "untimed": bool(lines) and not any(line.spoken.utterance.phonemes for line in lines),
        "pictures": len(track.times_s),
        "no_face_share": round(float(np.mean(np.isnan(track.opening))), 4) if track.opening else None,
        "vowel_lag": _lag_report(begins, vowel),
        "acted_lag": _lag_report(begins, acted),
    }
    if len(silent) and len(speaking):
        report |= _closure_report(lines, track, silent, speaking)
    return report


def _vowel_lag(line: TimedLine, track: MouthTrack, fps: int) -> Floats64 | None:
    times, opening = track.within(line.begins_s - MARGIN_S, line.ends_s + MARGIN_S)
    envelope = vowel_envelope(line.spoken.utterance.pcm_48k, line.spoken.utterance.phonemes)
    return lag_curve(opening, times + 0.5 / fps - line.begins_s, envelope)


def _acted_lag(line: TimedLine, track: MouthTrack, fps: int) -> Floats64 | None:
    times, opening = track.within(line.begins_s - MARGIN_S, line.ends_s + MARGIN_S)
    return lag_curve(opening, times - line.begins_s, acted_mouth(line.spoken, fps).astype(np.float64), fps)


def _lag_report(begins_s: Sequence[float], curves: Sequence[Floats64 | None]) -> dict[str, Any]:
    """Milliseconds; positive when the picture is late. ``sound_late`` is the same with the other sign (EBU R37).

    ``pooled`` is the lag that best aligns all lines together: the peak of their mean correlation. The other figures
    are of single lines whose own peak is at least ``GOOD_MATCH`` (the slope: ``CLEAR_MATCH``).
    """
    lags = [None if curve is None else peak(curve) for curve in curves]
    pooled = _pooled(curves)
    good = [(at, lag) for at, lag in zip(begins_s, lags, strict=True) if lag is not None and lag.match >= GOOD_MATCH]
    if not good:
        return {"n": 0, "unusable": len(lags), "pooled": pooled}
    seconds = np.array([lag.seconds for _, lag in good])
    inside = (-seconds >= EARLY_S) & (-seconds <= LATE_S)
    clear = [(at, lag.seconds * 1000) for at, lag in good if lag.match >= CLEAR_MATCH]
    line = trend([at for at, _ in clear], [ms for _, ms in clear])
    return {
        "pooled": pooled,
        **percentiles(seconds * 1000),
        "unusable": len(lags) - len(good),
        "middle_95_sound_late_ms": [round(float(x), 1) for x in np.percentile(-seconds * 1000, [2.5, 97.5])],
        "share_within_r37": round(float(inside.mean()), 4),
        "slope_lines": len(clear),
        "slope_over_run_ms": round(line.over_span, 2),
        "slope_confidence_ms": round(line.confidence, 2),
        "match": percentiles([lag.match for _, lag in good]),
    }


def _pooled(curves: Sequence[Floats64 | None]) -> dict[str, float] | None:
    known = [curve for curve in curves if curve is not None]
    found = peak(np.mean(known, axis=0)) if known else None
    return None if found is None else {"ms": round(found.seconds * 1000, 2), "match": round(found.match, 4)}


def _gather(track: MouthTrack, lines: Sequence[TimedLine]) -> tuple[Floats64, Floats64]:
    parts = [track.within(line.begins_s, line.ends_s) for line in lines]
    if not parts:
        return np.zeros(0), np.zeros(0)
    opening = np.concatenate([o for _, o in parts])
    return np.concatenate([t for t, _ in parts]), opening[np.isfinite(opening)]


def _silence(track: MouthTrack, all_lines: Sequence[TimedLine]) -> Floats64:
    """Openings in pictures that are ``QUIET_MARGIN_S`` away from every spoken sound."""
    times, opening = np.array(track.times_s), np.array(track.opening)
    quiet = np.isfinite(opening)
    for line in all_lines:
        start = line.begins_s + (line.spoken.first_sound - line.spoken.place.start) / SAMPLE_RATE - QUIET_MARGIN_S
        end = line.begins_s + (line.spoken.last_sound - line.spoken.place.start) / SAMPLE_RATE + QUIET_MARGIN_S
        quiet &= (times < start) | (times > end)
    silent: Floats64 = opening[quiet]
    return silent


def _closure_report(
    lines: Sequence[TimedLine], track: MouthTrack, silent: Floats64, speaking: Floats64
) -> dict[str, Any]:
    threshold = closed_threshold(silent, speaking)
    looked_at = closed = 0
    for line in lines:
        times, opening = track.within(line.begins_s - MARGIN_S, line.ends_s + MARGIN_S)
        found = closures(line.spoken.utterance.phonemes, times - line.begins_s, opening, threshold)
        looked_at, closed = looked_at + found.looked_at, closed + found.closed
    return {
        "closures": looked_at,
        "closed_share": round(closed / looked_at, 4) if looked_at else None,
        "silent_pictures": len(silent),
        "silence_closed_share": round(float((silent <= threshold).mean()), 4),
        "closed_threshold": round(threshold, 5),
        "opening_in_silence": percentiles(silent),
        "opening_in_speech": percentiles(speaking),
    }
