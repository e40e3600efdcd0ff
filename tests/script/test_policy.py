"""Policy packs: rules as data, disguises undone, lawful contexts, platforms."""

from __future__ import annotations

import pytest

from engine.script import disguise
from engine.script.frames import bank_of
from engine.script.policy import PolicyError, expanded, known_packs, load_policies, packs_for, platforms


def rules(packs: tuple[str, ...], text: str, proof: str = "", names: str = "") -> set[str]:
    return {found.rule for found in load_policies(packs).findings(text, proof, names)}


@pytest.mark.parametrize(
    "text",
    [
        "最好的杯子", "最 好 的杯子", "最·好·的杯子", "最\u200b好的杯子", "【最】【好】的杯子", "蕞好的杯子",
        "罪好的杯子", "zui好的杯子", "ｚｕｉ好的杯子",
        "z u i 好的杯子", "最hao的杯子",
    ],
)  # fmt: skip
def test_one_term_is_found_in_every_disguise(text: str) -> None:
    assert "cn.absolute" in rules(("cn",), f"这是{text}。"), text


@pytest.mark.parametrize(
    "text", ["最好用冷水洗。", "第一次用先清洗。", "周末去度假。", "豆子是手选的。", "可以降低一半音量。"]
)
def test_lawful_uses_and_words_that_sound_alike_pass(text: str) -> None:
    assert rules(("cn",), text) == set()


def test_a_finding_holds_the_words_as_they_were_written() -> None:
    (found,) = load_policies(("us",)).findings("It's the b.e.s.t bag of all.")
    assert (found.rule, found.words) == ("base.absolute", "b.e.s.t")


@pytest.mark.parametrize("text", ["b3st bag", "ｂｅｓｔ bag", "be\u200bst bag", "bеst bag", "b-e-s-t bag"])
def test_english_disguises_are_undone(text: str) -> None:
    assert "base.absolute" in rules(("us",), f"The {text} of all."), text


def test_facts_excuse_some_words_and_names_others() -> None:
    text = "It is hypoallergenic."
    assert rules(("us",), text) == {"base.medical"}
    assert rules(("us",), text, proof="is hypoallergenic") == set()
    assert rules(("cn",), "这是极品红茶。", proof="是极品红茶") == {"cn.absolute"}
    assert rules(("cn",), "这是极品红茶。", names="极品红茶") == set()


def test_packs_differ() -> None:
    green = "It is climate neutral."
    assert rules((), green) == set()
    assert rules(("eu",), green) == {"eu.green"}
    assert known_packs() == ("cn", "eu", "us")
    assert packs_for("en", None) == ("us", "eu")
    assert packs_for("zh", None, "tiktok_shop_uk") == ("cn", "eu")
    with pytest.raises(PolicyError, match="there is no policy pack “mars”; there are: cn, eu, us"):
        load_policies(("mars",))
    with pytest.raises(PolicyError, match="there is no platform “x”"):
        packs_for("en", None, "x")


def test_only_tiktok_shop_us_refuses_a_synthetic_voice() -> None:
    refusals = {name: platform.refusal for name, platform in platforms().items() if platform.refusal}
    assert refusals == {
        "tiktok_shop_us": "TikTok Shop in the United States does not allow AI-made voices in shopping LIVEs"
    }
    assert all(pack in known_packs() for platform in platforms().values() for pack in platform.packs)


def test_parentheses_hold_alternatives() -> None:
    assert expanded("(叫|让)妈(妈|咪)") == ["叫妈妈", "叫妈咪", "让妈妈", "让妈咪"]
    assert expanded("手慢无") == ["手慢无"]


def test_text_without_disguise_knows_where_it_came_from() -> None:
    plain = disguise.plain("全網 最·低 價")
    assert plain.text == "全网最低价"
    assert plain.written("全網 最·低 價", 2, 4) == "最·低"
    assert disguise.plain("A 5 m cable").text == "a 5 m cable"


def test_the_notice_breaks_no_rule_and_says_ai() -> None:
    for language, pack in (("en", ("us", "eu")), ("zh", ("cn",))):
        for frame in bank_of(language).notices:
            assert "AI" in frame
            assert rules(pack, frame.format(host="Mia")) == set(), frame
