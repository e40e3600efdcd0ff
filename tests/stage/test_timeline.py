import logging

import pytest

from engine.stage.timeline import MAX_SCHEDULED, MAX_WAITING, Change, Timeline

from .scene import performance


def test_waits_until_scheduled_then_is_freed_a_second_after_its_end() -> None:
    timeline = Timeline(25)
    timeline.add(performance("a", pictures=50))
    assert timeline.waiting == ("a",)
    timeline.schedule("a", 100)
    assert timeline.waiting == ()
    assert timeline.on(99) is None
    placed = timeline.on(100)
    assert placed is not None
    assert (placed.end, placed.sample(101, 25)) == (150, 1_920)
    timeline.forget(174)
    assert timeline.on(174) is placed
    timeline.forget(175)
    assert timeline.placed == ()


def test_schedule_may_come_before_add() -> None:
    timeline = Timeline(25)
    timeline.schedule("a", 10)
    timeline.add(performance("a"))
    placed = timeline.on(10)
    assert placed is not None
    assert placed.act.performance_id == "a"
    assert timeline.waiting == ()


def test_adding_and_scheduling_again_changes_nothing_but_the_start() -> None:
    timeline = Timeline(25)
    timeline.add(performance("a"))
    timeline.schedule("a", 10)
    timeline.add(performance("a"))
    timeline.schedule("a", 20)
    assert [(p.act.performance_id, p.start) for p in timeline.placed] == [("a", 20)]
    assert timeline.waiting == ()


def test_waiting_is_bounded_and_says_what_it_drops(caplog: pytest.LogCaptureFixture) -> None:
    timeline = Timeline(25)
    with caplog.at_level(logging.WARNING):
        for i in range(MAX_WAITING + 3):
            timeline.add(performance(f"p{i}", pictures=1))
    assert len(timeline.waiting) == MAX_WAITING
    assert timeline.waiting[0] == "p3"
    assert timeline.dropped == 3
    assert [record.getMessage().rpartition(": ")[2] for record in caplog.records] == [
        f"p{i} is dropped" for i in range(3)
    ]


def test_schedules_and_unknown_ids_are_bounded() -> None:
    timeline = Timeline(25)
    for i in range(MAX_SCHEDULED + 2):
        timeline.add(performance(f"p{i}", pictures=1))
        timeline.schedule(f"p{i}", i)
        timeline.schedule(f"unknown{i}", i)
    assert len(timeline.placed) == MAX_SCHEDULED
    assert timeline.dropped == 4
    timeline.forget(100_000)
    timeline.add(performance("unknown9"))
    assert timeline.waiting == ("unknown9",)


def test_withdraw_forgets_waiting_scheduled_and_on_air() -> None:
    timeline = Timeline(25)
    for name in ("waits", "later", "on", "stays"):
        timeline.add(performance(name, product_id=name))
    timeline.schedule("on", 10)
    timeline.schedule("later", 60)
    timeline.forget(20)
    assert timeline.withdraw(["waits", "later", "on", "nobody"]) == ("waits", "on", "later")
    assert timeline.waiting == ("stays",)
    assert timeline.on(100) is None
    assert timeline.product(100) == (Change(10, "on"), None)


def test_the_product_stays_over_lines_without_one() -> None:
    timeline = Timeline(25)
    for name, product, start in (("a", "mug", 0), ("b", None, 60), ("c", "mug", 120), ("d", "pan", 180)):
        timeline.add(performance(name, product_id=product))
        timeline.schedule(name, start)
    assert timeline.product(-1) == (None, None)
    for picture in (0, 59, 61, 179):
        assert timeline.product(picture) == (Change(0, "mug"), None)
    assert timeline.product(180) == (Change(180, "pan"), Change(0, "mug"))
    timeline.forget(1_000)
    assert timeline.placed == ()
    assert timeline.product(1_000) == (Change(180, "pan"), Change(0, "mug"))
