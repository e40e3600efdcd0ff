"""Weights by the hour and campaigns, with times given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.settings import Show
from engine.show import VirtualClock
from engine.show.schedule import Schedule

EVENING = {"begin": "18:00", "end": "22:00", "weights": {"lamp": 4}}
NIGHT = {"begin": "22:00", "end": "06:00", "weights": {"candle": 5, "lamp": 0}}
SALE = {
    "name": "Spring sale",
    "begin": "2026-03-01T10:00",
    "end": "2026-03-03T10:00",
    "weights": {"lamp": 7},
    "text": "In the spring sale the lamp is on the table more often.",
}


def show(**keys: object) -> Show:
    return Show.model_validate(keys)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "weights"),
    [
        (at(5, 17, 59), {"mug": 2}),
        (at(5, 18), {"mug": 2, "lamp": 4}),
        (at(5, 21, 59), {"mug": 2, "lamp": 4}),
        (at(5, 22), {"mug": 2, "candle": 5, "lamp": 0}),
        (at(6, 5, 59), {"mug": 2, "candle": 5, "lamp": 0}),
        (at(6, 6), {"mug": 2}),
        (None, {"mug": 2}),
    ],
)
def test_hours_hold_from_their_beginning_up_to_their_end(moment: datetime | None, weights: dict[str, int]) -> None:
    assert Schedule(show(weights={"mug": 2}, hours=[EVENING, NIGHT])).weights(moment) == weights


def test_hours_are_in_the_shows_time_zone() -> None:
    schedule = Schedule(show(time_zone="Asia/Shanghai", hours=[EVENING]))
    assert schedule.weights(at(5, 10)) == {"lamp": 4}
    assert schedule.weights(at(5, 18)) == {}


@pytest.mark.parametrize(
    ("moment", "is_on"),
    [(at(1, 9, 59), False), (at(1, 10), True), (at(3, 9, 58), True), (at(3, 9, 59), False), (at(3, 10), False)],
)
def test_a_campaign_is_on_until_just_before_its_end(moment: datetime, is_on: bool) -> None:
    schedule = Schedule(show(campaigns=[SALE], hours=[EVENING]))
    assert [campaign.name for campaign in schedule.campaigns(moment)] == (["Spring sale"] if is_on else [])
    assert schedule.weights(moment) == ({"lamp": 7} if is_on else {})


def test_a_campaign_goes_before_the_hours_and_may_have_a_zone_of_its_own() -> None:
    zoned = {**SALE, "begin": "2026-03-01T18:00+08:00", "end": "2026-03-02T18:00+08:00"}
    schedule = Schedule(show(campaigns=[zoned], hours=[EVENING], time_zone="America/New_York"))
    assert schedule.weights(at(1, 23)) == {"lamp": 7}
    assert schedule.weights(at(1, 9)) == {}


def test_a_virtual_clock_moves_only_when_told() -> None:
    clock = VirtualClock(at(1, 10))
    assert clock() == clock() == at(1, 10)
    clock.set(90)
    assert clock() == at(1, 10, 1).replace(second=30)


@pytest.mark.parametrize(
    ("zone", "begin", "end", "over"),
    [
        # Clocks go from 2:00 to 3:00, and from 3:00 back to 2:00; in Chile from 0:00 to 1:00.
        ("Europe/Berlin", "2026-03-29T00:00", "2026-03-29T03:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-10-25T00:00", "2026-10-25T03:00", "2026-10-25T02:00"),
        ("America/Santiago", "2026-09-05T20:00", "2026-09-06T01:00", "2026-09-06T04:00"),
    ],
)
def test_a_campaign_ends_at_its_time_also_where_clocks_were_moved_just_before(
    zone: str, begin: str, end: str, over: str
) -> None:
    schedule = Schedule(show(time_zone=zone, campaigns=[{**SALE, "begin": begin, "end": end}]))
    ends = datetime.fromisoformat(over).replace(tzinfo=UTC)
    is_on = [bool(schedule.campaigns(ends - timedelta(seconds=s))) for s in (3600, 91, 90, 0, -1800)]
    assert is_on == [True, True, False, False, False]
