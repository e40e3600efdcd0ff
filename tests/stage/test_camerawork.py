"""The lens: where it goes at the start of a line, how softly, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.avatar.framing import FRAMINGS, View
from engine.flow import Framing, Line, LineKind
from engine.stage.camerawork import MOVE_S, PUSH_IN, Camerawork
from engine.stage.layout import layout_for
from engine.stage.room import FAR, FARTHEST, Room
from engine.stage.timeline import Act, Placed

from .scene import channel, drawn, performance
from .test_stage import stage

FPS = 25
MOVE = round(MOVE_S * FPS)


def placed(start: int, framing: Framing | None = None, *, push_in: bool = False, pictures: int = 100) -> Placed:
    line = Line("l", LineKind.PITCH, "x", framing=framing, push_in=push_in)
    return Placed(Act("p", line, np.zeros((pictures, 1), np.float32), (), np.zeros(0, np.float32)), start)


def test_it_begins_with_the_bust_and_stays() -> None:
    lens = Camerawork(FPS)
    assert {lens.view(picture, None) for picture in range(0, 500, 50)} == {FRAMINGS[Framing.BUST]}
    assert lens.view(600, placed(600)) == FRAMINGS[Framing.BUST]


def test_a_line_brings_its_framing_softly() -> None:
    lens, line = Camerawork(FPS), placed(100, Framing.CLOSE)
    zooms = [lens.view(picture, line).zoom for picture in range(100, 100 + MOVE + 10)]
    assert zooms[0] == pytest.approx(1.0)
    assert zooms[MOVE] == pytest.approx(FRAMINGS[Framing.CLOSE].zoom)
    steps = np.diff(zooms)
    assert (steps >= 0).all()
    assert np.abs(np.diff(steps)).max() < 0.008  # no jolt
    assert lens.view(900, None).zoom == pytest.approx(FRAMINGS[Framing.CLOSE].zoom)


def test_a_push_in_lasts_as_long_as_its_line() -> None:
    lens, line = Camerawork(FPS), placed(0, push_in=True, pictures=200)
    assert lens.view(100, line).zoom == pytest.approx(1 + PUSH_IN / 2)
    assert lens.view(200, line).zoom == lens.view(400, None).zoom == pytest.approx(1 + PUSH_IN)
    back = placed(500, Framing.BUST)
    assert lens.view(500, back).zoom == pytest.approx(1 + PUSH_IN)
    assert lens.view(500 + MOVE, back).zoom == pytest.approx(1.0)


def test_a_picture_just_before_a_new_shot_is_still_the_old_one() -> None:
    lens = Camerawork(FPS)
    lens.view(100, placed(100, Framing.HALF))
    assert lens.view(99, None) == FRAMINGS[Framing.BUST]


def test_the_room_follows_the_lens_a_little_and_is_kept_while_it_rests() -> None:
    layout = layout_for(channel().canvas)
    backdrop = np.zeros((layout.height, layout.width, 3), np.uint8)
    backdrop[500:520, 100:120] = 255
    room = Room(backdrop, layout)
    assert np.array_equal(room.behind(FRAMINGS[Framing.HALF]), backdrop)
    near = room.behind(View(1.3))
    near[0, 0] = 9
    assert (room.behind(View(1.3))[0, 0] == 9).all(), "it is not made anew"
    assert np.array_equal(Room(backdrop, layout).behind(FRAMINGS[Framing.HALF]), backdrop), "the backdrop stays"
    column = np.flatnonzero(near[:, :, 0].max(0) > 128).mean()
    assert column == pytest.approx(360 + (109.5 - 360) * (1 + 0.3 * FAR) / FARTHEST, abs=1)
    wall = np.full_like(backdrop, 200)
    assert (Room(wall, layout).behind(View(0.76)) == 200).all()


@pytest.mark.parametrize("framing", list(Framing))
def test_no_framing_shows_more_than_the_room_has(framing: Framing) -> None:
    layout = layout_for(channel().canvas)
    backdrop = np.repeat(np.arange(layout.width, dtype=np.float32)[None] / 4, layout.height, 0).astype(np.uint8)
    seen = Room(np.dstack([backdrop] * 3), layout).behind(FRAMINGS[framing])[0, :, 0].astype(int)
    assert (np.diff(seen) >= 0).all()


def test_the_stage_shows_the_line_as_the_director_wants_it() -> None:
    made = stage()
    act = performance(pictures=50)
    made.add(replace(act, line=replace(act.line, framing=Framing.HALF)))
    made.schedule("p1", 100)
    for picture in (99, 100, 100 + MOVE):
        drawn(made, picture)
    zooms = [view.zoom for view in made._body.views]  # type: ignore[attr-defined]
    assert zooms == pytest.approx([1.0, 1.0, FRAMINGS[Framing.HALF].zoom])
