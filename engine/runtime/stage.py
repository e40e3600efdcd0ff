"""The stage's process: draws pictures a little ahead of the clock into the shared ring."""

from __future__ import annotations

import gc
import logging
import math
import sys
import threading
import time
from datetime import date
from pathlib import Path

import cv2
import psutil

from engine.avatar import Body, BodyError, open_body
from engine.broadcast.clock import Clock
from engine.broadcast.ring import AHEAD, PictureRing, RingError
from engine.flow import picture_at, picture_sample
from engine.runtime.bus import Bus
from engine.runtime.child import begin
from engine.runtime.heap import HeapTrimmer, keep_large_apart
from engine.runtime.heart import Heart
from engine.runtime.messages import Act, Cards, Ended, Hello, Message, Perform, Recalled, Scheduled
from engine.runtime.standby import wait_for_turn
from engine.runtime.steering import ShowNow
from engine.settings import Channel
from engine.settings.consent import local_today, why_not_shown
from engine.stage import Stage, StageError
from engine.stage.governor import Governor

log = logging.getLogger(__name__)

IDLE_EVERY_S = 1.0
"""How often the machine is asked how much of it is idle."""

TRIM_EVERY_S = 60.0

ENOUGH_AHEAD = AHEAD // 2
"""Pictures drawn in advance with which a torso is made ready; it takes as long as several of them."""

LEAST_PREPARED_S = 30.0
"""A stage that is never that far ahead makes one ready this often all the same: a gesture must not have to wait."""


def first_in_time(now: int, draw_s: float, fps: int) -> int:
    """The first picture after ``now`` that is still in time when its drawing takes ``draw_s``.

    A stage that takes longer than a picture lasts still shows every second or third one, instead of finishing each
    just after its time.
    """
    return now + 1 + min(math.ceil(draw_s * fps), AHEAD - 1)


def hold_consent(file: Path, body: Body, today: date) -> None:
    """Nobody is shown for longer than they agreed to, however long the stage has been drawing.

    Raises:
        BodyError: the consent has ended; viewers see the slate from then on.
    """
    why = why_not_shown(file, body.consent, today) if body.consent is not None else ""
    if why:
        raise BodyError(why)


class StageProcess:
    """Draws for the times to come; a picture that would be late is left out, never shifted."""

    def __init__(self, channel: Channel, run_dir: Path) -> None:
        self._ring = PictureRing(run_dir / "ring", channel.canvas)
        self._clock = Clock(self._ring.epoch_ns)
        self._bus = Bus(run_dir, (Perform, Act, Scheduled, Recalled, Ended, Cards, ShowNow))
        self._heart = Heart(self._bus, "stage")
        self._heap = HeapTrimmer(TRIM_EVERY_S)
        self._body_file = channel.body
        self._body = open_body(channel.body, channel.canvas, channel.body_rights)
        if self._body.note:
            log.warning("%s: %s", channel.body.name, self._body.note)
        self._stage = Stage(channel, self._body)
        self._fps = channel.canvas.fps
        self._governor = Governor(self._fps, AHEAD, time.monotonic)
        self._body.detail = self._governor.detail
        self._idle, self._asked_at = 0.0, time.monotonic()
        self._knows_cards = False
        self._drawn = 0
        self._skipped = 0
        self._wall_s = self._cpu_s = 1 / (2 * self._fps)
        self._slack = 0
        self._prepared_at = time.monotonic()

    def run(self, stop: threading.Event) -> None:
        """Draw until ``stop``."""
        try:
            if not self._ring.slate_ready:
                self._stage.slate(self._ring.slate)
                self._ring.commit_slate()
            gc.collect()
            gc.freeze()
            wait_for_turn(self._bus, "stage", stop)
            self._bus.publish(Hello("stage"))
            # The first messages (cards, what is on air) come before the first picture when they are there.
            self._drain(timeout_ms=150)
            self._draw_for_ever(stop)
        finally:
            self._bus.close()
            self._body.close()
            self._ring.close()

    def _draw_for_ever(self, stop: threading.Event) -> None:
        picture = picture_at(self._clock.sample(), self._fps) + 1
        while not stop.is_set():
            soonest = first_in_time(picture_at(self._clock.sample(), self._fps), self._wall_s, self._fps)
            if picture < soonest:
                self._skipped += soonest - picture
                picture = soonest
            self._slack = picture - soonest
            self._body.detail = self._governor.drawn(self._slack, self._wall_s, self._idle_share())
            self._wait_for_room(picture)
            self._draw(picture)
            picture += 1
            self._drain()
            if self._heart.due():
                hold_consent(self._body_file, self._body, local_today())
                self._beat()

    def _draw(self, picture: int) -> None:
        wall, cpu = time.monotonic(), time.thread_time()
        self._stage.draw(picture, self._ring.begin(picture))
        self._ring.commit(picture)
        self._drawn += 1
        self._wall_s += 0.1 * (time.monotonic() - wall - self._wall_s)
        self._cpu_s += 0.05 * (time.thread_time() - cpu - self._cpu_s)

    def _idle_share(self) -> float:
        """The share of all cores that did nothing in the last second or so."""
        now = time.monotonic()
        if now - self._asked_at >= IDLE_EVERY_S:
            self._idle, self._asked_at = 1 - psutil.cpu_percent() / 100, now
        return self._idle

    def _beat(self) -> None:
        if not self._knows_cards:
            # The first Hello is lost when the studio was not there yet or the bus had not joined us.
            self._bus.publish(Hello("stage"))
        drawn = {"drawn": float(self._drawn), "skipped": float(self._skipped), "draw_cpu_seconds": self._cpu_s}
        drawn["detail"] = self._body.detail
        self._heart.beat("drawing", "", drawn)
        now = time.monotonic()
        if self._slack >= ENOUGH_AHEAD or now - self._prepared_at >= LEAST_PREPARED_S:
            self._body.prepare()
            self._prepared_at = now
        self._heap.trim_if_due()

    def _wait_for_room(self, picture: int) -> None:
        """Handle messages until ``picture`` is at most ``AHEAD`` ahead of the clock."""
        due = picture_sample(picture - AHEAD, self._fps)
        while (wait := self._clock.seconds_until(due)) > 0:
            if wait > 0.002:
                self._drain(timeout_ms=int(wait * 1000))
            else:
                time.sleep(wait)

    def _drain(self, timeout_ms: int = 0) -> None:
        message = self._bus.receive(timeout_ms)
        while message is not None:
            self._handle(message)
            message = self._bus.receive()

    def _handle(self, message: Message) -> None:
        match message:
            case Perform(performance):
                self._stage.add(performance)
            case Act(performance, start_picture):
                self._stage.add(performance)
                if start_picture is not None:
                    self._stage.schedule(performance.performance_id, start_picture)
            case Scheduled(performance_id, start_picture):
                self._stage.schedule(performance_id, start_picture)
            case Recalled(performance_id):
                self._stage.recall(performance_id)
            case Ended(performance_id, cut):
                if cut:
                    self._stage.withdraw((performance_id,))
            case Cards(cards):
                self._knows_cards = True
                self._stage.set_cards(cards)
            case ShowNow():
                self._stage.set_picture(captions=message.captions, label=message.label)
            case _:
                pass


def main() -> None:
    """Draw until SIGTERM."""
    keep_large_apart()
    job = begin()
    # OpenCV's own threads would take the cores from the encoder for steps of a tenth of a millisecond.
    cv2.setNumThreads(1)
    try:
        StageProcess(job.channel, job.run_dir).run(job.stop)
    except (BodyError, RingError, StageError) as error:
        sys.exit(f"everhost: {error}")


if __name__ == "__main__":
    main()
