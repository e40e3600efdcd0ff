"""Which expressions make which curves, and what is said of those that are missing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from engine.avatar import BodyError
from engine.avatar.gltf.bones import bone_named
from engine.avatar.gltf.licence import Licence
from engine.avatar.gltf.model import Bind, Model
from engine.avatar.gltf.recipes import MOUTHS, PURE, VOWELS, recipes_of
from engine.flow import ARKIT_CURVES
from engine.motion.visemes import VISEME_CURVES, VISEMES


def model(*expressions: str, morphs: tuple[str, ...] = (), bones: tuple[str, ...] = ("head",)) -> Model:
    """A model in which each expression moves a morph target of its own."""
    document = SimpleNamespace(error=BodyError)
    made = Model(cast(Any, document), "VRM 1.0", "test", {bone: i for i, bone in enumerate(bones)}, Licence())
    made.expressions = {name: [Bind(0, i, 1.0)] for i, name in enumerate(expressions)}
    made.morphs = {name: [Bind(1, i, 1.0)] for i, name in enumerate(morphs)}
    return made


def acted(made: Model, curves: dict[str, float]) -> dict[str, float]:
    """How far each expression is moved by a row of curves."""
    recipes = recipes_of(made)
    found: dict[str, float] = {}
    names = list(made.expressions)
    for curve, value in curves.items():
        for share in recipes.shares.get(curve, ()):
            name = names[share.binds[0].target]
            found[name] = found.get(name, 0.0) + value * share.weight
    return found


@pytest.mark.parametrize("vowel", VOWELS)
def test_each_vowel_is_said_with_its_own_mouth(vowel: str) -> None:
    viseme = {"ee": "E"}.get(vowel, vowel)
    made = model(*VOWELS)
    moved = acted(made, VISEME_CURVES[viseme])
    family = {"ih", "ee"} if vowel in {"ih", "ee"} else {vowel}
    assert 0.7 < sum(moved.get(name, 0) for name in family) < 1.1
    assert all(abs(share) < 0.2 for name, share in moved.items() if name not in family)
    others = [acted(made, VISEME_CURVES[other]).get(vowel, 0) for other in PURE - {viseme}]
    assert moved[vowel] > max(others)


def test_every_viseme_has_its_mixture() -> None:
    assert set(MOUTHS) == set(VISEMES)
    assert {part for mixture in MOUTHS.values() for part in mixture} == set(VOWELS)


@pytest.mark.parametrize("viseme", ["PP", "sil"])
def test_lips_close_whatever_the_model_has(viseme: str) -> None:
    for expressions in (VOWELS, ("aa",), ("aa", "oh")):
        assert sum(map(abs, acted(model(*expressions), VISEME_CURVES[viseme]).values())) < 0.12


def test_a_resting_smile_does_not_open_the_mouth() -> None:
    assert acted(model(*VOWELS, "happy"), {"mouthSmileLeft": 0.3, "mouthSmileRight": 0.3}).keys() == {"happy"}


def test_missing_mouths_are_said_and_stood_in_for() -> None:
    recipes = recipes_of(model("aa", "ou", "blink"))
    assert set(recipes.mouths) == set(VISEMES)
    assert "the mouth oh: 0.60 ou + 0.35 aa" in recipes.lacks
    assert "the mouth ee: 0.40 aa" in recipes.lacks
    assert recipes.mouths["oh"] == "0.57 ou + 0.33 aa"
    assert recipes.mouths["PP"] == "the closed mouth"
    assert any(line.startswith("gaze: ") for line in recipes.lacks)
    assert not any(line.startswith("blink") for line in recipes.lacks)


def test_arkit_is_taken_as_it_is() -> None:
    names = tuple(name for name in ARKIT_CURVES if name != "tongueOut")
    recipes = recipes_of(model(morphs=names))
    assert recipes.shares["jawOpen"][0].weight == 1.0
    assert "51 of ARKit's face shapes" in recipes.has
    assert any(line.startswith("tongueOut: TH do without it") for line in recipes.lacks)
    assert recipes.mouths["aa"] == "as drawn"
    assert recipes.mouths["TH"] == "without tongueOut, tongueUp"


@pytest.mark.parametrize("spelling", ["JawOpen", "jaw_open", "Face.M_F00_Fcl_jawOpen", "blendShape1.jawOpen"])
def test_arkit_in_other_spellings(spelling: str) -> None:
    sided = tuple(
        name.removesuffix("Left") + "_L"
        if name.endswith("Left")
        else name.removesuffix("Right") + "_R"
        if name.endswith("Right")
        else name
        for name in ARKIT_CURVES
        if name != "jawOpen"
    )
    recipes = recipes_of(model(morphs=(*sided, spelling)))
    assert {"jawOpen", "eyeBlinkLeft", "mouthSmileRight"} <= recipes.shares.keys()


def test_blinks_are_halved_by_side_where_there_is_only_one() -> None:
    recipes = recipes_of(model("aa", "blink"))
    assert [s.region for s in recipes.shares["eyeBlinkLeft"]] == ["left"]
    both = recipes_of(model("aa", "blink", "blinkLeft", "blinkRight"))
    assert [s.region for s in both.shares["eyeBlinkLeft"]] == [""]


def test_expressions_go_before_morph_targets_of_their_name() -> None:
    made = model("aa", "oh", morphs=("aa", "AA", "ih", "Oh"))
    made.expressions |= {"ih": [], "OH": []}
    mouths = {share.binds[0] for share in recipes_of(made).shares["jawOpen"]}
    assert mouths == {Bind(0, 0, 1.0), Bind(0, 1, 1.0), Bind(1, 2, 1.0)}


def test_a_jaw_bone_will_do() -> None:
    recipes = recipes_of(model(bones=("head", "jaw")))
    assert recipes.by_jaw
    assert recipes.mouths["aa"] == "the jaw at 0.74"
    with pytest.raises(BodyError, match="it cannot speak"):
        recipes_of(model())


@pytest.mark.parametrize(
    ("name", "bone"),
    [
        ("mixamorig:LeftForeArm", "leftLowerArm"), ("LeftArm", "leftUpperArm"), ("hand_r", "rightHand"),
        ("RightHandIndex2", "rightIndexIntermediate"), ("thumb_01_l", "leftThumbMetacarpal"),
        ("upperarm_l", "leftUpperArm"), ("Head", "head"), ("mixamorig:Neck", "neck"), ("LeftEye", "leftEye"),
        ("Wrist_L", "leftHand"), ("shin.R", "rightLowerLeg"),
        ("HairFront", ""),
        ("Bip01 L Forearm", "leftLowerArm"), ("Bip01 L Finger11", ""),
        ("mixamorig1:Head", "head"), ("mixamorig9:LeftArm", "leftUpperArm"), ("mixamorig:Head_06", "head"),
        ("LeftHand_012", "leftHand"), ("upper_arm.L.001", "leftUpperArm"), ("spine_02", "chest"),
        ("J_Bip_C_Head", "head"), ("J_Bip_L_UpperArm", "leftUpperArm"), ("J_Bip_C_Chest", "chest"),
        ("J_Bip_R_Little3", "rightLittleDistal"), ("J_Adj_L_FaceEye", "leftEye"), ("J_Sec_Hair1_01", ""),
        ("J_Bip_C_UpperChest", ""), ("J_Bip_Chest", "chest"),
        ("finger1-1.L", "leftThumbMetacarpal"), ("finger5-3.R", "rightLittleDistal"),
    ],
)  # fmt: skip
def test_joints_with_names_in_use(name: str, bone: str) -> None:
    assert bone_named(name) == bone
