"""One destination's process: takes the shared packets from the feed and tries again for ever when the peer is gone."""

from __future__ import annotations

import gc
import logging
import threading
import time
from pathlib import Path

import av.logging
from pydantic import SecretStr

from engine.flow import STREAM_CLOCK, MediaFormat, Packet, Stream
from engine.outlets.base import Outlet, OutletError
from engine.outlets.credentials import Sealer, is_installed
from engine.outlets.disk import room_at
from engine.outlets.platforms import RENEW_S
from engine.outlets.recording import RecordingOutlet
from engine.outlets.retry import Retry
from engine.outlets.rtmp import RtmpOutlet, public_address
from engine.outlets.shelf import Shelf, stem_of
from engine.outlets.whip import WhipOutlet
from engine.runtime.bus import Bus
from engine.runtime.child import begin
from engine.runtime.feed import PacketReader
from engine.runtime.heart import Heart
from engine.runtime.messages import Hello, KeyframeRequest
from engine.runtime.standby import wait_for_turn
from engine.settings import Channel, Recording, Rtmp, Whip

log = logging.getLogger(__name__)

_POLL_MS = 50

RENEW_WITHIN_S = 300.0
"""A renewal waits so long for a moment at which the destination has taken everything; platforms' limits are further."""


class Sent:
    """What was given to one destination."""

    def __init__(self) -> None:
        self._sessions = self._packets = self._bytes = 0
        self._ends_s: dict[Stream, float] = {}

    def session(self) -> None:
        """The destination has accepted the stream, or a file has begun."""
        self._sessions += 1
        self._ends_s.clear()

    def packet(self, packet: Packet) -> None:
        """A packet was given to a destination that had accepted the stream."""
        self._packets += 1
        self._bytes += len(packet.data)
        self._ends_s[packet.stream] = (packet.pts + packet.duration) / STREAM_CLOCK[packet.stream]

    def figures(self) -> dict[str, float]:
        """For Health. ``av_offset_ms``: how much further the sent picture reaches than the sent sound, by their pts."""
        counts = {
            "packets": float(self._packets),
            "bytes": float(self._bytes),
            "sessions": float(self._sessions),
            "reconnects": float(max(0, self._sessions - 1)),
        }
        sounds = [end for stream, end in self._ends_s.items() if stream is not Stream.VIDEO]
        if sounds and Stream.VIDEO in self._ends_s:
            counts["av_offset_ms"] = round(1000 * (self._ends_s[Stream.VIDEO] - sounds[0]), 1)
        return counts


class Session:
    """One connection or file, from an IDR on."""

    def __init__(self, outlet: Outlet, sent: Sent) -> None:
        self.outlet = outlet
        self._sent = sent
        self._live_since: float | None = None

    @property
    def live_s(self) -> float:
        """For how long the destination has been taking the stream, in seconds."""
        return 0.0 if self._live_since is None else time.monotonic() - self._live_since

    @property
    def waits(self) -> bool:
        """Whether something has not been given to the destination yet; the end of a session might lose it."""
        return self.outlet.figures.get("waiting_seconds", 0.0) > 0

    def go_on(self, packet: Packet | None) -> None:
        """Write a packet, or go on with what waits.

        Raises:
            OutletError: the destination failed.
        """
        if packet is None:
            self.outlet.work()
        else:
            self.outlet.write(packet)
        if self._live_since is None and self.outlet.live:
            self._live_since = time.monotonic()
            self._sent.session()
        if self._live_since is not None and packet is not None:
            self._sent.packet(packet)


class OutletProcess:
    """Runs one output of a channel."""

    def __init__(self, channel: Channel, run_dir: Path, output: Recording | Rtmp | Whip) -> None:
        # FFmpeg's own log lines may hold a whole address.
        av.logging.set_level(av.logging.PANIC)
        self._channel = channel
        self._run_dir = run_dir
        self._output = output
        self._bus = Bus(run_dir, ())
        self._heart = Heart(self._bus, f"outlet:{output.name}")
        self._sent = Sent()
        self._retry = Retry(2 if isinstance(output, Rtmp) and output.backup_url else 1)
        self._renew_s = RENEW_S[output.platform] if isinstance(output, Rtmp) else float("inf")
        self._session: Session | None = None
        self._sealer = _sealer_of(channel, output)
        self._failures = 0

    def run(self, stop: threading.Event) -> None:
        """Send until ``stop``."""
        gc.collect()
        gc.freeze()
        wait_for_turn(self._bus, f"outlet:{self._output.name}", stop)
        self._bus.publish(Hello(f"outlet:{self._output.name}"))
        try:
            while not stop.is_set():
                try:
                    self._send(stop)
                except OutletError as error:
                    self._failures += 1
                    pause = self._retry.failed(self._session.live_s if self._session else 0.0)
                    log.warning("%s; again in %.0f s", error, pause)
                    self._end_session()
                    self._rest(stop, pause, str(error))
        finally:
            self._end_session()
            self._bus.close()

    def _rest(self, stop: threading.Event, pause: float, why: str) -> None:
        until = time.monotonic() + pause
        # At once: who waits for this destination hears of the failure without a beat's delay.
        self._beat("waiting", why, pause, now=True)
        while (left := until - time.monotonic()) > 0 and not stop.is_set():
            self._beat("waiting", why, left)
            stop.wait(min(0.5, left))

    def _beat(self, state: str, detail: str, retry_in_s: float = 0.0, *, now: bool = False) -> None:
        if now or self._heart.due():
            own = self._session.outlet.figures if self._session else {}
            told = {"failures": self._failures, "address": self._retry.address, "retry_in_s": round(retry_in_s, 2)}
            figures = {**self._sent.figures(), **own, **self._disk(), **{k: float(v) for k, v in told.items()}}
            unsigned = self._sealer.trouble if self._sealer is not None else ""
            self._heart.beat(state, detail, figures, {"signing": unsigned} if unsigned else {})

    def _disk(self) -> dict[str, float]:
        """For a recording: what its disk has free, also while nothing is written, and its size."""
        if not isinstance(self._output, Recording):
            return {}
        try:
            room = room_at(self._output.folder)
        except OSError:
            return {}
        return {"disk_free_bytes": float(room.free), "disk_bytes": float(room.size)}

    def _send(self, stop: threading.Event) -> None:
        """One session after the other until ``stop``, each from an IDR on.

        Raises:
            OutletError: the destination failed.
        """
        sound = Stream.OPUS if isinstance(self._output, Whip) else Stream.AAC
        reader = PacketReader(self._run_dir, (Stream.VIDEO, sound))
        media: MediaFormat | None = None
        try:
            while not stop.is_set():
                live = self._session is not None and self._session.outlet.live
                self._beat("sending" if live else "connecting", self._where())
                item = reader.read(_POLL_MS)
                if isinstance(item, MediaFormat):
                    media = item
                    continue
                if item is not None and media is not None and item.is_keyframe and item.stream is Stream.VIDEO:
                    self._begin_session(media)
                if self._session is not None:
                    self._session.go_on(item)
        finally:
            reader.close()

    def _begin_session(self, media: MediaFormat) -> None:
        """Open the first session, or the next one where this one has lasted long enough."""
        if self._session is not None:
            over = self._session.live_s - self._renew_s
            if over < 0 or (over < RENEW_WITHIN_S and self._session.waits):
                return
            log.info("the session is renewed as planned")
            self._retry.renewed()
            self._end_session()
        self._session = Session(self._open(media), self._sent)

    def _end_session(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            try:
                session.outlet.close()
            except OutletError as error:
                log.warning("%s, while it was ended", error)

    def _where(self) -> str:
        if isinstance(self._output, Rtmp):
            return public_address(self._address(self._output)[0])
        if isinstance(self._output, Whip):
            return public_address(self._output.url)
        return str(self._output.folder)

    def _address(self, output: Rtmp) -> tuple[str, SecretStr]:
        """The address whose turn it is, and its key."""
        if self._retry.address and output.backup_url:
            return output.backup_url, output.backup_key if output.backup_key.get_secret_value() else output.key
        return output.url, output.key

    def _ask_keyframe(self) -> None:
        self._bus.publish(KeyframeRequest(f"outlet:{self._output.name}"))

    def _open(self, media: MediaFormat) -> Outlet:
        if isinstance(self._output, Rtmp):
            return RtmpOutlet(*self._address(self._output), media)
        if isinstance(self._output, Whip):
            return WhipOutlet(self._output.url, self._output.token, self._ask_keyframe)
        return self._open_recording(self._output, media)

    def _open_recording(self, output: Recording, media: MediaFormat) -> RecordingOutlet:
        budget = output.budget_gb * 1e9 if output.budget_gb else None
        shelf = Shelf(output.folder, stem_of(self._channel.name), output.keep_days, budget)
        return RecordingOutlet(shelf, media, sealer=self._sealer)


def _sealer_of(channel: Channel, output: Recording | Rtmp | Whip) -> Sealer | None:
    """What signs a channel's recordings, for all sessions: what could not be signed is told until something was."""
    if not isinstance(output, Recording) or not is_installed():
        return None
    return Sealer(channel.name, output.certificate, output.certificate_key)


def main() -> None:
    """Send until SIGTERM."""
    job = begin()
    name = job.role.removeprefix("outlet:")
    output = next(o for o in job.channel.outputs if o.name == name)
    OutletProcess(job.channel, job.run_dir, output).run(job.stop)


if __name__ == "__main__":
    main()
