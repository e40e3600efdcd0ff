"""The demo catalogue, read once; the measurement's modules lie beside the script that uses them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.script import FactBook, Guard
from engine.settings import Catalogue, load_catalogue

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

DEMO = Path(__file__).parents[2] / "assets" / "catalogue" / "demo.yaml"
XIAOMEI = DEMO.with_name("xiaomei.yaml")


@pytest.fixture(scope="session")
def demo() -> Catalogue:
    return load_catalogue(DEMO)


@pytest.fixture(scope="session")
def mia(demo: Catalogue) -> Guard:
    """The guard of the demo channel; it holds no state."""
    return Guard(FactBook(demo, "Mia"))


@pytest.fixture(scope="session")
def xiaomei() -> Guard:
    """The guard of the Chinese demo channel."""
    return Guard(FactBook(load_catalogue(XIAOMEI), "小美"))
