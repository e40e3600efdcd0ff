"""Learning a manner from a clip: what mediapipe reads of a person's head, brows and lids, as curves.

Each picture is read by itself and let go; the manner holds curves only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_closing, binary_opening, gaussian_filter1d

from engine.avatar.photo.errors import PhotoError
from engine.avatar.photo.landmarks import FoundFace, Landmarker, landmarker
from engine.motion.manner import BLINK_GAPS, HEAD, LEAST_ROWS, MANNER_CURVES, RATE, Manner

Doubles = NDArray[np.float64]

SHORTEST_S, LONGEST_S = 6.0, 300.0
"""Seconds that a clip lasts at least and at most; a manner of twenty and more repeats itself less."""

LEAST_FACES = 0.85
"""Share of the pictures in which one face, and only one, must be found."""

SMOOTH = 1.6
"""Pictures: what is quicker than about five a second is the reader's noise."""

BROW_REST = 20
"""Percentile of a brow's curve that counts as its rest."""

SHUT, OPEN = 0.5, 0.3
"""A blink begins above the first, and the eye is open again below the second."""

TALK_S, LEAST_TALK_S = 0.8, 1.2
"""A mouth that rests for less than the first still speaks; one that moves for less than the second does not."""

TALKING = 0.035
"""Change of jawOpen and of the lips, as a standard deviation over a second, of a mouth that speaks."""


@dataclass(frozen=True)
class Learnt:
    """A manner, and what it was learned from: seconds of idling and of speaking, and how many blinks."""

    manner: Manner
    idle_s: float
    speaking_s: float
    blinks: int


def learn_manner(clip: Path, progress: Callable[[float], None] = lambda _: None) -> Learnt:
    """Read a clip of one person. ``progress`` hears the seconds read.

    Raises:
        PhotoError: the clip cannot be read, is too short or too long, does not show one face nearly all the time, or
            shows nobody idling or speaking for long enough.
    """
    found: list[FoundFace | None] = []
    with landmarker(faces=2) as finder:
        for rgb in upright_pictures(clip):
            found.append(_one_face(finder, rgb))
            if len(found) > LONGEST_S * RATE:
                raise PhotoError(f"{clip}: longer than {LONGEST_S / 60:.0f} minutes; cut out a typical one")
            progress(len(found) / RATE)
    if len(found) < SHORTEST_S * RATE:
        raise PhotoError(f"{clip}: {len(found) / RATE:.1f} seconds are too short; use {SHORTEST_S:.0f} seconds or more")
    share = sum(face is not None for face in found) / len(found)
    if share < LEAST_FACES:
        raise PhotoError(
            f"{clip}: only in {100 * share:.0f} % of the pictures one face was found, {100 * LEAST_FACES:.0f} % are "
            "needed; use a clip on which one person looks into the camera"
        )
    return learnt_from(found, str(clip))


def learnt_from(found: list[FoundFace | None], clip: str = "the clip") -> Learnt:
    """The manner in what was found, picture by picture at ``RATE``; gaps are bridged. ``clip`` is named in messages.

    Raises:
        PhotoError: the person neither idles nor speaks for as long as the shortest stretch that can be played.
    """
    mouth = _bridged(np.array([_mouth(face) for face in found]))
    lids = _bridged(np.array([[_shape(face, "eyeBlinkLeft", "eyeBlinkRight")] for face in found]))[:, 0]
    rows = np.array([_row(face) for face in found])
    # Shutting eyes look like moving brows.
    rows[lids > OPEN, HEAD:] = np.nan
    curves = _bridged(rows)
    curves = gaussian_filter1d(curves, SMOOTH, axis=0)
    curves[:, :HEAD] -= np.median(curves[:, :HEAD], 0)
    curves[:, HEAD:] -= np.percentile(curves[:, HEAD:], BROW_REST, axis=0)
    curves[:, HEAD:] = np.maximum(curves[:, HEAD:], 0)
    speaking = _speaks(mouth)
    idle, talk = _runs(curves, ~speaking), _runs(curves, speaking)
    if not (idle or talk):
        raise PhotoError(
            f"{clip}: the person neither rests nor speaks for {LEAST_ROWS / RATE:.0f} seconds on end; use a clip on "
            "which they do both, as in a talk with pauses"
        )
    blinks = _blinks(lids)
    gap = len(found) / RATE / blinks if blinks else BLINK_GAPS[1]
    manner = Manner(idle or talk, talk or idle, float(np.clip(gap, *BLINK_GAPS)))
    return Learnt(manner, _seconds(idle), _seconds(talk), blinks)


def _one_face(finder: Landmarker, rgb: NDArray[np.uint8]) -> FoundFace | None:
    faces = finder.find(rgb)
    return faces[0] if len(faces) == 1 else None


def upright_pictures(clip: Path) -> Iterator[NDArray[np.uint8]]:
    """The clip's pictures, ``RATE`` a second, RGB, turned as players turn them: phones store them lying on their side.

    Raises PhotoError where the clip cannot be read.
    """
    try:
        with av.open(str(clip), metadata_errors="replace") as container:
            if not container.streams.video:
                raise PhotoError(f"{clip}: there are no pictures in it; use a video file")
            number = 0
            for frame in container.decode(video=0):
                # Each picture stands for all moments up to the next one's.
                while frame.time is not None and number / RATE <= frame.time - (container.start_time or 0) / 1e6 + 1e-6:
                    number += 1
                    lying = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
                    yield np.ascontiguousarray(np.rot90(lying, round(frame.rotation / 90)))
    except FileNotFoundError as error:
        raise PhotoError(f"{clip}: there is no such clip") from error
    except (av.error.FFmpegError, OSError) as error:
        raise PhotoError(f"{clip}: not a clip that can be read ({error.strerror}); use an MP4, MOV or WebM") from error


def _row(face: FoundFace | None) -> list[float]:
    if face is None:
        return [np.nan] * len(MANNER_CURVES)
    return [face.yaw, face.pitch, face.roll, *(face.shapes[name] for name in MANNER_CURVES[HEAD:])]


def _mouth(face: FoundFace | None) -> list[float]:
    return [
        _shape(face, "jawOpen"),
        _shape(face, "mouthLowerDownLeft", "mouthLowerDownRight"),
        _shape(face, "mouthFunnel"),
    ]


def _shape(face: FoundFace | None, *names: str) -> float:
    return float("nan") if face is None else float(np.mean([face.shapes[name] for name in names]))


def _bridged(rows: Doubles) -> Doubles:
    """Rows without NaN, by lines between what is known."""
    number = np.arange(len(rows))
    lines = [
        np.interp(number, number[known], column[known]) for column in rows.T if (known := np.isfinite(column)).any()
    ]
    return np.stack(lines, 1) if len(lines) == rows.shape[1] else np.nan_to_num(rows)


def _speaks(mouth: Doubles) -> NDArray[np.bool_]:
    """In which pictures the person speaks."""
    mean = gaussian_filter1d(mouth, RATE / 4, axis=0)
    change = np.sqrt(gaussian_filter1d((mouth - mean) ** 2, RATE / 4, axis=0)).max(1)
    moving = binary_closing(change > TALKING, np.ones(round(TALK_S * RATE), bool))
    return np.asarray(binary_opening(moving, np.ones(round(LEAST_TALK_S * RATE), bool)), np.bool_)


def _runs(curves: Doubles, which: NDArray[np.bool_]) -> tuple[Doubles, ...]:
    """The unbroken stretches that are long enough to be played, their heads around a common rest."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], which, [False]]).astype(int)))
    runs = [curves[a:b].copy() for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= LEAST_ROWS]
    if runs:
        rest = np.concatenate(runs)[:, :HEAD].mean(0)
        for run in runs:
            run[:, :HEAD] -= rest
    return tuple(runs)


def _blinks(lids: Doubles) -> int:
    """How often the eyes shut."""
    count, shut = 0, False
    for lid in lids:
        if not shut and lid > SHUT:
            count, shut = count + 1, True
        elif shut and lid < OPEN:
            shut = False
    return count


def _seconds(runs: tuple[Doubles, ...]) -> float:
    return sum(len(run) for run in runs) / RATE
