"""Hosts are adults: proportions in numbers, and what is said of a face that would look under 18."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.avatar import BodyError
from engine.avatar.human import Looks, load_looks, sculpt, sliders
from engine.avatar.human.adult import LIMIT, MEASURES, SHORTEST, WEIGHTS, check_adult, measured, youth
from engine.avatar.human.source import HumanData

PRESETS = Path(__file__).parents[2] / "avatars" / "looks"


@pytest.fixture(scope="module")
def data(human_data: HumanData) -> HumanData:
    return human_data


def person(gender: str, origin: str) -> Looks:
    shares = {"african": 0.0, "asian": 0.0, "european": 0.0, origin: 1.0}
    return Looks.model_validate({"person": {"gender": gender, "origin": shares}})


def total(data: HumanData, looks: Looks) -> float:
    by_measure = youth(sculpt.sculpt(data, looks), looks)
    return float(np.dot([by_measure[name] for name in MEASURES], WEIGHTS))


def at_age(monkeypatch: pytest.MonkeyPatch, age: float) -> None:
    """Figures of MakeHuman's age slider, which no host file can ask for."""
    grown = sliders.phenotype
    monkeypatch.setattr(sculpt, "phenotype", lambda p: {**grown(p), "age": age})


def test_weights_are_whole() -> None:
    assert sum(WEIGHTS) == pytest.approx(1)


def test_mia_is_adult(data: HumanData) -> None:
    figure = sculpt.sculpt(data, Looks())
    check_adult(figure, Looks())
    values = measured(figure)
    assert values["stature"] == pytest.approx(1.695, abs=0.01)
    assert values["head_share"] == pytest.approx(0.123, abs=0.001)  # 8.1 heads
    assert values["eye_level"] == pytest.approx(0.501, abs=0.005)
    assert total(data, Looks()) == pytest.approx(0, abs=0.06)


@pytest.mark.parametrize(("gender", "origin"), [("woman", "african"), ("man", "european")])
def test_child_teenager_and_adult_are_told_apart(
    data: HumanData, monkeypatch: pytest.MonkeyPatch, gender: str, origin: str
) -> None:
    looks = person(gender, origin)
    assert total(data, looks) == pytest.approx(0, abs=0.03)
    at_age(monkeypatch, 0.5)
    assert total(data, looks) > LIMIT
    with pytest.raises(BodyError, match="would look under 18"):
        check_adult(sculpt.sculpt(data, looks), looks)
    at_age(monkeypatch, 1 / 3)
    assert total(data, looks) > 2 * LIMIT


@pytest.mark.parametrize("slider", ["eye_size", "eye_opening", "forehead", "cheeks", "nose_tip", "face_width"])
def test_one_slider_alone_stays_adult(data: HumanData, slider: str) -> None:
    looks = Looks.model_validate({"face": {slider: 1}})
    check_adult(sculpt.sculpt(data, looks), looks)


@pytest.mark.parametrize("name", ["leo", "amara", "sofia", "ravi", "hana"])
def test_the_presets_are_adults(data: HumanData, name: str) -> None:
    looks = load_looks(PRESETS / f"{name}.yaml")
    assert looks.name == name
    check_adult(sculpt.sculpt(data, looks), looks)


def test_mia_is_the_default() -> None:
    assert load_looks(PRESETS / "mia.yaml") == Looks()


def test_a_childlike_mix_is_refused_and_told_what_to_change(data: HumanData) -> None:
    looks = Looks.model_validate(
        {"face": {"eye_size": 1, "face_length": -1, "chin_length": -1, "nose_length": -1, "forehead": 1}}
    )
    with pytest.raises(BodyError) as error:
        check_adult(sculpt.sculpt(data, looks), looks)
    text = str(error.value)
    assert text.startswith("hosts are adults: this face would look under 18 (youth 1.13, at most 0.33); ")
    assert "raise face.face_length (it is -1)" in text
    assert "lower face.forehead (it is 1)" in text


def test_the_shortest_host_is_an_adult_one(data: HumanData) -> None:
    looks = Looks.model_validate({"person": {"height": 0, "weight": 0.1, "origin": {"asian": 1, "european": 0}}})
    figure = sculpt.sculpt(data, looks)
    assert measured(figure)["stature"] > SHORTEST
    check_adult(figure, looks)
    height = figure.vertices[:, 2]
    figure.vertices[:, 2] = np.maximum(height, height.min() + 0.2)
    with pytest.raises(BodyError, match=r"m tall; raise person\.height"):
        check_adult(figure, looks)
