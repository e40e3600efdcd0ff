"""What viewers really write: several questions at once, bare names, reactions, the date, orders, allergies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.script import Answerer, FactBook, Guard, Intent, Kind, TemplateWriter, TopicFinder
from engine.script.steering import steering
from engine.settings import Catalogue, load_catalogue

XIAOMEI = Path(__file__).parents[2] / "assets" / "catalogue" / "xiaomei.yaml"


@pytest.fixture(scope="module")
def english(demo: Catalogue) -> TopicFinder:
    return TopicFinder(FactBook(demo, "Mia"))


@pytest.fixture(scope="module")
def chinese() -> TopicFinder:
    return TopicFinder(FactBook(load_catalogue(XIAOMEI), "小美"))


def shop_with(policies: list[dict[str, str]], language: str) -> TopicFinder:
    product = {"id": "p", "name": "Hill Bottle", "price": "10", "currency": "USD", "stock": 3, "pictures": ["x.png"],
               "facts": [{"id": "w", "type": "weight", "text": "weighs 9 g"}]}  # fmt: skip
    data = {"shop": "Shop", "language": language, "products": [product], "policies": policies}
    return TopicFinder(FactBook(Catalogue.model_validate(data), "Mia"))


@pytest.mark.parametrize(
    ("on", "ask"),
    [
        ("bottle", "是316的吗"),
        ("blanket", "可以机洗吗"),
        ("blanket", "能机洗不"),
        ("mug", "下半截是米白吗"),
        ("mat", "可以机洗吗"),
    ],
)
def test_a_word_that_narrows_a_chinese_question_must_be_in_the_fact_for_a_yes(
    chinese: TopicFinder, on: str, ask: str
) -> None:
    assert not chinese.find(ask, on).sure


@pytest.mark.parametrize(
    ("on", "ask"),
    [("lamp", "is it white inside?"), ("kettle", "does it switch itself off when it boils?"),
     ("mat", "can i use it if im allergic to latex?"), ("mat", "is it latex free?")],
)  # fmt: skip
def test_a_word_or_condition_that_narrows_an_english_question_makes_it_no_yes(
    english: TopicFinder, on: str, ask: str
) -> None:
    assert not english.find(ask, on).sure


@pytest.mark.parametrize(
    ("on", "ask", "fact"),
    [
        ("mat", "im allergic to latex, can i use the mat?", "mat.material"),
        ("mat", "is the mat latex free?", "mat.material"),
        ("mat", "is it free from latex", "mat.material"),
        ("candle", "nut allergy, is it ok?", "candle.wax"),
        ("candle", "what are the ingredients", "candle.wax"),
        ("bottle", "ok thanks, and the mug?", "mug.price"),
        ("bottle", "thank you! does it leak?", "bottle.lid"),
        ("blanket", "made in china?", "blanket.origin"),
        ("blanket", "is it machine washable", "blanket.care"),
        ("kettle", "does it work on 120v", "kettle.power"),
        ("bottle", "is it the last one?", "bottle.stock"),
        ("bottle", "price and size pls", "bottle.price"),
        ("bottle", "how much is it and does it come in black?", "bottle.price"),
        ("bottle", "go back to the lamp", "lamp.price"),
        ("bottle", "and the mug?", "mug.price"),
        ("bottle", "do you have any mugs?", "mug.stock"),
        ("bottle", "sorry, what did you just say?", "bottle.price"),
        ("bottle", "where is my order #1234", "policy.contact"),
    ],
)
def test_the_fact_that_the_shop_has_is_told(english: TopicFinder, on: str, ask: str, fact: str) -> None:
    assert english.find(ask, on).fact_ids == (fact,)


@pytest.mark.parametrize(
    ("on", "ask", "fact"),
    [
        ("mat", "乳胶过敏能用吗", "mat.material"),
        ("candle", "坚果过敏能用吗", "candle.wax"),
        ("bottle", "304还是316", "bottle.material"),
        ("bottle", "是316的吗", "bottle.material"),
        ("bottle", "哈哈哈那台灯呢", "lamp.price"),
        ("bottle", "谢谢，马克杯多少钱", "mug.price"),
        ("bottle", "发新疆吗", "policy.destinations"),
        ("bottle", "打几折", "bottle.price"),
        ("bottle", "太贵了", "bottle.price"),
        ("bottle", "价格？颜色？包邮吗？", "bottle.price"),
        ("bottle", "讲讲台灯", "lamp.price"),
        ("bottle", "再说一遍", "bottle.price"),
        ("bottle", "是不是最后一件了", "bottle.stock"),
    ],
)
def test_the_fact_that_the_shop_has_is_told_in_chinese(chinese: TopicFinder, on: str, ask: str, fact: str) -> None:
    assert chinese.find(ask, on).fact_ids == (fact,)


@pytest.mark.parametrize(
    "ask",
    ["what day is it today", "who made the mug", "how long is it on sale for",
     "does it fit a 17 inch laptop and a bottle", "if i put it in the oven, how much is it?"],
)  # fmt: skip
def test_no_fact_is_told_beside_the_question(english: TopicFinder, ask: str) -> None:
    assert english.find(ask, "pan").fact_ids == ()


@pytest.mark.parametrize("ask", ["活动到什么时候", "客服电话", "我的订单到哪了", "今天几号"])
def test_no_fact_is_told_beside_a_chinese_question(chinese: TopicFinder, ask: str) -> None:
    assert chinese.find(ask, "bottle").fact_ids == ()


@pytest.mark.parametrize(
    ("on", "ask", "first", "second"),
    [
        ("bottle", "how much is the mug and is it dishwasher safe?", "mug.price", "mug.care"),
        ("lamp", "how big is the mug? what does it cost?", "mug.size", "mug.price"),
        ("bottle", "price? still in stock?", "bottle.price", "bottle.stock"),
        ("bottle", "how much is the mug and how much is shipping?", "mug.price", "policy.shipping"),
        ("bottle", "how heavy is it, and how big?", "bottle.weight", "bottle.width"),
    ],
)
def test_two_questions_in_one_message_are_both_answered(
    english: TopicFinder, on: str, ask: str, first: str, second: str
) -> None:
    found = english.find(ask, on)
    assert (found.fact_ids, [each.fact_ids for each in found.also]) == ((first,), [(second,)])


def test_it_is_what_the_message_names_and_not_what_was_asked_before(english: TopicFinder) -> None:
    before = english.find("how much is the lamp?", "bottle")
    assert before.named
    found = english.find("do dogs love the mug, and is it dishwasher safe?", "bottle", None, before)
    assert found.fact_ids == ("mug.care",)


def test_two_answers_about_one_product_are_one_sentence(demo: Catalogue) -> None:
    book = FactBook(demo, "Mia")
    guard = Guard(book)
    answerer = Answerer(book, TemplateWriter(book, 1, lambda draft: guard.verdict(draft).ok))
    mug = book.products["mug"]
    answer = answerer.answer("how much is the mug and is it dishwasher safe?", "bottle")
    assert answer.draft.fact_ids == ("mug.price", "mug.care")
    assert (f"{mug.price}" in answer.draft.text, "dishwasher" in answer.draft.text) == (True, True)
    assert answer.reply == f"{answer.draft.text} {mug.link}".strip()
    apart = answerer.answer("how much is the mug and how much is shipping?", "bottle")
    assert apart.draft.fact_ids == ("mug.price",)
    assert book.policies["shipping"].text[1:] in apart.reply


def test_a_rule_of_the_shop_answers_for_what_it_is_about() -> None:
    delivery = {"id": "delivery", "topic": "delivery time", "text": "Delivery takes 3 days, opening hours excepted."}
    returns = {"id": "returns", "topic": "returns", "text": "Orders can be returned within 14 days."}
    finder = shop_with([delivery, returns], "en")
    assert finder.find("can i pay with paypal?", "p").kind is Kind.UNKNOWN
    assert finder.find("are you open on sunday?", "p").kind is Kind.UNKNOWN
    both = {"id": "post", "topic": "shipping", "text": "Parcels cost $4 and arrive in two days."}
    assert shop_with([both], "en").find("when will it arrive?", "p").fact_ids == ("policy.post",)


@pytest.mark.parametrize(
    ("ask", "intent"),
    [("lol ok", Intent.REACTION), ("yes", Intent.REACTION), ("a gift", Intent.REACTION), ("666", Intent.REACTION),
     ("哈哈", Intent.REACTION), ("真的假的", Intent.REACTION), ("主播用过吗", Intent.USED),
     ("现在几点", Intent.SMALL_TALK)],
)  # fmt: skip
def test_what_asks_nothing_is_not_passed_on_to_the_shop(chinese: TopicFinder, ask: str, intent: Intent) -> None:
    topic = chinese.find(ask, "bottle")
    assert (topic.kind, topic.intent) == (Kind.TALK, intent)


@pytest.mark.parametrize(
    "ask", ["how many times does it charge an iphone", "what did you just say", "can you give me 20% off?"]
)
def test_a_question_is_no_order(ask: str) -> None:
    assert not steering(ask)


def test_a_host_without_a_name_says_none(demo: Catalogue) -> None:
    book = FactBook(demo)
    guard = Guard(book)
    answerer = Answerer(book, TemplateWriter(book, 1, lambda draft: guard.verdict(draft).ok))
    for ask in ("what's your name?", "are you human?") * 4:
        assert " ," not in answerer.answer(ask, "bottle").draft.text


def test_a_model_is_asked_once_a_message_and_not_for_each_of_its_questions(demo: Catalogue) -> None:
    class Counting:
        asked = 0

        def choose(self, question: str, notes: Sequence[str], deadline_s: float) -> int:
            self.asked += 1
            return 0

    selector = Counting()
    finder = TopicFinder(FactBook(demo, "Mia"), selector)
    finder.find("does it keep soup cold all day? and does it keep ice cold all night? does it keep tea hot?", "bottle")
    assert selector.asked <= 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [("show me the lamp", Kind.PRICE), ("let's see the lamp", Kind.PRICE), ("and the lamp?", Kind.UNKNOWN)],
)
def test_who_wants_to_see_a_product_does_not_ask_the_last_question_again(
    english: TopicFinder, text: str, kind: Kind
) -> None:
    before = english.find("is it dishwasher safe for my dog?", "bottle")
    assert before.kind is Kind.UNKNOWN
    found = english.find(text, "bottle", None, before)
    assert (found.kind, found.products) == (kind, ("lamp",))


def test_who_wants_to_see_a_product_in_chinese_does_not_ask_the_last_question_again(chinese: TopicFinder) -> None:
    before = chinese.find("狗能用吗", "bottle")
    found = chinese.find("看看台灯", "bottle", None, before)
    assert (found.kind, found.products) == (Kind.PRICE, ("lamp",))
