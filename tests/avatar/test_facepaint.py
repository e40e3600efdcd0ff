"""The painted face without a graphics context: tones that multiply, where beards grow, lines, brows."""

from __future__ import annotations

import numpy as np
import pytest

from engine.avatar.human import Looks
from engine.avatar.human.anatomy import skin
from engine.avatar.human.beard import CUTS, beard, growth, paint_beard
from engine.avatar.human.brows import paint_brows
from engine.avatar.human.face_map import HEIGHT, MOUTH, WIDTH, Canvas, empty, pixel
from engine.avatar.human.facepaint import complexion, freckles, lines, lines_strength, mouth
from engine.avatar.human.mesh import Points
from engine.avatar.human.sculpt import sculpt
from engine.avatar.human.source import HumanData
from engine.avatar.human.spec import Beard, srgb

FAIR, DARK = (0.96, 0.85, 0.78), (0.29, 0.17, 0.125)


def at(canvas: Canvas, x: float, z: float, reach: int = 3) -> Points:
    column, row = (round(p) for p in pixel(x, z))
    patch = canvas.image[row - reach : row + reach + 1, column - reach : column + reach + 1]
    return np.asarray(patch.mean((0, 1)))


def grows(style: str, x: float, z: float) -> float:
    return float(growth(np.array([x]), np.array([z]), CUTS[style])[0])


def test_places_in_the_map() -> None:
    assert pixel(0, 0) == pytest.approx((WIDTH / 2, HEIGHT * 12 / 27))
    assert pixel(0.09, -0.15) == pytest.approx((WIDTH, HEIGHT))


def test_tones_multiply_on_every_skin() -> None:
    changes = []
    for tone in (FAIR, DARK):
        canvas = Canvas(tone)
        complexion(canvas, Looks.model_validate({"skin": {"blush": 0.5}}))
        freckles(canvas, 0.5)
        changes.append(at(canvas, 0.039, -0.034) / np.array(tone))
        assert changes[-1][0] > changes[-1][1]  # redder, not greyer
    assert changes[0] == pytest.approx(changes[1], abs=1e-3)


def test_bare_lips_are_the_skin_a_little_redder() -> None:
    lips = empty()
    column, row = (round(p) for p in pixel(0, MOUTH))
    lips[row - 20 : row + 20, column - 60 : column + 60] = 1
    for gender, least in (("woman", 0.70), ("man", 0.78)):
        canvas = Canvas(DARK)
        bare = {"person": {"gender": gender}, "makeup": {"lip_cover": 0, "lips": "#ff0000"}}
        mouth(canvas, Looks.model_validate(bare), lips)
        share = at(canvas, 0, MOUTH) / np.array(DARK)
        assert least < share[1] < share[0] < 0.95
    canvas = Canvas(DARK)
    mouth(canvas, Looks.model_validate({"makeup": {"lip_cover": 1, "lips": "#ff0000"}}), lips)
    assert at(canvas, 0, MOUTH)[0] > 0.9


def test_where_beards_grow() -> None:
    assert grows("full", 0, -0.095) > 0.9  # chin
    assert grows("short", 0.05, -0.062) > 0.5  # jaw
    assert grows("short", 0.0, -0.049) > 0.85  # lip
    assert grows("short", 0.035, -0.03) == 0  # cheek
    assert grows("short", 0.0, 0.03) == 0  # forehead
    assert grows("short", 0.0, -0.118) == 0  # under the chin
    assert grows("moustache", 0.0, -0.049) > 0.85
    assert grows("moustache", 0.0, -0.095) == 0


def test_a_beard_is_painted_in_its_colour() -> None:
    for style, share in (("none", 0.0), ("stubble", 0.34), ("short", 0.86)):
        canvas = Canvas(FAIR)
        looks = Looks.model_validate({"beard": {"style": style, "colour": "#000000"}})
        paint_beard(canvas, looks, empty(), np.ones((HEIGHT, WIDTH), np.float32))
        assert 1 - at(canvas, 0.0, -0.095, 20)[0] / FAIR[0] == pytest.approx(share * 0.92, abs=0.08)


@pytest.mark.parametrize(("age", "own", "strength"), [(26, 0, 0), (26, 0.4, 0.4), (75, 0, 0.75), (75, 0.5, 1.0)])
def test_lines_come_with_age(age: int, own: float, strength: float) -> None:
    looks = Looks.model_validate({"person": {"age": age}, "skin": {"lines": own}})
    assert lines_strength(looks) == pytest.approx(strength)


def test_lines_darken_what_they_cross_and_nothing_else() -> None:
    canvas = Canvas(DARK)
    lines(canvas, 1.0)
    assert at(canvas, 0.0245, -0.053)[1] < 0.85 * DARK[1]
    assert at(canvas, 0.045, -0.075) == pytest.approx(np.array(DARK), abs=0.01)
    plain = Canvas(DARK)
    lines(plain, 0.0)
    assert np.ptp(plain.image[..., 0]) == 0


def test_brows_take_colour_and_thickness() -> None:
    covered = []
    for thickness in (0.5, 1.0, 2.0):
        canvas = Canvas(FAIR)
        paint_brows(canvas, Looks.model_validate({"brows": {"colour": "#101010", "thickness": thickness}}))
        covered.append(float((canvas.image[..., 0] < 0.6 * FAIR[0]).mean()))
    assert covered[0] < covered[1] < covered[2]
    grey = Canvas(DARK)
    paint_brows(grey, Looks.model_validate({"brows": {"colour": "#b0b0b0"}}))
    assert at(grey, 0.035, 0.0232)[1] > 0.5 * srgb("#b0b0b0")[1]


def test_strokes_follow_the_jaw(human_data: HumanData) -> None:
    looks = Looks.model_validate({"person": {"gender": "man"}, "beard": {"style": "short"}})
    figure = sculpt(human_data, looks)
    part = beard(figure, skin(figure), looks)
    assert part is not None
    assert part.source is not None
    assert len(part.triangles) == 3 * CUTS["short"].strokes
    dropped = (part.source @ figure.shapes["jawOpen"])[:, 2]
    assert dropped.min() < -0.020
    assert (dropped < -0.010).mean() > 0.2
    stubble = looks.model_copy(update={"beard": Beard(style="stubble")})
    assert beard(figure, skin(figure), stubble) is None
