"""A manner learned from a person: how head and brows move while idle and while speaking, and when the eyes blink.

A manner file (``.ehm``) is JSON with curves and nothing else of the clip that it was learned from. It moves any body.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.flow import CURVE_INDEX
from engine.motion.visemes import MotionError
from engine.settings.pictures import write_whole
from engine.settings.plain import plain

Doubles = NDArray[np.float64]
Unit = Callable[[int], float]

SUFFIX = ".ehm"
FORMAT, VERSION = "everhost-manner", 1
RATE = 25
"""Rows a second of the curves in a manner file."""

MANNER_CURVES: tuple[str, ...] = (
    "headYaw", "headPitch", "headRoll", "browInnerUp", "browDownLeft", "browDownRight", "browOuterUpLeft",
    "browOuterUpRight",
)  # fmt: skip
"""What a manner moves: head angles in degrees around the rest, and brows, 0 to 1."""

MANNER_COLUMNS = np.array([CURVE_INDEX[name] for name in MANNER_CURVES])
HEAD = 3
"""The first so many of these are angles."""

MOST_DEGREES = 20.0
LARGEST_FILE = 4_000_000
MOST_SHOWN = 80
"""Letters of a stranger's key that a message shows."""

LEAST_ROWS = 2 * RATE

PIECE_S, FADE_S = 9.0, 1.6
"""The idle manner is played in pieces of this length from random places, each faded into the next."""

LEAST_EXTRA = 0.2
"""Share of its movement that speaking adds at least, where a person is as lively when idle."""

BLINK_GAPS = (1.2, 9.0)
"""Seconds between blinks: what a manner may ask for."""

Row = Annotated[list[float], Field(min_length=len(MANNER_CURVES), max_length=len(MANNER_CURVES))]
Run = Annotated[list[Row], Field(min_length=LEAST_ROWS, max_length=20_000)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    format: Literal["everhost-manner"]
    version: Literal[1]
    curves: list[str]
    idle: Annotated[list[Run], Field(min_length=1, max_length=200)]
    speaking: Annotated[list[Run], Field(min_length=1, max_length=200)]
    blink_gap_s: Annotated[float, Field(ge=BLINK_GAPS[0], le=BLINK_GAPS[1])]


@dataclass(frozen=True)
class Manner:
    """Runs (rows, len(MANNER_CURVES)) at ``RATE``, uncut, of idling and of speaking; the usual time between blinks."""

    idle: tuple[Doubles, ...]
    speaking: tuple[Doubles, ...]
    blink_gap_s: float

    def idling(self, second: float, unit: Unit) -> Doubles:
        """The curves (len(MANNER_CURVES),) at a second; ``unit(n)`` is a number from 0 to 1, the same for the same n.

        A pure function of the second: pieces begin at random places of the runs and fade into each other.
        """
        step = PIECE_S - FADE_S
        number = int(second // step)
        into = second - number * step
        now = self._piece(number, into, unit)
        if number == 0 or into >= FADE_S:
            return now
        share = 0.5 - 0.5 * math.cos(math.pi * into / FADE_S)
        return share * now + (1 - share) * self._piece(number - 1, into + step, unit)

    def speech(self, seconds: Doubles, place: float) -> Doubles:
        """What speaking adds (moments, len(MANNER_CURVES)) at ``seconds`` from a line's start.

        ``place``, 0 to 1, is where in the runs it begins.
        """
        run = _chosen(self.speaking, place)
        begin = place * len(run) / RATE
        return _played(run, seconds + begin) * self._extra()

    def _piece(self, number: int, into: float, unit: Unit) -> Doubles:
        run = _chosen(self.idle, unit(2 * number))
        begin = unit(2 * number + 1) * max(0.0, len(run) / RATE - PIECE_S)
        return np.asarray(_played(run, np.array([begin + into]))[0])

    def _extra(self) -> Doubles:
        """Speaking is added to idling, so it brings only what it moves more."""
        idle, speaking = (np.concatenate(runs).std(0) + 1e-9 for runs in (self.idle, self.speaking))
        return np.asarray(np.sqrt(np.maximum(1 - (idle / speaking) ** 2, LEAST_EXTRA**2)))


def _chosen(runs: tuple[Doubles, ...], share: float) -> Doubles:
    """One of the runs; longer ones are chosen more often."""
    ends = np.cumsum([len(run) for run in runs]) / sum(len(run) for run in runs)
    return runs[min(int(np.searchsorted(ends, share, side="right")), len(runs) - 1)]


def _played(run: Doubles, seconds: Doubles) -> Doubles:
    """A run at some seconds, to and fro without end."""
    last = len(run) - 1
    at = np.mod(seconds * RATE, 2 * last)
    at = np.minimum(at, 2 * last - at)
    low = np.minimum(at.astype(np.int64), last - 1)
    share = (at - low)[:, None]
    return np.asarray(run[low] * (1 - share) + run[low + 1] * share)


def write_manner(file: Path, manner: Manner) -> None:
    """Writes a manner file, replacing one that is there only when all is written."""
    runs = {
        name: [np.round(run, 3).tolist() for run in held]
        for name, held in (("idle", manner.idle), ("speaking", manner.speaking))
    }
    told = {"format": FORMAT, "version": VERSION, "curves": MANNER_CURVES, **runs, "blink_gap_s": manner.blink_gap_s}
    write_whole(file, json.dumps(told, separators=(",", ":")).encode())


def read_manner(file: Path) -> Manner:
    """Reads a manner file. Raises MotionError when it is missing, none, too large, or of another version."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise MotionError(f"{file}: larger than any manner file; make it again: everhost avatar manner")
        told = _File.model_validate_json(file.read_bytes())
    except FileNotFoundError as error:
        raise MotionError(f"{file}: there is no such manner file; make one: everhost avatar manner") from error
    except OSError as error:
        raise MotionError(f"{file}: cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = plain(".".join(str(part) for part in first["loc"]))[:MOST_SHOWN] or "the file"
        raise MotionError(
            f"{file}: not a manner file of this version ({where}: {first['msg']}); "
            "make it again: everhost avatar manner"
        ) from error
    if tuple(told.curves) != MANNER_CURVES:
        raise MotionError(f"{file}: its curves are not those that a manner has; make it again: everhost avatar manner")
    idle, speaking = (tuple(_limited(np.array(run)) for run in runs) for runs in (told.idle, told.speaking))
    return Manner(idle, speaking, told.blink_gap_s)


def manner_of(file: Path | None) -> Manner | None:
    """The manner in a file, or none where no file is named. Raises MotionError as ``read_manner``."""
    return None if file is None else read_manner(file)


def _limited(run: Doubles) -> Doubles:
    run[:, :HEAD] = run[:, :HEAD].clip(-MOST_DEGREES, MOST_DEGREES)
    run[:, HEAD:] = run[:, HEAD:].clip(-1.0, 1.0)
    return run
