"""What a fact forbids, lacks or is free of is never said the other way round, and may be said in every other form."""

from __future__ import annotations

import pytest

from engine.flow import LineKind
from engine.script import Draft, FactBook, Guard, Verdict
from engine.script.denials import DENIES
from engine.script.frames.answers import answers_of
from engine.script.wording import wording_of
from engine.settings import Catalogue
from tests.script.whole_bank import whole_bank

FACTS = {
    "zh": ("禁止机洗", "切勿放入微波炉", "请勿漂白", "避免暴晒", "远离火源", "零甲醛添加", "防止漏水", "仿真皮材质"),
    "en": ("is free of BPA", "is latex-free", "must be kept away from water", "should avoid the dishwasher",
           "must be kept out of the microwave", "lacks a lid", "is made of faux leather",
           "comes with a strap instead of a handle", "has a non-slip base"),
}  # fmt: skip


NAMES = {"zh": ("山居水壶", "湖畔围巾"), "en": ("Hill Bottle", "Lake Scarf")}
COMMON = {"zh": ("重999克", "是紫色的"), "en": ("weighs 999 g", "comes in purple")}


def book_of(language: str, *told: tuple[str, ...]) -> FactBook:
    """A catalogue with a product for each of ``told``, with these facts and two more: p0.f0, p0.f1, …."""
    products = [
        {
            "id": f"p{number}", "name": name, "price": f"{10 + number}", "currency": "USD", "stock": 3,
            "pictures": ["x.png"],
            "facts": [
                {"id": f"f{i}", "type": "feature", "text": text} for i, text in enumerate(facts + COMMON[language])
            ],
        }
        for number, (name, facts) in enumerate(zip(NAMES[language], told, strict=False))
    ]  # fmt: skip
    shop = {"zh": "山居", "en": "Northwind"}[language]
    return FactBook(Catalogue.model_validate({"shop": shop, "language": language, "products": products}), "Mia")


def judged(fact: str, line: str) -> Verdict:
    book = book_of("en" if fact.isascii() else "zh", (fact,))
    return Guard(book).verdict(Draft(LineKind.SAY, line, ("p0.f0",), "", "p0"))


TURNED_ROUND = [
    ("禁止机洗", "可以机洗。"), ("机洗是禁止的", "可以机洗。"), ("切勿放入微波炉", "它能放入微波炉。"),
    ("请勿漂白", "可以漂白。"), ("避免暴晒", "可以暴晒。"), ("避开阳光", "放在阳光下。"), ("忌高温", "可以高温。"),
    ("远离火源", "它能放在火源旁。"), ("谢绝试戴", "可以试戴。"), ("零甲醛", "它有甲醛。"), ("防止漏水", "它会漏水。"),
    ("严禁明火", "可以用明火。"), ("可以机洗", "禁止机洗。"), ("能放入微波炉", "请勿放入微波炉。"),
    ("is free of BPA", "It is made of BPA."), ("is BPA-free", "It is made of BPA."),
    ("is BPA free", "It contains BPA."),
    ("must be kept away from water", "It must be kept in water."), ("lacks a lid", "It has a lid."),
    ("should avoid the dishwasher", "It should go in the dishwasher."),
    ("must be kept out of the microwave", "It can go in the microwave."),
    ("comes with a strap instead of a handle", "It comes with a handle and a strap."),
    ("is unsafe in the dishwasher", "It is safe in the dishwasher."),
    ("uses non-toxic paint", "It uses toxic paint."), ("contains latex", "It is latex-free."),
    ("can go in the oven", "It must be kept out of the oven."), ("has a lid", "It lacks a lid."),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "line"), TURNED_ROUND)
def test_the_opposite_of_a_fact_is_refused(fact: str, line: str) -> None:
    assert "negation" in {finding.rule for finding in judged(fact, line).findings}


SAME = [
    ("禁止机洗", "不能机洗。"), ("禁止机洗", "请不要机洗。"), ("禁止机洗", "机洗是禁止的。"),
    ("请勿漂白", "禁止漂白。"), ("切勿放入微波炉", "不要放入微波炉。"), ("避免暴晒", "别暴晒。"),
    ("避免暴晒", "暴晒要避免。"), ("防止漏水", "不漏水。"), ("防泼水面料", "面料防泼水。"), ("零甲醛", "没有甲醛。"),
    ("适合办公", "它非常适合办公。"), ("适合送礼", "特别适合送礼。"), ("勿忘我花香", "是勿忘我花香。"),
    ("is free of BPA", "It contains no BPA."), ("is free of BPA", "It is BPA free."),
    ("is free of BPA", "It is made without BPA."), ("is made of latex-free foam", "It is made of foam."),
    ("must be kept away from water", "It must not touch water."),
    ("should avoid the dishwasher", "It is not for the dishwasher."),
    ("has a non-slip base", "It has a base that does not slip."), ("is made of wool", "It is made out of wool."),
    ("holds 750 ml", "Straight out of the box it holds 750 ml."), ("a carefree cotton", "It is a carefree cotton."),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "line"), SAME)
def test_the_same_in_other_words_passes(fact: str, line: str) -> None:
    assert judged(fact, line) == Verdict()


@pytest.mark.parametrize("language", FACTS)
def test_every_frame_may_tell_what_a_fact_denies(language: str) -> None:
    answers, wording = answers_of(language), wording_of(language)
    book = book_of(language, FACTS[language][:5], FACTS[language][5:])
    guard, drafts = Guard(book), list(whole_bank(book))
    for product in book.catalogue.products:
        the = wording.the(product)
        for fact in product.facts:
            for frame in answers.facts + answers.yes:
                text = wording.spoken(frame.format(the=the, The=wording.capital(the), text=fact.text))
                drafts.append(Draft(LineKind.ANSWER, text, (f"{product.id}.{fact.id}",), frame, product.id))
    refused = [(draft.text, guard.verdict(draft).reasons) for draft in drafts if not guard.verdict(draft).ok]
    assert refused == []
    assert len(drafts) > 1000


@pytest.mark.parametrize(
    "text",
    ["特别的礼物", "非常轻", "从零开始", "零售价", "库存是零", "无线充电", "不锈钢", "差不多",
     "straight out of the box",
     "made out of wool", "free of charge", "it never fails", "carefree"],
)  # fmt: skip
def test_words_that_only_look_like_a_denial_are_none(text: str) -> None:
    found = DENIES.search(text)
    assert found is None or found[0] == "never"
