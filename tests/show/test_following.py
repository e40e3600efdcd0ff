"""How the show follows what happens: questions, newcomers, manners, a catalogue with little to say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from engine.flow import Line, LineKind, Question
from engine.script import FactBook, Guard
from engine.script.frames import bank_of
from engine.settings import Channel, Product, load_channel
from engine.show import Director, spoken_seconds
from engine.show.pacing import PAUSES_MS

Direct = Callable[[Channel], Director]
XIAOMEI = Path(__file__).parents[2] / "avatars" / "xiaomei.yaml"


@pytest.fixture(scope="module")
def chinese() -> Channel:
    return load_channel(XIAOMEI, check_files=False)


def take(director: Director, count: int) -> list[Line]:
    return [director.next_line() for _ in range(count)]


def openers(lines: list[Line]) -> list[str | None]:
    return [line.product_id for line in lines if line.kind is LineKind.OPENER]


def starts_of(lines: list[Line], kind: LineKind) -> list[float]:
    at, found = 0.0, []
    for line in lines:
        if line.kind is kind:
            found.append(at)
        at += spoken_seconds(line.text) + line.pause_ms / 1000
    return found


def test_a_product_that_is_asked_about_has_the_next_visit(channel: Channel, direct: Direct) -> None:
    director = direct(channel)
    while director.on_show != "lamp":
        director.next_line()
    director.answer(Question("q1", "Ann", "does the pan work on induction?"))
    following = openers(take(director, 40))
    assert "pan" in following[:3]
    assert openers(take(direct(channel), 60))[2:4] == ["blanket", "kettle"]


def test_a_fact_told_in_an_answer_is_not_told_again_at_once(channel: Channel, direct: Direct) -> None:
    director = direct(channel)
    take(director, 5)
    answer = director.answer(Question("q1", "Ann", "does the pan work on induction?"))
    assert answer.fact_ids == ("pan.hobs",)
    visit = take(director, 40)
    told = [i for line in visit if line.kind is LineKind.PITCH for i in line.fact_ids if i.startswith("pan.")]
    assert len(told) >= 3
    assert "pan.hobs" not in told


def test_newcomers_are_greeted_and_prices_summed_up_every_few_minutes(channel: Channel, direct: Direct) -> None:
    lines = take(direct(channel), 700)
    welcomes = [a for a in starts_of(lines, LineKind.GREETING) if a > 60]
    recaps = [b for a, b in pairwise([0.0, *starts_of(lines, LineKind.RECAP)]) if b - a > 60]
    assert 7 <= len([b for a, b in pairwise([0.0, *welcomes]) if b - a > 60]) <= 10
    assert all(440 < b - a < 640 for a, b in pairwise(recaps))
    for before, line in pairwise(lines):
        if line.kind is LineKind.RECAP:
            assert before.kind is not LineKind.TRANSITION, (before.text, line.text)


def test_a_transition_is_followed_by_the_product_that_it_names(channel: Channel, direct: Direct) -> None:
    lines = take(direct(channel), 700)
    told = 0
    for before, line in pairwise(lines):
        if before.kind is LineKind.TRANSITION and line.kind is LineKind.OPENER:
            told += 1
            assert f"{line.product_id}.name" in before.fact_ids, (before.text, line.text)
        elif before.kind is LineKind.TRANSITION:
            assert line.kind is LineKind.NOTICE
    assert told > 30


def test_lines_have_the_pause_of_their_kind(channel: Channel, direct: Direct) -> None:
    lines = take(direct(channel), 150)
    assert {(line.kind, line.pause_ms) for line in lines} == {
        (kind, PAUSES_MS.get(kind, 0)) for kind in {line.kind for line in lines}
    }
    assert max(PAUSES_MS.values()) + 320 < 1500


def test_a_small_catalogue_says_all_that_it_can_before_it_repeats_anything(channel: Channel, direct: Direct) -> None:
    """Then whole visits come again, in the sentences that were said longest ago."""
    items = channel.items.model_copy(update={"products": channel.items.products[:1], "policies": ()})
    lines = take(direct(channel.model_copy(update={"items": items})), 1200)
    said: set[str] = set()
    again = [i for i, line in enumerate(lines) if line.text in said or said.add(line.text)]  # type: ignore[func-returns-value]
    assert again[0] > 400
    last: dict[str, int] = {}
    for i, line in enumerate(lines):
        if line.kind is not LineKind.NOTICE:
            assert i - last.get(line.text, -1000) > 100, line.text
        last[line.text] = i
    kinds = Counter(line.kind for line in lines[again[0] :])
    assert kinds[LineKind.PITCH] > 2 * kinds[LineKind.PRICE] > 0


@pytest.mark.parametrize("manner", ["warm", "lively", "calm"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_manner_is_heard_and_passes_the_guard(
    channel: Channel, chinese: Channel, direct: Direct, manner: str, language: str
) -> None:
    spoken = chinese if language == "zh" else channel
    persona = spoken.persona.model_copy(update={"manner": manner})
    lines = take(direct(spoken.model_copy(update={"persona": persona})), 300)
    guard = Guard(FactBook(spoken.items, spoken.name))
    assert [line.text for line in lines if not guard.verdict(line).ok] == []
    pack = bank_of(language).manners[manner]
    starts = [re.split(r"[{]", frame)[0] for frames in pack.adds.values() for frame in frames]
    own = [line for line in lines if any(start and line.text.startswith(start) for start in starts)]
    assert len(own) >= 8
    assert manner == "warm" or {line.mood for line in lines} & {"lively" if manner == "lively" else "calm"}


def test_a_chinese_show_speaks_chinese_only(chinese: Channel, direct: Direct) -> None:
    lines = take(direct(chinese), 600)
    assert len({line.text for line in lines}) == len(lines)
    for line in lines:
        assert line.text[-1] in "。？！", line.text
        assert not re.search(r"[a-z]{2,}|\$|¥|, |[\u3400-\u9fff]\.", line.text), line.text
    prices = [line.text for line in lines if "bottle.price" in line.fact_ids and line.kind is LineKind.PRICE]
    assert prices
    assert all("129元" in text for text in prices)
    assert sum(len(line.text) for line in lines) / len(lines) < 26
    assert {line.kind for line in lines} >= set(LineKind) - {LineKind.ANSWER, LineKind.SAY}


def test_chinese_cards_say_stock_and_price_in_chinese(chinese: Channel, direct: Direct) -> None:
    items = chinese.items
    empty = items.products[1].model_copy(update={"stock": 0})
    changed = items.model_copy(update={"products": (items.products[0], empty, *items.products[2:])})
    cards = direct(chinese.model_copy(update={"items": changed})).cards()
    assert [card.stock for card in cards[:3]] == ["剩38件", "已售罄", "剩44件"]
    assert (cards[0].price, cards[0].was_price) == ("¥129", "¥169")
    assert cards[0].saving == "直降¥40"


def test_a_visit_is_told_to_its_price_while_stock_and_prices_change_with_every_line(
    channel: Channel, direct: Direct
) -> None:
    director, items = direct(channel), channel.items
    lines = [director.next_line()]
    while lines[-1].kind is not LineKind.OPENER:
        lines.append(director.next_line())
    visit = [lines[-1]]
    while visit[-1].kind is not LineKind.PRICE and len(visit) < 12:
        first, other, *rest = items.products
        other = other.model_copy(update={"price": other.price + 1, "was_price": None})
        items = items.model_copy(update={"products": (sold_one(first), other, *rest)})
        director.update_catalogue(items)
        visit.append(director.next_line())
    assert [line.kind for line in visit].count(LineKind.OPENER) == 1
    assert {line.product_id for line in visit} == {visit[0].product_id}
    assert [line.kind for line in visit].count(LineKind.PITCH) >= 3


def sold_one(product: Product) -> Product:
    return product.model_copy(update={"stock": product.stock - 1})
