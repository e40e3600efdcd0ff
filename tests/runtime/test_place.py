"""Where a run keeps its pictures."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from engine.runtime import place

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an empty "memory" and an empty "disk", where run folders are made."""
    for name in ("memory", "disk"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(place, "_MEMORY", tmp_path / "memory")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "disk"))
    return tmp_path


@pytest.mark.parametrize(("free", "root"), [(200_000_000, "memory"), (64_000_000, "disk")])
def test_it_is_in_memory_unless_that_is_too_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, root: str
) -> None:
    """Containers have 64 MB of /dev/shm unless they are told otherwise."""
    (tmp_path / "memory").mkdir()
    (tmp_path / "disk").mkdir()
    monkeypatch.setattr(place, "_MEMORY", tmp_path / "memory")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "disk"))
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=free))
    assert place.make_run_dir().parent.name == root


def test_folders_of_dead_processes_are_removed_from_both_and_those_of_living_ones_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead = [tmp_path / root / "everhost-dead" for root in ("memory", "disk")]
    for folder in dead:
        folder.mkdir(parents=True)
        (folder / "pid").write_text(str(ended.pid))
    monkeypatch.setattr(place, "_MEMORY", tmp_path / "memory")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "disk"))
    assert sorted(place.remove_left_behind()) == sorted(dead)
    mine = place.make_run_dir()
    assert place.remove_left_behind() == []
    assert mine.is_dir()
    assert oct(mine.stat().st_mode)[-3:] == "700"


def test_a_folder_goes_with_its_process_whatever_has_its_number_now(roots: Path) -> None:
    """In a container every run has the number 1: the folder of one that was killed is still seen to be nobody's."""
    code = (
        "import sys, time; from pathlib import Path; from engine.runtime import place\n"
        "place._MEMORY = Path(sys.argv[1])\n"
        "print(place.make_run_dir(state=Path('/srv/state')), flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(roots / "memory")], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(roots / "disk")},
    ) as other:  # fmt: skip
        assert other.stdout is not None
        folder = Path(other.stdout.readline().strip())
        (folder / "pid").write_text("999999999")
        assert place.remove_left_behind() == []
        assert place.living_states() == {Path("/srv/state")}
        other.kill()
    (folder / "pid").write_text(str(os.getpid()))
    assert place.living_states() == set()
    assert place.remove_left_behind() == [folder]


def test_a_folder_that_is_given_back_is_gone(roots: Path) -> None:
    folder = place.make_run_dir()
    place.leave_run_dir(folder)
    place.leave_run_dir(folder)
    assert list((roots / "memory").iterdir()) == []
    assert folder not in place._locks


def test_what_one_channel_was_promised_the_next_does_not_count_on(roots: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders are made for all channels before any picture is drawn."""
    usage = shutil.disk_usage(roots)

    def left(folder: Path) -> object:
        taken = sum(file.stat().st_blocks * 512 for file in folder.rglob("*") if file.is_file())
        return usage._replace(free=200_000_000 - taken)

    monkeypatch.setattr(shutil, "disk_usage", left)
    made = [place.make_run_dir(66_000_000).parent.name for _ in range(3)]
    assert made == ["memory", "memory", "disk"]


def test_what_cleans_old_files_away_sees_that_the_folder_is_in_use(roots: Path) -> None:
    """As systemd-tmpfiles does: it leaves a folder alone whose lock it does not get."""
    mine = place.make_run_dir()
    descriptor = os.open(mine, os.O_RDONLY | os.O_DIRECTORY)
    with pytest.raises(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    place.leave_run_dir(mine)
    place.leave_run_dir(mine)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(descriptor)
    assert list(roots.glob("*/*")) == []
