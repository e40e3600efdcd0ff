"""Approve mode: what waits, what goes without, and how the show helps itself after a long silence."""

from __future__ import annotations

import pytest

from engine.flow import Line, LineKind
from engine.records import Ledger
from engine.runtime.approval import AHEAD_S, PATIENCE_S, Approval
from engine.runtime.messages import Hello, LineView, Message, OnAir, Perform, Scheduled
from engine.runtime.steering import Approve, Drop, Edit, Held, Say, SetApproval, SetManner, SetPicture, ShowNow
from engine.runtime.studio import Studio
from tests.runtime.studio_bench import wish, work

SILENT = OnAir(1, False, False, None, ())


def test_the_notice_and_the_operators_lines_need_no_approval() -> None:
    approval = Approval(True)
    assert approval.wants(Line("1", LineKind.PITCH, "It holds 750 ml."))
    assert approval.wants(Line("1", LineKind.ANSWER, "It holds 750 ml."))
    assert not approval.wants(Line("1", LineKind.NOTICE, "I am an AI."))
    assert not approval.wants(Line("1", LineKind.SAY, "Hello.", writer="operator"))
    assert not Approval(False).wants(Line("1", LineKind.PITCH, "It holds 750 ml."))


def test_silence_that_was_ordered_does_not_count() -> None:
    now = [0.0]
    approval = Approval(True, lambda: now[0])
    view = LineView("p", "pitch", "It holds 750 ml.", None, ())
    for told in (
        SILENT,
        OnAir(1, False, False, view, ()),
        OnAir(1, True, True, None, ()),
        OnAir(1, False, False, None, (), True),
    ):
        approval.hear(told)
        now[0] += PATIENCE_S
    assert not approval.must_go_on()
    approval.hear(SILENT)
    now[0] += PATIENCE_S - 0.1
    assert not approval.must_go_on()
    now[0] += 0.2
    assert approval.must_go_on()
    assert not approval.must_go_on(), "one line at a time"


def test_a_models_line_never_goes_alone() -> None:
    approval = Approval(True)
    assert approval.may_go_alone(Line("1", LineKind.PITCH, "It holds 750 ml."))
    assert not approval.may_go_alone(Line("1", LineKind.PITCH, "It holds 750 ml.", writer="gguf qwen"))
    assert not approval.may_go_alone(Line("1", LineKind.PITCH, "It holds 750 ml.", allowed=False))


def held(sent: list[Message]) -> tuple[str, ...]:
    return next(each.performance_ids for each in reversed(sent) if isinstance(each, Held))


def test_lines_wait_until_they_are_approved(studio: Studio, ledger: Ledger, sent: list[Message]) -> None:
    work(studio, lambda: studio._lineup.seconds() >= 12)
    assert wish(studio, SetApproval(True)).granted
    assert set(held(sent)) == {p.performance_id for p in studio.movable() if p.line.kind is not LineKind.NOTICE}
    work(studio, lambda: studio._lineup.seconds() >= AHEAD_S)
    first, second, third = held(sent)[:3]
    # Before the master hears of a line it hears that it is held.
    told = [(type(each), each) for each in sent if isinstance(each, (Held, Perform))]
    last = max(i for i, (kind, _) in enumerate(told) if kind is Perform)
    perform = told[last][1]
    assert isinstance(perform, Perform)
    before = next(each for kind, each in reversed(told[:last]) if kind is Held)
    assert isinstance(before, Held)
    assert perform.performance.performance_id in before.performance_ids
    assert wish(studio, Approve(second)).granted
    assert second not in held(sent)
    refused = wish(studio, Approve(second))
    assert (refused.granted, refused.message) == (False, "this line does not wait for approval any longer")
    edited = wish(studio, Edit(third, "Thank you all for being here."))
    assert edited.performance_id not in held(sent), "what an operator typed is approved"
    assert wish(studio, Say("Hello everybody.")).performance_id not in held(sent)
    assert wish(studio, Drop(first)).granted
    assert wish(studio, SetManner(mood="calm")).granted
    approved = [each for each in studio.movable() if each.line.text == studio._lineup[second].performance.line.text]
    assert approved[0].performance_id not in held(sent), "made anew it is still approved"
    assert wish(studio, SetApproval(False)).granted
    assert held(sent) == ()
    assert [row.action for row in ledger.steerings()][:2] == ["approval", "approve"]


def test_while_paused_there_is_more_to_read_ahead(studio: Studio) -> None:
    work(studio, studio._is_ahead)
    assert studio._lineup.seconds() < AHEAD_S
    studio._handle(OnAir(1, False, False, None, (), paused=True))
    assert not studio._is_ahead()
    work(studio, studio._is_ahead)
    assert studio._lineup.seconds() >= AHEAD_S
    studio._handle(SILENT)
    assert studio._is_ahead()


def test_after_a_long_silence_the_templates_go_on(
    studio: Studio,
    sent: list[Message],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wish(studio, SetApproval(True))
    work(studio, lambda: studio._lineup.seconds() >= 12)
    first = held(sent)[0]
    studio._help_out()
    assert first in held(sent)
    monkeypatch.setattr(studio._approval, "must_go_on", lambda: True)
    studio._help_out()
    assert first not in held(sent)


def test_what_was_changed_outlives_the_studio_within_the_run(studio: Studio, sent: list[Message]) -> None:
    wish(studio, SetApproval(True))
    wish(studio, SetPicture(captions=False, label="left"))
    wish(studio, SetManner(mood="calm", framing="close"))
    shown = ShowNow(mood="calm", framing="close", approving=True, captions=False, label="left")
    assert [each for each in sent if isinstance(each, ShowNow)][-1] == shown
    assert type(studio._show)(studio._channel, studio._channel.file.parent).now == shown
    studio._handle(Hello("stage"))
    assert sent[-1] == shown


def test_a_start_that_is_decided_is_not_held_back(studio: Studio, sent: list[Message]) -> None:
    work(studio, lambda: studio._lineup.seconds() >= 12)
    first = next(iter(studio._lineup)).performance.performance_id
    studio._handle(Scheduled(first, 100))
    wish(studio, SetApproval(True))
    assert first not in held(sent)
