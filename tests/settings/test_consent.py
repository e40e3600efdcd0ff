"""A consent file: short names, the day that it is where the machine stands, and when a consent holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.settings import SettingsError, in_chinese
from engine.settings.consent import Consent, ending, load_consent, local_today, why_not, why_not_shown

TODAY = date(2026, 11, 29)


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Puts the machine so many hours before UTC."""

    def put(hours: int) -> None:
        monkeypatch.setenv("TZ", f"<{hours:+03d}>{-hours:+d}")
        time.tzset()

    yield put
    monkeypatch.undo()
    time.tzset()


def consent(**changes: object) -> Consent:
    given = {"who": "Ann", "when": "2026-01-02", "what_for": "our shop", "adult": True}
    return Consent.model_validate(given | changes)


@pytest.mark.parametrize(("who", "what_for"), [("王芳", "直播"), ("Bo", "TV"), ("이", "秀")])
def test_names_may_be_short(tmp_path: Path, who: str, what_for: str) -> None:
    file = tmp_path / "c.yaml"
    file.write_text(f"who: {who}\nwhen: 2026-01-02\nwhat_for: {what_for}\nadult: true\n", encoding="utf-8")
    given = load_consent(file, TODAY)
    assert (given.who, given.what_for) == (who, what_for)


def test_a_name_of_nothing_is_none(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text('who: "  "\nwhen: 2026-01-02\nwhat_for: shop\nadult: true\n')
    with pytest.raises(SettingsError, match="at least 1 letters") as caught:
        load_consent(tmp_path / "c.yaml", TODAY)
    assert [problem.key for problem in caught.value.problems] == ["who"]


@pytest.mark.parametrize(("deep", "key"), [(60, "who"), (1000, "")])
def test_brackets_without_end_are_told(tmp_path: Path, deep: int, key: str) -> None:
    file = tmp_path / "c.yaml"
    file.write_text("when: 2026-01-02\nwho: " + "[" * deep + "]" * deep + "\nwhat_for: shop\nadult: true\n")
    with pytest.raises(SettingsError) as caught:
        load_consent(file, TODAY)
    (found,) = (each for each in caught.value.problems if "too many blocks stand in each other" in each.message)
    assert (found.line, found.key) == (2 if key else 0, key)
    assert in_chinese(found.message) == "这里一层套一层，层数太多；没有哪一项设置需要这样写"


@pytest.mark.parametrize("hours", [14, -12])
def test_today_is_the_machines_own_day(zone: Callable[[int], None], hours: int) -> None:
    """At any moment one of the two places has another day than UTC."""
    zone(hours)
    before = (datetime.now(UTC) + timedelta(hours=hours)).date()
    found = local_today()
    assert before <= found <= (datetime.now(UTC) + timedelta(hours=hours)).date()


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({}, []),
        ({"until": "2026-11-29"}, []),
        ({"until": "2026-11-28"}, ["until"]),
        ({"adult": False}, ["adult"]),
        ({"adult": False, "until": "2020-01-01"}, ["adult", "until"]),
    ],
)
def test_when_a_consent_holds(changes: dict[str, object], keys: list[str]) -> None:
    assert [each.key for each in why_not(consent(**changes), TODAY)] == keys


def test_who_is_not_shown_and_why() -> None:
    file = Path("ann.ehp")
    assert why_not_shown(file, consent(until="2026-11-29"), TODAY) == ""
    ended = why_not_shown(file, consent(until="2026-11-28", who="An\x1bn"), TODAY)
    assert ended.startswith("ann.ehp: the consent ended on 2026-11-28 (Ann); ask the person again, and make")
    assert in_chinese(ended).startswith("ann.ehp：同意书已于2026-11-28到期（Ann）")
    young = why_not_shown(file, consent(adult=False), TODAY)
    assert young == "ann.ehp: the person is not an adult (Ann); only adults' faces and voices may be used"
    assert "不是成年人" in in_chinese(young)


@pytest.mark.parametrize(
    ("until", "told"),
    [(None, False), ("2026-11-28", False), ("2026-11-29", True), ("2026-12-13", True), ("2026-12-14", False)],
)
def test_a_consent_that_soon_ends_is_told(until: str | None, told: bool) -> None:
    said = ending(consent(until=until), TODAY)
    assert said == (f"the consent of Ann ends after {until}; ask the person again in time" if told else "")
    assert in_chinese(said) == (f"Ann的同意书在{until}之后失效；请及时再征得本人同意" if told else "")
