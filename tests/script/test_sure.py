"""When "yes" is said: never to another number or unit, and never because of what a fact forbids, lacks or imitates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.script import FactBook, TopicFinder
from engine.script.reading import READINGS
from engine.settings import Catalogue, load_catalogue

ROOT = Path(__file__).parents[2]
CATALOGUES = ROOT / "tests" / "corpora" / "catalogues"
XIAOMEI = ROOT / "assets" / "catalogue" / "xiaomei.yaml"
OTHER_UNITS = {"毫升": "升", "厘米": "米", "毫米": "厘米", "公斤": "斤", "克": "公斤", "小时": "天", "分钟": "小时",
               "瓦": "伏", " ml": " litres", " cm": " m", " mm": " m", " kg": " g", " hours": " days",
               " litres": " ml"}  # fmt: skip


@pytest.fixture(scope="module")
def xiaomei() -> TopicFinder:
    return TopicFinder(FactBook(load_catalogue(XIAOMEI), "小美"))


def finder(fact: str, language: str, kind: str = "care") -> TopicFinder:
    """Over a catalogue whose one product has ``fact`` and two that all products have."""
    facts = [
        {"id": "one", "type": kind, "text": fact},
        {"id": "two", "type": "weight", "text": {"zh": "重999克", "en": "weighs 999 g"}[language]},
        {"id": "three", "type": "colour", "text": {"zh": "是紫色的", "en": "comes in purple"}[language]},
    ]
    name = {"zh": "山居水壶", "en": "Hill Bottle"}[language]
    product = {"id": "p", "name": name, "price": "10", "currency": "USD", "stock": 3, "pictures": ["x.png"],
               "facts": facts}  # fmt: skip
    data = {"shop": "Shop", "language": language, "products": [product]}
    return TopicFinder(FactBook(Catalogue.model_validate(data), "Mia"))


WRONG_AMOUNTS = [
    ("kettle", "一壶能烧9升水吗"), ("kettle", "接20伏的插座吗"), ("kettle", "功率200瓦吗"), ("kettle", "有0度吗"),
    ("lamp", "亮度50流明吗"), ("lamp", "亮度5000流明吗"), ("lamp", "整灯重20克吗"), ("lamp", "整灯重620公斤吗"),
    ("lamp", "立起来高38米吗"), ("lamp", "立起来高4厘米吗"), ("lamp", "高4厘米吗"), ("lamp", "有五种色温吗"),
    ("bottle", "容量是750升吗"), ("bottle", "容量是50毫升吗"), ("bottle", "保冷4小时吗"), ("bottle", "保冷24天吗"),
    ("bottle", "装热水能保温2小时吗"), ("bottle", "保冷超过24小时吗"), ("blanket", "一条重1.1斤吗"),
    ("blanket", "是0%再生羊毛吗"), ("blanket", "是30%再生羊毛吗"), ("blanket", "宽30厘米吗"),
    ("blanket", "宽180厘米吗"), ("mat", "长83厘米吗"), ("mat", "厚6厘米吗"), ("mug", "能装50毫升吗"),
    ("earbuds", "充电盒能充满30次吗"), ("earbuds", "防溅水等级是4吗"), ("earbuds", "充满要7小时吗"),
    ("earbuds", "7小时能充满吗"),
]  # fmt: skip


@pytest.mark.parametrize(("on", "ask"), WRONG_AMOUNTS)
def test_no_yes_to_another_number_or_unit(xiaomei: TopicFinder, on: str, ask: str) -> None:
    assert not xiaomei.find(ask, on).sure


RIGHT_AMOUNTS = [
    ("kettle", "一壶能烧0.9升水吗"), ("kettle", "一壶能烧900毫升水吗"), ("kettle", "接220伏的插座吗"),
    ("kettle", "功率1200瓦吗"), ("kettle", "有60度吗"), ("kettle", "能调到60度吗"), ("lamp", "亮度500流明吗"),
    ("lamp", "亮度是五百流明吗"), ("lamp", "整灯重620克吗"), ("lamp", "立起来高38厘米吗"),
    ("lamp", "折平以后厚4厘米吗"), ("lamp", "有三种色温吗"), ("bottle", "容量是750毫升吗"),
    ("bottle", "能保冷24小时吗"), ("bottle", "保冷二十四小时吗"), ("blanket", "一条重1.1公斤吗"),
    ("blanket", "是70%再生羊毛吗"), ("blanket", "宽130厘米吗"), ("mat", "厚6毫米吗"), ("mug", "能装350毫升吗"),
    ("earbuds", "充电盒能充满3次吗"), ("earbuds", "防溅水等级是IPX4吗"), ("earbuds", "充满一次能听7小时吗"),
]  # fmt: skip


@pytest.mark.parametrize(("on", "ask"), RIGHT_AMOUNTS)
def test_yes_to_the_same_amount_in_any_form(xiaomei: TopicFinder, on: str, ask: str) -> None:
    assert xiaomei.find(ask, on).sure


def asked(clause: str, language: str) -> str:
    """The clause of a fact as a question that a viewer could type."""
    if language == "zh":
        return f"{clause}吗"
    verb, _, rest = clause.strip().partition(" ")
    begin = {"is": "is it", "has": "does it have", "can": "can it"}.get(verb, f"does it {verb.removesuffix('s')}")
    return f"{begin} {rest}?"


def wrong(clause: str) -> Iterator[str]:
    """The clause with one of its numbers, or the unit of one, made another."""
    for number in re.finditer(r"(?<![A-Za-z\d.])\d+(?:[.,]\d+)*", clause):
        before, after = clause[: number.start()], clause[number.end() :]
        shorter = number[0][2:] if number[0].startswith("0.") else number[0][1:]
        longer = number[0] if "." in number[0] else f"{number[0]}0"
        for other in {shorter, f"1{number[0]}", longer} - {number[0]}:
            if re.fullmatch(r"\d[\d.,]*", other):
                yield before + other + after
        unit = next((unit for unit in OTHER_UNITS if after.startswith(unit)), None)
        if unit is not None:
            yield before + number[0] + OTHER_UNITS[unit] + after.removeprefix(unit)


@pytest.mark.parametrize("name", ["demo", "xiaomei", "alder", "juniper", "qingchuan"])
def test_every_swapped_number_or_unit_is_no_yes(name: str) -> None:
    path = CATALOGUES / f"{name}.yaml"
    catalogue = load_catalogue(path if path.exists() else XIAOMEI.with_name(f"{name}.yaml"), check_files=False)
    checked, language = 0, catalogue.language
    for product in catalogue.products:
        for fact in product.facts:
            for clause in {fact.text, *re.split(r"[，、]", fact.text)}:
                for other in wrong(clause):
                    matches = READINGS[language].facts_that_meet(asked(other, language), product)
                    assert not any(match.sure for match in matches), (product.id, other)
                    checked += 1
    assert checked >= 50


DENIED = [
    ("zh", "care", "切勿放入微波炉", "能放入微波炉吗"), ("zh", "care", "禁止机洗", "可以机洗吗"),
    ("zh", "care", "请勿漂白", "可以漂白吗"), ("zh", "care", "避免暴晒", "可以暴晒吗"),
    ("zh", "care", "忌高温", "可以高温吗"), ("zh", "care", "謝絕试戴", "可以试戴吗"),
    ("zh", "care", "远离高温", "可以高温吗"), ("zh", "material", "仿真皮材质", "是真皮吗"),
    ("zh", "material", "非棉面料", "是棉面料吗"), ("zh", "material", "涤棉面料", "是棉的吗"),
    ("zh", "material", "人造革面", "是革面吗"), ("zh", "feature", "零甲醛", "有甲醛吗"),
    ("zh", "feature", "特别怕水洗", "能水洗吗"), ("zh", "feature", "难清洗", "好清洗吗"),
    ("zh", "feature", "能防摔", "会摔吗"), ("zh", "feature", "免打孔", "打孔吗"),
    ("zh", "capacity", "低于500毫升", "是500毫升吗"), ("zh", "capacity", "起码500毫升", "是500毫升吗"),
    ("en", "care", "must be kept out of the microwave", "can it go in the microwave?"),
    ("en", "care", "Never put it in the dishwasher", "can it go in the dishwasher?"),
    ("en", "care", "don’t put it in the dishwasher", "can it go in the dishwasher?"),
    ("en", "care", "should avoid the dishwasher", "does it go in the dishwasher?"),
    ("en", "material", "is made of faux leather", "is it leather?"),
    ("en", "material", "is made of vegan leather", "is it leather?"),
    ("en", "material", "looks like leather", "is it leather?"), ("en", "material", "is free of latex", "is it latex?"),
    ("en", "material", "lacks latex", "is it latex?"),
    ("en", "feature", "protects against scratches", "does it scratch?"),
    ("en", "capacity", "holds under 750 ml", "does it hold 750 ml?"),
    ("en", "performance", "keeps drinks cold for 24 hours", "does it keep drinks cold for over 24 hours?"),
    ("en", "battery", "plays for 7 hours on one charge", "does it take 7 hours to charge?"),
    ("en", "battery", "plays for 7 hours on one charge", "does it charge in 7 hours?"),
    ("en", "size", "is 26 cm across at the rim", "is it 26 m across at the rim?"),
    ("en", "performance", "works at 20 °C", "does it work at -20 °C?"),
    ("en", "material", "is made of 18/8 stainless steel", "is it made of 18/10 stainless steel?"),
    ("en", "battery", "stores 10,000 mAh", "does it store 10 mAh?"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "kind", "fact", "ask"), DENIED)
def test_no_yes_because_of_what_a_fact_denies_or_limits(language: str, kind: str, fact: str, ask: str) -> None:
    assert not finder(fact, language, kind).find(ask, "p").sure


PLAIN = [
    ("zh", "feature", "有防摔设计", "防摔吗"), ("zh", "care", "能放入微波炉", "能放入微波炉吗"),
    ("zh", "power", "功率1,200瓦", "功率是1200瓦吗"), ("zh", "colour", "是米白色", "是米白色吗"),
    ("en", "care", "can go in the microwave", "Can it go in the microwave?"),
    ("en", "material", "is latex-free", "is it latex-free?"),
    ("en", "capacity", "holds 750 ml", "does it hold 750 ml?"),
    ("en", "material", "is made of 18/8 stainless steel", "is it made of 18/8 stainless steel?"),
    ("en", "battery", "plays for 7 hours on one charge", "does it play for 7 hours on one charge?"),
    ("en", "compatibility", "charges over USB-C", "does it charge over USB-C?"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "kind", "fact", "ask"), PLAIN)
def test_yes_because_of_what_a_fact_plainly_says(language: str, kind: str, fact: str, ask: str) -> None:
    assert finder(fact, language, kind).find(ask, "p").sure
