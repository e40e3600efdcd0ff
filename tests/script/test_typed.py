"""Lines that an operator types: the guard finds their evidence itself, so what it does not see would go on air.

Each group has false lines beside honest ones in much the same words.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.flow import Line, LineKind
from engine.script import FactBook, Guard, Verdict, judge_typed
from engine.settings import Catalogue, load_catalogue

XIAOMEI = Path(__file__).parents[2] / "assets" / "catalogue" / "xiaomei.yaml"
QINGCHUAN = Path(__file__).parents[1] / "corpora" / "catalogues" / "qingchuan.yaml"


def typed(guard: Guard, text: str, product: str | None = "bottle") -> Verdict:
    return judge_typed(guard, text, product)[1]


def of(catalogue: Catalogue, host: str, stock: int) -> Guard:
    """A guard over the catalogue with so many of each product."""
    products = tuple(product.model_copy(update={"stock": stock}) for product in catalogue.products)
    return Guard(FactBook(catalogue.model_copy(update={"products": products}), host))


def rules(verdict: Verdict) -> set[str]:
    return {finding.rule for finding in verdict.findings}


# An amount is heard as the price where no word says otherwise: the bottle is 19.99, was 29.99, so 10.00 are saved.


@pytest.mark.parametrize(
    "text",
    [
        "It's $29.99.",
        "The TrailMate bottle: $29.99.",
        "$29.99 gets you the bottle.",
        "It's $10.00!",
        "Only ten dollars!",
        "It's $29.99, and not $19.99.",
    ],
)
def test_the_price_before_and_the_saving_are_not_taken_for_the_price(mia: Guard, text: str) -> None:
    assert "price.role" in rules(typed(mia, text))


@pytest.mark.parametrize(
    "text",
    [
        "It's $19.99.",
        "It's $19.99, and it was $29.99.",
        "$19.99 gets you the bottle.",
        "You save $10.00 on the TrailMate bottle.",
        "That's $10.00 less than before, at $19.99.",
        "$10.00 is what you save.",
        "A saving of $10.00 on this bottle.",
        "Normally it's $29.99, today it is $19.99.",
        "That's $10.00 off the TrailMate bottle.",
        "The old price was $29.99, the price now is $19.99.",
        "The price went from $29.99 to $19.99, and that's $10.00 you keep.",
    ],
)
def test_every_amount_in_its_own_role_may_be_typed(mia: Guard, text: str) -> None:
    assert typed(mia, text) == Verdict()


@pytest.mark.parametrize("text", ["这款169元。", "价格169元。", "直播价40元。", "才40元。", "活动价169元，原价129元。"])
def test_the_price_before_and_the_saving_are_not_taken_for_the_price_in_chinese(xiaomei: Guard, text: str) -> None:
    assert "price.role" in rules(typed(xiaomei, text))


@pytest.mark.parametrize(
    "text",
    [
        "这款129元。",
        "直播价129元，原价169元。",
        "原来价格是169元，现在129元。",
        "划线价169元，到手价129元。",
        "现在买少花40元。",
        "现在129元，差价40元。",
        "一只便宜40元。",
        "价格169元降到129元。",
    ],
)
def test_every_amount_in_its_own_role_may_be_typed_in_chinese(xiaomei: Guard, text: str) -> None:
    assert typed(xiaomei, text) == Verdict()


def test_an_amount_of_a_policy_is_no_price(demo: Catalogue) -> None:
    """The mug is made to cost what the policy speaks of as its price before."""
    products = tuple(
        product.model_copy(update={"was_price": product.price * 0 + 35}) if product.id == "mug" else product
        for product in demo.products
    )
    guard = Guard(FactBook(demo.model_copy(update={"products": products}), "Mia"))
    assert typed(guard, "Shipping is free in the US for orders over $35.", "mug") == Verdict()
    assert "price.role" in rules(typed(guard, "The mug: $35.", "mug"))


# A bare number with the words of a price is a price: 24 hours and 12 hours are facts of the bottle.


@pytest.mark.parametrize(
    "text",
    [
        "Now just 24!",
        "It's yours for 24 today.",
        "The price is 24.",
        "It costs just 12.",
        "Grab it for 24.",
        "Only 24!",
        "It's 12 now.",
        "And it's only 24 today!",
    ],
)
def test_a_bare_number_is_not_a_price_because_a_fact_holds_it(mia: Guard, text: str) -> None:
    assert "price.role" in rules(typed(mia, text))


@pytest.mark.parametrize(
    "text",
    [
        "现在只要24。",
        "到手价12。",
        "直播价24，带走！",
        "今天只要12带走。",
        "现价169。",
        "24拿走。",
        "现在24。",
        "给你们12。",
        "给大家只要24！",
        "十二就能拿下。",
    ],
)
def test_a_bare_number_is_not_a_price_because_a_fact_holds_it_in_chinese(xiaomei: Guard, text: str) -> None:
    assert "price.role" in rules(typed(xiaomei, text))


@pytest.mark.parametrize("text", ["Now just 19.99!", "The price is 19.99.", "It keeps drinks cold for 24 hours."])
def test_bare_prices_and_other_numbers_may_be_typed(mia: Guard, text: str) -> None:
    assert typed(mia, text) == Verdict()


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("现在只要129。", "bottle"),
        ("原来169，现在129。", "bottle"),
        ("这款还有38件。", "bottle"),
        ("直播价129，带走！", "bottle"),
        ("装冰水能保冷24小时。", "bottle"),
        ("烧开一整壶水只要五分钟左右。", "kettle"),
        ("一共三种大小的硅胶耳塞。", "earbuds"),
    ],
)
def test_bare_prices_and_other_numbers_may_be_typed_in_chinese(xiaomei: Guard, text: str, product: str) -> None:
    assert typed(xiaomei, text, product) == Verdict()


# Numbers that look like other words, or are written in other characters.


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("山径保温杯只要十一元。", "bottle"),
        ("只要五十一元。", "bottle"),
        ("只要一元。", "bottle"),
        ("一块钱带走。", "bottle"),
        ("只要兩百元。", "bottle"),
        ("充满电只要一小时。", "earbuds"),
        ("一分钟就烧开。", "kettle"),
        ("兩小時充滿。", "earbuds"),
        ("用50％再生羊毛和30％再生涤纶织成。", "blanket"),
        ("装热水能保温十二多个小时。", "bottle"),
        ("用70%再生羊毛和三十多%的再生涤纶织成。", "blanket"),
        ("这款是六件套。", "bottle"),
        ("装热水能一天一夜保温。", "bottle"),
        ("装冰水保冷两昼夜。", "bottle"),
    ],
)
def test_a_number_is_seen_however_it_is_written(xiaomei: Guard, text: str, product: str) -> None:
    assert rules(typed(xiaomei, text, product)) & {"number", "number.bound", "number.exchanged"}


def test_a_number_is_seen_however_it_is_written_in_english(mia: Guard) -> None:
    assert "number" in rules(typed(mia, "It's yours for a dollar."))


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("用70％再生羊毛和30％再生涤纶织成。", "blanket"),
        ("山径保温杯只要一百二十九元。", "bottle"),
        ("山径保温杯只要１２９元。", "bottle"),
        ("裝熱水能保溫十二個小時。", "bottle"),
        ("烧开一整壶水大约五分钟。", "kettle"),
        ("再给大家一分钟。", "bottle"),
        ("五一我们也在直播间。", "bottle"),
        ("充电这一块，充满一次能听7小时。", "earbuds"),
    ],
)
def test_true_numbers_and_words_that_look_like_numbers_may_be_typed(xiaomei: Guard, text: str, product: str) -> None:
    assert typed(xiaomei, text, product) == Verdict()


def test_the_number_of_a_set_is_held_against_the_names() -> None:
    """The shop's one set is 云栖长绒棉四件套."""
    guard = Guard(FactBook(load_catalogue(QINGCHUAN, check_files=False), "小云"))
    for text, product, ok in (
        ("这款是四件套。", "bedding", True),
        ("这款是六件套。", "bedding", False),
        ("今天有四件套，也有别的。", None, True),
        ("今天有六件套，也有别的。", None, False),
        ("这款是四件套。", "cup", False),
        ("包括一个被套、一条床单和四个枕套。", "bedding", False),
        ("包括一个被套、一条床单和两个枕套。", "bedding", True),
    ):
        assert typed(guard, text, product).ok is ok, text


# Stock in words. "few" is what the templates call few (FEW_LEFT).


@pytest.mark.parametrize(
    ("text", "true_of"),
    [
        ("It's in stock.", {1, 38, 500}),
        ("It’s in stock.", {1, 38, 500}),
        ("We have it in stock.", {1, 38, 500}),
        ("The TrailMate bottle is in stock.", {1, 38, 500}),
        ("It's not in stock.", {0}),
        ("It isn't in stock right now.", {0}),
        ("None are left.", {0}),
        ("We have none left.", {0}),
        ("There are no more left.", {0}),
        ("We're out of these.", {0}),
        ("This is the last one.", {1}),
        ("One left, just one.", {1}),
        ("There are twenty-one left.", {1, 38, 500}),
        ("The pocket is on one left side.", {0, 1, 38, 500}),
        ("This is the last one we have.", {1}),
        ("There aren't many left.", {1, 38}),
        ("Only a few left.", {1, 38}),
        ("This is the last one on my list.", {0, 1, 38, 500}),
        ("The last bottle!", {1}),
        ("Grab it, this is the last bottle we have.", {1}),
        ("This is the last bottle I show you tonight.", {0, 1, 38, 500}),
        ("That's the last question, thank you.", {0, 1, 38, 500}),
        ("That was the last one for today.", {0, 1, 38, 500}),
        ("We still have plenty of these.", {38, 500}),
        ("We have lots of them.", {38, 500}),
        ("There is enough for everyone.", {38, 500}),
        ("You can still order it.", {1, 38, 500}),
        ("You can still get one.", {1, 38, 500}),
        ("Only a couple left.", set()),
        ("Nearly sold out.", {1, 38}),
        ("It's almost sold out.", {1, 38}),
        ("It's not sold out yet.", {1, 38, 500}),
        ("Tell me if it's sold out.", {0, 1, 38, 500}),
        ("You have a few minutes left.", {0, 1, 38, 500}),
    ],
)
def test_what_is_said_of_the_stock_is_held_against_it(demo: Catalogue, text: str, true_of: set[int]) -> None:
    passing = {count for count in (0, 1, 38, 500) if "stock" not in rules(typed(of(demo, "Mia", count), text))}
    assert passing == true_of


@pytest.mark.parametrize(
    ("text", "true_of"),
    [
        ("这款有货。", {1, 38, 500}),
        ("山径保温杯现在有现货。", {1, 38, 500}),
        ("这款现在没有货。", {0}),
        ("这款没有货了。", {0}),
        ("这款没有现货。", {0}),
        ("这款没货了。", {0}),
        ("这款已经没有了。", {0}),
        ("问有没有货的朋友，这款有货。", {1, 38, 500}),
        ("这是最后一件。", {1}),
        ("只有最后一个了。", {1}),
        ("就剩一只了。", {1}),
        ("库存不多了。", {1, 38}),
        ("这款不多了。", {1, 38}),
        ("没剩几件了。", {1, 38}),
        ("时间不多了，咱们看下一款。", {0, 1, 38, 500}),
        ("没几个问题了。", {0, 1, 38, 500}),
        ("最后一件事，链接在下面。", {0, 1, 38, 500}),
        ("这是今天的最后一件。", {0, 1, 38, 500}),
        ("所有货品都在链接里。", {0, 1, 38, 500}),
        ("库存还多着呢。", {38, 500}),
        ("货还很多。", {38, 500}),
        ("数量充足。", {38, 500}),
        ("随便拍，管够。", {38, 500}),
        ("还能拍。", {1, 38, 500}),
        ("还可以下单。", {1, 38, 500}),
        ("快卖完了。", {1, 38}),
        ("马上就要售罄。", {1, 38}),
        ("还没卖完。", {1, 38, 500}),
        ("如果卖完了，我会说一声。", {0, 1, 38, 500}),
        ("还能拍照。", {0, 1, 38, 500}),
        ("今天就差不多了。", {0, 1, 38, 500}),
    ],
)
def test_what_is_said_of_the_stock_is_held_against_it_in_chinese(text: str, true_of: set[int]) -> None:
    catalogue = load_catalogue(XIAOMEI)
    passing = {count for count in (0, 1, 38, 500) if "stock" not in rules(typed(of(catalogue, "小美", count), text))}
    assert passing == true_of


def test_a_couple_are_two_or_three(demo: Catalogue) -> None:
    passing = {count for count in range(1, 6) if "stock" not in rules(typed(of(demo, "Mia", count), "A couple left."))}
    assert passing == {2, 3}


CITED = ("bottle.capacity",)


@pytest.mark.parametrize(
    ("text", "true_of"),
    [
        ("This is the last one, and it holds 750 ml.", {1}),
        ("It holds 750 ml and we have it in stock.", {1, 38}),
        ("It holds 750 ml and we still have plenty.", {38}),
    ],
)
@pytest.mark.parametrize("stock", [0, 1, 38])
def test_stock_is_judged_and_must_be_cited_whatever_a_line_cites(
    demo: Catalogue, text: str, true_of: set[int], stock: int
) -> None:
    found = of(demo, "Mia", stock).verdict(Line("1-1", LineKind.PITCH, text, CITED, "bottle")).findings
    assert ("stock.uncited", "bottle.stock") in {(finding.rule, finding.fact_id) for finding in found}
    assert ("stock" not in {finding.rule for finding in found}) is (stock in true_of)
    cited = of(demo, "Mia", stock).verdict(Line("1-1", LineKind.PITCH, text, (*CITED, "bottle.stock"), "bottle"))
    assert "stock.uncited" not in rules(cited)


def test_a_policy_may_speak_of_stock_in_general(demo: Catalogue) -> None:
    policy = demo.policies[0].model_copy(update={"text": "An order that is out of stock is refunded."})
    guard = Guard(FactBook(demo.model_copy(update={"policies": (policy,)}), "Mia"))
    line = Line("1-1", LineKind.PITCH, policy.text, (f"policy.{policy.id}",), "bottle")
    assert not {"stock", "stock.uncited"} & rules(guard.verdict(line))


# Reductions without a percent sign must follow from the prices: the bottle was 29.99, in Chinese 169; the lamp was 239.


@pytest.mark.parametrize(("text", "ok"), [
    ("Take a third off the TrailMate bottle today.", True),
    ("You get a quarter off the TrailMate bottle.", False),
    ("It's half off today.", False),
])  # fmt: skip
def test_a_part_off_must_follow_from_the_prices(mia: Guard, text: str, ok: bool) -> None:
    assert ("number" not in rules(typed(mia, text))) is ok


@pytest.mark.parametrize(
    ("text", "product", "ok"),
    [
        ("今天打对折。", "bottle", False),
        ("对折！", "bottle", False),
        ("今天88折。", "candle", False),
        ("今天79折。", "lamp", True),
        ("今天七九折。", "lamp", True),
        ("今天88折。", "lamp", False),
        ("低至两折。", "earbuds", False),
        ("盖毯对折以后放进柜子。", "blanket", True),
    ],
)
def test_a_reduction_in_zhe_must_follow_from_the_prices(xiaomei: Guard, text: str, product: str, ok: bool) -> None:
    assert ("number" not in rules(typed(xiaomei, text, product))) is ok


# When an order leaves and arrives: Mia's shop says three to five working days, Xiaomei's that it leaves at once.


@pytest.mark.parametrize(
    "text",
    [
        "Orders ship the same day and arrive the next.",
        "We ship overnight.",
        "You get it the next day.",
        "Next-day delivery on everything!",
        "Order now and have it overnight.",
        "It arrives within 24 hours.",
    ],
)
def test_a_time_of_delivery_needs_a_policy(mia: Guard, text: str) -> None:
    assert "promise" in rules(typed(mia, text))


@pytest.mark.parametrize(
    "text",
    [
        "Orders arrive in three to five working days.",
        "Leave it to soak overnight.",
        "See you again the next day.",
        "Does it ship the same day?",
        "It keeps drinks cold for 24 hours.",
        "Items can be returned within 30 days.",
    ],
)
def test_a_night_and_a_day_that_promise_no_delivery(mia: Guard, text: str) -> None:
    assert "promise" not in rules(typed(mia, text))


@pytest.mark.parametrize(
    "text", ["全国隔天到货。", "次日达。", "今天下单，第二天就能送到。", "当天送达。", "今天送到。", "24小时内发货。"]
)
def test_a_time_of_delivery_needs_a_policy_in_chinese(xiaomei: Guard, text: str) -> None:
    assert "promise" in rules(typed(xiaomei, text))


@pytest.mark.parametrize(
    "text",
    [
        "下午4点之前下单，当天就发货。",
        "每天下午4点前的订单当天发货。",
        "今天到这里，第二天再见。",
        "当天的茶要当天喝。",
    ],
)
def test_a_day_that_the_policy_promises_or_that_promises_nothing(xiaomei: Guard, text: str) -> None:
    assert "promise" not in rules(typed(xiaomei, text))


def test_the_same_working_day_of_a_policy_is_the_same_day() -> None:
    guard = Guard(FactBook(load_catalogue(QINGCHUAN.with_name("alder.yaml"), check_files=False), "Ann"))
    assert "promise" not in rules(typed(guard, "Orders placed before noon ship the same day.", None))
    assert "promise" in rules(typed(guard, "Orders placed before noon arrive the same day.", None))


# People type as they chat; the line that is said is one sentence.


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Welcome everyone", "Welcome everyone."),
        ("Welcome everyone!!!", "Welcome everyone!"),
        ("Welcome everyone 😀", "Welcome everyone."),
        ("Welcome everyone…", "Welcome everyone."),
        ('She said "welcome everyone."', 'She said "welcome everyone."'),
        ("大家好，欢迎来到直播间", "大家好，欢迎来到直播间。"),
        ("大家好，欢迎来到直播间～", "大家好，欢迎来到直播间。"),
        ("欢迎来到直播间！❤️", "欢迎来到直播间！"),
        ("你们喜欢哪个？！", "你们喜欢哪个？"),
        ("大家好", "大家好。"),
    ],
)
def test_a_typed_line_gets_its_end_mark(xiaomei: Guard, mia: Guard, text: str, said: str) -> None:
    draft, verdict = judge_typed(xiaomei if text[0] > "z" else mia, text, None)
    assert draft.text == said
    assert "shape" not in rules(verdict)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("One. Two.", "several"), ("大家好！欢迎来到直播间。", "several"), ("😀", "end it with"), ("{text}", "slot")],
)
def test_what_is_no_sentence_stays_refused(mia: Guard, text: str, reason: str) -> None:
    assert any(reason in found.message for found in typed(mia, text, None).findings if found.rule == "shape")


# When the host comes back is no fact of the catalogue: who steers the show says it.


@pytest.mark.parametrize(
    "text",
    ["We'll be right back in a minute.", "I'm back in ten minutes.", "See you in 5 minutes!", "Be back in a second"],
)
def test_a_break_may_be_announced(mia: Guard, text: str) -> None:
    assert typed(mia, text, None) == Verdict()


@pytest.mark.parametrize("text", ["十分钟后回来。", "休息一下，5分钟后见！", "三分钟之后继续。"])
def test_a_break_may_be_announced_in_chinese(xiaomei: Guard, text: str) -> None:
    assert typed(xiaomei, text, None) == Verdict()


@pytest.mark.parametrize("text", ["It's hot again in ten minutes.", "You get your money back in 10 minutes."])
def test_a_time_that_is_no_break_is_held_against_the_facts(mia: Guard, text: str) -> None:
    assert "number" in rules(typed(mia, text))


@pytest.mark.parametrize("text", ["十分钟后就热了。", "十分钟回本。", "三分钟继续加热。"])
def test_a_time_that_is_no_break_is_held_against_the_facts_in_chinese(xiaomei: Guard, text: str) -> None:
    assert "number" in rules(typed(xiaomei, text, "bottle"))
