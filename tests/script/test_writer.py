from __future__ import annotations

from decimal import Decimal

import pytest

from engine.script import FactBook, ScriptError, TemplateWriter, money
from engine.script.choose import FRAME_GAP, LONG_RESTED, TEXT_WINDOW, Chooser
from engine.settings import Catalogue


def with_first(catalogue: Catalogue, **changes: object) -> Catalogue:
    first, *rest = catalogue.products
    return catalogue.model_copy(update={"products": (first.model_copy(update=changes), *rest)})


def writer(catalogue: Catalogue, *, chat: bool = True) -> TemplateWriter:
    return TemplateWriter(FactBook(catalogue, "Mia"), 1, lambda draft: True, chat=chat)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("19.99", "USD", "$19.99"),
        ("14", "USD", "$14.00"),
        ("1234.5", "EUR", "€1,234.50"),
        ("980", "JPY", "980 JPY"),
        ("19.90", "CHF", "19.90 CHF"),
    ],
)
def test_money(amount: str, currency: str, text: str) -> None:
    assert money(Decimal(amount), currency) == text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("39.90", "CNY", "39.9元"),
        ("129", "CNY", "129元"),
        ("980", "JPY", "980日元"),
        ("129", "THB", "129 THB"),
        ("129", "TRY", "129.00 TRY"),
        ("129", "XOF", "129.00 XOF"),
    ],
)
def test_money_in_chinese(amount: str, currency: str, text: str) -> None:
    assert money(Decimal(amount), currency, "zh") == text


@pytest.mark.parametrize(("stock", "part"), [(0, ("sold out", "out of stock", "zero")), (1, ("one",)), (38, ("38",))])
def test_stock_lines_say_the_stock(demo: Catalogue, stock: int, part: tuple[str, ...]) -> None:
    write = writer(with_first(demo, stock=stock))
    write.repeats = True
    for _ in range(5):
        draft = write.stock("bottle")
        assert draft is not None
        write.chooser.used(draft.frame, draft.text)
        assert any(word in draft.text.lower() for word in part), draft.text


def test_a_large_stock_is_not_turned_into_a_number(demo: Catalogue) -> None:
    draft = writer(with_first(demo, stock=900)).stock("bottle")
    assert draft is not None
    assert "900" not in draft.text


def test_was_price_is_said_only_when_there_is_one(demo: Catalogue) -> None:
    reduced, plain = writer(demo).price("bottle"), writer(with_first(demo, was_price=None)).price("bottle")
    assert reduced is not None
    assert plain is not None
    assert reduced.fact_ids == ("bottle.price", "bottle.was_price", "bottle.saving")
    assert plain.fact_ids == ("bottle.price",)
    assert "29.99" not in plain.text


def test_chat_off_invites_nobody(demo: Catalogue) -> None:
    silent = writer(demo, chat=False)
    assert silent.invitation() is None
    assert silent.ask("bottle") is None


def test_unknown_products_and_facts_are_named(demo: Catalogue) -> None:
    with pytest.raises(ScriptError, match="no product “toaster”"):
        writer(demo).opener("toaster")
    with pytest.raises(ScriptError, match=r"no fact “bottle\.straw”"):
        writer(demo).fact("bottle.straw")


def test_pairs_join_two_short_facts_and_refuse_clauses(demo: Catalogue) -> None:
    write = writer(demo)
    pair = write.pair("bottle.capacity", "bottle.cold")
    assert pair is not None
    assert "holds 750 ml" in pair.text
    assert "keeps drinks cold for 24 hours" in pair.text
    assert pair.fact_ids == ("bottle.capacity", "bottle.cold")
    assert write.pair("mug.glaze", "mug.size") is None


def test_frames_rest_and_the_longest_rested_comes_first() -> None:
    chooser = Chooser(1)
    frames = ["a", "b", "c"]
    for frame in frames:
        chooser.used(frame, frame)
    assert chooser.order(frames) == ["a", "b", "c"]
    for i in range(FRAME_GAP):
        chooser.used("x", str(i))
    assert set(chooser.order(frames)) == set(frames)
    assert chooser.is_recent("a")


def test_categories_are_not_needed(demo: Catalogue) -> None:
    write = writer(with_first(demo, category="", short=""))
    write.repeats = True
    for _ in range(30):
        draft = write.opener("bottle")
        assert draft is not None
        write.chooser.used(draft.frame, draft.text)
        assert "section" not in draft.text
        assert "TrailMate Insulated Bottle" in draft.text


def test_the_chooser_remembers_no_more_after_days_than_after_an_hour() -> None:
    chooser = Chooser(1)
    for i in range(5000):
        chooser.used(f"{{The}} frame {i}.", f"The frame {i}.")
    assert len(chooser._used) <= LONG_RESTED * FRAME_GAP + 1
    assert len(chooser._said) == TEXT_WINDOW
    assert not chooser.is_rested("{The} frame 4999.")
