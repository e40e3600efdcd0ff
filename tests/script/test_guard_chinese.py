"""The guard over Chinese lines and a Chinese catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.flow import LineKind
from engine.script import Draft, FactBook, Guard, Verdict
from engine.script.frames import bank_of
from engine.settings import Catalogue, load_catalogue

QINGCHUAN = Path(__file__).parents[1] / "corpora" / "catalogues" / "qingchuan.yaml"


@pytest.fixture(scope="module")
def guard() -> Guard:
    return Guard(FactBook(load_catalogue(QINGCHUAN, check_files=False), "小云"))


def judge(guard: Guard, text: str, *fact_ids: str) -> Verdict:
    product = fact_ids[0].partition(".")[0] if fact_ids and not fact_ids[0].startswith("policy") else None
    return guard.verdict(Draft(LineKind.SAY, text, fact_ids, "", product))


def test_every_fact_of_the_catalogue_may_be_said_as_it_stands(guard: Guard) -> None:
    for product in guard.book.catalogue.products:
        for fact in product.facts:
            for text in (f"它{fact.text}。", f"{product.short}{fact.text}。"):
                assert judge(guard, text, f"{product.id}.{fact.id}") == Verdict(), text
    for policy in guard.book.catalogue.policies:
        assert judge(guard, policy.text, f"policy.{policy.id}") == Verdict()


@pytest.mark.parametrize(
    ("text", "fact_ids", "rule", "words"),
    [
        ("它能保温二十四小时。", ("cup.hot",), "number", "二十四小时"),
        ("它保冷12小时，保温24小时。", ("cup.hot", "cup.cold"), "number.exchanged", "12小时"),
        ("现在129元。", ("cup.price", "cup.was_price"), "price.role", "129元"),
        ("它的内胆是304不锈钢。", ("cup.material",), "material", "304"),
        ("有黑色和卡其色，还有藏青色。", ("bag.colour",), "colour", "藏青色"),
        ("防水等级是IPX7。", ("buds.water",), "code", "IPX7"),
        ("抹开以后有点黏手。", ("cream.feel",), "negation", "黏手"),
        ("盒子里有一根1.5米的充电线，还带充电头。", ("lamp.in_box",), "negation", "电头"),
        ("产自福建武夷山。", ("tea.origin",), "entity", "福建"),
        ("我自己每天都在用，能保温12小时。", ("cup.hot",), "base.first-person", "我自己"),
        ("小灶炸锅的容量是500毫升。", ("cup.capacity",), "product", "小灶炸锅"),
        ("这个杯子有一个地方你一定会喜欢。", ("cup.hot",), "empty", ""),
    ],
)
def test_a_finding_names_the_rule_and_the_words(
    guard: Guard, text: str, fact_ids: tuple[str, ...], rule: str, words: str
) -> None:
    findings = judge(guard, text, *fact_ids).findings
    assert (rule, words) in [(found.rule, found.words) for found in findings], findings


def test_the_words_of_another_fact_are_found_also_where_the_name_holds_them() -> None:
    """The bottle's name says 保温, so only its other fact tells that 24 hours are not of that."""
    book = FactBook(load_catalogue(Path(__file__).parents[2] / "assets" / "catalogue" / "xiaomei.yaml"))
    judging = Guard(book)
    for text, ok in (("山径保温杯能保温24小时。", False), ("山径保温杯装冰水能保冷24小时。", True)):
        verdict = judging.verdict(Draft(LineKind.SAY, text, ("bottle.cold",), "", "bottle"))
        assert verdict.ok is ok, verdict.reasons
        assert ok or {finding.fact_id for finding in verdict.findings} == {"bottle.hot"}


def test_a_reduction_in_zhe_must_follow_from_the_prices(guard: Guard) -> None:
    ids = ("lamp.price", "lamp.was_price")
    assert judge(guard, "拾光台灯现在159元，差不多打八折。", *ids).ok
    assert not judge(guard, "拾光台灯现在159元，打七折。", *ids).ok


def test_the_spoken_notice_passes_in_both_languages(guard: Guard, demo: Catalogue) -> None:
    for judging, language in ((guard, "zh"), (Guard(FactBook(demo, "Mia")), "en")):
        assert len(bank_of(language).notices) >= 5
        for frame in bank_of(language).notices:
            text = frame.format(host=judging.book.host)
            assert judging.verdict(Draft(LineKind.NOTICE, text, ("shop.host",), frame)) == Verdict(), text
