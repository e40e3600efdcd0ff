"""Parts of the set-up by themselves: texts, helper processes, tries of outputs, samples, and the restart."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import psutil
import pytest
from ruamel.yaml import YAML

from engine.avatar.human import Looks
from engine.runtime.messages import ProcessState
from engine.settings import Channel, FactType, SettingsError, data, load_channel
from engine.settings.channel import Platform
from engine.settings.sources import Why
from server.errors import BusyError, NoAnswerError
from server.room.setup.api_host import FIELDS
from server.room.setup.errors import NoSuchFileError
from server.room.setup.helper import WAIT_AT_MOST, Helper, ask_once
from server.room.setup.limits import leaves, limits
from server.room.setup.portraits import Portraits, SupersededError
from server.room.setup.tasks import TaskError
from server.room.setup.tasks.looks_form import looks_form
from server.room.setup.template import new_channel
from server.room.setup.versions import KEPT, Versions
from server.room.setup.words import problem_text, texts_of
from server.state import ChannelState
from tests.outlets.test_whip import Sfu
from tests.server.conftest import make_channel

CLAIMS = YAML(typ="safe", pure=True).load((Path(data.__file__).parent / "claims.yaml").read_text())
ROOT = Path(__file__).resolve().parents[3]
SCRIPTS = ROOT / "server" / "room" / "static" / "setup"

GROUPS = ("fact.", "why.", "section.", "about.", "group.", "pack.", "field.", "hint.", "option.", "low.", "high.",
          "error.", "role.", "output.", "platform.", "sample")  # fmt: skip
"""Texts whose keys are put together in the scripts, or are asked for on the server."""


def test_both_languages_have_the_same_texts_with_the_same_parts() -> None:
    english, chinese = texts_of("en"), texts_of("zh")
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", chinese[key])), key
        assert chinese[key].strip(), key


def test_every_text_that_the_pages_ask_for_is_there_and_no_other() -> None:
    asked: set[str] = set()
    for file in SCRIPTS.glob("*.js"):
        script = file.read_text()
        asked |= set(re.findall(r'\b(?:t|hasText)\("([\w.]+)"', script))
        for found in re.findall(r'\bt\([^"`]*\? "(\w+)" : "(\w+)"', script):
            asked |= set(found)
    known = set(texts_of("en"))
    assert asked <= known, asked - known
    assert {key for key in known - asked if not key.startswith(GROUPS)} == set()


def test_every_field_and_choice_has_a_name_in_both_languages() -> None:
    fields = [{"key": key, **limits(Channel, key)} for key in FIELDS] + looks_form({})["fields"]
    assert {each["key"] for each in looks_form({})["fields"]} == set(leaves(Looks)) - {"name"}
    for language in ("en", "zh"):
        texts = texts_of(language)
        for each in fields:
            assert f"field.{each['key']}" in texts, each["key"]
            for option in each.get("options", ()):
                assert f"option.{each['key']}.{option}" in texts or str(option).isdigit() or option == "", option
        assert {f"platform.{each}" for each in get_args(Platform)} <= texts.keys()
        # Every reason why a statement is not understood, and every kind of fact.
        assert {f"why.{each}" for each in (*Why, *CLAIMS["refuse"])} <= texts.keys()
        assert {f"fact.{each.value}" for each in FactType} <= texts.keys()


def test_sliders_know_their_range() -> None:
    assert limits(Looks, "face.eye_size") == {"kind": "number", "min": -1, "max": 1, "step": 0.01, "default": 0.0}
    assert limits(Looks, "person.age") == {"kind": "number", "min": 20, "max": 75, "step": 1, "default": 26}
    assert limits(Channel, "canvas.width")["step"] == 2
    assert limits(Looks, "outfit.colour") == {"kind": "colour", "default": "brand", "brand": True}


WRONG = """\
name: ""
language: fr
body: nowhere.ehb
catalogue: {root}/assets/catalogue/demo.yaml
voice: {{speed: 3}}
canvas: {{width: 361, brand_colour: red}}
show: {{gap_ms: soon, pinned: nothing, time_zone: Mars, hours: [{{begin: x, end: "10:00", weights: {{mug: 1}}}}]}}
outputs: [{{kind: rtmp, url: "http://x"}}, {{kind: recording, name: a, folder: x}}, {{kind: recording, name: a}}]
nonsense: 1
"""


def test_problems_are_told_in_chinese(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text(WRONG.format(root=ROOT))
    with pytest.raises(SettingsError) as told:
        load_channel(file)
    texts = [(problem.message, problem.hint) for problem in told.value.problems]
    assert len(texts) >= 11
    english = [each for pair in texts for each in pair if each and problem_text(each, "zh") == each]
    # What a form cannot bring about may stay English.
    assert [each for each in english if "key that belongs" not in each and not each.startswith("known here")] == []
    assert (
        problem_text("must be at most 1.4", "zh") == "至多为 1.4"
        or problem_text("must be at most 1.4", "zh") == "最多为 1.4"
    )
    assert problem_text("must be at most 1.4", "en") == "must be at most 1.4"
    assert problem_text("nobody has translated this", "zh") == "nobody has translated this"
    assert problem_text("this is not YAML: a tab stands here", "zh") == "这不是 YAML：这里有制表符"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_new_channel_lacks_only_its_catalogue(tmp_path: Path, language: str) -> None:
    file = tmp_path / "new.yaml"
    file.write_text(new_channel('O\'Neil "the #1": 小美', language, "new.yaml", 8085))
    with pytest.raises(SettingsError) as told:
        load_channel(file, check_files=False)
    assert {problem.key for problem in told.value.problems} == {"catalogue"}


async def test_a_helper_does_one_thing_after_another_with_the_lowest_priority() -> None:
    helper = Helper()
    try:
        first, second = await asyncio.gather(
            helper.ask("choices", 60),
            helper.ask("check_looks", 60, draft=str(ROOT / "avatars/looks/mia.yaml"), file="m"),
        )
        assert {voice["backend"] for voice in first["voices"]} >= {"hibari"}
        assert {language for voice in first["voices"] for language in voice["languages"]} == {"en", "zh"}
        assert second["looks"]["name"] == "mia"
        assert helper.pid is not None
        process = psutil.Process(helper.pid)
        assert process.nice() == 19
        with pytest.raises(TaskError, match="portrait_failed"):
            await helper.ask("portrait_of_body", 60, body="nowhere.ehb", brand="#e63348", backdrop="studio")
        with pytest.raises(TaskError, match="failed: KeyError"):
            await helper.ask("nothing", 60)
        assert helper.pid == process.pid
        with pytest.raises(NoAnswerError):
            await helper.ask("choices", 0.0)
        assert not process.is_running()
    finally:
        await helper.aclose()
        await helper.aclose()
    with pytest.raises(BusyError):
        await helper.ask("choices", 60)


async def test_a_helper_lets_only_so_many_wait() -> None:
    helper = Helper()
    waiting = [asyncio.create_task(helper.ask("choices", 60)) for _ in range(WAIT_AT_MOST)]
    await asyncio.sleep(0)
    with pytest.raises(BusyError):
        await helper.ask("choices", 60)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await helper.aclose()


class Sketcher(Helper):
    """A helper at the process's edge, which only says what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[object] = []

    async def ask(self, task: str, seconds: float, **given: object) -> dict[str, object]:
        self.asked.append(given["looks"])
        await asyncio.sleep(0.05)
        return {"picture": "", "fine": False}


async def test_of_each_form_only_the_newest_portrait_is_drawn(tmp_path: Path) -> None:
    sketcher = Sketcher()
    portraits = Portraits(sketcher, sketcher, tmp_path)
    wishes = [portraits.sketch("one", {"n": n}, "#e63348", "studio", tmp_path, fine=False) for n in range(6)]
    other = portraits.sketch("two", {"n": "other"}, "#e63348", "studio", tmp_path, fine=False)
    done = await asyncio.gather(*wishes, other, return_exceptions=True)
    assert sum(isinstance(each, SupersededError) for each in done) == 4
    # The first had begun when the others came.
    assert sketcher.asked == [{"n": 0}, {"n": 5}, {"n": "other"}]


def test_versions_are_kept_once_and_not_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    versions, file = Versions(tmp_path / "versions"), tmp_path / "mia.yaml"
    now = [1_700_000_000.0]
    real = time.gmtime
    monkeypatch.setattr(time, "gmtime", lambda: real(now[0]))
    for n in range(KEPT + 5):
        now[0] += 1
        versions.keep(file, f"name: {n}\n")
        versions.keep(file, f"name: {n}\n")
    names = versions.names(file)
    assert len(names) == KEPT
    assert versions.text(file, names[0]) == f"name: {KEPT + 4}\n"
    assert versions.names(tmp_path / "other" / "mia.yaml") == []
    for bad in ("../mia.yaml", "x", names[0] + "x"):
        with pytest.raises(NoSuchFileError):
            versions.text(file, bad)
    versions.keep(file, "")
    assert len(versions.names(file)) == KEPT


@contextmanager
def listening(answer: bytes | None) -> Iterator[int]:
    """A peer that accepts, and says ``answer`` and ends, or nothing for ever."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def serve() -> None:
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                held.append(peer)
                if answer is not None:
                    peer.sendall(answer)
                    peer.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield int(server.getsockname()[1])
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
            for peer in held:
                peer.close()


@pytest.mark.parametrize(
    ("url", "code"),
    [("http://x/y", "output_bad_address"), ("rtmp://", "output_bad_address"), ("https://", "output_bad_address"),
     ("https://169.254.169.254/whip", "output_not_allowed"), ("http://127.0.0.1:1/whip", "output_refused"),
     ("rtmp://no.such.invalid/x", "output_no_host"),
     ("rtmp://169.254.169.254/latest", "output_not_allowed"), ("rtmp://0.0.0.0/x", "output_not_allowed"),
     ("rtmp://[fe80::1]/x", "output_not_allowed"), ("rtmp://127.0.0.1:1/x", "output_refused")],
)  # fmt: skip
async def test_addresses_that_take_no_stream(url: str, code: str) -> None:
    told = await ask_once("server.room.setup.try_output", 30, {"url": url, "key": "canary"})
    assert told is not None
    assert told["code"] == code
    assert "canary" not in str(told)


async def test_a_webrtc_server_is_tried_by_a_session_that_is_deleted() -> None:
    with Sfu() as sfu:
        good = await ask_once("server.room.setup.try_output", 30, {"url": sfu.url, "key": "t0ken"})
        wrong = await ask_once("server.room.setup.try_output", 30, {"url": sfu.url, "key": "canary"})
        assert (good or {})["code"] == "output_good"
        assert (sfu.deleted, sfu.pictures) == (1, 0)
        assert wrong == {"code": "output_rejected", "private": True}


async def test_a_peer_that_breaks_off_and_one_that_is_silent() -> None:
    with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        told = await ask_once("server.room.setup.try_output", 30, {"url": f"rtmp://127.0.0.1:{port}/x", "key": "k"})
        assert told is not None
        assert (told["code"] in ("output_broke", "output_rejected"), told["private"]) == (True, True)
    with listening(None) as port:
        began = time.monotonic()
        told = await ask_once("server.room.setup.try_output", 9, {"url": f"rtmp://127.0.0.1:{port}/x", "key": "k"})
        assert told is None or told["code"] == "output_silent"
        assert time.monotonic() - began < 12


def test_a_process_that_a_restart_removes_is_forgotten(tmp_path: Path) -> None:
    state = ChannelState(make_channel(tmp_path, 1))
    state.hear(ProcessState("outlet:tube", "running"))
    state.hear(ProcessState("outlet:tube", "removed"))
    state.hear(ProcessState("outlet:other", "removed"))
    assert state.processes == {}
