"""A recording plays, starts at zero, keeps sound and picture together, and survives a kill."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import av
import pytest

from engine.flow import Stream
from engine.outlets import recording
from engine.outlets.base import OutletError
from engine.outlets.credentials.room import ROOM_BYTES, FileWithRoom
from engine.outlets.disk import Room, room_at
from engine.outlets.recording import RecordingFile, RecordingOutlet
from engine.outlets.shelf import Shelf, stem_of
from tests.outlets.media import packets

AMPLE = Room(10**12, 9 * 10**11)


def record(folder: Path, pictures: int, first: int = 5000, file_s: float = 3600) -> RecordingOutlet:
    outlet: RecordingOutlet | None = None
    for media, packet in packets(pictures, first):
        outlet = outlet or RecordingOutlet(Shelf(folder, "mia", room=lambda _: AMPLE), media, file_s)
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


NOW = 1_800_000_000.0
DAY_S = 86_400.0


class Disk:
    """A disk of ``size`` bytes, of which what lies in a folder and ``others`` is taken."""

    def __init__(self, size: float, others: float = 0.0) -> None:
        self.size, self.others = size, others

    def room(self, folder: Path) -> Room:
        taken = sum(file.stat().st_size for file in folder.iterdir())
        return Room(int(self.size), int(self.size - self.others - taken))


def shelf_with(
    folder: Path,
    ages_days: dict[str, float],
    *,
    days: float | None = None,
    budget: float | None = None,
    ahead_s: float = 0.0,
    uptime_s: float = 30 * DAY_S,
    disk: Disk | None = None,
) -> Shelf:
    """Recordings of 1000 bytes, and the shelf; its clock is ``ahead_s``."""
    for name, age in ages_days.items():
        (folder / name).write_bytes(bytes(1000))
        os.utime(folder / name, (NOW - age * DAY_S, NOW - age * DAY_S))
    room = disk.room if disk is not None else lambda _: AMPLE
    return Shelf(folder, "mia", days, budget, lambda: NOW + ahead_s, lambda: uptime_s, room)


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


def fill_disk(monkeypatch: pytest.MonkeyPatch, room: float) -> None:
    """From now on, a disk that has ``room`` bytes left."""
    left = room
    write = FileWithRoom._write

    def until_full(file: FileWithRoom, data: bytes) -> None:
        nonlocal left
        left -= len(data)
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(file, data)

    monkeypatch.setattr(FileWithRoom, "_write", until_full)


def record_until_full(folder: Path) -> None:
    outlet: RecordingOutlet | None = None
    why = ""
    for media, packet in packets(250):
        outlet = outlet or RecordingOutlet(Shelf(folder, "mia", room=lambda _: AMPLE), media)
        try:
            outlet.write(packet)
        except OutletError as error:
            why = str(error)
            break
    assert why.endswith("No space left on device")
    assert outlet is not None
    with suppress(OutletError):
        outlet.close()


@pytest.mark.parametrize("room", [0, ROOM_BYTES + 4000])
def test_a_full_disk_leaves_no_file_without_a_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    fill_disk(monkeypatch, room)
    record_until_full(tmp_path)
    assert names(tmp_path) == []


def test_what_was_recorded_before_the_disk_was_full_stays_and_plays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(tmp_path / "whole", 250).close()
    whole = only(tmp_path / "whole").stat().st_size
    fill_disk(monkeypatch, ROOM_BYTES + (whole - ROOM_BYTES) * 0.7)
    record_until_full(tmp_path / "cut")
    frames = 0
    with av.open(str(only(tmp_path / "cut"))) as container, suppress(av.FFmpegError):
        for _ in container.decode(container.streams.video[0]):
            frames += 1
    assert frames >= 100


def test_another_channel_s_recordings_in_the_same_folder_are_left_alone(tmp_path: Path) -> None:
    others = ["mia-2-20260101-000000.mp4", "mia [en]-20260101-000000.mp4", "mia-20260101-000000.mp4.part"]
    own = ["mia-20260101-000000.mp4", "mia-20260101-000000-2.mp4"]
    shelf = shelf_with(tmp_path, dict.fromkeys([*others, *own], 99.0), days=7)
    assert sorted(path.name for path in shelf.recordings()) == sorted(own)
    for _ in range(4):
        shelf.tidy()
    assert names(tmp_path) == sorted(others)


@pytest.mark.parametrize("name", ["Mia [EN]", "Mia *", "Mia?", "A/B", "小美", "Mia (1+1)"])
def test_a_channel_of_any_name_knows_its_own_recordings(tmp_path: Path, name: str) -> None:
    shelf = Shelf(tmp_path, stem_of(name))
    path = shelf.next_file(datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC))
    path.write_bytes(b"")
    assert path.parent == tmp_path
    assert shelf.recordings() == [path]


def test_what_another_process_writes_is_never_removed(tmp_path: Path) -> None:
    ages = {f"mia-2026010{n}-000000.mp4": 99.0 - n for n in range(1, 4)}
    shelf = shelf_with(tmp_path, ages, days=7)
    with (tmp_path / "mia-20260101-000000.mp4").open("rb") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        shelf.tidy()
        shelf.tidy()
    assert names(tmp_path) == ["mia-20260101-000000.mp4"]
    shelf.tidy()
    assert names(tmp_path) == []


def test_one_goes_for_its_age_at_a_time_and_the_budget_takes_as_many_as_it_must(tmp_path: Path) -> None:
    ages = {f"mia-2026010{n}-000000.mp4": 99.0 - n for n in range(1, 5)}
    shelf = shelf_with(tmp_path, ages, days=7)
    shelf.tidy()
    assert names(tmp_path) == sorted(ages)[1:]
    shelf_with(tmp_path, {}, days=7, budget=1000).tidy()
    assert names(tmp_path) == sorted(ages)[3:]


def test_a_clock_that_is_years_ahead_after_the_start_removes_nothing(tmp_path: Path) -> None:
    ages = {f"mia-2026010{n}-000000.mp4": float(n) for n in range(1, 5)}
    shelf = shelf_with(tmp_path, ages, days=7, ahead_s=3650 * DAY_S, uptime_s=300)
    made_since = tmp_path / "mia-20360101-000000.mp4"
    made_since.write_bytes(bytes(1000))
    os.utime(made_since, (NOW + 3650 * DAY_S - 60, NOW + 3650 * DAY_S - 60))
    for _ in range(10):
        shelf.tidy()
    assert (len(names(tmp_path)), shelf.removed) == (5, 0)


def test_without_a_budget_recording_stops_before_the_disk_is_full_and_goes_on_when_there_is_room(
    tmp_path: Path,
) -> None:
    ages = {f"mia-2026010{n}-000000.mp4": 9.0 - n for n in range(1, 4)}
    disk = Disk(100_000, others=86_000)
    shelf = shelf_with(tmp_path, ages, disk=disk)
    in_use = tmp_path / "mia-20260103-000000.mp4"
    shelf.tidy(in_use)
    disk.others = 87_500
    with pytest.raises(OutletError, match=r"only 0\.0 GB of the disk are free") as told:
        shelf.tidy(in_use)
    assert told.value.retryable
    disk.others = 86_000
    with pytest.raises(OutletError, match="it goes on when there is room"):
        shelf.tidy()
    disk.others = 84_000
    shelf.tidy()
    assert (names(tmp_path), shelf.removed) == (sorted(ages), 0)


def test_with_a_budget_the_oldest_goes_for_the_reserve_one_at_a_time(tmp_path: Path) -> None:
    ages = {f"mia-2026010{n}-000000.mp4": 9.0 - n for n in range(1, 6)}
    shelf = shelf_with(tmp_path, ages, budget=1e9, disk=Disk(100_000, others=85_500))
    shelf.tidy(in_use=tmp_path / "mia-20260105-000000.mp4")
    assert names(tmp_path) == sorted(ages)[1:]
    # Another program fills the disk: that does not cost all recordings at once.
    full = shelf_with(tmp_path, {}, budget=1e9, disk=Disk(100_000, others=99_000))
    with pytest.raises(OutletError, match="of the disk are free"):
        full.tidy(in_use=tmp_path / "mia-20260105-000000.mp4")
    assert names(tmp_path) == sorted(ages)[2:]


@pytest.mark.parametrize(("size", "reserve"), [(40e9, 2e9), (2e12, 40e9), (5e9, 0.5e9), (64e6, 6.4e6)])
def test_the_reserve_of_a_disk(size: float, reserve: float) -> None:
    assert Room(int(size), 0).reserve == reserve


def test_the_room_of_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    assert room_at(tmp_path / "later" / "recordings").size == room_at(tmp_path).size > 0


def test_a_recording_on_a_full_disk_ends_whole_and_the_outlet_hears_why(tmp_path: Path) -> None:
    rooms = [AMPLE]
    shelf = Shelf(tmp_path, "mia", room=lambda _: rooms[-1])
    outlet: RecordingOutlet | None = None
    why = ""
    for media, packet in packets(1600):
        outlet = outlet or RecordingOutlet(shelf, media)
        try:
            outlet.write(packet)
        except OutletError as error:
            why = str(error)
            break
        rooms.append(Room(10**12, 10**9))
    assert "are left for everything else" in why
    assert outlet is not None
    outlet.close()
    with av.open(str(only(tmp_path))) as container:
        assert len(list(container.decode(container.streams.video[0]))) >= 1400


def test_two_that_choose_the_same_file_do_not_write_into_one(tmp_path: Path) -> None:
    media, packet = next(packets(1))
    path = tmp_path / "mia-20260101-000000.mp4"
    path.write_bytes(b"the other's")
    with pytest.raises(OutletError, match="File exists"):
        RecordingFile(path, media, packet)
    assert path.read_bytes() == b"the other's"


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


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.ENOTCONN])
def test_a_folder_of_a_network_that_is_away_is_this_outlet_s_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    outlet = record(tmp_path, 10)
    outlet._file_s = 0
    with monkeypatch.context() as away:
        away.setattr(Shelf, "recordings", gone)
        idr = next(packet for _, packet in packets(1, 6000) if packet.stream is Stream.VIDEO)
        with pytest.raises(OutletError, match=f"recording to .*{os.strerror(number)}"):
            outlet.write(idr)
    outlet.close()


def test_a_budget_of_less_than_an_hour_holds_nearly_that_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "LOOK_S", 1.0)
    record(tmp_path / "some", 200).close()
    budget = only(tmp_path / "some").stat().st_size
    shelf = Shelf(tmp_path / "little", "mia", budget_bytes=budget, room=lambda _: AMPLE)
    outlet: RecordingOutlet | None = None
    most = 0
    for media, packet in packets(500, 0):
        outlet = outlet or RecordingOutlet(shelf, media, 18)
        outlet.write(packet)
        if packet.is_keyframe and packet.stream is Stream.VIDEO:
            most = max(most, sum(file.stat().st_size for file in (tmp_path / "little").iterdir()))
    assert outlet is not None
    outlet.close()
    kept = sum(file.stat().st_size for file in (tmp_path / "little").iterdir())
    assert most < 1.35 * budget
    assert kept > 0.6 * budget
