"""The running order: exact starts, exact sound, answers first, cuts without a click."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.broadcast.programme import FADE_SAMPLES, LONGEST_HOLD_S, QUEUE_LIMIT, Programme, Slot
from engine.flow import CURVES, Line, LineKind, Performance

FPS = 25
PICTURE = 1920


def performance(name: str, pictures: int, level: float = 0.5) -> Performance:
    pcm = np.full(pictures * PICTURE, level, np.float32)
    curves = np.zeros((pictures, len(CURVES)), np.float32)
    return Performance(name, Line(name, LineKind.PITCH, name), pcm, curves, ())


def make() -> Programme:
    return Programme(FPS, gap_ms=320, lead=8)


def test_the_first_line_starts_one_lead_after_now() -> None:
    programme = make()
    programme.enqueue(performance("a", 10), urgent=False)
    (slot,) = programme.schedule(100)
    assert (slot.start, slot.end) == (108, 118)


def test_the_next_start_is_decided_as_late_as_possible_and_after_the_gap() -> None:
    programme = make()
    programme.enqueue(performance("a", 20), urgent=False)
    programme.enqueue(performance("b", 20), urgent=False)
    programme.schedule(0)
    decided = {picture: programme.schedule(picture) for picture in range(1, 40)}
    at, slots = next((p, s) for p, s in decided.items() if s)
    # a: 8..28, gap 8 pictures, so b starts at 36, decided 8 pictures before.
    assert (at, slots[0].start) == (28, 36)


def test_an_answer_goes_before_the_lines_that_wait() -> None:
    programme = make()
    for name in ("a", "b"):
        programme.enqueue(performance(name, 20), urgent=False)
    programme.schedule(0)
    programme.enqueue(performance("answer", 20), urgent=True)
    order = [slot.performance.performance_id for picture in range(1, 100) for slot in programme.schedule(picture)]
    assert order == ["answer", "b"]


def test_what_is_held_lets_the_others_pass_and_goes_when_it_is_let() -> None:
    programme = make()
    for name, urgent in (("a", False), ("b", False), ("answer", True)):
        programme.enqueue(performance(name, 20), urgent)
    programme.held = frozenset({"a", "answer"})
    order = [slot.performance.performance_id for picture in range(100) for slot in programme.schedule(picture)]
    assert order == ["b"]
    assert [p.performance_id for p in programme.upcoming()] == ["answer", "a"]
    programme.held = frozenset()
    order = [slot.performance.performance_id for picture in range(100, 200) for slot in programme.schedule(picture)]
    assert order == ["answer", "a"]


def with_pause(name: str, pictures: int, pause_ms: int) -> Performance:
    plain = performance(name, pictures)
    return replace(plain, line=replace(plain.line, pause_ms=pause_ms))


def starts(programme: Programme) -> dict[str, int]:
    return {s.performance.performance_id: s.start for picture in range(1, 200) for s in programme.schedule(picture)}


def test_a_lines_own_pause_comes_on_top_of_the_gap() -> None:
    programme = make()
    programme.enqueue(with_pause("a", 20, 400), urgent=False)
    programme.enqueue(performance("b", 20), urgent=False)
    programme.schedule(0)
    # a: 8..28, gap 8 pictures, pause 10.
    assert starts(programme) == {"b": 46}


def test_an_answer_does_not_wait_for_the_pause() -> None:
    programme = make()
    programme.enqueue(with_pause("a", 20, 400), urgent=False)
    programme.enqueue(performance("b", 20), urgent=False)
    programme.schedule(0)
    programme.enqueue(performance("answer", 20), urgent=True)
    assert starts(programme) == {"answer": 36, "b": 64}


def test_the_pause_is_kept_when_a_start_is_taken_back() -> None:
    programme = make()
    programme.enqueue(with_pause("a", 20, 400), urgent=False)
    programme.enqueue(performance("b", 20), urgent=False)
    programme.schedule(0)
    programme.schedule(38)
    assert [slot.start for slot in programme.recall(39)] == [46]
    assert [slot.start for slot in programme.schedule(39)] == [47]


def test_the_pause_is_kept_when_the_line_before_is_over_as_well() -> None:
    programme = make()
    programme.enqueue(with_pause("a", 20, 1000), urgent=False)
    programme.enqueue(performance("b", 20), urgent=False)
    programme.schedule(0)
    programme.schedule(53)
    programme.finish(54)
    # a: 8..28, gap 8 pictures, pause 25.
    assert [slot.start for slot in programme.recall(54)] == [61]
    assert [slot.start for slot in programme.schedule(54)] == [62]


def test_sound_is_exact_to_the_sample_across_tick_borders() -> None:
    programme = make()
    programme.enqueue(performance("a", 2, 0.5), urgent=False)
    programme.schedule(0)
    first = 8 * PICTURE
    silent = programme.sound(first - 5, 10, silent=True)
    mixed = programme.sound(first - 5, 10)
    np.testing.assert_allclose(mixed - silent, [0] * 5 + [0.5] * 5, atol=1e-6)
    end = first + 2 * PICTURE
    mixed = programme.sound(end - 5, 10) - programme.sound(end - 5, 10, silent=True)
    np.testing.assert_allclose(mixed, [0.5] * 5 + [0] * 5, atol=1e-6)


def test_the_room_is_never_digital_silence_and_stays_soft() -> None:
    tone = make().sound(10**9, 48_000)
    level = 20 * np.log10(np.sqrt(np.mean(tone.astype(float) ** 2)))
    assert -68 < level < -64


def test_a_cut_fades_to_silence_in_20_ms_and_names_what_it_cut() -> None:
    programme = make()
    programme.enqueue(performance("a", 50), urgent=False)
    programme.schedule(0)
    cut = programme.cut(20)
    assert [slot.performance.performance_id for slot in cut] == ["a"]
    begin = 20 * PICTURE
    speech = programme.sound(begin, 2 * FADE_SAMPLES) - programme.sound(begin, 2 * FADE_SAMPLES, silent=True)
    assert speech[0] > 0.49
    assert np.all(np.diff(speech) <= 1e-6)
    np.testing.assert_allclose(speech[FADE_SAMPLES:], 0, atol=1e-6)


def test_the_queue_is_bounded_and_knows_no_line_twice() -> None:
    programme = make()
    assert all(programme.enqueue(performance(str(i), 1), urgent=False) for i in range(QUEUE_LIMIT))
    assert not programme.enqueue(performance("one more", 1), urgent=True)
    other = make()
    assert other.enqueue(performance("a", 1), urgent=False)
    assert not other.enqueue(performance("a", 1), urgent=False)


def test_withdrawn_lines_never_start_and_placed_ones_stay() -> None:
    programme = make()
    for name in ("a", "b", "c"):
        programme.enqueue(performance(name, 5), urgent=False)
    programme.schedule(0)
    assert programme.withdraw(frozenset({"a", "b"})) == ["b"]
    order = [slot.performance.performance_id for picture in range(1, 60) for slot in programme.schedule(picture)]
    assert order == ["c"]


def test_finish_forgets_only_what_is_over() -> None:
    programme = make()
    programme.enqueue(performance("a", 5), urgent=False)
    programme.schedule(0)
    assert programme.finish(12) == []
    assert programme.on_air(12) is not None
    (over,) = programme.finish(13)
    assert over.performance.performance_id == "a"
    assert programme.waiting_pictures(13) == 0


def test_between_lines_the_next_one_waits_for_an_answer_that_is_being_made() -> None:
    programme = make()
    for name in ("a", "b"):
        programme.enqueue(performance(name, 20), urgent=False)
    programme.schedule(0)
    # a: 8..28; b is decided at 28 for 36 and has not begun at 30, when a question comes.
    programme.schedule(28)
    assert [slot.performance.performance_id for slot in programme.hold(30, 20)] == ["b"]
    assert programme.schedule(31) == []
    programme.enqueue(performance("answer", 20), urgent=True)
    (slot,) = programme.schedule(33)
    assert (slot.performance.performance_id, slot.start) == ("answer", 41)
    later = [(s.performance.performance_id, s.start) for p in range(34, 90) for s in programme.schedule(p)]
    assert later == [("b", 69)]


def test_after_a_stop_the_line_that_had_not_begun_still_waits() -> None:
    programme = make()
    for name in ("a", "b"):
        programme.enqueue(performance(name, 20), urgent=False)
    programme.schedule(0)
    programme.finish(28)
    programme.schedule(28)
    programme.recall(28)
    assert [slot.performance.performance_id for slot in programme.cut(28)] == []
    assert [p.performance_id for p in programme.upcoming()] == ["b"]


def test_a_hold_runs_out_and_what_is_on_air_is_not_recalled() -> None:
    programme = make()
    for name in ("a", "b"):
        programme.enqueue(performance(name, 20), urgent=False)
    programme.schedule(0)
    assert programme.hold(10, 30) == []
    starts = [(s.performance.performance_id, s.start) for p in range(11, 60) for s in programme.schedule(p)]
    assert starts == [("b", 48)]


def names(slots: list[Slot]) -> list[str]:
    return [slot.performance.performance_id for slot in slots]


def waiting(programme: Programme) -> list[str]:
    return [each.performance_id for each in programme.upcoming()]


def with_an_answer_decided() -> Programme:
    """a: 8..28; an answer is decided at 28 for 36, and b and c wait behind it."""
    programme = make()
    for name in ("a", "b", "c"):
        programme.enqueue(performance(name, 20), urgent=False)
    programme.schedule(0)
    programme.enqueue(performance("answer", 20), urgent=True)
    assert names(programme.schedule(28)) == ["answer"]
    return programme


def test_an_answer_that_is_taken_back_goes_first_again_and_nothing_moves_it() -> None:
    programme = with_an_answer_decided()
    assert names(programme.recall(30)) == ["answer"]
    programme.enqueue(performance("next answer", 20), urgent=True)
    programme.reorder(("c", "b"))
    assert waiting(programme) == ["answer", "next answer", "c", "b"]
    assert [programme.is_urgent(each) for each in programme.upcoming()] == [True, True, False, False]
    programme.hold(30, 20)
    assert [(s.performance.performance_id, s.start) for s in programme.schedule(31)] == [("answer", 39)]


def test_an_answer_that_comes_next_keeps_its_place_while_the_one_behind_it_is_being_made() -> None:
    programme = with_an_answer_decided()
    for picture in range(29, 36):
        assert programme.hold(picture, 20) == []
    assert [(s.performance.performance_id, s.start) for s in programme.placed()] == [("a", 8), ("answer", 36)]


def test_a_line_before_an_answer_is_taken_back_with_it_and_the_answer_goes_first() -> None:
    programme = Programme(FPS, gap_ms=40, lead=8)
    for name, pictures in (("a", 20), ("short", 2), ("b", 20)):
        programme.enqueue(performance(name, pictures), urgent=False)
    programme.schedule(0)
    # a: 8..28; short is decided at 21 for 29, and the answer behind it at 24 for 32.
    programme.schedule(21)
    programme.enqueue(performance("answer", 20), urgent=True)
    programme.schedule(24)
    assert names(programme.hold(25, 20)) == ["short", "answer"]
    assert waiting(programme) == ["answer", "short", "b"]


@pytest.mark.parametrize("every", [1, 7, 19])
def test_holds_without_end_keep_the_next_line_waiting_for_a_bounded_time(every: int) -> None:
    programme = make()
    for name in ("a", "b", "c"):
        programme.enqueue(with_pause(name, 20, 400), urgent=False)
    programme.schedule(0)
    begun: dict[str, int] = {}
    for picture in range(8, 500):
        if picture % every == 0:
            programme.hold(picture, 20)
        programme.finish(picture)
        programme.schedule(picture)
        slot = programme.on_air(picture)
        if slot is not None:
            begun.setdefault(slot.performance.performance_id, picture)
    # a: 8..28; without a hold b would begin after 8 pictures of gap and 10 of pause.
    silent = 8 + 10 + round(LONGEST_HOLD_S * FPS)
    assert begun == {"a": 8, "b": 28 + silent, "c": 28 + silent + 20 + silent}


def test_behind_an_opener_a_long_hold_is_whole() -> None:
    programme = make()
    for name in ("a", "b"):
        programme.enqueue(performance(name, 20), urgent=False)
    programme.schedule(0)
    programme.enqueue(performance("opener", 40), urgent=True)
    programme.hold(10, 150)
    decided = [(s.performance.performance_id, s.start) for p in range(10, 200) for s in programme.schedule(p)]
    assert decided == [("opener", 36), ("b", 168)]


def test_a_hold_ends_when_no_answer_is_made_any_more() -> None:
    programme = make()
    for name in ("a", "b", "c"):
        programme.enqueue(performance(name, 20), urgent=False)
    programme.schedule(0)
    programme.hold(27, 100)
    assert programme.schedule(28) == []
    assert programme.hold(40, 0) == []
    assert names(programme.schedule(40)) == ["b"]
    assert programme.hold(41, 0) == [], "a start that is decided stays"


def test_a_cut_ends_a_hold() -> None:
    programme = make()
    for name in ("a", "b"):
        programme.enqueue(performance(name, 20), urgent=False)
    programme.schedule(0)
    programme.hold(20, 100)
    programme.cut(20)
    assert [(s.performance.performance_id, s.start) for s in programme.schedule(20)] == [("b", 28)]


def test_a_decided_start_is_taken_back_when_its_line_is_withdrawn_and_the_others_keep_their_order() -> None:
    programme = make()
    for name in ("a", "b", "c"):
        programme.enqueue(performance(name, 5), urgent=False)
    start = programme.schedule(0)[0].start
    picture = start + 2
    while len(programme.placed()) < 2:
        programme.schedule(picture)
        picture += 1
    second = programme.placed()[1]
    assert (second.performance.performance_id, second.start > picture - 1) == ("b", True)
    assert programme.recall(picture - 1, frozenset({"a", "c"})) == [], "what is on air or only waits is not recalled"
    recalled = programme.recall(picture - 1, frozenset({"b"}))
    assert [slot.performance.performance_id for slot in recalled] == ["b"]
    assert programme.withdraw(frozenset({"b"})) == ["b"]
    assert [p.performance_id for p in programme.upcoming()] == ["c"]
    assert [slot.performance.performance_id for slot in programme.placed()] == ["a"]


def test_what_waits_is_put_into_another_order() -> None:
    programme = make()
    for name in ("a", "b", "c", "d"):
        programme.enqueue(performance(name, 20), urgent=False)
    programme.schedule(0)
    programme.enqueue(performance("answer", 20), urgent=True)
    programme.reorder(("d", "gone", "b"))
    assert [each.performance_id for each in programme.upcoming()] == ["answer", "d", "b", "c"]
