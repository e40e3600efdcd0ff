"""SIGKILL and SIGSTOP of each process in turn: what viewers see and hear, and how soon it is back."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from faults.air import FPS, OTHER_SETTINGS, Air, Row, say

GAP_S = 1.0
REJOIN_S = 3.0
BACK_S = 10.0
MASTER_BACK_S = 5.0
ROLES = ("studio", "stage", "outlet:platform", "server")
CALM_S = 6.0


def process_rows(air: Air, *, times: int = 2) -> list[Row]:
    """Each role killed and stopped, ``times`` times over, then the master; the channel's file says something else."""
    # Before the show has begun in earnest, going on and beginning again are the same.
    air.wait(lambda: any(kind == "pitch" for kind, _ in air.said()), 90, "a product is told of")
    air.save(OTHER_SETTINGS)
    rows = []
    for turn in range(times):
        for number in (signal.SIGKILL, signal.SIGSTOP):
            rows += [hit(air, role, number, turn + 1) for role in ROLES]
    return [*rows, *(hit(air, "master", number, 1) for number in (signal.SIGKILL, signal.SIGSTOP))]


def memory_row(folder: Path) -> Row:
    """Stage and studio over a ceiling that is lower than what they have: both are replaced, and nobody sees it."""
    row = Row("stage and studio over their memory ceilings")
    say(row.fault)
    with Air(folder, changes={"memory": {"stage_mb": 60, "studio_mb": 60}}) as air:
        began = time.monotonic()
        for role in ("stage", "studio"):
            told = air.ear.healths[role]
            air.wait(lambda t=told: len({health.pid for _, health in t}) > 1, 180, f"{role} is replaced")
            row.figures[f"{role}_replaced_after_s"] = round(time.monotonic() - began, 1)
        said = air.said()
        time.sleep(CALM_S + 14)
        seen = air.seen("viewer", began)
        row.at_most("viewer_picture_gap_s", seen.longest_gap_s("pictures"), GAP_S)
        row.at_most("viewer_sound_gap_s", seen.longest_gap_s("sounds"), GAP_S)
        row.at_most("viewer_still_s", seen.longest_still_s(), GAP_S)
        row.at_most("platform_lost_pictures", air.seen("platform", began).lost_pictures(FPS), 0)
        _judge_show(air, row, said)
    return row


def hit(air: Air, role: str, number: signal.Signals, turn: int) -> Row:
    """Send a signal to a role's process, wait until it is back, and judge what was seen meanwhile."""
    row = Row(f"{number.name} of {role} ({turn})")
    say(row.fault)
    process = air.wait(lambda: air.child(role), 30, f"{role} lives")
    said = air.said()
    began = time.monotonic()
    process.send_signal(number)
    back = air.wait(lambda: air.ear.first_beat(role, process.pid, began), 45, f"{role} is back")
    row.at_most("back_s", back - began, BACK_S)
    time.sleep(CALM_S + (8 if role == "studio" else 0))
    _judge_eyes(air, row, role, began)
    if role == "studio":
        _judge_show(air, row, said)
    return row


def _judge_eyes(air: Air, row: Row, role: str, began: float) -> None:
    viewer, platform = air.seen("viewer", began), air.seen("platform", began)
    if role == "server":
        row.at_most("viewer_away_s", viewer.longest_gap_s("pictures"), REJOIN_S)
    elif role == "master":
        row.at_most("viewer_away_s", viewer.longest_gap_s("pictures"), MASTER_BACK_S)
        row.at_most("platform_away_s", platform.longest_gap_s("pictures"), MASTER_BACK_S)
        return
    else:
        row.at_most("viewer_picture_gap_s", viewer.longest_gap_s("pictures"), GAP_S)
        row.at_most("viewer_sound_gap_s", viewer.longest_gap_s("sounds"), GAP_S)
    if role == "stage":
        # The master goes on with the last picture: that is a stop, too.
        row.at_most("viewer_still_s", viewer.longest_still_s(), GAP_S)
    else:
        row.figures["viewer_still_s"] = round(viewer.longest_still_s(), 2)
    row.must("no digital silence", viewer.quietest_dbfs() > -90)
    if role == "outlet:platform":
        row.at_most("platform_away_s", platform.longest_gap_s("pictures"), BACK_S)
    else:
        row.at_most("platform_lost_pictures", platform.lost_pictures(FPS), 0)
        row.at_most("platform_picture_gap_s", platform.longest_gap_s("pictures"), GAP_S)


def _judge_show(air: Air, row: Row, before: list[tuple[str, str]]) -> None:
    """The show goes on: new lines come, none of them is a beginning, none was said just before."""
    later = air.said()[len(before) :]
    row.figures["lines_since"] = [text for _, text in later]
    row.must("lines go on", bool(later))
    row.must("no greeting anew", not any(kind == "greeting" for kind, _ in later))
    known = {text for _, text in before}
    row.must("no line comes twice", not any(text in known for _, text in later))
