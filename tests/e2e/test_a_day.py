"""The short form of ``soak.py --day 24``: the real master by a virtual clock, over the wrap of a viewer's RTP times."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(1, str(Path(__file__).resolve().parents[2] / "scripts"))

from faults import day

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

SECONDS = 30
BOTH_WRAP_S = 2**32 / 6000
"""On its ninth day a show's RTP times of 90 and of 48 kHz are full at the same moment, for the first time."""


def test_sound_and_picture_do_not_drift_by_a_sample_over_the_wrap_of_rtp(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day, "LINES", 3)
    monkeypatch.setattr(day, "LOOK_S", 5)
    row = day.day_row(tmp_path, SECONDS / 3600, BOTH_WRAP_S - SECONDS / 2)
    assert row.missed == []
    assert row.figures["rtp_wraps"] == {"video": 1, "opus": 1}
    assert (row.figures["packets"]["video"], row.figures["packets"]["opus"]) == (SECONDS * 25, SECONDS * 50)
    assert len(row.figures["sound_beyond_picture_samples"]) == 1
