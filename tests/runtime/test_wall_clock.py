"""No wall clock in the media path: by its source, and by a clock that is turned while the master broadcasts."""

from __future__ import annotations

import ast
import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from engine.broadcast.ring import PictureRing
from engine.flow import Packet, Stream
from engine.runtime.bus import Broker
from engine.runtime.feed import PacketReader

sys.path.insert(1, str(Path(__file__).resolve().parents[2] / "scripts"))

from faults.wall_clock import WallClock
from measure.processes import MeasureError

ROOT = Path(__file__).resolve().parents[2]

MEDIA_PATH = (
    *(ROOT / "engine" / "broadcast").glob("*.py"),
    *(ROOT / "engine" / "outlets").rglob("*.py"),
    *(ROOT / "engine" / "stage").rglob("*.py"),
    *(ROOT / "engine" / "motion").rglob("*.py"),
    *(
        ROOT / "engine" / "runtime" / f"{name}.py"
        for name in ("bus", "children", "feed", "heart", "master", "outlet", "stage", "standby", "supervisor")
    ),
    *(
        ROOT / "server" / f"{name}.py"
        for name in ("admission", "fanout", "ladder", "limits", "sessions", "station", "timeline", "tracks")
    ),
)

WALL = frozenset({
    "time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime", "time.strftime", "datetime.now",
    "datetime.utcnow", "datetime.today", "date.today", "clock.current_ntp_time", "clock.current_datetime",
})  # fmt: skip

ALLOWED = {
    "engine/outlets/recording.py": {"datetime.now"},  # The name of a file.
    "engine/outlets/shelf.py": {"time.time"},  # The age of files.
    "engine/outlets/credentials/identity.py": {"datetime.now"},  # From when to when a certificate holds.
    "engine/outlets/reports.py": {"clock.current_ntp_time"},  # Once: where NTP time begins; then it is counted.
}


def wall_reads(source: str) -> set[str]:
    return {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    } & WALL


@pytest.mark.parametrize("file", MEDIA_PATH, ids=[str(f.relative_to(ROOT)) for f in MEDIA_PATH])
def test_the_media_path_reads_no_wall_clock(file: Path) -> None:
    assert wall_reads(file.read_text()) == ALLOWED.get(str(file.relative_to(ROOT)), set())


def test_the_rule_sees_a_breach() -> None:
    assert wall_reads("import time\nclock = time.time\nx = datetime.now(UTC)") == {"time.time", "datetime.now"}


def read(reader: PacketReader, seconds: float) -> list[tuple[float, Packet]]:
    until, got = time.monotonic() + seconds, []
    while time.monotonic() < until:
        item = reader.read(20)
        if isinstance(item, Packet):
            got.append((time.monotonic(), item))
    return got


def test_a_clock_put_forward_and_back_by_an_hour_moves_no_packet(tmp_path: Path) -> None:
    try:
        clock = WallClock(tmp_path / "clock")
    except MeasureError as error:
        pytest.skip(str(error))
    PictureRing.create(tmp_path / "ring", 720, 1280, 25, time.monotonic_ns())
    ring = PictureRing(tmp_path / "ring")
    np.copyto(ring.slate, 128)
    ring.commit_slate()
    broker = Broker(tmp_path)
    broker.start()
    environment = {**os.environ, **clock.environment, "PYTHONPATH": str(ROOT), "EVERHOST_STATE_DIR": str(tmp_path)}
    command = [
        sys.executable,
        "-m",
        "engine.runtime.master",
        "master",
        str(ROOT / "avatars" / "mia.yaml"),
        str(tmp_path),
    ]
    master = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    reader = PacketReader(tmp_path, (Stream.VIDEO, Stream.OPUS))
    try:
        until = time.monotonic() + 30
        while not read(reader, 0.5):
            assert time.monotonic() < until
        got = []
        for shift in (0, 3600, -3600):
            clock.shift(shift)
            got += read(reader, 3.0)
    finally:
        master.send_signal(signal.SIGTERM)
        master.wait(10)
        reader.close()
        ring.close()
        broker.close()
    for stream, step in ((Stream.VIDEO, 3600), (Stream.OPUS, 960)):
        mine = [(at, packet) for at, packet in got if packet.stream is stream]
        assert {b.pts - a.pts for (_, a), (_, b) in itertools.pairwise(mine)} == {step}
        # An hour more or less would show as a gap of as long as the test lasts, or as a burst.
        assert max(b - a for (a, _), (b, _) in itertools.pairwise(mine)) < 1.0
        seconds = mine[-1][0] - mine[0][0]
        assert abs(len(mine) * step / (90_000 if stream is Stream.VIDEO else 48_000) - seconds) < 0.5
