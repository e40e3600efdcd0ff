"""A recording plays, starts at zero, keeps sound and picture together, and survives a kill."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from engine.broadcast.encoder import AudioEncoder, VideoEncoder
from engine.flow import MediaFormat, Stream
from engine.outlets.base import OutletError
from engine.outlets.recording import RecordingOutlet

WIDTH, HEIGHT, FPS = 180, 320, 25


def record(file: Path, pictures: int, first: int = 5000) -> RecordingOutlet:
    video, sound = VideoEncoder(WIDTH, HEIGHT, FPS), AudioEncoder(Stream.AAC)
    picture = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    outlet: RecordingOutlet | None = None
    for n in range(first, first + pictures):
        picture[:HEIGHT] = 16 + n % 200
        packet = video.encode(picture, n)
        if outlet is None:
            outlet = RecordingOutlet(file, MediaFormat(WIDTH, HEIGHT, FPS, sound.config), packet)
        outlet.write(packet)
        for k in (0, 960):
            for piece in sound.encode(np.zeros(960, np.float32), n * 1920 + k):
                outlet.write(piece)
    assert outlet is not None
    return outlet


def test_it_starts_at_zero_wherever_the_clock_was(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "a.mp4"
    outlet = record(file, 100)
    outlet.close()
    outlet.close()
    with av.open(str(file)) as container:
        video, sound = container.streams.video[0], container.streams.audio[0]
        frames = list(container.decode(video))
        assert len(frames) == 100
        assert [f.time for f in frames[:3]] == [0.0, 0.04, 0.08]
        assert sound.start_time is not None
        assert abs(float(sound.start_time * sound.time_base)) < 1024 / 48_000
        assert "AI-generated" in container.metadata["comment"]


def test_a_closed_recording_refuses_packets(tmp_path: Path) -> None:
    outlet = record(tmp_path / "a.mp4", 10)
    outlet.close()
    video = VideoEncoder(WIDTH, HEIGHT, FPS)
    packet = video.encode(np.zeros((HEIGHT * 3 // 2, WIDTH), np.uint8), 0)
    with pytest.raises(OutletError, match="closed"):
        outlet.write(packet)


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutletError, match=r"recording .*a\.mp4"):
        record(tmp_path / "file" / "a.mp4", 1)


def test_a_kill_costs_at_most_one_keyframe_group(tmp_path: Path) -> None:
    file = tmp_path / "a.mp4"
    code = (
        "import os, signal, sys; from pathlib import Path; from tests.outlets.test_recording import record;"
        f"outlet = record(Path({str(file)!r}), 260, first=0); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == -9
    with av.open(str(file)) as container:
        frames = sum(1 for _ in container.decode(container.streams.video[0]))
    assert frames >= 200
