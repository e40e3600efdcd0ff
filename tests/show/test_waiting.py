from __future__ import annotations

import pytest

from engine.flow import Question
from engine.script import Intent, Kind, Topic
from engine.show.waiting import KEPT_S, MOST_WAITING, WRITTEN_AFTER_S, Queue, is_same
from tests.show.clock import Clock

PRICE = Topic(Kind.PRICE, Intent.PRICE, ("mug",), ("mug.price",))
WEIGHT = Topic(Kind.FACT, None, ("mug",), ("mug.weight",))
KETTLE = Topic(Kind.FACT, None, ("kettle",), ("kettle.hold",))
CHAT = Topic(Kind.TALK, Intent.SMALL_TALK)


def unknown(words: str, product: str = "mug") -> Topic:
    return Topic(Kind.UNKNOWN, None, (product,), terms=frozenset(words.split()))


def question(number: int, viewer: str = "") -> Question:
    return Question(f"q{number}", viewer or f"viewer {number}", "…")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(clock: Clock) -> Queue:
    return Queue(clock)


def order(queue: Queue, on_show: str | None = None) -> list[Kind]:
    taken = []
    while (best := queue.take(on_show)) is not None:
        taken.append(best.topic.kind)
    return taken


def test_those_about_to_buy_come_first(queue: Queue) -> None:
    for number, topic in enumerate((CHAT, unknown("lid"), WEIGHT, PRICE)):
        assert queue.put(question(number), topic, "mug") is None
    assert order(queue) == [Kind.PRICE, Kind.FACT, Kind.UNKNOWN, Kind.TALK]


def test_the_product_on_show_comes_before_another(queue: Queue) -> None:
    queue.put(question(1), KETTLE, "mug")
    queue.put(question(2), WEIGHT, "mug")
    best = queue.take("mug")
    assert best is not None
    assert best.topic == WEIGHT


def test_waiting_counts(queue: Queue, clock: Clock) -> None:
    queue.put(question(1), CHAT, None)
    clock.now = 7.0
    queue.put(question(2), unknown("lid"), None)
    assert order(queue) == [Kind.TALK, Kind.UNKNOWN]


def test_the_same_question_is_answered_once_for_all_who_asked(queue: Queue) -> None:
    queue.put(question(1), WEIGHT, None)
    queue.put(question(2), KETTLE, None)
    queue.put(question(3), KETTLE, None)
    queue.put(question(4), KETTLE, None)
    best = queue.take(None)
    assert best is not None
    assert [each.question_id for each in best.asked] == ["q2", "q3", "q4"]
    assert len(queue) == 1


def test_nearly_the_same_words_without_an_answer_are_the_same() -> None:
    assert is_same(unknown("dishwasher safe handle lid"), unknown("dishwasher handles lid safe"))
    assert not is_same(unknown("dishwasher safe"), unknown("dishwasher safe", "pan"))
    assert not is_same(unknown("lid"), unknown("straw"))
    assert not is_same(unknown(""), unknown(""))


def test_who_was_answered_lately_lets_others_go_first(queue: Queue) -> None:
    queue.put(question(1, "Ann"), KETTLE, None)
    queue.take(None)
    queue.put(question(2, "Ann"), WEIGHT, None)
    queue.put(question(3, "Bea"), Topic(Kind.FACT, None, ("pan",), ("pan.weight",)), None)
    best = queue.take(None)
    assert best is not None
    assert best.viewers == {"Bea"}


def test_a_full_queue_lets_the_least_useful_go(queue: Queue) -> None:
    for number in range(MOST_WAITING):
        assert queue.put(question(number), unknown(f"word{number}"), None) is None
    lost = queue.put(question(99), PRICE, None)
    assert lost is not None
    assert lost.asked[0].question_id == f"q{MOST_WAITING - 1}", "the one that came last of those worth the least"
    assert len(queue) == MOST_WAITING
    small = queue.put(question(100), CHAT, None)
    assert small is not None
    assert small.topic == CHAT


def test_what_waited_too_long_is_overdue(queue: Queue, clock: Clock) -> None:
    queue.put(question(1), CHAT, None)
    clock.now = WRITTEN_AFTER_S - 0.1
    assert queue.overdue() is None
    clock.now = WRITTEN_AFTER_S
    late = queue.overdue()
    assert late is not None
    assert late.asked[0].question_id == "q1"
    assert queue.overdue() is None


def test_a_question_whose_answer_is_typed_is_left_alone_for_a_while(queue: Queue, clock: Clock) -> None:
    queue.put(question(1), PRICE, None)
    queue.put(question(2), CHAT, None)
    kept = queue.find("q1")
    assert kept is not None
    queue.keep(kept)
    clock.now = WRITTEN_AFTER_S
    late = queue.overdue()
    assert late is not None
    assert late.topic == CHAT
    assert queue.take(None) is None
    assert [each.topic for each in queue.in_order(None)] == [PRICE], "it is still shown"
    clock.now = KEPT_S
    assert queue.take(None) is kept
