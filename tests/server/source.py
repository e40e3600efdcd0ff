"""A small real channel for the server's tests: a broker, a paced encoder on the feed, and a studio peer.

Everything on the wire is real (libx264, libopus, pyzmq); only the show is a moving test picture and a tone.
"""

from __future__ import annotations

import threading
import time
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import msgspec
import numpy as np

from engine.flow import MediaFormat, Packet, Stream
from engine.runtime.bus import Broker, Bus
from engine.runtime.feed import PacketWriter
from engine.runtime.messages import (
    ChatMessage,
    ChatReply,
    Control,
    Health,
    Hello,
    KeyframeRequest,
    Message,
    Viewers,
)
from engine.runtime.steering import Steer, Steered

FPS = 25
OPUS_SAMPLES = 960


def picture_encoder(width: int, height: int) -> av.VideoCodecContext:
    """x264 as the master uses it: baseline, no B-frames, headers in band, IDR every 2 s."""
    codec = av.CodecContext.create("libx264", "w")
    assert isinstance(codec, av.VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
    codec.framerate, codec.time_base = Fraction(FPS), Fraction(1, 90_000)
    codec.bit_rate, codec.thread_count = 1_000_000, 1
    codec.options = {
        "preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "level": "3.1",
        "x264-params": f"keyint={2 * FPS}:min-keyint=1:scenecut=0:repeat-headers=1:annexb=1",
    }  # fmt: skip
    return codec


def sound_encoder() -> av.AudioCodecContext:
    codec = av.CodecContext.create("libopus", "w")
    assert isinstance(codec, av.AudioCodecContext)
    codec.sample_rate, codec.layout, codec.format = 48_000, "mono", "s16"
    codec.time_base, codec.bit_rate = Fraction(1, 48_000), 64_000
    codec.options = {"frame_duration": "20"}
    return codec


class Programme:
    """Encodes a test picture with a moving bar and, beside it, a tone; gives packets a picture at a time."""

    def __init__(self, width: int, height: int) -> None:
        self._picture = picture_encoder(width, height)
        self._sound = sound_encoder()
        self._base = np.full((height * 3 // 2, width), 128, np.uint8)
        self._base[:height] = np.linspace(60, 180, width, dtype=np.uint8)
        self._height, self._width = height, width
        self.number = 0

    def next(self, idr: bool) -> list[Packet]:
        image = self._base.copy()
        x = self.number * 6 % (self._width - 24)
        image[self._height // 4 : self._height // 2, x : x + 24] = 235
        frame = av.VideoFrame.from_ndarray(image, format="yuv420p")
        frame.pts, frame.time_base = self.number * 3600, Fraction(1, 90_000)
        frame.pict_type = av.video.frame.PictureType.I if idr else av.video.frame.PictureType.NONE
        packets = [
            Packet(Stream.VIDEO, bytes(p), int(p.pts or 0), 3600, p.is_keyframe) for p in self._picture.encode(frame)
        ]
        first = self.number * 1920
        for start in range(first, first + 1920, OPUS_SAMPLES):
            at = (np.arange(OPUS_SAMPLES) + start) / 48_000
            tone = (np.sin(2 * np.pi * 440 * at) * 8000).astype(np.int16)[None]
            sound = av.AudioFrame.from_ndarray(tone, format="s16", layout="mono")
            sound.sample_rate, sound.pts, sound.time_base = 48_000, start, Fraction(1, 48_000)
            packets += [Packet(Stream.OPUS, bytes(p), int(p.pts or 0), OPUS_SAMPLES) for p in self._sound.encode(sound)]
        self.number += 1
        return packets


class Source:
    """The rest of a channel, in a thread: paces a ``Programme`` into ``run_dir`` and answers chat as a studio.

    ``said`` are messages to publish when the server says Hello; ``heard`` is everything the server published.
    """

    def __init__(self, run_dir: Path, said: tuple[Message, ...] = (), width: int = 360, height: int = 640) -> None:
        self._run_dir = run_dir
        self._said = said
        self._programme = Programme(width, height)
        self._format = MediaFormat(width, height, FPS)
        self._broker = Broker(run_dir)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="source")
        self._outbox: list[Message] = []
        self._say_again = False
        self.heard: list[Message] = []
        self.master_alive = True
        self.picture_alive = True
        self.sound_alive = True
        self.junk = False
        self.answers = True
        self.steered: Steered | None = Steered("", granted=True)

    def __enter__(self) -> Source:
        self._broker.start()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()
        self._broker.close()

    def say(self, *messages: Message) -> None:
        """Publish from the source's own thread, in order."""
        self._outbox.extend(messages)

    def count(self, kind: type[Message]) -> int:
        return sum(isinstance(message, kind) for message in list(self.heard))

    @property
    def number(self) -> int:
        """Pictures encoded so far."""
        return self._programme.number

    def restart_master(self) -> None:
        """Count pictures from zero again, as a restarted master does."""
        self._programme = Programme(self._format.width, self._format.height)

    def _run(self) -> None:
        bus = Bus(self._run_dir, (Hello, ChatMessage, Control, Steer, KeyframeRequest, Viewers))
        writer = PacketWriter(self._run_dir)
        start, sent, wants_idr = time.monotonic(), 0, False
        try:
            while not self._stop.is_set():
                wait = start + sent / FPS - time.monotonic()
                message = bus.receive(max(0, int(wait * 1000)))
                if message is not None:
                    wants_idr = wants_idr or isinstance(message, KeyframeRequest)
                    self._answer(bus, message)
                if time.monotonic() < start + sent / FPS:
                    continue
                while self._outbox:
                    bus.publish(self._outbox.pop(0))
                if sent % 12 == 0 and self.master_alive:
                    bus.publish(Health("master", 1, "on air", figures={"pictures": float(sent), "repeated": 0.0}))
                if sent % 12 == 0 and self._say_again:
                    # Whoever says Hello may not yet be joined to every topic; a real channel says its state again too.
                    self._say_again = False
                    self._say_state(bus)
                packets = self._programme.next(wants_idr) if self.picture_alive or self.sound_alive else []
                wants_idr = False
                self._write(writer, packets)
                sent += 1
        finally:
            writer.close()
            bus.close()

    def _write(self, writer: PacketWriter, packets: list[Packet]) -> None:
        if self.junk:
            writer._socket.send_multipart([Stream.VIDEO.value.encode(), bytes(8), b"junk"])
        for packet in packets:
            if packet.is_keyframe:
                writer.write_format(self._format)
            if self.picture_alive if packet.stream is Stream.VIDEO else self.sound_alive:
                writer.write(packet)

    def _say_state(self, bus: Bus) -> None:
        for each in self._said:
            bus.publish(each)

    def _answer(self, bus: Bus, message: Message) -> None:
        self.heard.append(message)
        if isinstance(message, Hello):
            self._say_again = True
            self._say_state(bus)
        elif isinstance(message, Steer) and self.steered is not None:
            bus.publish(msgspec.structs.replace(self.steered, request_id=message.request_id))
        elif isinstance(message, ChatMessage) and self.answers:
            refused = "free" in message.text
            text = "Let us keep to the products." if refused else "It holds 750 ml."
            performance = "" if refused else "p1"
            bus.publish(ChatReply(message.message_id, message.viewer, message.text, text, performance, refused))
