"""What a merchant types wrong in a YAML file: the line, and what would be right, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.settings import Problem, SettingsError, in_chinese, load_channel, load_rest, read_catalogue
from engine.settings.explain import _NUMBERS, _PATTERN_HINTS, _SHAPES
from engine.settings.sources import Given, Origin
from engine.settings.yaml_file import read_yaml
from engine.settings.yaml_mistakes import _RULES, _TYPED, LOOK_AT_IT
from tests.settings.test_chinese import half_translated
from tests.settings.test_load import CATALOGUE, CHANNEL, change, only, problems_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("shop.yaml", CATALOGUE), ("ann.yaml", CHANNEL), ("mug.png", "png"), ("ann.ehb", "body")):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("name: Ann\nvoice:\n\tname: heart\n", 3, "a tab stands here", "with spaces"),
        ("name: Ann\nlanguage：zh\n", 2, "a “:” is missing", "the colon is a Chinese one"),
        ("name: Ann\nlanguage:zh\n", 2, "a “:” is missing", "a space behind the “:”"),
        ("a: 1\nname: Ann: the host\n", 2, "one “:” too many", "in double quotes"),
        ("a: 1\nvoice:\n  name: b\n   speed: 1\n", 4, "not indented as those above", "in the same column"),
        ("a: 1\nvoice:\n    name: b\n  speed: 1\n", 4, "not indented as those above", "in the same column"),
        ('a: 1\nname: "Ann\nbody: x\ncatalogue: y\n', 2, "a quote is opened here and not closed", "the same quote"),
        ("a: 1\nvoice: {name: b\n", 2, "what begins with { or [ is not closed", "close it"),
        ("a: 1\nfact: {id: a，text: b}\n", 2, "cannot be read from here on", "the comma is a Chinese one"),
        ("a: 1\nfact: {id: a, text: 'it's red'}\n", 2, "cannot be read from here on", "in double quotes"),
        ("a: 1\nfact: {id: a, text: red: dark}\n", 2, "cannot be read from here on", "in double quotes"),
        ("a: 1\ncanvas: {brand_colour: #e63348}\nname: b\n", 2, "cannot be read from here on", '"#e63348"'),
        ("a: 1\nout: {kind: rtmp, key: ${KEY}}\n", 2, "cannot be read from here on", '"${NAME}"'),
        ('a: 1\nbody: "C:\\Users\\ann.ehb"\n', 2, "“\\” has a meaning of its own", "paths with “/”"),
        ('a: 1\nbody: "C:\\shop\\ann.ehb"\n', 2, "“\\” has a meaning of its own", "paths with “/”"),
        ("a: 1\nname: @ann\n", 2, "may not begin with this sign", "in double quotes"),
        ("a: 1\nname: *ann\n", 2, "may not begin with this sign", "in double quotes"),
        ("a: 1\n---\nname: Bob\n", 2, "a second file begins here", "“---”"),
    ],
)
def test_what_is_no_yaml_is_told_at_its_line_with_what_would_be_right(
    tmp_path: Path, text: str, line: int, message: str, hint: str
) -> None:
    (tmp_path / "ann.yaml").write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        read_yaml(tmp_path / "ann.yaml", "channel file")
    problem = only(caught.value.problems)
    assert problem.line == line
    assert problem.message.startswith("this is not YAML: ")
    assert message in problem.message
    assert hint in problem.hint
    for told in (problem.message, problem.hint):
        assert not half_translated(told), in_chinese(told)


def test_every_hint_of_the_tables_is_chinese() -> None:
    told = [text for rule in _RULES for text in (rule.message, rule.hint)]
    told += [hint for _, hint in _TYPED] + [LOOK_AT_IT, *_PATTERN_HINTS.values()]
    told += [f"write {what}" for what in _NUMBERS.values()] + [text for shape in _SHAPES.values() for text in shape]
    for text in told:
        assert in_chinese(text) != text
        assert not half_translated(text.format(shown="7") if "{shown}" in text else text), in_chinese(text)


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "message", "hint"),
    [
        ("name: Ann", "name: Ann\nshow:\n  gap_ms：320", 2, "show", "a block of keys", "the colon is a Chinese one"),
        ("name: Ann", "name: Ann\nvoice:\n  name:heart", 2, "voice", "a block of keys", "a space behind the “:”"),
        ("name: Ann", "name: Ann\n\u3000language: en", 2, "\u3000language", "not a key", "plain spaces"),
        ("name: Ann", "name: Ann\nvoice: {speed: １}", 2, "voice.speed", "“１” is not a number", "write it as 1"),
        (
            "name: Ann",
            "name: Ann\nshow: {weights: {杯子: 3}}",
            2,
            "show.weights.杯子",
            "“杯子” is not written right",
            "small letters",
        ),
        ("${STREAM_KEY}", "$STREAM_KEY", 9, "outputs[1].key", "a variable without its braces", "write ${NAME}"),
        ("${STREAM_KEY}", "'%STREAM_KEY%'", 9, "outputs[1].key", "a variable without its braces", "write ${NAME}"),
        ("body: ann.ehb", "body: bodies\\ann.ehb", 2, "body", "the body file is missing", "paths with “/”"),
        ("catalogue: shop.yaml", "catalogue: a\\shop.yaml", 3, "catalogue", "no catalogue at", "paths with “/”"),
    ],
)
def test_what_is_typed_wrong_in_a_channel_is_told_with_what_would_be_right(
    folder: Path, old: str, new: str, line: int, key: str, message: str, hint: str
) -> None:
    change(folder / "ann.yaml", old, new)
    problem = next(problem for problem in problems_of(folder) if problem.key == key)
    assert problem.line == line
    assert message in problem.message
    assert hint in problem.hint
    for told in (problem.message, problem.hint):
        assert not half_translated(told), in_chinese(told)


@pytest.mark.parametrize(
    ("price", "hint"),
    [
        ("$19.99", "the number alone"),
        ("19.9元", "the number alone"),
        ("1,299.00", "without marks for thousands"),
        ('"19,99"', "with a point"),
        ("１９．９", "write it as 19.9"),
        ("99999999999", "at most ten digits"),
    ],
)
def test_a_price_that_is_typed_wrong_is_told_with_how_to_write_it(folder: Path, price: str, hint: str) -> None:
    change(folder / "shop.yaml", "price: 12.50", f"price: {price}")
    problem = only(problems_of(folder))
    assert (problem.line, problem.key) == (5, "products[0].price")
    assert problem.message == f"“{price.strip(chr(34))}” is not an amount"
    assert hint in problem.hint
    assert not half_translated(problem.hint), in_chinese(problem.hint)


def test_a_price_with_an_exponent_is_kept_in_figures(folder: Path) -> None:
    change(folder / "shop.yaml", "price: 12.50\n    was_price: 15", "price: 1e3\n    was_price: 1.2E+3")
    product = load_channel(folder / "ann.yaml", environment={"STREAM_KEY": "k"}).items.products[0]
    assert (str(product.price), str(product.was_price)) == ("1000", "1200")


@pytest.mark.parametrize(
    ("code", "hint"),
    [("UDS", "did you mean “USD”?"), ("RMB", "write it as CNY"), ("eur", "write it as EUR"), ("QQQ", "three letters")],
)
@pytest.mark.parametrize("of_the_catalogue", [True, False])
def test_a_currency_that_is_none_is_told_once(folder: Path, code: str, hint: str, *, of_the_catalogue: bool) -> None:
    where = ("shop: Corner Shop", "    stock: 3")[not of_the_catalogue]
    change(folder / "shop.yaml", where, f"{where}\n{'' if of_the_catalogue else '    '}currency: {code}")
    problem = only(problems_of(folder))
    assert problem.key == ("currency" if of_the_catalogue else "products[0].currency")
    assert f"“{code}” is not" in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize(
    "block", ["endpoint: {address: 'http://a.test', model: m}", "coqui: {weights: w, sha256: 1, config: c}"]
)
def test_a_voice_whose_block_has_mistakes_does_not_lack_the_block(folder: Path, block: str) -> None:
    change(folder / "ann.yaml", "name: Ann", f"name: Ann\nvoice: {{backend: {block.partition(':')[0]}, {block}}}")
    rest = load_rest(folder / "ann.yaml", problems_of(folder))
    assert rest is not None
    lacks = Problem(folder / "ann.yaml", 2, "voice.backend", "it needs to know which")
    assert rest.judged([lacks]) == []


def test_a_comma_in_a_text_is_told(folder: Path) -> None:
    change(folder / "shop.yaml", "text: holds 300 ml,", "text: holds 300 ml, or more,")
    problem = only(problems_of(folder))
    assert (problem.line, problem.key) == (10, "products[0].facts[0].or more")
    assert "a text that holds a comma is put in double quotes" in problem.hint


def test_a_wrong_language_is_told_once_and_not_for_each_fact(folder: Path) -> None:
    change(folder / "shop.yaml", "shop: Corner Shop", "shop: Corner Shop\nlanguage: cn")
    assert [problem.key for problem in problems_of(folder)] == ["language"]


def test_products_that_are_not_there_are_missing(folder: Path) -> None:
    (folder / "shop.yaml").write_text("shop: Corner Shop\n", "utf-8")
    assert "“products” is missing" in only(problems_of(folder)).message


@pytest.mark.parametrize(
    ("text", "what", "message", "hint"),
    [
        (CATALOGUE, "channel file", "this is a catalogue, and a channel file is needed here", "whose key “catalogue”"),
        (CHANNEL, "catalogue", "this is a channel file, and a catalogue is needed here", "behind its key “catalogue”"),
        (CHANNEL, "host file", "this is a channel file, and a host file is needed here", "check the path"),
        ("name: a\nface: {}\n", "channel file", "this is a host file, and a channel file is needed", "check the path"),
    ],
)
def test_another_kind_of_file_is_one_mistake(tmp_path: Path, text: str, what: str, message: str, hint: str) -> None:
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        read_yaml(tmp_path / "a.yaml", what)
    problem = only(caught.value.problems)
    assert message in problem.message
    assert hint in problem.hint
    assert not half_translated(problem.message), in_chinese(problem.message)


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_a_file_in_other_letters_is_a_text_all_the_same(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.yaml").write_bytes("name: 小美\n".encode(encoding))
    with pytest.raises(SettingsError) as caught:
        read_yaml(tmp_path / "a.yaml", "channel file")
    problem = only(caught.value.problems)
    assert problem.message == "its letters are not written as UTF-8"
    assert "save it as UTF-8" in problem.hint


@pytest.mark.parametrize(
    ("table", "line", "message"),
    [
        ("名称，价格，库存\n杯子，9，1\n", 1, "Chinese commas stand between the cells"),
        ('name,price,stock\n"Mug,9,1\n', 2, "a quote that is opened here is not closed"),
        ('name,price,stock\n"Mug"x,9,1\n', 2, "something stands behind a quote that was closed"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(tmp_path: Path, table: str, line: int, message: str) -> None:
    (tmp_path / "a.csv").write_text(table, "utf-8")
    problem = only(read_catalogue(Origin(tmp_path / "a.csv"), Given("店"), check_files=False).problems)
    assert problem.line == line
    assert message in problem.message
    assert not half_translated(problem.message), in_chinese(problem.message)


@pytest.mark.parametrize("stock", ["1 000", "1'000", "1\u00a0000", '"1,000"'])
def test_a_stock_has_the_marks_of_thousands_that_a_price_has(tmp_path: Path, stock: str) -> None:
    table = f"name,price,stock,material,currency\nMug,1 000.00,{stock},clay,USD\n"
    (tmp_path / "a.csv").write_text(table, "utf-8")
    loaded = read_catalogue(Origin(tmp_path / "a.csv"), Given("A"), check_files=False)
    assert loaded.catalogue is not None
    assert (loaded.catalogue.products[0].price, loaded.catalogue.products[0].stock) == (1000, 1000)
