"""What waits is bounded and dropped to an IDR; pauses grow and addresses take turns."""

from __future__ import annotations

import pytest

from engine.flow import Packet, Stream
from engine.outlets.backlog import Backlog
from engine.outlets.platforms import RENEW_S, WRAP_S
from engine.outlets.retry import FIRST_PAUSE_S, LONGEST_PAUSE_S, Retry, next_pause
from engine.outlets.rtmp import Progress


def picture(n: int) -> Packet:
    return Packet(Stream.VIDEO, b"", n * 3600, 3600, n % 50 == 0)


def sound(n: int) -> Packet:
    return Packet(Stream.AAC, b"", n * 1024, 1024)


def drain(backlog: Backlog) -> list[Packet]:
    return list(iter(backlog.take, None))


def test_too_much_is_dropped_up_to_the_newest_idr() -> None:
    backlog = Backlog(longest_s=3)
    for n in range(77):
        backlog.put(picture(n))
    assert backlog.dropped == 50
    assert [packet.pts // 3600 for packet in drain(backlog)] == list(range(50, 77))


def test_without_an_idr_all_goes_and_pictures_wait_for_the_next_one_while_sound_goes_on() -> None:
    backlog = Backlog(longest_s=1)
    for n in range(1, 60):
        backlog.put(picture(n))
        backlog.put(sound(2 * n))
    left = drain(backlog)
    assert [p.pts // 3600 for p in left if p.stream is Stream.VIDEO] == list(range(50, 60))
    assert backlog.dropped == 49
    assert min(p.pts for p in left if p.stream is Stream.AAC) > 28 * 2 * 1024


def test_pauses_grow_by_half_up_to_a_minute() -> None:
    pauses = [FIRST_PAUSE_S]
    for _ in range(12):
        pauses.append(next_pause(pauses[-1]))
    assert pauses[:4] == [2.0, 3.0, 4.5, 6.75]
    assert pauses[-1] == LONGEST_PAUSE_S


@pytest.mark.parametrize("jitter", [-1.0, 1.0])
def test_no_pause_is_longer_than_a_minute(jitter: float) -> None:
    retry = Retry(1, lambda: jitter)
    pauses = [retry.failed(0.0) for _ in range(20)]
    assert pauses[0] == pytest.approx(FIRST_PAUSE_S * (1 + 0.05 * jitter))
    assert 50.0 < pauses[-1] < 60.001


def test_a_good_minute_makes_the_pause_short_again_and_jitter_is_five_in_a_hundred() -> None:
    retry = Retry(1, jitter=lambda: -1.0)
    assert [round(retry.failed(0.0), 3) for _ in range(3)] == [1.9, 2.85, 4.275]
    assert retry.failed(59.0) == pytest.approx(6.4125)
    assert retry.failed(61.0) == pytest.approx(1.9)


def test_both_addresses_are_tried_before_a_pause_and_a_planned_end_goes_back_to_the_first() -> None:
    retry = Retry(2, jitter=lambda: 0.0)
    tried = [(retry.failed(0.0), retry.address) for _ in range(4)]
    assert tried == [(0.0, 1), (2.0, 0), (0.0, 1), (3.0, 0)]
    retry.failed(0.0)
    retry.renewed()
    assert retry.address == 0
    # A platform that still holds the session of before is asked again as soon as after a good minute.
    assert [(retry.failed(0.0), retry.address) for _ in range(2)] == [(0.0, 1), (2.0, 0)]


def test_every_platform_is_renewed_before_its_own_limit_and_before_flv_time_wraps() -> None:
    limits_h = {"twitch": 48, "facebook": 8, "youtube": 12}
    assert all(RENEW_S[name] < hours * 3600 for name, hours in limits_h.items())
    assert max(RENEW_S.values()) < WRAP_S - 24 * 3600


def test_progress_is_what_the_peer_takes_while_something_waits() -> None:
    progress = Progress(0.0)
    assert progress.look(5.0, taken=0, sent=0, waiting=0, acknowledged=None) == 0
    assert progress.look(6.0, taken=10, sent=100, waiting=90, acknowledged=None) == 0
    assert progress.look(9.0, taken=10, sent=100, waiting=90, acknowledged=None) == 3
    assert progress.look(9.5, taken=11, sent=100, waiting=89, acknowledged=None) == 0


def test_a_machine_that_takes_what_its_program_does_not_read_is_found_out_by_acknowledgements() -> None:
    progress, mega = Progress(0.0), 1_000_000
    for n in range(1, 4):
        assert progress.look(float(n), n * mega, n * mega, 0, n * mega - 100_000) == 0
    assert progress.look(4.0, 4 * mega, 4 * mega, 0, 3 * mega - 100_000) == 0
    assert progress.look(10.0, 6 * mega, 6 * mega, 0, 3 * mega - 100_000) == 6


def test_acknowledgements_of_a_slow_rhythm_and_over_the_wrap_are_no_alarm() -> None:
    progress, every = Progress(0.0), 2_500_000
    at = 2**32 - 3 * every
    for n in range(60):
        sent = at + n * 300_000
        acknowledged = (at + (n * 300_000 // every) * every) % 2**32
        assert progress.look(float(n), sent, sent, 0, acknowledged) == 0


@pytest.mark.parametrize("begins_anew_at", [0xF0000000, 2**31, 2**30])
def test_a_peer_whose_count_of_bytes_begins_anew_is_still_judged_by_its_own_rhythm(begins_anew_at: int) -> None:
    progress, every, told = Progress(0.0), 5_000_000, 0
    at = begins_anew_at - 4 * every
    for n in range(200):
        sent = at + n * 300_000
        read = sent if sent < begins_anew_at else sent - begins_anew_at
        told = read if read - told >= every or read < told else told
        assert progress.look(float(n), sent, sent, 0, told) == 0, n
    hung = [progress.look(200.0 + n, at + (200 + n) * 300_000, 0, 1, told) for n in range(100)]
    assert hung[-1] > 8
