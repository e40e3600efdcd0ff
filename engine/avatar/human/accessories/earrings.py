"""Earrings at both lobes: studs, hoops, drops."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.avatar.body_file import Material
from engine.avatar.human.accessories.wear import Mesh, bead, joined, tube
from engine.avatar.human.mesh import Part, Points
from engine.avatar.human.sculpt import Figure

METAL = Material("earrings", sheen=1.6, culled=True)

LOBE = 0.13
"""Share of the ear's height, from below, at which the lobe is pierced."""


def studs(figure: Figure, skin: Part) -> list[Part]:
    """A bead on each lobe."""
    return [_both(skin, lambda at: [bead(at, np.full(3, 0.0032))])]


def hoops(figure: Figure, skin: Part) -> list[Part]:
    """A ring through each lobe, seen half from the side."""
    return [_both(skin, _hoop)]


def drops(figure: Figure, skin: Part) -> list[Part]:
    """A small bead with a longer one hanging from it."""
    return [_both(skin, _drop)]


def pierced(skin: Part) -> Points:
    """Where the lobe of the host's left ear is pierced: its outer face."""
    ear = skin.position[(skin.extra["ear"] > 0.5) & (skin.position[:, 0] > 0)]
    height = ear[:, 2].min() + LOBE * np.ptp(ear[:, 2])
    lobe = ear[abs(ear[:, 2] - height) < 0.005]
    middle = lobe.mean(0)
    return np.array([lobe[:, 0].max(), middle[1] - 0.001, height])


def _hoop(at: Points) -> list[Mesh]:
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    radius = 0.0125
    across = np.array([0.62, -0.78, 0])
    ring = (
        at
        + [-0.001, 0, -radius + 0.001]
        + radius * (np.outer(np.cos(turn), across) + np.outer(np.sin(turn), [0, 0, 1]))
    )
    return [tube(ring, 0.0011, closed=True, sides=5)]


def _drop(at: Points) -> list[Mesh]:
    wire = at + np.outer(np.linspace(0, 1, 3), [0.0005, -0.0005, -0.010])
    t = np.linspace(0, 1, 7)
    tear = np.outer(t, [0, 0, -0.016]) + wire[-1] + np.array([0, 0, 0.001])
    profile = 0.0045 * np.sin(np.pi * t**1.6) + 0.0003
    return [bead(at, np.full(3, 0.0022), 4, 8), tube(wire, 0.0006, sides=4), tube(tear, profile, sides=8)]


def _both(skin: Part, shape: Callable[[Points], list[Mesh]]) -> Part:
    """A shape for the left lobe, and its mirror image."""
    at = pierced(skin) + np.array([0.0012, 0, 0])
    meshes: list[Mesh] = []
    for position, triangles in shape(at):
        meshes += [(position, triangles), (position * [-1, 1, 1], triangles[:, ::-1].copy())]
    return joined("earrings", meshes, METAL)
