"""Master control: the clock, the mix, the choice of picture, the one encode, the packet feed. It waits for nobody."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections import deque
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.broadcast.clock import Clock
from engine.broadcast.encoder import GOP_SECONDS, OPUS_FRAME, AudioEncoder, SmallEncoder, VideoEncoder
from engine.broadcast.programme import Programme, Slot
from engine.broadcast.ring import AHEAD, SLOTS, PictureRing
from engine.flow import SAMPLE_RATE, MediaFormat, Performance, Stream, picture_at, picture_sample
from engine.runtime.bus import Bus
from engine.runtime.child import begin
from engine.runtime.feed import PacketWriter
from engine.runtime.heart import Heart
from engine.runtime.messages import (
    Act,
    Aired,
    Control,
    Ended,
    Hello,
    Hold,
    KeyframeRequest,
    LineView,
    Message,
    OnAir,
    Perform,
    Recalled,
    Scheduled,
    SmallWanted,
    Withdraw,
)
from engine.runtime.standing_order import STANDING, StandingOrder
from engine.runtime.steering import Held, Reorder
from engine.settings import Channel

log = logging.getLogger(__name__)

LEAD = AHEAD + 2
"""Pictures ahead at which a start is decided: the stage hears of it before it draws them."""

KEYFRAME_INTERVAL_S = 0.5
"""At most one IDR for joiners in this time, however many ask."""

LATE = SLOTS - AHEAD - 2
"""A master that is more pictures behind than this encodes none until it has caught up: the sound goes on whole. Up to
here the ring still has the pictures of before, so a short stall costs none."""

JUMP_S = 2.0
"""A master that is this far behind (it was suspended) leaves out what it missed, the sound too."""

SMALL_FOR_S = 3.0
"""The small picture is made for this long after it was last asked for, which is done once a second."""

SLATE_AFTER_S = 3.0
LINES_KEPT = 32
"""Lines that were on air are remembered for a studio that was away when they ended: some two minutes of speech."""

ON_AIR_SECONDS = 0.5


class Master:
    """One channel's master control."""

    def __init__(self, channel: Channel, run_dir: Path) -> None:
        canvas = channel.canvas
        self._fps = canvas.fps
        self._ring = PictureRing(run_dir / "ring", canvas)
        self._clock = Clock(self._ring.epoch_ns)
        self._bus = Bus(run_dir, (Hello, Perform, Withdraw, Hold, Control, KeyframeRequest, SmallWanted, Reorder, Held))
        self._heart = Heart(self._bus, "master")
        self._feed = PacketWriter(run_dir)
        self._programme = Programme(canvas.fps, channel.show.gap_ms, LEAD)
        self._video = VideoEncoder(canvas.width, canvas.height, canvas.fps)
        self._sound = (AudioEncoder(Stream.OPUS), AudioEncoder(Stream.AAC))
        self._media = MediaFormat(canvas.width, canvas.height, canvas.fps, self._sound[1].config)
        # A copy: the stage may rewrite the slot while its picture is still being repeated.
        self._last = np.zeros_like(self._ring.slate)
        self._any = False
        self._last_new = 0
        self._order = StandingOrder(run_dir)
        self._slate = False
        self._idr_wanted = False
        self._idr_after = 0
        self._small: SmallEncoder | None = None
        self._small_until = 0
        self._on_air_due = 0.0
        told = ("pictures", "repeated", "left_out", "jumps", "late_ticks", "bytes", "small_pictures")
        self._figures = dict.fromkeys(told, 0.0)
        self._encode_s = 0.0
        self._past: deque[LineView] = deque(maxlen=LINES_KEPT)

    def run(self, stop: threading.Event) -> None:
        """Broadcast until ``stop``."""
        gc.collect()
        gc.freeze()
        self._bus.publish(Hello("master"))
        sample = self._next_boundary()
        try:
            while not stop.is_set():
                self._wait(sample)
                if self._clock.sample() - sample > JUMP_S * SAMPLE_RATE:
                    sample = self._jump()
                self._tick(sample)
                sample += OPUS_FRAME
        finally:
            self._feed.close()
            self._bus.close()
            self._ring.close()

    def _next_boundary(self) -> int:
        """First sample from now on at which both a picture and a sound frame begin."""
        picture = picture_at(self._clock.sample(), self._fps) + 1
        while picture_sample(picture, self._fps) % OPUS_FRAME:
            picture += 1
        self._picture = self._last_new = picture
        return picture_sample(picture, self._fps)

    def _jump(self) -> int:
        before = self._picture
        sample = self._next_boundary()
        self._figures["jumps"] += 1
        self._figures["left_out"] += self._picture - before
        log.warning("%d pictures late: left out, with their sound", self._picture - before)
        for encoder in self._sound:
            encoder.restart()
        self._idr_wanted = True
        return sample

    def _wait(self, sample: int) -> None:
        """Handle messages until ``sample`` is due."""
        self._drain(0)
        while (wait := self._clock.seconds_until(sample)) > 0:
            if wait > 0.002:
                self._drain(int(wait * 1000) - 1)
            else:
                time.sleep(wait)
        if wait < -0.02:
            self._figures["late_ticks"] += 1

    def _drain(self, timeout_ms: int) -> None:
        message = self._bus.receive(timeout_ms)
        while message is not None:
            self._handle(message)
            message = self._bus.receive()

    def _handle(self, message: Message) -> None:
        match message:
            case Hello(process):
                self._greet(process)
            case Perform(performance, urgent):
                self._programme.enqueue(performance, urgent)
            case Withdraw(performance_ids):
                self._withdraw(frozenset(performance_ids))
            case Hold(pictures):
                self._say_recalled(self._programme.hold(self._picture, pictures))
            case Reorder(performance_ids):
                self._programme.reorder(performance_ids)
                self._on_air_due = 0.0
            case Held(performance_ids):
                self._programme.held = frozenset(performance_ids)
                self._on_air_due = 0.0
            case KeyframeRequest():
                self._idr_wanted = True
            case SmallWanted():
                self._small_until = self._picture + round(SMALL_FOR_S * self._fps)
            case Control(action):
                self._control(action)
            case _:
                pass

    def _greet(self, process: str) -> None:
        """Tell a process that has just started what only the master still knows."""
        if process == "studio":
            self._bus.publish(Aired(tuple(self._past)))
            self._on_air_due = 0.0
        if process == "stage":
            for slot in self._programme.placed():
                self._bus.publish(Act(slot.performance.mute(), slot.start))
            for performance in self._programme.upcoming():
                self._bus.publish(Act(performance.mute()))

    def _withdraw(self, performance_ids: frozenset[str]) -> None:
        """Take back what has not begun, also where its start is decided; what stays keeps its order."""
        self._say_recalled(self._programme.recall(self._picture, performance_ids))
        self._say_ended(self._programme.withdraw(performance_ids), cut=True)

    def _control(self, action: str) -> None:
        if action in {"stop", "skip", "cut"}:
            # What has its place and has not begun was not said: it waits again.
            self._say_recalled(self._programme.recall(self._picture))
            cut = self._programme.cut(self._picture)
            self._past.extend(_view(s.performance, s, self._picture - s.start) for s in cut)
            self._say_ended([s.performance.performance_id for s in cut], cut=True)
        if action == "pause":
            self._say_recalled(self._programme.recall(self._picture))
        if action in STANDING:
            self._order.give(action)
            self._idr_wanted = True
            log.info("operator: %s", action)
        self._on_air_due = 0.0

    def _say_recalled(self, slots: list[Slot]) -> None:
        for slot in slots:
            self._bus.publish(Recalled(slot.performance.performance_id))

    def _say_ended(self, performance_ids: list[str], *, cut: bool) -> None:
        for performance_id in performance_ids:
            self._bus.publish(Ended(performance_id, cut))

    def _tick(self, sample: int) -> None:
        """20 ms of sound, and the picture that is due within it."""
        pcm = self._programme.sound(sample, OPUS_FRAME, silent=self._order.stopped)
        for encoder in self._sound:
            for packet in encoder.encode(pcm, sample):
                self._feed.write(packet)
        if picture_sample(self._picture, self._fps) <= sample:
            if picture_at(self._clock.sample(), self._fps) - self._picture > LATE:
                self._leave_out(self._picture)
            else:
                self._show(self._picture)
            self._picture += 1
            self._move_on()
        if time.monotonic() >= self._on_air_due:
            self._say_on_air()
        if self._heart.due():
            self._beat()

    def _leave_out(self, picture: int) -> None:
        """Save the time of a picture; decoders hold the one before. Where a group was to begin, the next one does."""
        self._figures["left_out"] += 1
        self._idr_wanted |= picture % (self._fps * GOP_SECONDS) == 0

    def _show(self, picture: int) -> None:
        """Encode the picture that is due: the new one, else the last one again, else the slate."""
        i420 = self._ring.get(picture)
        if i420 is not None:
            np.copyto(self._last, i420)
            self._any, self._last_new = True, picture
        elif self._any:
            self._figures["repeated"] += 1
        stage_gone = picture - self._last_new > SLATE_AFTER_S * self._fps
        slate = (self._order.stopped or stage_gone) and self._ring.slate_ready
        self._idr_wanted |= slate != self._slate
        self._slate = slate
        if not (slate or self._any):
            return
        chosen = self._ring.slate if slate else self._last
        force = self._idr_wanted and picture >= self._idr_after
        began = time.thread_time()
        self._encode_small(chosen, picture, force)
        packet = self._video.encode(chosen, picture, force)
        self._encode_s = 0.98 * self._encode_s + 0.02 * (time.thread_time() - began)
        self._figures["pictures"] += 1
        self._figures["bytes"] += len(packet.data)
        if packet.is_keyframe:
            self._idr_wanted = False
            self._idr_after = picture + round(KEYFRAME_INTERVAL_S * self._fps)
            self._feed.write_format(self._media)
        self._feed.write(packet)

    def _encode_small(self, chosen: NDArray[np.uint8], picture: int, force: bool) -> None:
        """The small picture, while it is wanted; before the full one, with an IDR wherever that has one."""
        if picture >= self._small_until:
            self._small = None
            return
        if self._small is None:
            self._small = SmallEncoder(self._ring.width, self._ring.height, self._fps)
            # Both soon begin a group together, so that a viewer can change from one to the other.
            self._idr_wanted = True
        self._feed.write(self._small.encode(chosen, picture, force))
        self._figures["small_pictures"] += 1

    def _move_on(self) -> None:
        """Decide starts and note ends, now that another picture is over."""
        over = self._programme.finish(self._picture)
        self._past.extend(_view(slot.performance, slot) for slot in over)
        self._say_ended([slot.performance.performance_id for slot in over], cut=False)
        decided = [] if self._order.stopped or self._order.paused else self._programme.schedule(self._picture)
        for slot in decided:
            self._bus.publish(Scheduled(slot.performance.performance_id, slot.start))
        if over or decided:
            self._on_air_due = 0.0

    def _say_on_air(self) -> None:
        self._on_air_due = time.monotonic() + ON_AIR_SECONDS
        now = self._programme.on_air(self._picture)
        placed = [_view(slot.performance, slot) for slot in self._programme.placed() if slot is not now]
        waiting = [self._waiting_view(performance) for performance in self._programme.upcoming()]
        view = _view(now.performance, now) if now else None
        self._bus.publish(
            OnAir(self._picture, self._order.stopped, self._slate, view, (*placed, *waiting), self._order.paused)
        )

    def _waiting_view(self, performance: Performance) -> LineView:
        return msgspec.structs.replace(
            _view(performance, None),
            movable=not self._programme.is_urgent(performance),
            held=performance.performance_id in self._programme.held,
        )

    def _beat(self) -> None:
        state = (
            "stopped"
            if self._order.stopped
            else "paused"
            if self._order.paused
            else "slate"
            if self._slate
            else "on air"
            if self._any
            else "starting"
        )
        ahead = self._programme.waiting_pictures(self._picture) / self._fps
        self._heart.beat(state, "", {"queue_seconds": ahead, "encode_cpu_seconds": self._encode_s, **self._figures})


def _view(performance: Performance, slot: Slot | None, pictures: int | None = None) -> LineView:
    line = performance.line
    return LineView(
        performance.performance_id,
        line.kind.value,
        line.text,
        line.product_id,
        line.fact_ids,
        slot.start if slot else -1,
        performance.pictures if pictures is None else pictures,
        performance.words,
        line.writer,
        line.allowed,
        line_id=line.line_id,
        question_id=line.question.question_id if line.question else None,
        catalogue_version=line.catalogue_version,
    )


def main() -> None:
    """Broadcast until SIGTERM."""
    job = begin()
    Master(job.channel, job.run_dir).run(job.stop)


if __name__ == "__main__":
    main()
