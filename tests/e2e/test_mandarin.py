"""小美 on air: Chinese lines with sound, and answers in the language of the question."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator

import pytest
from websockets.sync.client import connect

from engine.settings.voice import Voice
from engine.speech import missing_of_voice
from tests.e2e.station import ROOT, Station, on_air, said, tools_missing, wait_until
from tests.e2e.watcher import watching

VOICE = {"backend": "kokoro", "name": "zf_xiaoxiao", "speed": 1.1}
LEAST_SPEECH_DBFS = -40.0

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(180),
    pytest.mark.skipif(bool(tools_missing()), reason=f"make setup-test installs {tools_missing()}"),
    pytest.mark.skipif(bool(missing_of_voice(Voice.model_validate(VOICE))), reason="make setup-test fetches the voice"),
]


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    chinese = {
        "name": "小美",
        "language": "zh",
        "voice": VOICE,
        "body": str(ROOT / "avatars" / "bodies" / "hana.ehb"),
        "catalogue": str(ROOT / "assets" / "catalogue" / "xiaomei.yaml"),
        "policy": {"packs": ["cn"]},
    }
    with on_air(tmp_path_factory.mktemp("mandarin"), [], **chinese) as running:
        wait_until(lambda: said(running), 60, "the first line was on air")
        yield running


def reply_to(station: Station, text: str) -> str:
    """The written reply that the room gets to a question."""
    address = station.base.replace("http", "ws") + "/ws/chat"
    with connect(address, origin=station.base) as chat:  # type: ignore[arg-type]
        chat.send(json.dumps({"name": "阿泽", "text": text}))
        while True:
            got = json.loads(chat.recv(timeout=40))
            if got.get("type") == "reply":
                return str(got["text"])


async def test_she_speaks_chinese_aloud(station: Station) -> None:
    assert all(re.search("[一-鿿]", line.text) for line in said(station))
    async with watching(station.base) as watcher:
        count = len(said(station))
        await asyncio.to_thread(wait_until, lambda: len(said(station)) > count, 30, "another line was on air")
        assert max(level for _, level in watcher.level_dbfs) > LEAST_SPEECH_DBFS


def test_questions_are_answered_in_their_own_language(station: Station) -> None:
    assert "750毫升" in reply_to(station, "保温杯能装多少水？")
    english = reply_to(station, "how much is the lamp?")
    assert re.search(r"¥189", english)
    assert re.search(r"[a-z]{2,}", english)
