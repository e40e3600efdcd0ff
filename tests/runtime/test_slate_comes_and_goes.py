"""A stage that is away for seconds: the last picture, then the slate, then the live picture, all on one time line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import Path

import av
import pytest

from engine.broadcast.encoder import GOP_SECONDS, OPUS_FRAME
from engine.flow import VIDEO_CLOCK_RATE, Packet, Stream
from engine.runtime.bus import Broker
from engine.runtime.master import KEYFRAME_INTERVAL_S
from engine.settings import Channel
from tests.runtime.test_late_master import FPS, Desk

GROUP = FPS * GOP_SECONDS
PATIENCE = 3 * FPS
"""Pictures for which the last one is repeated."""

BEFORE, AFTER, SLATE = 60, 140, 220
"""Luminance of the pictures drawn before the stage went, of those drawn after it came back, and of the slate."""


class Show(Desk):
    """A desk whose stage draws when the test says so."""

    def draw_slate(self) -> None:
        self.master._ring.slate[:] = SLATE
        self.master._ring.commit_slate()

    def drawn(self, until: int, level: int) -> None:
        """Every picture before picture ``until`` is drawn in time."""
        while (picture := self.master._picture) < until:
            self.master._ring.begin(picture)[:] = level
            self.master._ring.commit(picture)
            self.live(1 / FPS)

    def missing(self, until: int) -> None:
        """No picture before picture ``until`` is drawn."""
        self.live((until - self.master._picture) / FPS)

    def keyframes(self) -> list[int]:
        return [number(packet) for packet in self.of(Stream.VIDEO) if packet.is_keyframe]


def number(packet: Packet) -> int:
    return packet.pts * FPS // VIDEO_CLOCK_RATE


def shown(pictures: list[Packet]) -> list[tuple[int, int]]:
    """What a viewer sees: each luminance, and for how many pictures."""
    decoder = av.CodecContext.create("h264", "r")
    frames = [frame for packet in pictures for frame in decoder.decode(av.Packet(packet.data))]
    frames += decoder.decode(None)
    levels = [round(float(frame.to_ndarray()[: frame.height].mean()), -1) for frame in frames]
    return [(int(level), len(list(same))) for level, same in groupby(levels)]


@pytest.fixture
def show(channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Show]:
    broker = Broker(tmp_path)
    broker.start()
    made = Show(channel, tmp_path, monkeypatch)
    yield made
    made.close()
    broker.close()


def test_the_slate_comes_after_three_seconds_and_goes_with_the_next_picture_on_one_time_line(show: Show) -> None:
    first = show.master._picture
    # Both changes are in the middle of a group, so that their IDRs are due to nothing else.
    gone = 6 * GROUP - 10
    slate, back = gone + PATIENCE, gone + 4 * FPS
    show.draw_slate()
    show.drawn(gone, BEFORE)
    show.missing(back)
    show.drawn(back + FPS, AFTER)
    pictures, sounds = show.of(Stream.VIDEO), show.of(Stream.OPUS)
    assert shown(pictures) == [(BEFORE, slate - first), (SLATE, back - slate), (AFTER, FPS)]
    groups = [n for n in range(first, back + FPS) if n % GROUP == 0]
    assert show.keyframes() == sorted([first, *groups, slate, back])
    assert {b.pts - a.pts for a, b in pairwise(pictures)} == {VIDEO_CLOCK_RATE // FPS}
    assert {b.pts - a.pts for a, b in pairwise(sounds)} == {OPUS_FRAME}
    assert show.master._figures["repeated"] == back - gone


def test_a_stage_that_is_back_within_three_seconds_is_not_covered_by_the_slate(show: Show) -> None:
    first = show.master._picture
    gone = 6 * GROUP - 10
    show.draw_slate()
    show.drawn(gone, BEFORE)
    show.missing(gone + PATIENCE)
    show.drawn(gone + PATIENCE + 5, AFTER)
    assert shown(show.of(Stream.VIDEO)) == [(BEFORE, gone + PATIENCE - first), (AFTER, 5)]


def test_a_change_right_behind_an_idr_gets_its_own_half_a_second_after_that_one(show: Show) -> None:
    slate = 8 * GROUP + 3
    show.draw_slate()
    show.drawn(slate - PATIENCE, BEFORE)
    show.missing(slate + FPS)
    due = 8 * GROUP + round(KEYFRAME_INTERVAL_S * FPS)
    assert [n for n in show.keyframes() if n >= 8 * GROUP] == [8 * GROUP, due]
    assert shown(show.of(Stream.VIDEO))[-1] == (SLATE, FPS)


def test_while_no_slate_is_drawn_the_last_picture_stays(show: Show) -> None:
    first = show.master._picture
    show.drawn(first + FPS, BEFORE)
    show.missing(first + 5 * FPS)
    assert shown(show.of(Stream.VIDEO)) == [(BEFORE, 5 * FPS)]
