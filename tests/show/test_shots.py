from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from engine.flow import Framing, Line, LineKind, Question
from engine.records import Ledger
from engine.script import Draft
from engine.settings import Channel
from engine.show import Director
from engine.show.shots import BETWEEN_PUSHES_S, LEAST_SHOT_S, PREFERRED, Shots, spoken_seconds


@pytest.fixture(scope="module")
def show(channel: Channel, tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    ledger = Ledger(tmp_path_factory.mktemp("shots") / "ledger.db")
    director = Director(channel, ledger)
    lines = [director.next_line() for _ in range(600)]
    ledger.close()
    return lines


def draft(kind: LineKind, text: str = "This is a line of eight words here.", mood: str = "warm") -> Draft:
    return Draft(kind, text, (), text, mood=mood)


def test_every_kind_of_line_has_shares_that_add_up() -> None:
    assert set(PREFERRED) == set(LineKind)
    for shares in PREFERRED.values():
        assert sum(share for _, share in shares) == pytest.approx(1.0)


def test_the_show_begins_wide_and_every_line_names_its_framing(show: list[Line]) -> None:
    assert show[0].framing is Framing.HALF
    assert all(line.framing is not None for line in show)


def test_a_shot_lasts_a_while(show: list[Line]) -> None:
    held = 0.0
    shots: list[float] = []
    for before, line in pairwise(show):
        held += spoken_seconds(before.text)
        if line.framing is not before.framing:
            shots.append(held)
            held = 0.0
    assert min(shots) >= LEAST_SHOT_S
    assert 8 < sum(shots) / len(shots) < 25


def test_kinds_are_seen_as_they_should(show: list[Line]) -> None:
    seen = {kind: Counter(line.framing for line in show if line.kind is kind) for kind in LineKind}
    assert seen[LineKind.PITCH][Framing.BUST] > seen[LineKind.PITCH][Framing.CLOSE]
    assert seen[LineKind.PRICE].most_common(1)[0][0] is not Framing.HALF
    assert seen[LineKind.TRANSITION][Framing.HALF] > 0.4 * sum(seen[LineKind.TRANSITION].values())
    assert min(Counter(line.framing for line in show).values()) > 0.1 * len(show)


def test_push_ins_are_rare_never_wide_and_mostly_on_prices(show: list[Line]) -> None:
    pushed = [line for line in show if line.push_in]
    assert 0.03 * len(show) < len(pushed) < 0.2 * len(show)
    assert all(line.framing is not Framing.HALF for line in pushed)
    assert sum(line.kind is LineKind.PRICE for line in pushed) > 0.5 * len(pushed)
    since = BETWEEN_PUSHES_S
    for line in show:
        if line.push_in:
            assert since >= BETWEEN_PUSHES_S
            since = 0.0
        since += spoken_seconds(line.text)


def test_sorry_is_seen_from_near_and_an_answer_leaves_the_show_as_it_was() -> None:
    with_answer, without = Shots(4), Shots(4)
    for shots in (with_answer, without):
        for i in range(3):
            shots.shot(draft(LineKind.PITCH), f"1-{i}")
    assert with_answer.shot(draft(LineKind.ANSWER, mood="sorry"), "1-9")[0] is Framing.CLOSE
    after = [[shots.shot(draft(LineKind.PRICE), f"2-{i}") for i in range(6)] for shots in (with_answer, without)]
    assert after[0] == after[1]


def test_the_same_seed_gives_the_same_shots(channel: Channel, tmp_path: Path) -> None:
    runs = []
    for name in ("a.db", "b.db"):
        ledger = Ledger(tmp_path / name)
        director = Director(channel, ledger)
        runs.append([(line.framing, line.push_in) for line in (director.next_line() for _ in range(60))])
        ledger.close()
    assert runs[0] == runs[1]


def test_an_answer_is_near(channel: Channel, ledger: Ledger) -> None:
    director = Director(channel, ledger)
    director.next_line()
    line = director.answer(Question("q1", "Ann", "What does it cost?"))
    assert line.framing in {Framing.CLOSE, Framing.BUST}
