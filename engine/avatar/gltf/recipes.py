"""Which of a model's expressions make each of our face curves, and what is said where one is missing.

A model with ARKit's morph targets acts curve by curve. One with VRM's expressions has five mouths (aa ih ou ee oh), a
blink and moods; our curves are then mixtures of these. The mouths' shares are the least squares solution that brings
each viseme of ``engine.motion.visemes`` nearest to ``MOUTHS``, while no viseme moves a mouth backwards by more than
``BACKWARDS``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from engine.avatar.gltf.model import Bind, Model
from engine.flow import FACE_CURVES
from engine.motion.visemes import VISEME_CURVES, VISEMES

Floats64 = NDArray[np.float64]

VOWELS: tuple[str, ...] = ("aa", "ih", "ou", "ee", "oh")

MOUTHS: dict[str, dict[str, float]] = {
    "sil": {}, "PP": {}, "FF": {"ih": 0.10}, "TH": {"aa": 0.12, "ih": 0.10}, "DD": {"ih": 0.25},
    "kk": {"aa": 0.20, "ih": 0.10}, "CH": {"ou": 0.35, "ih": 0.15}, "SS": {"ih": 0.30, "ee": 0.10},
    "nn": {"ih": 0.20}, "LL": {"aa": 0.20, "ih": 0.10}, "RR": {"ou": 0.25, "aa": 0.05}, "ww": {"ou": 0.80},
    "ZH": {"ou": 0.30, "ih": 0.25},
    "aa": {"aa": 0.95}, "ae": {"aa": 0.60, "ee": 0.35}, "E": {"ee": 0.85}, "ih": {"ih": 0.85},
    "er": {"aa": 0.30, "ee": 0.10}, "oh": {"oh": 0.95}, "uo": {"oh": 0.55, "ou": 0.35}, "ou": {"ou": 0.95},
}  # fmt: skip
"""Each viseme in VRM's five mouths."""

PURE = frozenset({"aa", "ih", "ou", "E", "oh"})
"""The visemes that are one of VRM's mouths."""

STAND_INS: dict[str, tuple[dict[str, float], ...]] = {
    "ih": ({"ee": 0.70}, {"aa": 0.25}),
    "ee": ({"ih": 1.0}, {"aa": 0.40}),
    "oh": ({"ou": 0.60, "aa": 0.35}, {"aa": 0.60}),
    "ou": ({"oh": 0.70}, {"aa": 0.30}),
    "aa": ({"oh": 0.90}, {"ee": 0.80}, {"ih": 0.80}, {"ou": 0.80}),
}
"""What stands in for a mouth that a model lacks, the best first."""

OPENING: tuple[str, ...] = ("jawOpen", "mouthFunnel", "mouthPucker", "mouthStretch", "mouthLowerDown", "mouthUpperUp")
"""The curves that open or shape the mouth; a smile or pressed lips must not."""

VOWEL_WEIGHT, RIDGE, BACKWARDS = 3.0, 0.02, 0.04
"""How much more the pure vowels count than other sounds, and what keeps shares small."""

SHARES = -1.0, 1.6
"""Least and greatest share of a mouth in a curve."""

ARKIT_ENOUGH = 20
"""From so many of ARKit's shapes on, a model is taken to have ARKit's face."""

_ALIASES: dict[str, tuple[str, ...]] = {
    "aa": ("aa", "a", "visemeaa", "vrcvaa", "mtha", "moutha", "mouthopen", "jawopen", "あ"),
    "ih": ("ih", "i", "visemei", "visemeih", "vrcvih", "mthi", "mouthi", "い"),
    "ou": ("ou", "u", "visemeu", "visemeou", "vrcvou", "mthu", "mouthu", "う"),
    "ee": ("ee", "e", "visemee", "vrcve", "mthe", "mouthe", "え"),
    "oh": ("oh", "o", "visemeo", "visemeoh", "vrcvoh", "mtho", "moutho", "お"),
    "blink": ("blink", "eyesclosed", "eyeclosed", "eyeblink", "まばたき"),
    "blinkLeft": ("blinkleft", "blinkl", "winkleft", "eyeblinkleft"),
    "blinkRight": ("blinkright", "blinkr", "winkright", "eyeblinkright"),
    "happy": ("happy", "joy", "smile", "mouthsmile"),
    "relaxed": ("relaxed", "fun"),
    "angry": ("angry", "anger"),
    "sad": ("sad", "sorrow"),
    "surprised": ("surprised", "surprise"),
    "lookUp": ("lookup",), "lookDown": ("lookdown",), "lookLeft": ("lookleft",), "lookRight": ("lookright",),
}  # fmt: skip


@dataclass(frozen=True)
class Share:
    """Part of a curve: an expression's morph targets times ``weight``, in a region of the face.

    ``region`` is "", or words of "mouth", "eyes", "brows", "left" and "right".
    """

    binds: tuple[Bind, ...]
    weight: float
    region: str = ""


@dataclass
class Recipes:
    """``shares`` by face curve; ``lacks`` says what is missing, ``mouths`` how each viseme is made."""

    shares: dict[str, list[Share]] = field(default_factory=dict)
    mouths: dict[str, str] = field(default_factory=dict)
    lacks: list[str] = field(default_factory=list)
    has: list[str] = field(default_factory=list)
    by_jaw: bool = False
    """The jaw bone opens the mouth."""

    def add(self, curve: str, share: Share) -> None:
        """Adds to what makes a curve."""
        self.shares.setdefault(curve, []).append(share)


def recipes_of(model: Model) -> Recipes:
    """How the model's face is moved. Raises BodyError where nothing in it opens the mouth."""
    # An expression goes before a morph target of its name, but one that moves nothing hides none.
    named = {_plain(n): binds for source in (model.morphs, model.expressions) for n, binds in source.items() if binds}
    recipes = Recipes()
    direct = {curve: binds for curve in FACE_CURVES if (binds := named.get(_plain(curve)))}
    if len(direct) >= ARKIT_ENOUGH and "jawOpen" in direct:
        _by_arkit(recipes, direct)
        _gaze(recipes, model, {})
        return recipes
    found = {
        what: binds
        for what, words in _ALIASES.items()
        if (binds := next((named[w] for w in words if w in named), None))
    }
    for curve, binds in direct.items():
        if curve not in OPENING:
            recipes.add(curve, Share(tuple(binds), 1.0))
    _mouth(recipes, model, found)
    _lids(recipes, found)
    _moods(recipes, found)
    _gaze(recipes, model, found)
    return recipes


def _plain(name: str) -> str:
    """A name without case, signs, "Fcl_ALL_"-like heads, and with sides as words."""
    word = re.sub(r"^.*(?:fcl|blendshape\d*|face)[._](?:all_|eye_|mth_|brw_)?", "", name.strip(), flags=re.IGNORECASE)
    word = re.sub(r"[_.\-\s]l$", "left", re.sub(r"[_.\-\s]r$", "right", word, flags=re.IGNORECASE), flags=re.IGNORECASE)
    return re.sub(r"[\W_]", "", word.lower())


def _by_arkit(recipes: Recipes, direct: Mapping[str, Iterable[Bind]]) -> None:
    for curve, binds in direct.items():
        recipes.add(curve, Share(tuple(binds), 1.0))
    recipes.has.append(f"{len(direct)} of ARKit's face shapes")
    lacking = {curve for curve in FACE_CURVES if curve not in direct}
    spoken: dict[str, list[str]] = {}
    for viseme, curves in VISEME_CURVES.items():
        gone = [c for c in curves if c in lacking]
        recipes.mouths[viseme] = "as drawn" if not gone else f"without {', '.join(gone)}"
        for curve in gone:
            spoken.setdefault(curve, []).append(viseme)
    for curve, visemes in spoken.items():
        recipes.lacks.append(f"{curve}: {', '.join(visemes)} do without it")
    quiet = sorted(c for c in lacking if c not in spoken and not c.startswith("eyeLook"))
    if quiet:
        recipes.lacks.append(f"shapes that no sound needs: {', '.join(quiet)}")


def _mouth(recipes: Recipes, model: Model, found: Mapping[str, list[Bind]]) -> None:
    vowels = [v for v in VOWELS if v in found]
    if not vowels:
        if "jaw" not in model.bones:
            raise model.document.error(
                "it has no expression that opens the mouth (aa, ih, ou, ee, oh, or ARKit's jawOpen) and no jaw bone, "
                "so it cannot speak; add expressions in VRoid Studio, UniVRM or Blender, and export it again"
            )
        recipes.by_jaw = True
        recipes.lacks.append("mouth shapes: only the jaw bone opens, so all sounds look alike but for how wide")
        recipes.mouths = {v: f"the jaw at {c.get('jawOpen', 0):.2f}" for v, c in VISEME_CURVES.items()}
        return
    recipes.has.append(f"mouths {', '.join(vowels)}")
    made = {vowel: _made_of(vowel, vowels) for vowel in VOWELS}
    for vowel in VOWELS:
        if vowel not in vowels:
            recipes.lacks.append(f"the mouth {vowel}: {_words(made[vowel]) or 'nothing stands in for it'}")
    targets = np.zeros((len(VISEMES), len(vowels)))
    for row, viseme in enumerate(VISEMES):
        mixed: dict[str, float] = {}
        for vowel, amount in MOUTHS[viseme].items():
            for part, share in made[vowel].items():
                mixed[part] = mixed.get(part, 0.0) + amount * share
        targets[row] = [mixed.get(v, 0.0) for v in vowels]
        recipes.mouths[viseme] = _words(mixed) or "the closed mouth"
    columns = np.array([[_of_both(VISEME_CURVES[v], curve) for curve in OPENING] for v in VISEMES])
    for number, vowel in enumerate(vowels):
        for curve, weight in zip(OPENING, _shares(columns, targets[:, number]), strict=True):
            for name in (curve,) if curve in FACE_CURVES else (f"{curve}Left", f"{curve}Right"):
                if abs(weight) > 0.01:
                    recipes.add(name, Share(tuple(found[vowel]), float(weight)))


def _shares(columns: Floats64, target: Floats64) -> Floats64:
    """One mouth's share in each of ``OPENING``: ``columns`` (visemes, curves) times it is near ``target``."""
    weight = np.array([VOWEL_WEIGHT if viseme in PURE else 1.0 for viseme in VISEMES])

    def miss(shares: Floats64) -> float:
        return float(((weight * (columns @ shares - target)) ** 2).sum() + RIDGE * (shares**2).sum())

    forward = {"type": "ineq", "fun": lambda shares: columns @ shares + BACKWARDS}
    start = np.zeros(columns.shape[1])
    found = minimize(miss, start, constraints=[forward], bounds=[SHARES] * len(start), method="SLSQP")
    return np.asarray(found.x)


def _made_of(vowel: str, vowels: list[str]) -> dict[str, float]:
    if vowel in vowels:
        return {vowel: 1.0}
    return next((mix for mix in STAND_INS[vowel] if all(part in vowels for part in mix)), {})


def _of_both(curves: Mapping[str, float], name: str) -> float:
    return curves.get(name, 0.0) + curves.get(f"{name}Left", 0.0) + curves.get(f"{name}Right", 0.0)


def _words(mix: Mapping[str, float]) -> str:
    return " + ".join(f"{share:.2f} {part}" for part, share in mix.items() if share)


def _lids(recipes: Recipes, found: Mapping[str, list[Bind]]) -> None:
    for side in ("Left", "Right"):
        own, both = found.get(f"blink{side}"), found.get("blink")
        region = "" if own else side.lower()
        binds = tuple(own or both or ())
        if not binds:
            continue
        for curve, weight in ((f"eyeBlink{side}", 1.0), (f"eyeSquint{side}", 0.3)):
            if curve not in recipes.shares:
                recipes.add(curve, Share(binds, weight, region))
    if "eyeBlinkLeft" in recipes.shares:
        recipes.has.append("blink")
    else:
        recipes.lacks.append("blink: the eyes stay open")


def _moods(recipes: Recipes, found: Mapping[str, list[Bind]]) -> None:
    """Moods, cut into what they do to mouth, brows and eyes, so that a host may smile with open eyes."""
    moods = [m for m in ("happy", "relaxed", "sad", "angry", "surprised") if m in found]
    recipes.has += [f"moods {', '.join(moods)}"] if moods else []
    wanted: tuple[tuple[str, tuple[str, ...], float, str], ...] = (
        ("mouthSmile", ("relaxed", "happy"), 0.8, "mouth"),
        ("mouthFrown", ("sad",), 0.8, "mouth"),
        ("browInnerUp", ("sad", "surprised"), 0.7, "brows"),
        ("browOuterUp", ("surprised",), 0.7, "brows"),
        ("browDown", ("angry",), 0.8, "brows"),
        ("eyeWide", ("surprised",), 0.6, "eyes"),
    )
    for curve, sources, weight, region in wanted:
        source = next((s for s in sources if s in found), "")
        sided = [curve] if curve in FACE_CURVES else [f"{curve}Left", f"{curve}Right"]
        for name in sided:
            side = "left" if name.endswith("Left") else "right" if name.endswith("Right") else ""
            if source and name not in recipes.shares:
                recipes.add(name, Share(tuple(found[source]), weight, f"{region} {side}".strip()))
        if not source and sided[0] not in recipes.shares:
            recipes.lacks.append(f"{curve}: nothing in the file does it ({' or '.join(sources)} would)")


def _gaze(recipes: Recipes, model: Model, found: Mapping[str, list[Bind]]) -> None:
    if model.eyes_turn:
        recipes.has.append("gaze by eye bones")
        return
    looks = {"lookLeft": "eyeLookOutLeft", "lookRight": "eyeLookInLeft", "lookUp": "eyeLookUpLeft"}
    looks["lookDown"] = "eyeLookDownLeft"
    for look, curve in looks.items():
        if look in found and curve not in recipes.shares:
            recipes.add(curve, Share(tuple(found[look]), 1.0))
    if any(curve in recipes.shares for curve in ("eyeLookOutLeft", "eyeLookInLeft")):
        recipes.has.append("gaze by expressions")
    else:
        recipes.lacks.append("gaze: the eyes look straight ahead and turn with the head")
