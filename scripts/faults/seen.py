"""What an eye has seen, and what may be said of it. Pure functions over its records."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from measure.stillness import STILL, repeats
from numpy.typing import NDArray

from faults.eye import RECORD, SPAN

CREPT = 7.0
"""What changed by more luma steps than this over ``SPAN`` pictures has moved. Pictures that were held while the demo
ran, encoded as on air, changed by 5.6 at most, and by 6.7 with a keyframe among them (52 times six to twelve pictures);
the moments of its calm that single steps hide, by 9.5 or more.
"""

_NUMBERS = ("at", "media", "value", "over")
_TYPE = np.dtype([("kind", "S1"), ("session", "<u4"), *((name, "<f8") for name in _NUMBERS), ("key", "?")])


@dataclass(frozen=True, slots=True)
class Seen:
    """Records between two monotonic seconds, pictures and sounds apart."""

    pictures: NDArray[Any]
    sounds: NDArray[Any]
    began: float
    ended: float

    @classmethod
    def read(cls, file: Path, began: float, ended: float) -> Seen:
        """Those of ``file`` that arrived between the two."""
        assert _TYPE.itemsize == RECORD.size
        raw = file.read_bytes()
        every = np.frombuffer(raw[: len(raw) // RECORD.size * RECORD.size], _TYPE)
        every = every[(every["at"] >= began) & (every["at"] <= ended)]
        return cls(every[every["kind"] == b"v"], every[every["kind"] == b"a"], began, ended)

    def longest_gap_s(self, kind: str) -> float:
        """The longest time without a picture ("pictures") or a piece of sound ("sounds"), the ends included."""
        times = getattr(self, kind)["at"]
        return float(np.diff(np.concatenate(([self.began], times, [self.ended]))).max())

    def first_gap_s(self, kind: str, least_s: float = 0.3) -> float:
        """How long the last longer break lasted: from its beginning until the next one arrived; 0 without one."""
        times = np.concatenate(([self.began], getattr(self, kind)["at"], [self.ended]))
        gaps = np.diff(times)
        return float(gaps[gaps > least_s][-1]) if (gaps > least_s).any() else 0.0

    def lost_pictures(self, fps: int) -> int:
        """Pictures missing between the first and the last one by their media times, within sessions."""
        lost = 0
        for session in np.unique(self.pictures["session"]):
            media = self.pictures["media"][self.pictures["session"] == session]
            steps = np.round(np.diff(media) * fps).astype(int)
            lost += int(np.maximum(steps - 1, 0).sum())
        return lost

    def steps_back(self) -> int:
        """How often a picture's media time was not later than that of the one before, within sessions."""
        same = np.diff(self.pictures["session"]) == 0
        return int((np.diff(self.pictures["media"])[same] <= 0).sum())

    def longest_still_s(self) -> float:
        """The longest time in which no picture showed anything new."""
        moved = self.pictures[(self.pictures["value"] > STILL)]["at"]
        return float(np.diff(np.concatenate(([self.began], moved, [self.ended]))).max())

    def stills(self, longest_s: float) -> NDArray[np.float64]:
        """When each longer time without anything new to see began, in monotonic seconds.

        A host that hardly moves changes less from one picture to the next than coding does, but the small steps add up
        over ``SPAN`` pictures, and what stands still does not.
        """
        moved = np.flatnonzero(~repeats(self.pictures["value"], self.pictures["key"]))
        begins = []
        for before, behind in pairwise(moved.tolist()):
            still = self.pictures[before + 1 : behind]
            crept = bool((still["over"][SPAN - 1 :] > CREPT).any())
            if self.pictures["at"][behind] - self.pictures["at"][before] > longest_s and not crept:
                begins.append(float(self.pictures["at"][before]))
        return np.array(begins, np.float64)

    def interval_p99_s(self) -> float:
        """99th percentile of the time between two pictures."""
        gaps = np.diff(self.pictures["at"])
        return float(np.percentile(gaps, 99)) if len(gaps) else float("inf")

    def offset_ms(self) -> float:
        """How much later than sound of the same media time pictures arrive, median, in milliseconds."""
        if not len(self.pictures) or not len(self.sounds):
            return float("nan")
        picture = np.median(self.pictures["at"] - self.pictures["media"])
        sound = np.median(self.sounds["at"] - self.sounds["media"])
        return float(1000 * (picture - sound))

    def quietest_dbfs(self) -> float:
        """The level of the quietest piece of sound: digital silence is -120."""
        return float(self.sounds["value"].min(initial=0.0))
