"""``everhost script``: the show on paper, without a voice."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from engine.commands import offline
from engine.commands.check import check
from engine.commands.script import script, write_show
from engine.runtime.checks import speech_problems
from engine.settings import Channel, SettingsError, load_channel
from engine.show import spoken_seconds
from engine.speech import kokoro_voices

ROOT = Path(__file__).parents[2]
CHANNELS = {"en": ROOT / "avatars" / "mia.yaml", "zh": ROOT / "avatars" / "xiaomei.yaml"}
BEGIN = datetime(2026, 3, 2, 18, tzinfo=UTC)


def printed(capsys: pytest.CaptureFixture[str], file: Path, minutes: float = 30) -> dict[str, Any]:
    assert script(file, minutes, BEGIN, as_json=True) == 0
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    return data


@pytest.mark.parametrize("language", CHANNELS)
def test_half_an_hour_is_written_with_its_evidence(capsys: pytest.CaptureFixture[str], language: str) -> None:
    data = printed(capsys, CHANNELS[language])
    told, lines = data["summary"], data["lines"]
    assert told["minutes"] == pytest.approx(30, abs=0.3)
    assert (told["repeated_sentences"], told["refused_by_the_guard"]) == (0, 0)
    assert told["facts_told"] == told["facts"]
    assert told["writers"] == {"template": told["lines"]}
    assert all(a["begin_s"] < b["begin_s"] for a, b in pairwise(lines))
    fact = next(line for line in lines if "bottle.capacity" in [fact["id"] for fact in line["facts"]])
    assert fact["facts"][0]["source"].split(":")[0] == ("demo.yaml" if language == "en" else "xiaomei.yaml")
    price = next(line for line in lines if line["kind"] == "price" and line["product"] == "bottle")
    expected = ("19.99", "29.99", "USD") if language == "en" else ("129.00", "169.00", "CNY")
    assert [(p["price"], p["was"], p["currency"]) for p in price["prices"]] == [expected]
    assert price["seconds_estimated"] == pytest.approx(spoken_seconds(price["text"]), abs=0.01)


def test_an_hour_repeats_no_sentence_in_either_language() -> None:
    for file in CHANNELS.values():
        texts = [each.line.text for each in write_show(load_channel(file, check_files=False), 3600, BEGIN)]
        assert len(texts) == len(set(texts))


def test_the_same_beginning_gives_the_same_show() -> None:
    channel = load_channel(CHANNELS["en"], check_files=False)
    once, again = ([each.line for each in write_show(channel, 600, BEGIN)] for _ in range(2))
    assert once == again


def test_the_text_form_has_each_line_with_its_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    assert script(CHANNELS["zh"], 2, BEGIN, as_json=False) == 0
    out = capsys.readouterr().out
    assert "— 山径不锈钢保温杯 —" in out
    assert "bottle.capacity: 容量是750毫升" in out
    assert "0 repeated" in out


def test_a_chinese_channel_with_an_english_voice_is_told_that_it_cannot_be_heard(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = CHANNELS["zh"].read_text()
    for path in ("bodies/hana.ehb", "../assets/catalogue/xiaomei.yaml"):
        text = text.replace(f": {path}", f": {(CHANNELS['zh'].parent / path).resolve()}")
    file = tmp_path / "mute.yaml"
    file.write_text(text.replace("backend: kokoro", "backend: hibari").replace("name: zf_xiaoxiao", "name: heart"))
    assert check(file) == 0
    assert "does not speak Mandarin" in capsys.readouterr().out
    with pytest.raises(SettingsError) as raised:
        offline.say(file, "你好。", tmp_path / "out.mp4")
    (problem,) = raised.value.problems
    assert (problem.key, "does not speak Mandarin" in problem.message) == ("language", True)


def test_a_voice_that_is_not_installed_is_said_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro_voices.missing, "__defaults__", (Path("/nowhere"),))
    (problem,) = speech_problems(load_channel(CHANNELS["zh"], check_files=False))
    assert problem.key == "voice"
    assert "make zh" in problem.message


def test_a_campaign_that_may_not_be_said_is_found_by_check(tmp_path: Path) -> None:
    text = CHANNELS["en"].read_text()
    for path in ("bodies/mia.ehb", "../assets/catalogue/demo.yaml"):
        text = text.replace(f": {path}", f": {(CHANNELS['en'].parent / path).resolve()}")
    campaign = "{name: Sale, begin: 2026-03-01T10:00, end: 2026-03-09T10:00, text: %s}"
    file = tmp_path / "sale.yaml"
    file.write_text(
        text.replace(
            "  seed: 1 ", f"  campaigns: [{campaign % 'Hurry and only today the best deal ever.'}]\n  seed: 1 "
        )
    )
    with pytest.raises(SettingsError) as raised:
        check(file)
    (problem,) = raised.value.problems
    assert problem.key == "show.campaigns[0].text"
    assert "may not be said" in problem.message
    file.write_text(
        text.replace("  seed: 1 ", f"  campaigns: [{campaign % 'The Kiln mug is in our spring window.'}]\n  seed: 1 ")
    )
    assert check(file) == 0


def at_hour(channel: Channel, begin: datetime, **show: object) -> list[str]:
    changed = channel.model_copy(update={"show": type(channel.show).model_validate({"seed": 1, **show})})
    return [each.line.text for each in write_show(changed, 900, begin)]


def test_a_campaign_is_spoken_of_from_its_beginning_to_its_end() -> None:
    channel = load_channel(CHANNELS["en"], check_files=False)
    sale = {
        "name": "Tea week",
        "begin": "2026-03-02T18:10",
        "end": "2026-03-02T18:30",
        "weights": {"kettle": 5},
        "text": "Tea week is about the Drift kettle and the Kiln mug.",
    }
    during = at_hour(channel, BEGIN, campaigns=[sale])
    said = [i for i, text in enumerate(during) if "Tea week is about" in text]
    assert said
    assert min(said) > 80
    assert not any("Tea week" in text for text in at_hour(channel, BEGIN.replace(hour=19), campaigns=[sale]))
