"""Sound of a Coqui voice is found again only where the voice is the same to the last file."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.settings.voice import Coqui
from engine.speech.coqui.voice import version_of

FILES = ("config", "speakers", "vocabulary", "sample")


@pytest.fixture
def given(tmp_path: Path) -> Coqui:
    for name in (*FILES, "consent"):
        (tmp_path / name).write_text(name)
    return Coqui(
        kind="xtts", weights=tmp_path / "weights", sha256="0" * 64, **{n: tmp_path / n for n in (*FILES, "consent")}
    )


@pytest.mark.parametrize("name", FILES)
def test_another_file_is_another_voice(given: Coqui, name: str) -> None:
    before = version_of(given)
    assert version_of(given) == before
    getattr(given, name).write_text("another")
    assert version_of(given) != before


def test_so_are_another_kind_weights_and_speaker_but_not_another_deadline(given: Coqui) -> None:
    versions = [
        version_of(given.model_copy(update=changed))
        for changed in ({}, {"kind": "vits"}, {"sha256": "1" * 64}, {"speaker": "ann"}, {"speakers": None})
    ]
    assert len(set(versions)) == len(versions)
    (given.consent or Path()).write_text("renewed")
    assert version_of(given.model_copy(update={"deadline_s": 3.0})) == versions[0]
