"""How many WebRTC viewers one core serves, with packet loss; prints one JSON.

The real server process, alone on the first core, is fed with real packets (720x1280, 25 pictures a second, encoded
once, played over and over); the viewers are on the second core and decode nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

import numpy as np
import psutil
from faults.air import Row
from measure.on_air import write_channel
from measure.processes import ROOT, MeasureError, Running, free_port, our_program
from measure.report import machine

from engine.broadcast.encoder import AudioEncoder, SmallEncoder, VideoEncoder
from engine.flow import STREAM_CLOCK, MediaFormat, Packet, Stream
from engine.runtime.bus import Broker, Bus
from engine.runtime.child import CONTROL_ROOM_VARIABLE, CONTROL_TOKEN_VARIABLE
from engine.runtime.feed import PacketWriter
from engine.runtime.messages import Health, KeyframeRequest
from engine.settings.state import STATE_DIR_VARIABLE

WIDTH, HEIGHT, FPS = 720, 1280, 25
LOOP_S = 8
SETTLE_S = 6.0


def _loop() -> list[list[Packet]]:
    """Eight seconds of packets, a list a picture: noise that moves, so that every picture has its bits."""
    video, small, sound = VideoEncoder(WIDTH, HEIGHT, FPS), SmallEncoder(WIDTH, HEIGHT, FPS), AudioEncoder(Stream.OPUS)
    random = np.random.default_rng(1)
    picture = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    texture = np.kron(random.integers(60, 200, (HEIGHT // 4, WIDTH // 8)), np.ones((8, 8))).astype(np.uint8)
    pictures = []
    for number in range(LOOP_S * FPS):
        picture[:HEIGHT] = np.roll(texture, number * 3, axis=0)[:HEIGHT, :WIDTH]
        packets = [small.encode(picture, number), video.encode(picture, number)]
        for half in range(2):
            tone = 0.2 * np.sin(2 * np.pi * 220 * (np.arange(960) + number * 1920 + half * 960) / 48_000)
            packets += sound.encode(tone.astype(np.float32), number * 1920 + half * 960)
        pictures.append(packets)
    return pictures


class Player(threading.Thread):
    """Plays the loop into the feed at its own pace, and hears the server's Health."""

    def __init__(self, run_dir: Path) -> None:
        super().__init__(name="player", daemon=True)
        self._run_dir = run_dir
        self._pictures = _loop()
        self._ended = threading.Event()
        self.healths: list[tuple[float, Health]] = []

    def run(self) -> None:
        """Play until ``stop``."""
        writer, bus = PacketWriter(self._run_dir), Bus(self._run_dir, (Health, KeyframeRequest))
        media, began, number = MediaFormat(WIDTH, HEIGHT, FPS), time.monotonic(), 0
        while not self._ended.is_set():
            wait = began + number / FPS - time.monotonic()
            message = bus.receive(max(0, int(wait * 1000)))
            if isinstance(message, Health):
                self.healths.append((time.monotonic(), message))
            if time.monotonic() < began + number / FPS:
                continue
            rounds, at = divmod(number, len(self._pictures))
            if at % (2 * FPS) == 0:
                writer.write_format(media)
            for packet in self._pictures[at]:
                pts = packet.pts + rounds * LOOP_S * STREAM_CLOCK[packet.stream]
                writer.write(Packet(packet.stream, packet.data, pts, packet.duration, packet.is_keyframe))
            number += 1
        writer.close()
        bus.close()

    def stop(self) -> None:
        """End the thread."""
        self._ended.set()
        self.join()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how many viewers one core serves.")
    parser.add_argument("--viewers", type=int, default=100)
    parser.add_argument("--loss", type=float, default=0.01, help="share of packets that each viewer loses")
    parser.add_argument("--thin", type=int, default=5, help="viewers among them that lose a seventh")
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--out", type=Path, help="write the JSON there too")
    return parser.parse_args()


def _measure(arguments: argparse.Namespace, folder: Path) -> Row:
    row = Row(f"{arguments.viewers} viewers, {arguments.loss:.0%} loss")
    run_dir, port = folder / "run", free_port()
    run_dir.mkdir()
    channel = write_channel(ROOT / "avatars" / "mia.yaml", folder, port, 1)
    broker = Broker(run_dir)
    broker.start()
    player = Player(run_dir)
    os.sched_setaffinity(0, {1})
    player.start()
    command = ["taskset", "-c", "0", sys.executable, "-m", "server", "server", str(channel), str(run_dir)]
    environment = {
        "PYTHONPATH": str(ROOT),
        STATE_DIR_VARIABLE: str(folder / "state"),
        CONTROL_TOKEN_VARIABLE: "bench",
        CONTROL_ROOM_VARIABLE: "0",
    }
    server = Running(command, folder / "server.log", environment)
    try:
        while not player.healths:
            if server.process.poll() is not None:
                raise MeasureError(f"the server has ended: {server.tail()}")
            time.sleep(0.1)
        told = _watch(arguments, folder, port, server, player, row)
    finally:
        server.end()
        player.stop()
        broker.close()
    _judge(row, told, arguments)
    return row


def _watch(
    arguments: argparse.Namespace, folder: Path, port: int, server: Running, player: Player, row: Row
) -> dict[str, Any]:
    words = [f"http://127.0.0.1:{port}/whep", arguments.viewers, arguments.loss, arguments.thin, 0.15]
    viewers = our_program("measure.light_viewers", [str(word) for word in words], folder / "viewers.log")
    viewers.wait_for("joined", 120)
    time.sleep(SETTLE_S)
    process = psutil.Process(server.process.pid)
    began, before = time.monotonic(), sum(process.cpu_times()[:2])
    time.sleep(arguments.seconds)
    used = (sum(process.cpu_times()[:2]) - before) / (time.monotonic() - began)
    row.at_most("server_cores", used, 1.0)
    row.figures["viewers_a_core"] = round(arguments.viewers / used)
    row.figures["server_memory_mb"] = round(process.memory_info().rss / 1e6, 1)
    lately = [health.figures for at, health in player.healths if at > began]
    row.figures["send_lag_ms_worst"] = max(each["send_lag_ms"] for each in lately)
    row.figures["send_lag_ms_median"] = float(np.median([each["send_lag_ms"] for each in lately]))
    row.figures["viewers_small"] = max(each["viewers_small"] for each in lately)
    assert viewers.process.stdin is not None
    viewers.process.stdin.close()
    told: dict[str, Any] = json.loads(viewers.wait_for("{", 30))
    viewers.end()
    return told


def _judge(row: Row, told: dict[str, Any], arguments: argparse.Namespace) -> None:
    row.figures |= told
    row.must("every viewer with a good line gets every picture", min(told["pictures_a_second"]) > FPS - 0.3)
    asked = told["made_good"] + told["never_made_good"]
    row.at_most("never_made_good_share", told["never_made_good"] / max(1, asked), 0.01)
    row.must("those with a thin line get the small picture", row.figures["viewers_small"] == arguments.thin)


def main() -> int:
    """Exit status 0 when everything held."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="everhost-viewers-") as folder:
        row = _measure(arguments, Path(folder))
    text = json.dumps({**row.plain(), "machine": machine()}, indent=1)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n")
    return int(bool(row.missed))


if __name__ == "__main__":
    sys.exit(main())
