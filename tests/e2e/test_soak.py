"""The short form of ``soak.py --minutes 100``: under a minute on air, with chat, other prices and a killed stage."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.e2e.station import tools_missing

sys.path.insert(1, str(Path(__file__).resolve().parents[2] / "scripts"))

from faults.endure import soak

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(360),
    pytest.mark.skipif(bool(tools_missing()), reason=f"make setup-test installs {tools_missing()}"),
]

MACHINE = ("gaps_over_200ms", "stills_over_200ms", "grow", "no slope")
"""What a busy machine, or a run of one minute, cannot hold or tell; scripts/soak.py measures it."""


def test_most_of_a_minute_on_air_keeps_every_picture_and_the_sound_at_the_lips(tmp_path: Path) -> None:
    rows = soak(tmp_path / "air", 0.7)
    assert len(rows) == 5
    missed = [what for row in rows for what in row.missed if not any(mark in what for mark in MACHINE)]
    assert not missed, [row.plain() for row in rows]
    viewer, platform, processes, *drifts = rows
    for row in (viewer, platform):
        assert row.figures["sessions"] == 1
        assert row.figures["faults"][0].endswith("SIGKILL of stage")
    assert {"supervisor", "master", "studio", "server", "outlet:platform"} <= processes.figures.keys()
    assert all(row.figures["lines"] >= 5 for row in drifts)
