"""Lines kept on disk."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from engine.flow import LineKind
from engine.script import Draft
from engine.script.llm import KeptLines
from engine.script.llm import kept as kept_module
from engine.script.llm.kept import MOST_LINES

LINE = Draft(LineKind.PITCH, "It’s made of “stoneware” 陶.", ("mug.material",), "f", "mug", writer="gguf", model="m")


def test_lines_come_back_as_they_were(tmp_path: Path) -> None:
    kept = KeptLines(tmp_path / "folder" / "lines.jsonl")
    assert kept.read() == []
    kept.add([LINE])
    kept.add([LINE, LINE])
    assert kept.read() == [LINE, LINE, LINE]


def test_what_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    kept = KeptLines(file)
    kept.add([LINE])
    good = file.read_text("utf-8")
    file.write_text(f'{{"kind": "pitch"}}\nnonsense\n{good}{{"kind": "poem", "fact_ids": []}}\n[1]\n', "utf-8")
    assert kept.read() == [LINE]
    file.write_bytes(b"\xff\xfe\x00")
    assert kept.read() == []


def test_the_file_is_bounded(tmp_path: Path) -> None:
    kept = KeptLines(tmp_path / "lines.jsonl")
    kept.add([LINE] * (MOST_LINES + 1))
    assert len(kept.read()) == MOST_LINES * 2 // 3
    assert len(kept.read()) == MOST_LINES * 2 // 3


def test_a_place_that_cannot_be_written_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    KeptLines(tmp_path / "file" / "lines.jsonl").add([LINE])


def test_a_full_disk_leaves_a_file_that_grew_too_long_and_gives_its_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_module, "MOST_LINES", 3)
    kept = KeptLines(tmp_path / "lines.jsonl")
    kept.add([LINE] * 6)

    def full(_file: Path, *_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    assert len(kept.read()) == 2
    assert len((tmp_path / "lines.jsonl").read_text().splitlines()) == 6
