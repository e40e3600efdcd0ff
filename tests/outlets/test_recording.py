"""A recording plays, starts at zero, keeps sound and picture together, and survives a kill."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import av
import pytest

from engine.outlets.base import OutletError
from engine.outlets.recording import RecordingOutlet
from engine.outlets.shelf import Shelf
from tests.outlets.media import packets


def record(folder: Path, pictures: int, first: int = 5000, file_s: float = 3600) -> RecordingOutlet:
    outlet: RecordingOutlet | None = None
    for media, packet in packets(pictures, first):
        outlet = outlet or RecordingOutlet(Shelf(folder, "mia"), media, file_s)
        outlet.write(packet)
    assert outlet is not None
    return outlet


def only(folder: Path) -> Path:
    (file,) = folder.glob("*.mp4")
    return file


def test_it_starts_at_zero_wherever_the_clock_was(tmp_path: Path) -> None:
    outlet = record(tmp_path / "new folder", 100)
    outlet.close()
    outlet.close()
    with av.open(str(only(tmp_path / "new folder"))) as container:
        video, sound = container.streams.video[0], container.streams.audio[0]
        frames = list(container.decode(video))
        assert len(frames) == 100
        assert [f.time for f in frames[:3]] == [0.0, 0.04, 0.08]
        assert sound.start_time is not None
        assert abs(float(sound.start_time * sound.time_base)) < 1024 / 48_000
        assert "AI-generated" in container.metadata["comment"]
        label = json.loads(container.metadata["AIGC"])
        assert (label["Label"], label["ContentProducer"]) == ("1", "Everhost")


def test_a_closed_recording_refuses_packets(tmp_path: Path) -> None:
    outlet = record(tmp_path, 10)
    outlet.close()
    _, packet = next(packets(1))
    with pytest.raises(OutletError, match="closed"):
        outlet.write(packet)


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutletError, match=r"recording .*\.mp4"):
        record(tmp_path / "file", 1)


def test_a_kill_costs_at_most_one_keyframe_group(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from tests.outlets.test_recording import record;"
        f"outlet = record(Path({str(tmp_path)!r}), 260, first=0); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == -9
    with av.open(str(only(tmp_path))) as container:
        frames = sum(1 for _ in container.decode(container.streams.video[0]))
    assert frames >= 200


def test_a_new_file_begins_with_an_idr_and_no_picture_is_lost_between_two(tmp_path: Path) -> None:
    record(tmp_path, 250, file_s=4).close()
    files = sorted(tmp_path.glob("*.mp4"), key=lambda path: path.stat().st_mtime_ns)
    counts, times = [], []
    for file in files:
        with av.open(str(file)) as container:
            frames = list(container.decode(container.streams.video[0]))
        assert frames[0].key_frame
        counts.append(len(frames))
        times.append(frames[0].time)
    assert counts == [100, 100, 50]
    assert times == [0.0, 0.0, 0.0]


def shelf_with(folder: Path, ages_days: dict[str, float], **kept: float) -> Shelf:
    now = 1_800_000_000.0
    for name, age in ages_days.items():
        (folder / name).write_bytes(bytes(1000))
        os.utime(folder / name, (now - age * 86_400, now - age * 86_400))
    return Shelf(folder, "mia", kept.get("days"), kept.get("budget"), wall=lambda: now)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_recordings_are_kept_for_days_and_other_files_for_ever(tmp_path: Path) -> None:
    ages = {"mia-20260101-000000.mp4": 8, "mia-20260102-000000.mp4": 6, "mia-holiday.mp4": 99, "leo-20260101-0.mp4": 99}
    shelf = shelf_with(tmp_path, ages, days=7)
    shelf.tidy()
    assert names(tmp_path) == ["leo-20260101-0.mp4", "mia-20260102-000000.mp4", "mia-holiday.mp4"]
    assert (shelf.removed, shelf.bytes) == (1, 1000)


def test_the_oldest_go_when_all_take_too_much_but_never_the_one_in_use(tmp_path: Path) -> None:
    ages = {f"mia-2026010{n}-000000.mp4": 9.0 - n for n in range(1, 6)}
    shelf = shelf_with(tmp_path, ages, budget=2500)
    shelf.tidy(in_use=tmp_path / "mia-20260101-000000.mp4")
    assert names(tmp_path) == ["mia-20260101-000000.mp4", "mia-20260105-000000.mp4"]


def test_a_clock_put_back_overwrites_nothing(tmp_path: Path) -> None:
    shelf, now = Shelf(tmp_path, "mia"), datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)
    assert shelf.next_file(now).name == "mia-20260301-120005.mp4"
    shelf.next_file(now).write_bytes(b"")
    assert shelf.next_file(now).name == "mia-20260301-120005-2.mp4"


def test_times_beyond_33_bits_of_90_khz_are_rebased_like_all_others(tmp_path: Path) -> None:
    """26.5 hours after the master's first sample."""
    record(tmp_path, 100, first=2**33 // 3600 - 50).close()
    with av.open(str(only(tmp_path))) as container:
        times = [frame.time for frame in container.decode(container.streams.video[0])]
    assert times == [round(0.04 * n, 2) for n in range(100)]
