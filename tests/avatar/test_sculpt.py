"""Looks to figures: the sliders' table, what each slider moves, sealed lips, and the tongue's own shape."""

from __future__ import annotations

import numpy as np
import pytest

from engine.avatar import BodyError
from engine.avatar.human import Looks
from engine.avatar.human.adult import CHIN, NOSE_TIP
from engine.avatar.human.lips import OVERLAP, Slit, sealed
from engine.avatar.human.mesh import Points
from engine.avatar.human.sculpt import Figure, sculpt
from engine.avatar.human.sliders import ADULT_AGE, AGEING, MAN, SLIDERS, WOMAN, Amounts, details, elder, phenotype
from engine.avatar.human.source import HumanData
from engine.avatar.human.spec import Face, Person
from engine.flow import FACE_CURVES

UPPER_LIP, LOWER_LIP, JAW_SIDE = 466, 496, 5225


@pytest.fixture(scope="module")
def data(human_data: HumanData) -> HumanData:
    return human_data


@pytest.fixture(scope="module")
def mia(data: HumanData) -> Figure:
    return sealed(sculpt(data, Looks()))


def with_face(**sliders: float) -> Looks:
    return Looks.model_validate({"face": sliders})


def test_every_slider_does_something_both_ways() -> None:
    assert set(SLIDERS) == set(Face.model_fields)
    assert all(less and more for less, more in SLIDERS.values())
    assert all(amount > 0 for both in SLIDERS.values() for amounts in both for amount in amounts.values())


def test_every_target_is_there(data: HumanData) -> None:
    names = {n for both in SLIDERS.values() for amounts in both for n in amounts} | set(WOMAN) | set(MAN) | set(AGEING)
    for name in sorted(names):
        assert np.abs(data.detail(name)).max() > 0.0005, name
    with pytest.raises(BodyError, match="no target named 'nose-of-cleopatra'"):
        data.detail("nose-of-cleopatra")


def test_the_default_is_the_tuned_woman() -> None:
    assert details(Looks()) == WOMAN
    assert phenotype(Person()) == {
        "gender": 1.0, "age": ADULT_AGE, "muscle": 0.45, "weight": 0.28, "height": 0.5, "proportions": 1.0,
        "cupsize": 0.42, "firmness": 0.7,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("years", "slider", "aged"), [(20, 0.655, 0), (26, 0.655, 0), (58, 0.8275, 32 / 49), (75, 0.919, 1)]
)
def test_age_never_falls_under_the_adult(years: int, slider: float, aged: float) -> None:
    assert phenotype(Person(age=years))["age"] == pytest.approx(slider, abs=0.001)
    assert elder(years) == pytest.approx(aged)


def test_a_slider_between_adds_its_share() -> None:
    half = details(with_face(eye_spacing=0.5))
    assert half == {**WOMAN, "eye-trans-out": SLIDERS["eye_spacing"][1]["eye-trans-out"] / 2}
    man = details(Looks.model_validate({"person": {"gender": "man"}, "face": {"chin_length": -1}}))
    assert man["chin-height-decr"] == pytest.approx(
        MAN["chin-height-decr"] + SLIDERS["chin_length"][0]["chin-height-decr"]
    )


@pytest.mark.parametrize(
    ("slider", "vertex", "axis", "metres"),
    [
        ("nose_tip", NOSE_TIP, 2, 0.003),
        ("nose_bridge", 131, 1, -0.002),
        ("chin_length", CHIN, 2, -0.005),
        ("chin_forward", CHIN, 1, -0.004),
        ("mouth_height", UPPER_LIP, 2, 0.002),
        ("lower_lip", LOWER_LIP, 1, -0.001),
        ("face_length", CHIN, 2, -0.002),
        ("forehead", 1015, 2, 0.005),
    ],
)
def test_a_slider_moves_the_face_as_it_says(
    data: HumanData, slider: str, vertex: int, axis: int, metres: float
) -> None:
    less, more = (moved(data, amounts)[vertex, axis] for amounts in SLIDERS[slider])
    assert (more - less) * np.sign(metres) > abs(metres)


@pytest.mark.parametrize(
    ("slider", "metres"),
    [("face_width", 0.005), ("jaw_width", 0.004), ("nose_width", 0.002), ("mouth_width", 0.003), ("ears", 0.005)],
)
def test_a_slider_widens_the_face(data: HumanData, slider: str, metres: float) -> None:
    less, more = (moved(data, amounts) for amounts in SLIDERS[slider])
    outwards = (more - less)[:, 0] * np.sign(data.base_mesh().vertices[:, 0])
    assert outwards.max() > metres


def moved(data: HumanData, amounts: Amounts) -> Points:
    return np.asarray(sum(amount * data.detail(name) for name, amount in amounts.items()))


@pytest.mark.parametrize(
    "looks",
    [
        Looks(),
        Looks.model_validate({"person": {"gender": "man", "age": 60, "origin": {"european": 1}}}),
        with_face(upper_lip=1, lower_lip=1, mouth_corners=-1, mouth_width=-1),
    ],
)
def test_lips_seal(data: HumanData, looks: Looks) -> None:
    figure = sealed(sculpt(data, looks))
    slit = Slit(figure)
    assert slit.gap().max() < 0.0002
    assert np.median(slit.gap()) == pytest.approx(-OVERLAP, abs=0.0003)
    assert abs(slit.opening(figure.shapes["mouthRollLower"])).max() < 0.0005
    assert abs(slit.opening(figure.shapes["jawOpen"] + figure.shapes["mouthClose"])).max() < 0.0005


def test_the_face_acts_every_curve(mia: Figure) -> None:
    assert set(FACE_CURVES) <= set(mia.shapes)
    offset = mia.shapes["tongueUp"]
    tongue = mia.group("helper-tongue")
    tip = tongue[np.argmin(mia.vertices[tongue, 1])]
    assert np.flatnonzero(np.abs(offset).max(1) > 1e-9).tolist() == sorted(
        set(np.flatnonzero(np.abs(offset).max(1) > 1e-9)) & set(tongue.tolist())
    )
    assert offset[tip, 2] == pytest.approx(0.0115, abs=0.001)


def test_rolled_lips_go_in(mia: Figure) -> None:
    for shape, vertex in (("mouthRollUpper", UPPER_LIP), ("mouthRollLower", LOWER_LIP)):
        assert mia.shapes[shape][vertex, 1] > 0.0015, shape


def test_a_man_is_broader_and_an_old_woman_older(data: HumanData, mia: Figure) -> None:
    man = sculpt(data, Looks.model_validate({"person": {"gender": "man", "height": 0.5}}))
    assert np.ptp(man.vertices[man.group("body"), 2]) - np.ptp(mia.vertices[mia.group("body"), 2]) > 0.08
    assert man.eye_radius < mia.eye_radius * 1.02


def test_nobody_without_origin(data: HumanData) -> None:
    looks = Looks.model_validate({"person": {"origin": {"african": 0, "asian": 0, "european": 0}}})
    with pytest.raises(BodyError, match="give at least one of them a share"):
        sculpt(data, looks)
