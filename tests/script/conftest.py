"""The demo catalogue, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.settings import Catalogue, load_catalogue

DEMO = Path(__file__).parents[2] / "assets" / "catalogue" / "demo.yaml"


@pytest.fixture(scope="session")
def demo() -> Catalogue:
    return load_catalogue(DEMO)
