"""Faults of an RTMP peer: the outlet sees them in time, comes back by itself, and nobody else notices."""

from __future__ import annotations

import itertools
import time

from engine.outlets.flash.chunks import Kind
from faults.air import FPS, Air, Row, say
from faults.rtmp_peer import Manner, Publishing

OUTLET = "outlet:peer"
DECLARED_S = 10.0
BACK_S = 5.0
STEADY_S = 100.0


def rtmp_rows(air: Air, *, full: bool) -> list[Row]:
    """Every fault of the peer, one after the other. ``full`` also waits for 25 refusals (a quarter of an hour)."""
    rows = [
        fault(air, Manner.MUTE, "RTMP peer accepts and never shakes hands", drop=True, declared=True),
        fault(air, Manner.SILENT, "RTMP peer stops reading", declared=True),
        fault(air, Manner.RESETTING, "RTMP peer resets", hold_s=3.0, declared=True),
        fault(air, Manner.BUSY, "RTMP peer says busy for 5 s", drop=True, hold_s=5.0),
        fault(air, Manner.GONE, "RTMP peer is gone 15 s", hold_s=15.0),
        fault(air, Manner.GONE, "RTMP peer is gone 80 s", hold_s=80.0),
    ]
    if full:
        rows.append(fault(air, Manner.GONE, "RTMP peer refuses 25 times", refusals=25))
    return rows


def fault(
    air: Air,
    manner: Manner,
    name: str,
    *,
    drop: bool = False,
    hold_s: float = 0.0,
    declared: bool = False,
    refusals: int = 0,
) -> Row:
    """Let the peer behave so, then well again, and judge what it and the others got.

    ``drop`` resets the connection that stands, so that the next one meets ``manner``.
    """
    say(name)
    row = Row(name)
    _settle(air)
    began, failures = time.monotonic(), air.ear.figure(OUTLET, "failures")
    if drop:
        air.peer.drop()
    air.peer.manner = manner
    wanted = failures + max(1, refusals) + (drop and declared)
    if declared or refusals:
        air.wait(lambda: air.ear.figure(OUTLET, "failures") >= wanted, 30 + 70 * refusals, "the outlet says it failed")
        if declared:
            # Of a new connection from its own beginning, else from the fault on.
            since = max(p.connected for p in air.peer.publishings) if drop else began
            said = next(at for at, h in air.ear.healths[OUTLET] if h.figures.get("failures", 0) >= wanted)
            row.at_most("declared_s", said - since, DECLARED_S)
    time.sleep(max(0.0, began + hold_s - time.monotonic()))
    _come_back(air, row, began)
    row.figures["failures"] = air.ear.figure(OUTLET, "failures") - failures
    for eye in ("platform", "viewer"):
        seen = air.seen(eye, began)
        row.at_most(f"{eye}_lost_pictures", seen.lost_pictures(FPS), 0)
        row.at_most(f"{eye}_picture_gap_s", seen.longest_gap_s("pictures"), 1.0)
    return row


def _settle(air: Air) -> None:
    """Wait until the peer is sent the stream."""
    air.peer.manner = Manner.TAKING
    air.wait(lambda: _is_sent(air), STEADY_S, "the peer is sent the stream")
    time.sleep(2.5)


def _is_sent(air: Air) -> bool:
    story = air.peer.publishings[-1] if air.peer.publishings else None
    return story is not None and not story.ended and bool(story.heard) and time.monotonic() - story.heard[-1].at < 1


def _come_back(air: Air, row: Row, began: float) -> None:
    """Let the peer take the stream again and judge how it comes back."""
    health = air.ear.healths[OUTLET][-1]
    could = time.monotonic()
    air.peer.manner = Manner.TAKING
    pause = max(0.0, health[0] + health[1].figures.get("retry_in_s", 0.0) - could)
    story = air.wait(lambda: _next(air, could), 75, "the peer is sent the stream again")
    time.sleep(3)
    pictures = [each for each in story.heard if each.is_picture]
    row.figures["pause_left_s"] = round(pause, 2)
    row.at_most("back_s", pictures[0].at - could - pause, BACK_S)
    row.must("the first picture is an IDR", pictures[0].is_idr)
    row.must("times begin at zero", pictures[0].time_ms == 0)
    steps = {b.time_ms - a.time_ms for a, b in itertools.pairwise(pictures)}
    row.must(f"picture times step by {1000 // FPS} ms: {steps}", steps == {1000 // FPS})
    sounds = [each.time_ms for each in story.heard if each.kind == Kind.AUDIO and each.body[1] == 1]
    row.must("sound times rise", all(a < b for a, b in itertools.pairwise(sounds)))
    row.figures["fault_to_back_s"] = round(pictures[0].at - began, 2)


def _next(air: Air, after: float) -> Publishing | None:
    """The session that was accepted after a time and has been sent pictures."""
    found = [p for p in air.peer.publishings if p.published > after and any(each.is_picture for each in p.heard)]
    return found[-1] if found else None
