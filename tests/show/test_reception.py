"""From message to answer: what is said, what is only written, and what goes on from what."""

from __future__ import annotations

import pytest

from engine.flow import Line
from engine.records import Ledger
from engine.settings import Channel
from engine.show import Answered, Director, Reception, Refusal
from engine.show.hellos import APART_S, BATCH_S
from engine.show.memory import AGAIN_S, GOES_ON_S
from engine.show.waiting import WRITTEN_AFTER_S
from tests.show.clock import Clock


class Room:
    """A show with a chat, and time that is moved on by hand."""

    def __init__(self, channel: Channel, ledger: Ledger) -> None:
        self.clock = Clock(1000.0)
        self.ledger = ledger
        self.director = Director(channel, ledger)
        self.reception = Reception(channel.chat, self.director, self.clock)
        self._count = 0

    def write(self, text: str, viewer: str = "Ann", on_air: str = "bottle") -> Answered | None:
        self._count += 1
        admitted = self.reception.admit(f"m{self._count}", viewer, text)
        assert not isinstance(admitted, Refusal), admitted
        return self.reception.put(admitted, on_air)

    def hear(self, on_air: str = "bottle") -> Line:
        said = self.reception.next(on_air)
        assert said is not None
        assert said.line is not None
        return said.line

    def ask(self, text: str, viewer: str = "Ann", on_air: str = "bottle") -> Line:
        assert self.write(text, viewer, on_air) is None
        return self.hear(on_air)


@pytest.fixture
def room(channel: Channel, ledger: Ledger) -> Room:
    return Room(channel, ledger)


def test_one_question_in_an_empty_room_is_answered_at_once(room: Room) -> None:
    assert room.write("how much is it?") is None
    said = room.reception.next("bottle")
    assert said is not None
    assert said.line is not None
    assert (said.outcome, [each.viewer for each in said.asked]) == ("spoken", ["Ann"])
    assert said.line.fact_ids[0] == "bottle.price"
    assert room.reception.next("bottle") is None


def test_several_who_ask_the_same_get_one_answer(room: Room) -> None:
    for viewer, text in (("Ann", "how much is it?"), ("Bea", "what's the price"), ("Cid", "price please")):
        assert room.write(text, viewer) is None
    said = room.reception.next("bottle")
    assert said is not None
    assert [each.viewer for each in said.asked] == ["Ann", "Bea", "Cid"]
    assert room.reception.next("bottle") is None
    assert len(room.ledger.questions()) == 3


def test_what_was_just_on_air_is_not_said_again_because_something_else_was_sold(room: Room) -> None:
    first = room.ask("how much is it?")
    bottle, other, *rest = room.director.catalogue.products

    def sold(**changes: object) -> None:
        products = (bottle.model_copy(update=changes), other.model_copy(update={"stock": other.stock - 1}), *rest)
        room.director.update_catalogue(room.director.catalogue.model_copy(update={"products": products}))

    sold(stock=bottle.stock - 1)
    again = room.write("what does it cost?", "Bea")
    assert again is not None
    assert (again.outcome, again.line) == ("merged", first)
    sold(price=bottle.price + 1, was_price=None)
    assert room.ask("what does it cost?", "Cid").text != first.text
    unknown = room.ask("is it vegan?")
    room.ledger.add_faq("Is it vegan?", "Yes, all of it is vegan.", "bottle")
    room.director.follow_faq()
    assert "vegan" in room.ask("is it vegan?", "Dee").text
    assert unknown.fact_ids != ("faq.1",)


def test_what_was_just_on_air_is_written_only_and_for_a_while(room: Room) -> None:
    first = room.ask("how much is it?")
    again = room.write("what does it cost?", "Bea")
    assert again is not None
    assert (again.outcome, again.reply, again.line) == ("merged", first.reply, first)
    room.clock.now += AGAIN_S
    assert room.write("what does it cost?", "Bea") is None


def test_a_changed_price_is_not_answered_with_the_old_one(room: Room, channel: Channel) -> None:
    room.ask("how much is it?")
    first, *rest = channel.items.products
    dearer = first.model_copy(update={"price": first.price + 5})
    room.director.update_catalogue(channel.items.model_copy(update={"products": (dearer, *rest)}))
    assert "$24.99" in room.ask("how much is it?").text


def test_a_viewer_s_next_question_is_about_the_product_that_was_named(room: Room) -> None:
    room.ask("how heavy is the lamp?")
    assert room.ask("and in white?").fact_ids == ("lamp.colour",)
    assert room.ask("how much is it?").product_id == "lamp"
    assert room.ask("how much is this one?").product_id == "bottle"
    assert room.ask("how big is it?", "Bea", "mug").product_id == "mug", "another viewer has another memory"
    room.clock.now += GOES_ON_S
    assert room.ask("how much is it?", "Ann", "mug").product_id == "mug"


def test_and_another_product_asks_the_same_of_it(room: Room) -> None:
    room.ask("how heavy is the bottle?")
    assert room.ask("and the mug?").fact_ids == ("mug.weight",)


def test_it_follows_the_show_where_no_product_was_named(room: Room) -> None:
    assert room.ask("how much is it?", on_air="bottle").product_id == "bottle"
    assert room.ask("how much is it?", on_air="lamp").product_id == "lamp"


def test_what_waits_too_long_is_answered_in_writing(room: Room) -> None:
    room.write("how heavy is it?")
    assert room.reception.overdue() is None
    room.clock.now += WRITTEN_AFTER_S
    late = room.reception.overdue()
    assert late is not None
    assert late.outcome == "written"
    assert "340 g" in late.reply


def test_greetings_are_answered_together_by_safe_names(room: Room) -> None:
    for viewer in ("Ann", "Bea", "Free Stuff", "Guest 1234"):
        got = room.write("hello", viewer)
        assert got is not None
        assert (got.outcome, got.line) == ("greeted", None)
        assert got.reply
    assert room.reception.next("bottle") is None
    room.clock.now += BATCH_S
    line = room.hear()
    assert line.addressed == ("Ann", "Bea")
    assert "Ann and Bea" in line.text or "Ann, Bea" in line.text
    assert "Free" not in line.text
    assert "Guest" not in line.text
    assert line.question is None
    room.write("hello", "Cid")
    room.clock.now += BATCH_S
    assert room.reception.next("bottle") is None, "not again so soon"
    room.clock.now += APART_S
    assert room.hear().addressed == ("Cid",)


def test_a_question_goes_before_a_greeting(room: Room) -> None:
    room.write("hello", "Ann")
    room.clock.now += BATCH_S
    room.write("how heavy is it?", "Bea")
    assert room.hear().fact_ids == ("bottle.weight",)
    assert room.hear().addressed == ("Ann",)


def test_what_was_not_understood_is_not_put_into_the_picture(room: Room) -> None:
    assert room.ask("zorble the frimp, will you?").question is None
    shown = room.ask("how heavy is it?", "Free Stuff").question
    assert shown is not None
    assert (shown.viewer, shown.text) == ("", "how heavy is it?")


def test_the_shop_s_answer_is_known_after_it_was_written(room: Room) -> None:
    assert "shop" in room.ask("does it come with a straw?").text
    assert [each.text for each in room.ledger.open_questions()] == ["does it come with a straw?"]
    room.ledger.add_faq("does it come with a straw?", "The bottle comes without a straw.", "bottle")
    assert room.director.follow_faq() == frozenset()
    assert room.director.follow_faq() is None
    line = room.ask("is there a straw with it?", "Bea")
    assert line.fact_ids == ("faq.1",)
    assert "without a straw" in line.text
    assert room.ledger.remove_faq(1)
    assert line.line_id in (room.director.follow_faq() or ())


def test_a_chinese_question_is_answered_in_writing_in_chinese(room: Room) -> None:
    line = room.ask("这个多少钱")
    assert "$19.99" in line.text
    assert line.text.isascii()
    assert line.reply.startswith("TrailMate bottle现在是") or "19.99美元" in line.reply
    declined = room.ask("这个护眼吗", "Bea")
    assert declined.text.isascii()
    assert declined.reply == "这个资料上没有写，我帮你问一下店家。"


def test_the_same_chat_gives_the_same_answers(channel: Channel, tmp_path_factory: pytest.TempPathFactory) -> None:
    texts = []
    for run in range(2):
        ledger = Ledger(tmp_path_factory.mktemp(f"run{run}") / "l.db")
        room = Room(channel, ledger)
        texts.append([room.ask(text).text for text in ("how much is it?", "how heavy is it?", "is it blue?")])
        ledger.close()
    assert texts[0] == texts[1]
