"""What an operator wishes of a real studio: done or refused with the reason, and kept in the ledger."""

from __future__ import annotations

import errno
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.flow import Framing, Line, LineKind
from engine.records import Ledger
from engine.runtime import answering as answering_module
from engine.runtime.answering import SPOKEN_ANSWERS_WAITING
from engine.runtime.messages import ChatMessage, ChatReply, Control, Ended, Message, Perform, Scheduled, Withdraw
from engine.runtime.operator import MOST_TEXT
from engine.runtime.steering import (
    Answer,
    AnswerNow,
    Dismiss,
    Drop,
    Edit,
    Leave,
    Move,
    Pin,
    Questions,
    Reorder,
    Say,
    SetManner,
    SetPrice,
    SetStock,
    Wish,
)
from engine.runtime.studio import Studio
from engine.settings import Channel
from tests.runtime.studio_bench import fill, waiting, wish, work


def staying(studio: Studio) -> list[Line]:
    """The lines of the show that wait and were not taken back."""
    return [performance.line for performance in studio.movable()]


def kept(ledger: Ledger) -> list[tuple[str, str, str, str]]:
    now = datetime.now(UTC)
    rows = ledger.steerings(now - timedelta(hours=1), now + timedelta(hours=1))
    return [(row.who, row.action, row.why, row.outcome) for row in rows]


def test_a_line_in_a_language_that_the_guard_cannot_read_needs_a_reason(studio: Studio) -> None:
    japanese = "このボトルは人気です。"
    refused = wish(studio, Say(japanese, "bottle"))
    assert (refused.granted, refused.may_insist) == (False, True)
    assert [found.rule for found in refused.findings] == ["unread"]
    assert wish(studio, Say(japanese, "bottle", why="The shop's Japanese text of today.")).granted


def test_a_typed_line_that_is_true_is_said_next(studio: Studio, ledger: Ledger, sent: list[Message]) -> None:
    granted = wish(studio, Say("The TrailMate Insulated Bottle is $19.99 today.", "bottle"))
    assert granted.granted
    (perform,) = [each for each in sent if isinstance(each, Perform)]
    assert perform.urgent
    assert perform.performance.performance_id == granted.performance_id
    line = perform.performance.line
    assert (line.kind, line.product_id) == (LineKind.SAY, "bottle")
    assert "bottle.price" in line.fact_ids
    written = ledger.written(line.line_id)
    assert written is not None
    assert written.writer == "operator"
    assert kept(ledger) == [("ana", "say", "", "done")]


def test_a_line_without_an_end_mark_gets_one(studio: Studio, sent: list[Message]) -> None:
    assert wish(studio, Say("Thank you all for being here")).granted
    (perform,) = [each for each in sent if isinstance(each, Perform)]
    assert perform.performance.line.text == "Thank you all for being here."
    refused = wish(studio, Say("Thank you. And welcome."))
    assert (refused.granted, refused.may_insist) == (False, False)
    assert "several" in refused.message


def test_a_line_for_now_cuts_the_one_on_air_once_it_is_ready(
    studio: Studio, ledger: Ledger, sent: list[Message]
) -> None:
    assert wish(studio, Say("Thank you all for being here.", now=True)).granted
    order = [type(each) for each in sent if isinstance(each, (Perform, Control))]
    assert order == [Perform, Control]
    assert sent[-1] == Control("cut")
    studio._handle(Control("cut"))
    assert kept(ledger) == [("ana", "say", "", "done")], "one wish is one row"


def test_a_wrong_line_needs_a_reason_and_both_are_kept(studio: Studio, ledger: Ledger) -> None:
    text = "The TrailMate Insulated Bottle is $5 today."
    refused = wish(studio, Say(text, "bottle"))
    assert not refused.granted
    assert refused.may_insist
    assert {found.rule for found in refused.findings} & {"number", "price.role"}
    assert "$5" in refused.message
    assert wish(studio, Say(text, "bottle", why="  ")).granted is False
    assert wish(studio, Say(text, "bottle", why="flash sale agreed by phone")).granted
    assert [row[2] for row in kept(ledger)] == ["", "  ", "flash sale agreed by phone"]
    assert kept(ledger)[-1][3] == "done"
    assert kept(ledger)[0][3].startswith("refused")


@pytest.mark.parametrize(
    "text", ["I am a real person, believe me.", "Kids, ask your mum to buy it!", "This bottle cures headaches."]
)
def test_no_reason_lets_these_pass(studio: Studio, text: str) -> None:
    refused = wish(studio, Say(text, "bottle", why="because I say so"))
    assert not refused.granted
    assert not refused.may_insist


@pytest.mark.parametrize(
    ("what", "message"),
    [
        (Say(""), "1 to 300"),
        (Say("a" * (MOST_TEXT + 1)), "has 301"),
        (Say("Hello!", "no-such"), "no product “no-such”"),
        (Pin("no-such"), "no product “no-such”"),
        (Drop("nothing"), "on air or past"),
        (Edit("nothing", "Hello!"), "on air or past"),
        (Move("nothing", 0), "on air or past"),
        (SetPrice("bottle", "cheap"), "“cheap” is not a price"),
        (SetPrice("bottle", "-3"), "price"),
        (SetPrice("no-such", "3"), "no product"),
        (SetStock("bottle", -1), "stock"),
        (SetManner(mood="furious"), "no mood “furious”; there are:"),
        (SetManner(framing="fisheye"), "no framing “fisheye”; there are: close"),
        (AnswerNow("m9"), "does not wait"),
        (Dismiss("m9"), "does not wait"),
        (Answer("m9", "Hello!"), "does not wait"),
    ],
)
def test_what_cannot_be_done_is_said(studio: Studio, what: Wish, message: str) -> None:
    refused = wish(studio, what)
    assert not refused.granted
    assert message in refused.message


def test_waiting_lines_are_edited_moved_and_taken_out(studio: Studio, ledger: Ledger, sent: list[Message]) -> None:
    fill(studio)
    first, second, third, *_ = (each for each in studio.movable() if each.line.kind is not LineKind.NOTICE)
    granted = wish(studio, Edit(second.performance_id, "Have a look at this one."))
    assert granted.granted
    assert [p.performance_id for p in studio.movable() if p.line.kind is not LineKind.NOTICE][:3] == [
        first.performance_id,
        granted.performance_id,
        third.performance_id,
    ]
    assert "Have a look at this one." in [line.text for line in staying(studio)]
    assert wish(studio, Move(third.performance_id, 0)).granted
    assert studio.movable()[0] is third
    order = [each for each in sent if isinstance(each, Reorder)][-1].performance_ids
    assert order == tuple(each.performance_id for each in studio.movable())
    assert wish(studio, Drop(first.performance_id)).granted
    assert first.line not in staying(studio)
    gone = [each.performance_ids for each in sent if isinstance(each, Withdraw)]
    assert gone == [(second.performance_id,), (first.performance_id,)]
    for (performance_id,) in gone:
        studio._handle(Ended(performance_id, cut=True))
    dropped = {line.line_id: line.dropped_why for line in ledger.dropped_lines()}
    assert dropped[first.line.line_id] == "taken out by the operator"
    assert dropped[second.line.line_id] == "edited by the operator"


def test_a_line_moves_by_one_place_of_the_moment_it_is_granted(studio: Studio, ledger: Ledger) -> None:
    fill(studio)
    ids = [each.performance_id for each in studio.movable()]
    *before, moved = ids
    assert len(before) >= 3
    for _ in range(3):
        assert wish(studio, Move(moved, by=-1)).granted
    assert [each.performance_id for each in studio.movable()] == [*before[:-3], moved, *before[-3:]]
    assert wish(studio, Move(moved, by=1)).granted
    assert [each.performance_id for each in studio.movable()] == [*before[:-2], moved, *before[-2:]]
    studio._handle(Scheduled(before[0], 0))
    assert wish(studio, Move(moved, by=1)).granted, "a line has got its place meanwhile: still one step"
    assert [each.performance_id for each in studio.movable()] == [*before[1:-1], moved, before[-1]]
    first, last = before[1], before[-1]
    for beyond in (Move(first, by=-1), Move(last, by=1)):
        refused = wish(studio, beyond)
        assert (refused.granted, refused.code) == (False, "edge")
    assert wish(studio, Move(last, place=99)).granted
    assert kept(ledger)[0] == ("ana", "move", "", "done")


def test_a_line_that_began_before_it_was_taken_out_is_in_the_ledger(studio: Studio, ledger: Ledger) -> None:
    fill(studio)
    first = studio.movable()[0]
    assert wish(studio, Drop(first.performance_id)).granted
    studio._handle(Scheduled(first.performance_id, 0))
    studio._handle(Ended(first.performance_id))
    assert [said.text for said in ledger.lines()] == [first.line.text]


def test_the_spoken_notice_can_be_moved_but_neither_taken_out_nor_written_anew(studio: Studio) -> None:
    fill(studio)
    notice = next(each for each in studio.movable() if each.line.kind is LineKind.NOTICE)
    for what in (Drop(notice.performance_id), Edit(notice.performance_id, "Have a look at this one.")):
        refused = wish(studio, what)
        assert (refused.granted, refused.code) == (False, "notice")
        assert refused.message == "this line says that the host is an AI, which has to be said"
    assert wish(studio, Move(notice.performance_id, 0)).granted
    assert studio.movable()[0] is notice


def test_a_pinned_product_comes_at_once_and_again_and_again(studio: Studio) -> None:
    fill(studio)
    assert wish(studio, Pin("lamp")).granted
    assert [line.kind for line in staying(studio)] == [LineKind.NOTICE]
    assert studio._company.director.next_line().product_id == "lamp"
    shown = visits(studio, 120)
    assert shown.count("lamp") >= len(shown) // 2 - 1
    assert wish(studio, Pin(None)).granted
    assert visits(studio, 150).count("lamp") <= 2


def visits(studio: Studio, lines: int) -> list[str]:
    """The products of the openers among the next lines."""
    made = [studio._company.director.next_line() for _ in range(lines)]
    return [str(line.product_id) for line in made if line.kind is LineKind.OPENER]


def test_leaving_a_product_goes_on_to_the_next(studio: Studio) -> None:
    fill(studio)
    before = studio._company.director.on_show
    assert wish(studio, Leave()).granted
    assert [line.kind for line in staying(studio)] == [LineKind.NOTICE]
    line = studio._company.director.next_line()
    assert line.product_id != before


def test_another_price_and_stock_hold_until_the_catalogue_says_something_else(
    studio: Studio, channel: Channel, ledger: Ledger, tmp_path: Path
) -> None:
    fill(studio)
    assert wish(studio, SetPrice("bottle", "17.5")).granted
    assert studio._company.director.cards()[0].price == "$17.50"
    assert not any("$19.99" in line.text for line in staying(studio))
    assert wish(studio, SetStock("bottle", 0)).granted
    assert studio._company.director.cards()[0].stock == "Sold out"
    again = Studio(channel, tmp_path, ledger, None, tmp_path / "changes.json")
    try:
        assert again._changes.applied(channel.items).products[0].stock == 0
    finally:
        again._bus.close()
    text = channel.catalogue.read_text()
    channel.catalogue.write_text(text.replace("stock: 38", "stock: 40", 1))
    work(studio, lambda: "Sold out" not in studio._company.director.cards()[0].stock)
    assert studio._company.director.cards()[0].price == "$17.50"


def test_on_a_full_disk_a_price_is_set_all_the_same_and_kept_when_there_is_room(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: Path, *_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(Path, "write_text", full)
        assert wish(studio, SetPrice("bottle", "17.5")).granted
        assert studio._company.director.cards()[0].price == "$17.50"
        # The catalogue overtakes a change, which would have been written at once.
        studio._change(studio._changes.applied(studio._plain))
        studio._beat()
    assert not (tmp_path / "changes.json").exists()
    studio._beat()
    assert "17.5" in (tmp_path / "changes.json").read_text()


def test_a_price_at_the_one_before_ends_the_sale_on_air(studio: Studio) -> None:
    assert wish(studio, SetPrice("bottle", "29.99")).granted
    director = studio._company.director
    card = director.cards()[0]
    assert (card.price, card.was_price) == ("$29.99", "")
    lines = [director.next_line() for _ in range(200)]
    priced = [line for line in lines if "bottle.price" in line.fact_ids]
    assert priced
    assert not any("$19.99" in line.text or "bottle.was_price" in line.fact_ids for line in priced)


def test_mood_and_framing_change_what_waits_and_what_comes(studio: Studio, sent: list[Message]) -> None:
    fill(studio)
    before = staying(studio)
    sent.clear()
    assert wish(studio, SetManner(mood="calm", framing="close")).granted
    after = staying(studio)
    assert [line.line_id for line in after] == [line.line_id for line in before]
    assert {(line.mood, line.framing) for line in after} == {("calm", Framing.CLOSE)}
    assert len([each for each in sent if isinstance(each, Perform)]) == len(before)
    assert wish(studio, SetManner(mood=None)).granted
    assert studio.show.framing == "close", "what is not named stays"
    assert wish(studio, SetManner(framing=None)).granted
    assert {studio._company.director.next_line().framing for _ in range(40)} > {Framing.CLOSE}


def ask(studio: Studio, message_id: str, text: str, viewer: str) -> None:
    studio._handle(ChatMessage(message_id, viewer, text))


def test_questions_that_wait_are_told_answered_first_by_typing_or_let_go(
    studio: Studio, ledger: Ledger, sent: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering_module, "SPOKEN_ANSWERS_WAITING", 0)
    assert SPOKEN_ANSWERS_WAITING > 0
    ask(studio, "m1", "how much is the bottle?", "tom")
    ask(studio, "m2", "do you ship to Spain?", "eva")
    ask(studio, "m3", "how heavy is the lamp?", "kim")
    studio._answering.tell_questions()
    (told,) = [each for each in sent if isinstance(each, Questions)]
    assert told.waiting[0].message_id == "m1"
    assert {each.viewer for each in told.waiting} == {"tom", "eva", "kim"}
    assert wish(studio, AnswerNow("m3")).granted
    studio._answering.tell_questions()
    assert [each for each in sent if isinstance(each, Questions)][-1].waiting[0].message_id == "m3"
    assert wish(studio, Dismiss("m2")).granted
    refused = wish(studio, Answer("m1", "It is $3."))
    assert not refused.granted
    assert refused.may_insist
    assert wish(studio, Answer("m1", "The TrailMate Insulated Bottle is $19.99.")).granted
    replies = {each.message_id: each for each in sent if isinstance(each, ChatReply)}
    assert replies["m1"].text == "The TrailMate Insulated Bottle is $19.99."
    assert replies["m1"].performance_id
    assert replies["m2"].private
    assert "m3" not in replies
    outcomes = {row.message_id: row.outcome for row in ledger.messages()}
    assert outcomes == {"m1": "spoken", "m2": "dismissed"}
    assert waiting(studio)[-1].question is not None
