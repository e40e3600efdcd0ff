"""Sheets as shops have them: title rows, placeholders, formulas, odd encodings, and columns that are no facts."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from engine.settings import Catalogue, Given, Loaded, Origin, read_catalogue

SHOP = Given("Corner Shop", "USD")


def read(tmp_path: Path, content: str | bytes, name: str = "a.csv", given: Given = SHOP) -> Loaded:
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return read_catalogue(Origin(tmp_path / name), given, check_files=False)


def sheet(tmp_path: Path, *rows: tuple[object, ...]) -> Loaded:
    book = openpyxl.Workbook()
    for row in rows:
        book["Sheet"].append(row)
    book.save(tmp_path / "a.xlsx")
    return read_catalogue(Origin(tmp_path / "a.xlsx"), SHOP, check_files=False)


def good(loaded: Loaded) -> Catalogue:
    assert loaded.problems == []
    assert loaded.catalogue is not None
    return loaded.catalogue


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("Rating", "4.8", "unknown_column"),
        ("毛重", "1.2 kg", "unknown_column"),
        ("Volume", "3", "unknown_column"),
        ("Contents", "2 mugs", "unknown_column"),
        ("Accessories", "-", "empty"),
        ("Accessories", "none", "empty"),
        ("Certificate", "N/A", "empty"),
        ("Capacity", "TBD", "empty"),
        ("Was price", "-", "empty"),
        ("Link", "n/a", "empty"),
        ("Image", "-", "empty"),
        ("Category", "/", "empty"),
        ("Warranty", "yes", "untyped"),
        ("Certificate", "TRUE", "untyped"),
        ("Weight", "0.35", "no_unit"),
        ("Power", "1500", "no_unit"),
        ("Warranty", "2", "no_unit"),
        ("Capacity", "750", "no_unit"),
        ("Size (L x W x H)", "10x20x30", "no_unit"),
    ],
)
def test_what_says_nothing_or_something_false_is_noted_and_not_said(
    tmp_path: Path, column: str, cell: str, code: str
) -> None:
    loaded = read(tmp_path, f"Name,Price,Stock,Material,{column}\nMug,9,1,clay,{cell}\n")
    (mug,) = good(loaded).products
    assert [fact.text for fact in mug.facts] == ["is made of clay"]
    assert (mug.was_price, mug.link, mug.pictures, mug.category) == (None, "", (), "")
    (note,) = loaded.notes
    assert note.code == code
    assert cell in note.text


@pytest.mark.parametrize(
    ("column", "cell", "text"),
    [
        ("配件", "无", ""),
        ("认证", "是", ""),
        ("重量", "350", ""),
        ("重量(克)", "350", "重量是350克"),
        ("配件", "杯刷", "包装内有杯刷"),
        ("质保（个月）", "24", "保修24个月"),
    ],
)
def test_the_same_in_chinese(tmp_path: Path, column: str, cell: str, text: str) -> None:
    loaded = read(tmp_path, f"名称,价格,库存,材质,{column}\n杯子,9,1,陶瓷,{cell}\n", given=Given("店"))
    assert [fact.text for fact in good(loaded).products[0].facts[1:]] == ([text] if text else [])
    assert len(loaded.notes) == (0 if text else 1)


@pytest.mark.parametrize(
    ("column", "cell", "card"),
    [
        ("质保（个月）", "24", "24个月"),
        ("重量(克)", "350", "350克"),
        ("容量", "1.5L", "1.5L"),
        ("描述", "能保温12小时", "保温12小时"),
    ],
)
def test_a_card_in_chinese_has_its_own_units(tmp_path: Path, column: str, cell: str, card: str) -> None:
    loaded = read(tmp_path, f"名称,价格,库存,材质,{column}\n杯子,9,1,陶瓷,{cell}\n", given=Given("店"))
    assert good(loaded).products[0].facts[1].card == card


def test_numbers_with_a_unit_stay_facts(tmp_path: Path) -> None:
    loaded = read(tmp_path, "Name,Price,Stock,Weight (g),Size,Capacity\nMug,9,1,350,10x20 cm,0.3 l\n")
    texts = [fact.text for fact in good(loaded).products[0].facts]
    assert texts == ["weighs 350 g", "measures 10x20 cm", "holds 0.3 l"]


@pytest.mark.parametrize("was", ["9", "9.00", "8"])
def test_a_row_that_is_not_on_sale_has_no_price_before(tmp_path: Path, was: str) -> None:
    loaded = read(tmp_path, f"name,price,was price,stock,material\nMug,9,{was},1,clay\nCup,9,12,1,clay\n")
    assert [product.was_price for product in good(loaded).products] == [None, Decimal(12)]
    assert [(note.product, note.code) for note in loaded.notes] == [("Mug", "no_sale")]


def test_an_export_and_json_with_facts_drop_it_too(tmp_path: Path) -> None:
    head = "Handle,Title,Vendor,Variant Price,Variant Compare At Price,Option1 Name,Option1 Value\n"
    export = read(tmp_path, f"{head}mug,Mug,A,12.50,12.50,Color,red\n")
    assert good(export).products[0].was_price is None
    assert "no_sale" in [note.code for note in export.notes]
    own = [{"id": "mug", "name": "Mug", "price": 5, "was_price": 4, "stock": 1,
            "facts": [{"id": "size", "type": "capacity", "text": "holds 300 ml"}]}]  # fmt: skip
    plain = read(tmp_path, json.dumps(own), "a.json")
    assert good(plain).products[0].was_price is None
    assert [(note.where, note.code) for note in plain.notes] == [("product 1", "no_sale")]


def test_in_yaml_the_same_price_ends_a_sale(tmp_path: Path) -> None:
    text = "shop: A\nproducts:\n  - {id: mug, name: Mug, price: 5, was_price: 5.00, stock: 1, facts: [FACT]}\n"
    loaded = read(tmp_path, text.replace("FACT", "{id: a, type: capacity, text: holds 300 ml}"), "a.yaml")
    assert good(loaded).products[0].was_price is None


def test_a_number_of_a_spreadsheet_has_no_thousands(tmp_path: Path) -> None:
    loaded = sheet(tmp_path, ("name", "price", "stock", "material"), ("Mug", 25.415, 3, "clay"), ("Cup", 9.5, 2, "tin"))
    (problem,) = loaded.problems
    assert (problem.line, problem.key) == (2, "price")
    assert "“25.415” has more than two digits after the point" in problem.message
    assert "=ROUND" in problem.hint
    rounded = sheet(tmp_path, ("name", "price", "stock", "material"), ("Mug", 19.99 * 1.0000000001, 3.0, "clay"))
    assert (good(rounded).products[0].price, good(rounded).products[0].stock) == (Decimal("19.99"), 3)


def test_a_share_in_percent_is_read_as_the_sheet_shows_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book["Sheet"]
    page.append(("name", "price", "stock", "material", "discount", "tax"))
    page.append(("Mug", 9, 1, 0.955, 0.2, 19))
    page["D2"].number_format, page["E2"].number_format, page["F2"].number_format = "0.0%", "0%", '0"%"'
    book.save(tmp_path / "a.xlsx")
    loaded = read_catalogue(Origin(tmp_path / "a.xlsx"), SHOP, check_files=False)
    assert "95.5%" in good(loaded).products[0].facts[0].text
    assert [note.text for note in loaded.notes] == ["discount: 20%", "tax: 19"]


def test_a_number_of_json_has_no_thousands(tmp_path: Path) -> None:
    def priced(price: str, stock: str = "1") -> Loaded:
        return read(tmp_path, f'[{{"name": "Mug", "price": {price}, "stock": {stock}, "material": "clay"}}]', "a.json")

    assert good(priced("19.990")).products[0].price == Decimal("19.99")
    assert good(priced("1.2e1", "3.0")).products[0].price == 12
    for price in ("25.415", "-3", "1e999"):
        assert [(p.line, p.unit, p.key) for p in priced(price).problems] == [(1, "product", "price")]
    assert [p.key for p in priced("5", "3.5").problems] == ["stock"]


def test_a_formula_that_was_never_calculated_is_told_at_its_cell(tmp_path: Path) -> None:
    loaded = sheet(tmp_path, ("name", "price", "stock", "material"), ("Mug", "=4*5", 3, "clay"), ("Cup", 9, 2, "tin"))
    (problem,) = loaded.problems
    assert (problem.line, problem.key, problem.message) == (2, "price", "B2 is a formula without a value")
    assert "save it once" in problem.hint


def test_rows_beyond_the_last_that_is_read_are_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.settings.sources.xlsx_table.MOST_ROWS", 2)
    loaded = sheet(tmp_path, ("name", "price", "stock", "material"), ("Mug", 9, 3, "clay"), ("Cup", 9, 2, "tin"))
    assert [product.name for product in good(loaded).products] == ["Mug"]
    assert [(note.where, note.reason) for note in loaded.notes] == [("row 3", "only the first 2 rows are read")]


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "locked by a password", "without a password"),
        (b"PK\x05\x06" + b"\0" * 18, "not a spreadsheet", ".xlsx"),
    ],
)
def test_files_that_are_no_xlsx_are_told_with_what_to_do(
    tmp_path: Path, content: bytes, message: str, hint: str
) -> None:
    (problem,) = read(tmp_path, content, "a.xlsx").problems
    assert message in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize(
    "text",
    [
        "Spring catalogue;;;\n\nname;price;stock;material\nMug;9;1;clay\n",
        "sep=;\nname;price;stock;material\nMug;9;1;clay\n",
        "sep=|\r\nname|price|stock|material\r\nMug|9|1|clay\r\n",
        "name,price,stock,material\nMug,9,1,clay,,,\n",
        "Prices, stock and more\nname\tprice\tstock\tmaterial\nMug\t9\t1\tclay\n",
    ],
)
def test_what_stands_around_a_table_is_no_mistake(tmp_path: Path, text: str) -> None:
    (mug,) = good(read(tmp_path, text)).products
    assert (mug.name, mug.price, [fact.text for fact in mug.facts]) == ("Mug", 9, ["is made of clay"])


def test_lines_are_counted_from_the_top_of_the_file(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, "sep=;\nSpring\n\nname;price;stock;material\nMug;soon;1;clay\n").problems
    assert (problem.line, problem.key) == (5, "price")
    (problem,) = read(tmp_path, "Spring\nname,stock,material\nMug,1,clay\n").problems
    assert (problem.line, problem.message) == (2, "there is no column for the price")


@pytest.mark.parametrize("name", ["Crème pot", "Café mug", "Größe ä", "Oven 180°C", "“Soft” pillow"])
def test_a_table_of_western_windows_keeps_its_letters(tmp_path: Path, name: str) -> None:
    loaded = read(tmp_path, f"name,price,stock,material\n{name},9,1,clay\n".encode("cp1252"))
    assert good(loaded).products[0].name == name
    assert [note.code for note in loaded.notes] == ["encoding"]


def test_letters_of_an_unknown_encoding_are_told(tmp_path: Path) -> None:
    text = "name,price,stock,material\nłyżka,9,1,steel and oak\n".encode("cp1250")
    (problem,) = read(tmp_path, text).problems
    assert problem.message == "its letters are in an encoding that is not known"
    assert "CSV UTF-8" in problem.hint


def test_several_pictures_of_a_cell(tmp_path: Path) -> None:
    loaded = read(tmp_path, 'name,price,stock,material,image\nMug,9,1,clay,"a.png, b.JPG,c,d.webp"\n')
    assert [path.name for path in good(loaded).products[0].pictures] == ["a.png", "b.JPG", "c,d.webp"]


def test_pictures_of_json_may_be_objects_and_other_objects_are_not_said(tmp_path: Path) -> None:
    row = {"name": "Mug", "price": 9, "stock": 1, "material": "clay", "care": {"wash": 40}, "category": {"id": 7},
           "images": [{"src": "a.png", "alt": "A mug"}, "b.png"]}  # fmt: skip
    loaded = read(tmp_path, json.dumps([row]), "a.json")
    (mug,) = good(loaded).products
    assert [path.name for path in mug.pictures] == ["a.png", "b.png"]
    assert ([fact.text for fact in mug.facts], mug.category) == (["is made of clay"], "")
    assert [(note.where, note.code) for note in loaded.notes] == [
        ("product 1, category", "untyped"), ("product 1, care", "untyped"),
    ]  # fmt: skip


def test_a_mistake_of_json_has_the_number_of_its_product(tmp_path: Path) -> None:
    row = {"name": "Mug", "price": "soon", "stock": 1, "material": "clay"}
    (problem,) = read(tmp_path, json.dumps([{**row, "name": "Cup", "price": 9}, row]), "a.json").problems
    assert str(problem).startswith(f"{tmp_path / 'a.json'}, product 2: price: “soon” is not an amount")
    twice = read(tmp_path, json.dumps([{**row, "price": 9}, {**row, "price": 9}]), "a.json").problems
    assert [problem.message for problem in twice] == ["“Mug” stands twice, here and as product 1"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", '[{"name": "Mug", "price": ' + "9" * 5000 + "}]", "a number in it is too long"),
        ("a.yaml", "shop: A\nproducts:\n  - {id: mug, stock: " + "9" * 5000 + "}\n", "not a whole number"),
        ("b.yaml", "shop: A\nproducts:\n  - {id: mug, facts: [{id: [capacity]}]}\n", "is not text"),
    ],
)
def test_what_no_reader_expects_is_a_mistake_of_the_file(tmp_path: Path, name: str, content: str, words: str) -> None:
    assert any(words in problem.message for problem in read(tmp_path, content, name).problems)


def test_a_library_that_fails_is_told_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("an odd style")

    monkeypatch.setattr("engine.settings.sources.csv_table.decode", fails)
    (problem,) = read(tmp_path, "name,price\n").problems
    assert problem.message == "the catalogue cannot be read: RuntimeError: an odd style"
    assert [record.levelname for record in caplog.records if record.levelno > 20] == []
