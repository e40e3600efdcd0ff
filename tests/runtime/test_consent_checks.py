"""A consent that ends: told before by `everhost check`, refused after, and a host on air is taken off."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.avatar import BodyError, open_body
from engine.avatar.photo.body import open_photo
from engine.avatar.photo.package import HEADER
from engine.runtime.checks import voice_consent_notes, voice_problems
from engine.runtime.picture_checks import body_notes, body_problems
from engine.runtime.stage import hold_consent
from engine.settings import Channel, in_chinese, load_channel
from engine.settings.channel import Canvas
from engine.settings.consent import local_today
from tests.avatar.zips import Change, altered
from tests.runtime.test_voice_checks import channel, folder, xtts

__all__ = ["folder"]

ROOT = Path(__file__).resolve().parents[2]
LEO = ROOT / "tests" / "avatar" / "photo" / "leo.ehp"
LAST = date(2026, 12, 31)
DAY = timedelta(days=1)


def until(day: date) -> Change:
    def change(entries: dict[str, bytes]) -> None:
        told = json.loads(entries[HEADER])
        told["consent"]["until"] = str(day)
        entries[HEADER] = json.dumps(told).encode()

    return change


def with_photo(folder: Path, day: date) -> Channel:
    """Mia's channel with Leo's photo as its host, who agreed until a day."""
    altered(LEO, folder / "leo.ehp", until(day))
    text = (ROOT / "avatars" / "mia.yaml").read_text().replace("../assets/", f"{ROOT}/assets/")
    (folder / "mia.yaml").write_text(text.replace("body: bodies/mia.ehb", "body: leo.ehp"))
    return load_channel(folder / "mia.yaml")


def test_a_photos_consent_is_told_two_weeks_before_it_ends(tmp_path: Path) -> None:
    today = local_today()
    (note,) = body_notes(with_photo(tmp_path, today + 5 * DAY), today)
    said = f"the consent of Leo, a host of our own ends after {today + 5 * DAY}; ask the person again in time"
    assert note == said
    assert re.search("[一-鿿]", in_chinese(note))
    assert body_notes(with_photo(tmp_path, today + 15 * DAY), today) == []


def test_a_photos_consent_that_ended_is_a_mistake_of_the_channel(tmp_path: Path) -> None:
    yesterday = local_today() - DAY
    (problem,) = body_problems(with_photo(tmp_path, yesterday))
    assert (problem.file, problem.key) == (tmp_path / "mia.yaml", "body")
    assert f"leo.ehp: the consent ended on {yesterday} (Leo, a host of our own)" in problem.message
    assert re.search("[一-鿿]", in_chinese(problem.message))


@pytest.mark.parametrize(("days", "told"), [(0, True), (14, True), (15, False)])
def test_a_voices_consent_is_told_two_weeks_before_it_ends(folder: Path, days: int, told: bool) -> None:
    with (folder / "ann.yaml").open("a") as consent:
        consent.write(f"until: {LAST}\n")
    notes = voice_consent_notes(channel(folder, xtts(folder)), LAST - days * DAY)
    assert notes == ([f"the consent of Ann Example ends after {LAST}; ask the person again in time"] if told else [])


def test_voices_with_two_letters_may_be_copied(folder: Path) -> None:
    (folder / "ann.yaml").write_text("who: 王芳\nwhen: 2026-01-02\nwhat_for: 直播\nadult: true\n", encoding="utf-8")
    assert voice_problems(channel(folder, xtts(folder))) == []


def test_a_host_on_air_is_taken_off_when_the_last_day_is_over(tmp_path: Path) -> None:
    canvas = Canvas(width=360, height=640)
    body = open_photo(altered(LEO, tmp_path / "leo.ehp", until(LAST)), canvas, LAST)
    hold_consent(Path("leo.ehp"), body, LAST)
    with pytest.raises(BodyError, match=r"leo\.ehp: the consent ended on 2026-12-31"):
        hold_consent(Path("leo.ehp"), body, LAST + DAY)
    body.close()
    drawn = open_body(ROOT / "avatars" / "bodies" / "mia.ehb", canvas)
    hold_consent(Path("mia.ehb"), drawn, date(2999, 1, 1))
    assert drawn.consent is None
    drawn.close()
