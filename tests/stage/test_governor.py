"""The governor: down at once, up slowly, and never at the expense of the others on the machine."""

from __future__ import annotations

from engine.stage.governor import FIRST_PENALTY_S, GOOD_S, GRACE_S, TIERS, Governor, cost

FPS, AHEAD = 25, 10


class Studio:
    """A stage on a virtual clock: each picture is drawn in ``full_s`` at full detail."""

    def __init__(self, full_s: float, idle: float) -> None:
        self.now = 0.0
        self.full_s, self.idle = full_s, idle
        self.governor = Governor(FPS, AHEAD, lambda: self.now)
        self.slack = float(AHEAD)

    def run(self, seconds: float) -> list[float]:
        """Draws for so long; the detail of each picture."""
        details, until = [], self.now + seconds
        while self.now < until:
            wall = self.full_s * cost(self.governor.detail)
            self.slack = min(AHEAD, self.slack + 1 - wall * FPS)
            self.now += max(wall, 1 / FPS) if self.slack >= AHEAD else wall
            details.append(self.governor.drawn(int(self.slack), wall, self.idle))
        return details


def test_a_quick_idle_machine_gets_the_finest_picture() -> None:
    details = Studio(0.010, 0.9).run(60)
    assert details[0] == 0.85
    assert details[-1] == TIERS[-1]
    assert sorted(set(details)) == [0.85, 1.0, 1.25, 1.5]


def test_more_than_full_detail_is_only_for_idle_cores() -> None:
    assert max(Studio(0.010, 0.4).run(120)) == 1.0
    assert max(Studio(0.010, 0.1).run(120)) == 0.85


def test_more_than_full_detail_is_given_back_when_others_need_the_cores() -> None:
    studio = Studio(0.010, 0.9)
    studio.run(60)
    studio.idle = 0.1
    assert studio.run(3)[-1] == 1.0


def test_a_slow_machine_finds_a_tier_that_holds_and_keeps_ahead() -> None:
    studio = Studio(0.052, 0.3)
    studio.run(30)
    details = studio.run(60)
    assert set(details) <= {0.6, 0.72}
    assert studio.slack > 0


def test_a_tier_that_failed_is_left_alone_for_longer_each_time() -> None:
    studio = Studio(0.024, 0.3)
    assert studio.run(GRACE_S + GOOD_S + 1)[-1] == 1.0
    fell = []
    for _ in range(3):
        studio.slack = 0
        assert studio.run(0.1)[-1] == 0.85
        before = studio.now
        studio.slack = AHEAD
        while studio.run(0.2)[-1] < 1.0:
            assert studio.now - before < 200
        fell.append(studio.now - before)
    assert FIRST_PENALTY_S - 0.1 < fell[0] < fell[1] < fell[2]


def test_a_stage_that_has_just_begun_is_not_judged() -> None:
    governor = Governor(FPS, AHEAD, lambda: GRACE_S - 0.1)
    assert Governor(FPS, AHEAD, lambda: 0.0).drawn(0, 0.04, 0.0) == 0.85
    assert governor.drawn(0, 0.04, 0.0) == 0.85
