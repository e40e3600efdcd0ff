"""A channel whose voice is an endpoint that hangs: the next speaks without a gap, and the first comes back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from engine.flow import SAMPLE_RATE
from tests.e2e.station import Station, on_air, said, wait_until
from tests.speech.speaking_endpoint import SpeakingEndpoint

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

LONGEST_GAP_S = 2.5
"""The show's own pauses between lines are shorter."""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[SpeakingEndpoint]:
    made = SpeakingEndpoint(hang_s=7)
    yield made
    made.close()


@pytest.fixture(scope="module")
def station(endpoint: SpeakingEndpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    voice = endpoint.voice(deadline_s=6, stall_s=3)
    voice |= {"fallback": [{"backend": "hibari", "name": "heart"}], "retry_s": 5}
    with on_air(tmp_path_factory.mktemp("voice"), [], voice=voice) as running:
        wait_until(lambda: said(running), 60, "the first line was on air")
        yield running


def test_when_it_hangs_the_next_voice_speaks_without_a_gap_and_it_is_tried_again(
    station: Station, endpoint: SpeakingEndpoint
) -> None:
    assert "the voice endpoint alloy speaks" in station.log.read_text()
    endpoint.hangs = True
    wait_until(
        lambda: "endpoint alloy fails: 127.0.0.1 did not answer within 6 s" in station.log.read_text(), 60, "it fails"
    )
    spoken = len(said(station))
    wait_until(lambda: len(said(station)) >= spoken + 3, 90, "three more lines were on air")
    endpoint.hangs = False
    wait_until(lambda: "the voice endpoint alloy speaks again" in station.log.read_text(), 90, "it speaks again")
    lines = said(station)
    gaps = [(after.start_sample - (before.end_sample or 0)) / SAMPLE_RATE for before, after in pairwise(lines)]
    assert max(gaps) < LONGEST_GAP_S
    studio = next(each for each in station.health()["processes"] if each["name"] == "studio")
    assert (studio["state"], studio["restarts"]) == ("working", 0)
