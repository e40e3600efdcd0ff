"""What the room keeps of a channel: lines, questions, alarms; and the texts."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter
from typing import get_args

import msgspec
import pytest
from pydantic import SecretStr

from engine.flow import Framing, LineKind
from engine.motion import MOODS
from engine.runtime.messages import ChatMessage, ChatReply, Ended, Health, LineView, OnAir, ProcessState, Viewers
from engine.script import Kind
from engine.script.guard.claims import _MESSAGES
from engine.script.policy import load_policies
from engine.settings.alarms import Alarms
from engine.settings.channel import LabelCorner
from server.alarms import Kind as AlarmKind
from server.insight_api import SOURCES
from server.room import chat_log
from server.room.channel_watch import ChannelWatch
from server.room.charts import CHARTS
from server.room.chat_log import ChatLog
from server.room.insight_page import TABLES
from server.room.parts.alarm_text import alarm_text
from server.room.said import SaidLines
from server.room.words import LANGUAGES, words_of
from tests.server.conftest import make_channel

ROOT = Path(__file__).resolve().parents[3]
ROOM = ROOT / "server" / "room"


def line(name: str) -> LineView:
    return LineView(name, "pitch", f"Line {name}.", None, ())


def test_a_line_is_said_when_another_begins_and_knows_whether_it_was_cut() -> None:
    said = SaidLines()
    for now in (line("a"), line("a"), line("b")):
        said.hear(OnAir(1, False, False, now, ()))
    said.hear(Ended("b", cut=True))
    said.hear(Ended("never on air", cut=True))
    assert [each.performance_id for each in said.lines] == ["a"]
    said.hear(OnAir(2, True, False, None, ()))
    assert [(each.performance_id, said.was_cut(each.performance_id)) for each in said.lines] == [
        ("a", False),
        ("b", True),
    ]


def test_a_line_that_is_on_air_once_more_is_said_once() -> None:
    said = SaidLines()
    for now in (line("a"), line("b"), None, line("a"), None):
        said.hear(OnAir(1, False, False, now, ()))
    assert [each.performance_id for each in said.lines] == ["b", "a"]


def test_a_question_sent_twice_is_one_and_the_log_is_bounded() -> None:
    log = ChatLog()
    for _ in range(2):
        log.asked(ChatMessage("m", "Ann", "How big?"))
    log.replied(ChatReply("m", "Ann", "How big?", "750 ml.", "p"))
    log.replied(ChatReply("n", "Bob", "free?", "", refused=True))
    assert [(e.message_id, e.outcome, e.spoken) for e in log.entries] == [
        ("m", "answered", True),
        ("n", "refused", False),
    ]
    for n in range(chat_log.KEPT):
        log.asked(ChatMessage(str(n), "Ann", "Hi"))
    assert len(log.entries) == chat_log.KEPT
    assert log.entries[0].message_id == "0"


async def test_alarms_are_those_of_the_rules(tmp_path: Path) -> None:
    watch = ChannelWatch("mia", make_channel(tmp_path, 1), tmp_path, tmp_path, lambda: None)
    watch.hear(ProcessState("stage", "ended", 1, "signal SIGKILL"))
    (alarm,) = watch.sight.alarms.active
    assert (alarm.kind, alarm.process, alarm.detail) == ("ended", "stage", "signal SIGKILL")
    assert watch.plain()["alarm"] == msgspec.to_builtins(alarm)
    assert "signal SIGKILL" in alarm_text(alarm, words_of("en"))
    await watch.aclose()


async def test_other_alarms_hold_when_the_channel_starts_again(tmp_path: Path) -> None:
    channel = make_channel(tmp_path, 1)
    watch = ChannelWatch("mia", channel, tmp_path, tmp_path, lambda: None)
    assert not watch.sight.webhook.is_set
    alarms = Alarms(webhook=SecretStr("https://shop.example/hook"), secret=SecretStr("0123456789abcdef"), silent_s=20)
    watch.reload(channel.model_copy(update={"alarms": alarms}))
    assert watch.sight.webhook.is_set
    assert watch.sight.alarms._limits == alarms
    await watch.aclose()


async def test_viewers_are_known_at_once_and_after_a_restart(tmp_path: Path) -> None:
    watch = ChannelWatch("mia", make_channel(tmp_path, 1), tmp_path, tmp_path, lambda: None)
    watch.hear(Health("server", 1, "serving", figures={"viewers": 3.0}))
    assert watch.viewers == 3
    watch.hear(Viewers(4))
    assert (watch.viewers, watch.air, watch.plain()["viewers"]) == (4, "off", 4)
    await watch.aclose()


def test_both_languages_have_the_same_texts_with_the_same_gaps() -> None:
    texts = [words_of(language)._texts for language in LANGUAGES]
    assert set(texts[0]) == set(texts[1])
    for key, text in texts[0].items():
        gaps = [{name for _, name, _, _ in Formatter().parse(t) if name} for t in (text, texts[1][key])]
        assert gaps[0] == gaps[1], key
    assert all(isinstance(text, str) and text for each in texts for text in each.values())


GROUPS = (
    "air_", "alarm_", "chart_", "chat_", "corner_", "figure_", "framing_", "kind_", "level_", "mood_", "process_",
    "refusal_", "role_", "rule_", "span_", "state_", "table_", "topic_", "verdict_", "writer_",
)  # fmt: skip
"""Texts whose names are put together from what a channel tells."""


def plain_keys(call: ast.Call) -> set[str]:
    """The texts that a call names in full."""
    made = {id(part) for node in ast.walk(call.args[0]) if isinstance(node, ast.JoinedStr) for part in node.values}
    found = (node for node in ast.walk(call.args[0]) if isinstance(node, ast.Constant) and id(node) not in made)
    return {node.value for node in found if isinstance(node.value, str)}


def test_every_text_that_is_asked_for_exists_and_no_other() -> None:
    asked, mentioned = set[str](), set[str]()
    for file in ROOM.rglob("*.py"):
        text = file.read_text()
        mentioned |= set(re.findall(r'"(\w+)"', text))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).endswith("words"):
                asked |= plain_keys(node)
    for page in ROOM.rglob("*.html"):
        asked |= set(re.findall(r"\$t_(\w+)", page.read_text()))
    known = set(words_of("en")._texts)
    assert asked <= known, asked - known
    assert {key for key in known - asked - mentioned if not key.startswith(GROUPS)} == set()


@pytest.mark.parametrize("kind", LineKind)
def test_every_kind_of_line_has_a_name(kind: LineKind) -> None:
    assert f"kind_{kind.value}" in words_of("en")._texts


@pytest.mark.parametrize("kind", AlarmKind)
def test_every_kind_of_alarm_has_its_words(kind: AlarmKind) -> None:
    for language in LANGUAGES:
        assert words_of(language)(f"alarm_{kind}", process="x", detail="y")


def test_what_pages_choose_from_is_all_there_is() -> None:
    words = words_of("en")
    assert set(words.group("mood_")) == set(MOODS)
    assert set(words.group("framing_")) == set(Framing)
    assert set(words.group("corner_")) == set(get_args(LabelCorner))
    assert set(words.group("topic_")) == set(Kind)
    assert set(words.group("chart_")) == set(CHARTS)
    assert set(words.group("table_")) == set(TABLES) == set(SOURCES)


def test_every_rule_of_the_guard_and_of_the_policies_has_its_words() -> None:
    texts = set(words_of("en").group("rule_"))
    packs = tuple(
        file.stem for file in (ROOT / "engine" / "script" / "policies").glob("*.yaml") if file.stem != "platforms"
    )
    rules = {rule.id for rule in load_policies(packs).rules}
    for file in (ROOT / "engine" / "script").rglob("*.py"):
        rules |= set(re.findall(r'Finding\(\s*"([a-z.]+)"', file.read_text()))
    assert len(rules) > 40
    # The kinds of words that need evidence are rules too.
    rules |= set(_MESSAGES)
    assert {rule for rule in rules if rule not in texts and rule.rpartition(".")[2] not in texts} == set()


def test_every_refusal_of_the_studio_has_its_words() -> None:
    text = (ROOT / "engine" / "runtime" / "operator.py").read_text()
    codes = set(re.findall(r'_RefusedError\(\s*"(\w+)"', text)) | {"change"}
    assert len(codes) > 7
    assert codes <= set(words_of("en").group("refusal_"))
