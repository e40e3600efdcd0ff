"""What the eyes saw: stills are told from calm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from faults.eye import SPAN, Diary
from faults.seen import Seen

Watch = Callable[..., Seen]


class Picture:
    """As a decoded one."""

    def __init__(self, number: int, plane: np.ndarray, *, key: bool = False) -> None:
        self.time, self.key_frame, self.plane = number / 25, key, plane


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Watches pictures that come in time; gives what was seen."""
    monkeypatch.setattr("faults.eye.luma", lambda frame: frame.plane)
    now = [100.0]
    monkeypatch.setattr("faults.eye.time.monotonic", lambda: now[0])

    def seen(planes: list[np.ndarray], keys: tuple[int, ...] = ()) -> Seen:
        file = tmp_path / "eye"
        with file.open("wb") as out:
            diary = Diary(out)
            for number, plane in enumerate(planes):
                now[0] += 0.04
                diary.picture(Picture(number, plane, key=number in keys))  # type: ignore[arg-type]
        return Seen.read(file, 0.0, 1e9)

    return seen


def scene(steps: list[float]) -> list[np.ndarray]:
    """Pictures whose brightness changes by ``steps``."""
    levels = np.cumsum([100.0, *steps])
    return [np.full((64, 32), round(level), np.uint8) for level in levels]


MOVES = [20.0, -20.0] * 5


def test_pictures_that_stand_still_are_a_still_and_four_of_them_are_none(watch: Watch) -> None:
    assert len(watch(scene([*MOVES, *[0.0] * SPAN, *MOVES])).stills(0.201)) == 1
    assert len(watch(scene([*MOVES, *[0.0] * (SPAN - 1), *MOVES])).stills(0.201)) == 0


def test_small_steps_that_add_up_are_calm_and_no_still(watch: Watch) -> None:
    assert len(watch(scene([*MOVES, *[3.0] * 8, *MOVES])).stills(0.201)) == 0
    assert len(watch(scene([*MOVES, *[1.0] * 4, *[-1.0] * 4, *MOVES])).stills(0.201)) == 1


def test_a_keyframe_that_looks_different_is_no_motion(watch: Watch) -> None:
    keyframe = len(MOVES) + 4
    assert len(watch(scene([*MOVES, *[0.0] * 3, 10.0, *[0.0] * 4, *MOVES]), keys=(keyframe,)).stills(0.201)) == 1
    assert len(watch(scene([*MOVES, *[3.0] * 3, 10.0, *[3.0] * 4, *MOVES]), keys=(keyframe,)).stills(0.201)) == 0
