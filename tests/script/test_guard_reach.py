"""Sentences that praise, compare, promise or reach further than their facts, in words that name no attribute."""

from __future__ import annotations

import pytest

from engine.flow import LineKind
from engine.script import Draft, FactBook, Guard
from engine.script.guard.carry import sharpened, unlimited
from engine.settings import Catalogue


def rules(guard: Guard, fact_id: str, text: str) -> set[str]:
    product = fact_id.partition(".")[0]
    ids = (fact_id, *((f"{product}.was_price",) if fact_id.endswith(".price") else ()))
    kind = LineKind.PRICE if fact_id.endswith(".price") else LineKind.PITCH
    owner = product if product in guard.book.products else None
    return {finding.rule for finding in guard.verdict(Draft(kind, text, ids, text, owner)).findings}


@pytest.mark.parametrize(
    ("fact_id", "text", "rule"),
    [
        ("bottle.name", "This is the TrailMate bottle, a favourite of our shop.", "base.praise"),
        ("bottle.name", "This is the TrailMate bottle, our team's pick.", "base.praise"),
        ("bottle.name", "Here's the TrailMate bottle, you can't go wrong with it.", "base.praise"),
        ("bottle.price", "The TrailMate bottle is $19.99, which is worth every cent.", "base.praise"),
        ("mat.thickness", "It's 6 mm thick, so your knees will thank you.", "base.praise"),
        ("bottle.name", "This is the TrailMate bottle, new in the shop.", "base.novelty"),
        ("bottle.weight", "It weighs 340 g empty, lighter than your phone.", "base.comparison"),
        ("bottle.cold", "Your old flask never managed this: it keeps drinks cold for 24 hours.", "base.comparison"),
        ("bottle.price", "The TrailMate bottle is $19.99, and in stores you'd pay far more.", "base.comparison"),
        ("bottle.price", "The TrailMate bottle is $19.99, and it goes back up after the show.", "base.urgency"),
        ("bottle.name", "Here's the TrailMate bottle, and there's a little present in every box.", "base.free"),
        ("policy.returns", "Unused items come back within 30 days for a full refund, no questions asked.", "base.free"),
        ("earbuds.splash", "It's rated IPX4 against splashes, so you can swim with it.", "base.reach"),
        ("backpack.rain", "It sheds light rain with its coated outer fabric, even in a storm.", "base.reach"),
        ("bottle.hot", "It keeps drinks hot for 12 hours, and baby milk is fine too.", "base.reach"),
        ("kettle.safety", "It switches itself off when it boils dry, so leave it unattended.", "base.reach"),
        ("candle.burn", "It burns for about 45 hours, so it lasts you all winter.", "base.reach"),
        ("lamp.power", "It draws 8 watts over USB-C, so your electricity bill goes down.", "base.reach"),
        ("kettle.speed", "It boils a full load of water in five minutes flat.", "number.bound"),
        ("bottle.weight", "It weighs just 340 g when it's full.", "number.exchanged"),
        ("bottle.width", "It measures 7.2 cm across and fits your car's cup holder.", "widened"),
        ("policy.returns", "You can send it back within 30 days for a full refund.", "widened"),
        ("policy.warranty", "The bottle carries a two-year warranty from the day of delivery.", "widened"),
    ],
)
def test_what_reaches_further_than_its_fact_is_refused(mia: Guard, fact_id: str, text: str, rule: str) -> None:
    assert rule in rules(mia, fact_id, text)


@pytest.mark.parametrize(
    ("fact_id", "text", "rule"),
    [
        ("bottle.name", "这款山径保温杯，店里卖得很好。", "base.praise"),
        ("bottle.name", "这款山径保温杯，老板自己挑的。", "base.praise"),
        ("bottle.price", "山径保温杯现在129元，物超所值。", "base.praise"),
        ("blanket.origin", "在内蒙古织造，老师傅一针一线做的。", "base.praise"),
        ("bottle.name", "这款山径保温杯，今天刚到货。", "base.novelty"),
        ("bottle.weight", "空杯重340克，比手机还轻。", "base.comparison"),
        ("bottle.hot", "装热水能保温12小时，同价位里少见。", "base.comparison"),
        ("bottle.price", "山径保温杯现在129元，之前169元，下播就涨回去。", "base.urgency"),
        ("policy.returns", "未使用的商品7天内无理由退货，运费我们出。", "base.free"),
        ("earbuds.splash", "防溅水等级是IPX4，游泳戴也行。", "base.reach"),
        ("bottle.hot", "装热水能保温12小时，晚上给宝宝冲奶没问题。", "base.reach"),
        ("powerbank.capacity", "电池容量10000毫安时，坐飞机随便带。", "base.reach"),
        ("mat.material", "用的是天然橡胶，含有乳胶成分，对皮肤好。", "base.reach"),
        ("kettle.safety", "烧干了会自动断电，放心离开家。", "base.reach"),
        ("bottle.price", "山径保温杯129元，还带一个杯刷。", "quality"),
        ("kettle.speed", "烧开一整壶水只要五分钟。", "number.bound"),
        ("bottle.weight", "装满水才340克。", "number.exchanged"),
        ("bottle.size", "杯身直径7.2厘米，放得进你家的车载杯架。", "widened"),
        ("policy.returns", "签收后7天内可以无理由退货。", "widened"),
        ("policy.warranty", "山径保温杯从签收那天起保修一年。", "widened"),
    ],
)
def test_what_reaches_further_than_its_fact_is_refused_in_chinese(
    xiaomei: Guard, fact_id: str, text: str, rule: str
) -> None:
    assert rule in rules(xiaomei, fact_id, text)


@pytest.mark.parametrize(
    ("fact_id", "text"),
    [
        ("bottle.width", "At 7.2 cm across, it fits most car cup holders."),
        ("kettle.speed", "About five minutes, and a full load of water boils."),
        ("mug.glaze", "Because it's glazed by hand, no two look exactly alike."),
        ("policy.returns", "If it has not been used, send it back within 30 days for a full refund."),
        ("policy.warranty", "Electrical products like this lamp have a two-year warranty from the day of delivery."),
        ("earbuds.splash", "Splashes are fine, it's rated IPX4."),
    ],
)
def test_what_only_says_its_fact_otherwise_is_allowed(mia: Guard, fact_id: str, text: str) -> None:
    assert rules(mia, fact_id, text) == set()


@pytest.mark.parametrize(
    ("fact_id", "text"),
    [
        ("kettle.speed", "大约五分钟，一整壶水就烧开了。"),
        ("bottle.weight", "不装水的时候重340克。"),
        ("policy.returns", "没使用过的商品，签收后7天内可以无理由退货。"),
        ("bottle.size", "杯身直径7.2厘米，大多数车载杯架都放得进。"),
    ],
)
def test_what_only_says_its_fact_otherwise_is_allowed_in_chinese(xiaomei: Guard, fact_id: str, text: str) -> None:
    assert rules(xiaomei, fact_id, text) == set()


def test_what_the_facts_say_themselves_is_no_reach(demo: Catalogue) -> None:
    bottle = demo.products[0]
    facts = [bottle.facts[0].model_copy(update={"id": "baby", "text": "dries in seconds and is safe for newborns"})]
    shop = demo.model_copy(update={"products": [bottle.model_copy(update={"facts": facts})]})
    assert "base.reach" not in rules(Guard(FactBook(shop, "Mia")), "bottle.baby", f"It {facts[0].text}.")


def test_limits_are_asked_of_the_sentence_that_a_line_tells() -> None:
    rule = "Unused items can be returned within 30 days. Parcels arrive in three working days."
    assert not list(unlimited("policy.p", rule, "Your parcel arrives in three working days."))
    assert list(unlimited("policy.p", rule, "Items can be returned within 30 days."))
    assert not list(sharpened("a.b", "boils in about five minutes", "It boils in roughly five minutes, only that."))
