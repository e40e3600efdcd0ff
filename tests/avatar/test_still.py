"""What is kept of the torso is made soon, and holds no more than what is seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.avatar import open_body
from engine.avatar.body import Body
from engine.avatar.framing import FRAMINGS
from engine.flow import CURVE_INDEX, Framing, rest_curves
from engine.settings.channel import Canvas

MIA = Path(__file__).resolve().parents[2] / "avatars" / "bodies" / "mia.ehb"
CANVAS = Canvas(width=360, height=640)
LEFT, RIGHT = {"armForwardLeft": 20.0}, {"armForwardRight": 20.0}
ARMS: tuple[dict[str, float], ...] = ({}, LEFT, RIGHT, LEFT | RIGHT)


@pytest.fixture
def body() -> Iterator[Body]:
    opened = open_body(MIA, CANVAS)
    assert isinstance(opened, Body)
    yield opened
    opened.close()


def paint(body: Body, framing: Framing, **values: float) -> None:
    curves = rest_curves()
    for name, value in values.items():
        curves[CURVE_INDEX[name]] = value
    body.paint(curves, np.zeros((CANVAS.height, CANVAS.width, 3), np.uint8), FRAMINGS[framing])


def test_after_it_is_prepared_nothing_more_is_kept_whatever_is_shown(body: Body) -> None:
    made = 0
    while body.prepare():
        made += 1
    kept = dict(body._stills._drawn)
    assert made == len(kept) == len(FRAMINGS) * len(ARMS)
    for framing in Framing:
        for arms in ARMS:
            paint(body, framing, **arms)
    assert body._stills._drawn == kept


def test_what_was_shown_is_not_made_again(body: Body) -> None:
    paint(body, Framing.BUST)
    made = 0
    while body.prepare():
        made += 1
    assert made == len(FRAMINGS) * len(ARMS) - 1


def test_rows_with_nothing_in_them_are_not_kept(body: Body) -> None:
    while body.prepare():
        pass
    for still in body._stills._drawn.values():
        assert still.image[0, :, 3].any()
        assert still.image.base is None, "a view keeps all of it"


def test_a_closed_body_makes_nothing(body: Body) -> None:
    body.close()
    assert not body.prepare()
