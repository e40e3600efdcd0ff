"""What commands say in a Chinese terminal."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from engine.cli import main
from engine.flow import Line, LineKind
from engine.records import Ledger, ledger_place
from engine.runtime.names import take_names
from engine.settings import load_channel, state_dir
from engine.settings.state import STATE_DIR_VARIABLE

ROOT = Path(__file__).parents[2]
MIA = ROOT / "avatars" / "mia.yaml"
SENTENCE = re.compile(r"[A-Za-z]{3,}(?: [a-z]{2,}){2,}")
"""Three words of English in a row, as only a sentence has them."""


@pytest.fixture(autouse=True)
def _chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STATE_DIR_VARIABLE, str(tmp_path / "state"))
    (tmp_path / "state").mkdir()
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")


class Terminal:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *words: object) -> str:
        """What the command says."""
        self._monkeypatch.setattr(sys, "argv", ["everhost", *map(str, words)])
        main()
        told = self._capsys.readouterr()
        return told.out + told.err


@pytest.fixture
def everhost(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(monkeypatch, capsys)


def test_the_guard(everhost: Terminal, tmp_path: Path) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_text(json.dumps({"product": "bottle", "text": "It has a straw."}))
    told = everhost("guard", MIA, "--lines", lines)
    assert "拒绝" in told
    assert "没有的" in told
    assert "0 句可以播出，共 1 句。" in told


def test_answers_and_questions(everhost: Terminal) -> None:
    take_names([load_channel(MIA, check_files=False)], state_dir())
    answer = ("faq", MIA, "add", "--question", "is there a spoon?", "--answer")
    told = everhost(*answer, "A spoon is $5.")
    assert "这样的话不能说：\n  - 不要写价格" in told
    assert "第1条回答已记下" in everhost(*answer, "No spoon.")
    told = everhost("faq", MIA)
    assert "店铺的回答有1条：" in told
    assert "店铺: is there a spoon?" in told
    assert "没有编号为 9 的问题在等待回答" in everhost("faq", MIA, "answer", 9, "Yes.")
    assert "第1条回答已收回" in everhost("faq", MIA, "remove", 1)


def test_the_report_of_an_evening(everhost: Terminal) -> None:
    channel = load_channel(MIA, check_files=False)
    take_names([channel], state_dir())
    ledger = Ledger(ledger_place(channel, state_dir()), channel.file.stem)
    ledger.said(Line("1-1", LineKind.PITCH, "It holds 750 ml.", ("bottle.capacity",), "bottle"), "p1", 1)
    ledger.close()
    told = everhost("audit", MIA)
    assert "播出过1句" in told
    assert "依据 bottle.capacity：没有记录内容" in told
    assert "没有记录审核结果" in told


def test_photos_and_models_that_will_not_do(everhost: Terminal, tmp_path: Path) -> None:
    (tmp_path / "model.vrm").write_bytes(b"no model")
    assert "不是 GLB 或 VRM 文件" in everhost("avatar", "import", tmp_path / "model.vrm")
    told = everhost("avatar", "photo", tmp_path / "face.jpg")
    assert "没有本人同意" in told
    assert "what_for: 本店直播的主播" in told
    assert not SENTENCE.search(told)


def test_who_may_sign_in(everhost: Terminal) -> None:
    assert "没有用户“bob”" in everhost("user", "role", "bob", "viewer")
    assert "请现在保存" in everhost("token", "add", "desk")
    assert "令牌“desk”已作废" in everhost("token", "remove", "desk")
