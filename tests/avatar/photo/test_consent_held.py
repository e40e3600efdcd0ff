"""A package is opened only while the consent in it holds, and the consent is what the package was made with."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.avatar import open_body
from engine.avatar.photo import PhotoError, read_photo, write_photo
from engine.avatar.photo.body import open_photo
from engine.avatar.photo.package import HEADER
from engine.settings.channel import Canvas
from engine.settings.consent import local_today
from tests.avatar.zips import Change, altered

LEO = Path(__file__).with_name("leo.ehp")
CANVAS = Canvas(width=360, height=640)
LAST = date(2026, 12, 31)
DAY = timedelta(days=1)


def consenting(**changes: object) -> Change:
    def change(entries: dict[str, bytes]) -> None:
        told = json.loads(entries[HEADER])
        told["consent"] |= changes
        entries[HEADER] = json.dumps(told).encode()

    return change


def test_nobody_is_shown_after_the_last_day(tmp_path: Path) -> None:
    file = altered(LEO, tmp_path / "leo.ehp", consenting(until=str(LAST)))
    opened = open_photo(file, CANVAS, LAST)
    assert opened.consent is not None
    assert opened.consent.until == LAST
    opened.close()
    said = r"leo\.ehp: the consent ended on 2026-12-31 \(Leo, a host of our own\); ask the person again, and make"
    with pytest.raises(PhotoError, match=said):
        open_photo(file, CANVAS, LAST + DAY)


def test_without_a_day_given_it_is_today(tmp_path: Path) -> None:
    today = local_today()
    file = altered(LEO, tmp_path / "leo.ehp", consenting(until=str(today + DAY)))
    open_body(file, CANVAS).close()
    altered(LEO, file, consenting(until=str(today - DAY)))
    with pytest.raises(PhotoError, match=f"the consent ended on {today - DAY}"):
        open_body(file, CANVAS)


def test_nobody_is_shown_who_is_no_adult(tmp_path: Path) -> None:
    file = altered(LEO, tmp_path / "leo.ehp", consenting(adult=False))
    with pytest.raises(PhotoError, match=r"leo\.ehp: the person is not an adult \(Leo, a host of our own\)"):
        open_photo(file, CANVAS)


@pytest.mark.parametrize("changes", [{"until": "2099-01-01"}, {"who": "Somebody else"}, {"when": "2020-02-02"}])
def test_the_consent_has_a_hash_of_its_own(tmp_path: Path, changes: dict[str, object]) -> None:
    write_photo(tmp_path / "new.ehp", read_photo(LEO))
    assert read_photo(tmp_path / "new.ehp").consent == read_photo(LEO).consent
    file = altered(tmp_path / "new.ehp", tmp_path / "changed.ehp", consenting(**changes))
    with pytest.raises(PhotoError, match="the consent in it is not what the package was made with"):
        read_photo(file)


def test_packages_from_before_the_hash_are_read(tmp_path: Path) -> None:
    hashes: dict[str, str] = {}
    altered(LEO, tmp_path / "a.ehp", lambda entries: hashes.update(json.loads(entries[HEADER])["sha256"]))
    assert "consent" not in hashes
    assert read_photo(LEO).consent.adult
