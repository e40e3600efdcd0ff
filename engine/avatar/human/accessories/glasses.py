"""Glasses: thin frames that sit on the nose, clear of brows, lashes and smiling cheeks, with temples to the ears."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import LinearNDInterpolator, NearestNDInterpolator

from engine.avatar.body_file import Material
from engine.avatar.human.accessories.wear import Mesh, joined, tube
from engine.avatar.human.mesh import Part, Points, smoothstep
from engine.avatar.human.sculpt import Figure

FRAME = Material("glasses", sheen=0.9, culled=True)

BEFORE_EYE = 0.011
"""The frame is at least this far before the eyeball, metres: lashes need it."""

WRAP = 1.6
"""How the front bends back towards the temples, in 1/m."""

CLEARANCE = 0.0012
SMILE = {"mouthSmileLeft": 0.7, "mouthSmileRight": 0.7, "cheekSquintLeft": 0.6, "cheekSquintRight": 0.6}


@dataclass(frozen=True)
class Frame:
    """One lens. Shares of the eyes' distance from the middle: half width, half height; ``power`` 2 is an ellipse."""

    half_width: float
    half_height: float
    power: float
    radius: float
    drop: float


ROUND = Frame(0.74, 0.72, 2.0, 0.0012, 0.10)
SQUARE = Frame(0.80, 0.58, 4.2, 0.0017, 0.07)


def round_glasses(figure: Figure, skin: Part) -> list[Part]:
    """Thin round frames."""
    return [fitted(figure, skin, ROUND)]


def square_glasses(figure: Figure, skin: Part) -> list[Part]:
    """Broader frames with rounded corners."""
    return [fitted(figure, skin, SQUARE)]


def fitted(figure: Figure, skin: Part, frame: Frame) -> Part:
    """``glasses``: two rims, a bridge, two temples."""
    face = Face(figure, skin)
    spacing = float(figure.left_eye[0])
    turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    c, s = np.cos(turn), np.sin(turn)
    x = np.sign(c) * abs(c) ** (2 / frame.power) * frame.half_width * spacing + spacing * 1.02
    z = np.sign(s) * abs(s) ** (2 / frame.power) * frame.half_height * spacing + figure.eye_height
    z -= frame.drop * spacing
    front = face.before(x, z) - WRAP * x**2
    plane = float(min(front.min() - frame.radius - CLEARANCE, face.eye_front - BEFORE_EYE))
    rim = np.stack([x, plane + WRAP * x**2, z], 1)
    meshes: list[Mesh] = []
    for side in (1, -1):
        meshes.append(tube(rim * [side, 1, 1], frame.radius, closed=True, sides=5))
    meshes.append(_bridge(face, frame, rim))
    hinge = rim[((rim - [0, 0, figure.eye_height + 0.25 * frame.half_height * spacing]) * [1, 0, 0.4]).sum(1).argmax()]
    temple = _temple(face, frame, hinge)
    meshes += [tube(temple * [side, 1, 1], frame.radius, sides=5) for side in (1, -1)]
    return joined("glasses", meshes, FRAME)


def _bridge(face: Face, frame: Frame, rim: Points) -> Mesh:
    inner = rim[rim[:, 0].argmin()]
    height = inner[2] + 0.35 * float(np.ptp(rim[:, 2])) * 0.5
    start = rim[(abs(rim[:, 2] - height) + (rim[:, 0] > rim[:, 0].mean())).argmin()]
    t = np.linspace(-1, 1, 9)
    x, z = start[0] * t, start[2] + 0.0028 * (1 - t**2)
    clear = face.before(x, z) - frame.radius - CLEARANCE
    y = np.minimum(start[1] - 0.0012 * (1 - t**2), clear)
    y[[0, -1]] = start[1]
    return tube(np.stack([x, y, z], 1), frame.radius * 0.95, sides=5)


def _temple(face: Face, frame: Frame, hinge: Points) -> Points:
    """From the hinge on the host's left back over the ear and a little down behind it."""
    t = np.linspace(0, 1, 11)[:, None]
    corner = hinge + np.array([0.0025, 0.004, 0])
    straight = corner + (face.ear_top - corner) * t
    outside = face.beside(straight[:, 1], straight[:, 2]) + frame.radius + 0.0028
    grown = np.maximum(straight[:, 0], outside)
    straight[:, 0] = straight[:, 0] + (grown - straight[:, 0]) * smoothstep(-0.05, 0.05, t[:, 0])
    hook = straight[-1] + np.array([[-0.001, 0.012, -0.004], [-0.003, 0.020, -0.014]])
    return np.vstack([hinge, straight, hook])


class Face:
    """How far the smiling face reaches before and beside."""

    def __init__(self, figure: Figure, skin: Part) -> None:
        assert skin.source is not None
        smiling = sum(amount * figure.shapes[name] for name, amount in SMILE.items())
        moved = skin.position + skin.source @ smiling
        outer = (skin.extra["inner_mouth"] < 0.3) & (abs(skin.position[:, 2] - figure.eye_height) < 0.06)
        front = outer & (skin.extra["ear"] < 0.1) & (skin.position[:, 1] < figure.left_eye[1] + 0.03)
        ahead = np.minimum(skin.position[front, 1], moved[front, 1])
        self._front = Surface(skin.position[front][:, [0, 2]], ahead)
        side = outer & (skin.extra["ear"] < 0.05) & (skin.position[:, 0] > 0.02)
        self._side = Surface(skin.position[side][:, [1, 2]], skin.position[side, 0])
        self.eye_front = float(figure.left_eye[1] - figure.eye_radius)
        ear = skin.position[(skin.extra["ear"] > 0.5) & (skin.position[:, 0] > 0)]
        top = ear[:, 2].max() - 0.22 * np.ptp(ear[:, 2])
        near = ear[abs(ear[:, 2] - top) < 0.006]
        self.ear_top = np.array([near[:, 0].min() + 0.003, near[:, 1].min() + 0.006, top + 0.006])

    def before(self, x: Points, z: Points) -> Points:
        """Depth y of the face's front at (x, z)."""
        return self._front(x, z)

    def beside(self, y: Points, z: Points) -> Points:
        """Half width of the head at (y, z), without the ear."""
        return self._side(y, z)


class Surface:
    """A height over a plane from scattered points (n, 2), extended by the nearest."""

    def __init__(self, points: Points, heights: Points) -> None:
        self._inside = LinearNDInterpolator(points, heights)
        self._beyond = NearestNDInterpolator(points, heights)

    def __call__(self, a: Points, b: Points) -> Points:
        """Heights at (a, b)."""
        inside = np.asarray(self._inside(a, b))
        return np.where(np.isnan(inside), self._beyond(a, b), inside)
