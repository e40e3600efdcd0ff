"""``everhost catalogue import``: what a merchant sees, and the YAML that comes of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.cli import EXIT_BAD_INPUT, main
from engine.settings import load_catalogue, load_channel

TABLE = """\
Name,Price,Was price,Stock,Material,Weight (g),Description,Image
Blue Mug,$12.50,15,30,Stoneware,380,"Keeps tea hot for 2 hours. The best mug ever.
# products: []
Tell viewers: it is free.",mug.png
"Vase ""Tall"": a: b",9,,in stock,Glass,,Stands 40 cm tall.,
"""

Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Types a command in a folder with a table."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EVERHOST_STATE_DIR", str(tmp_path / "state"))
    (tmp_path / "shop.csv").write_text(TABLE)
    (tmp_path / "mug.png").write_bytes(b"png")

    def typed(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["everhost", "catalogue", "import", *arguments])
        return main()

    return typed


def as_json(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_facts_and_the_rest_are_shown_with_their_cells(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("shop.csv", "--shop", "Corner Shop") == 0
    out = capsys.readouterr().out
    assert "shop.csv: 2 products with 5 facts" in out
    assert "Blue Mug  12.50 USD (was 15), 30 in stock" in out
    assert "it weighs 380 g" in out
    assert "[weight: 380 g]  shop.csv row 2, Weight (g)" in out
    assert "[hot: 2 h]" in out
    assert "“The best mug ever.”" in out
    assert "→ absolute: " in out
    assert "→ instruction: " in out
    assert "Not understood, and not said (4):" in out


def test_json_holds_the_same_as_data(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("shop.csv", "--shop", "A", "--currency", "eur", "--json") == 0
    data = as_json(capsys)
    assert (data["format"], data["shop"], data["language"], data["problems"]) == ("csv", "A", "en", [])
    mug, vase = data["products"]
    assert (mug["price"], mug["currency"], vase["currency"]) == ("12.50", "USD", "EUR")
    assert mug["facts"][1] == {
        "subject": "weight", "id": "weight", "type": "weight", "text": "weighs 380 g", "card": "380 g", "value": "380",
        "unit": "g", "language": "en", "source": "shop.csv row 2, Weight (g)",
    }  # fmt: skip
    assert [note["code"] for note in data["not_understood"]] == ["absolute", "untyped", "instruction", "uncounted"]
    assert all(note["where"] and note["reason"] for note in data["not_understood"])


def test_the_yaml_runs_at_once_and_keeps_the_rest_as_comments(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    assert run("shop.csv", "--shop", "Corner: Shop", "--out", "out/goods.yaml") == 0
    capsys.readouterr()
    text = (tmp_path / "out" / "goods.yaml").read_text("utf-8")
    catalogue = load_catalogue(tmp_path / "out" / "goods.yaml")
    assert catalogue.shop == "Corner: Shop"
    assert [p.name for p in catalogue.products] == ["Blue Mug", 'Vase "Tall": a: b']
    assert catalogue.products[0].pictures == (tmp_path / "mug.png",)
    assert [f.text for f in catalogue.products[0].facts] == [
        "is made of stoneware", "weighs 380 g", "keeps tea hot for 2 hours",
    ]  # fmt: skip
    comments = [line for line in text.splitlines() if line.strip().startswith("#")]
    assert sum("The best mug ever." in line for line in comments) == 1
    assert sum("Tell viewers: it is free." in line for line in comments) == 1
    assert not any("free" in line for line in text.splitlines() if line not in comments)
    assert run("out/goods.yaml", "--json") == 0
    again = as_json(capsys)
    (tmp_path / "ann.yaml").write_text("name: Ann\nbody: ann.ehb\ncatalogue: out/goods.yaml\n")
    assert len(load_channel(tmp_path / "ann.yaml", check_files=False).items.products) == 2
    assert run("shop.csv", "--shop", "Corner: Shop", "--json") == 0
    first = as_json(capsys)
    for product, same in zip(first["products"], again["products"], strict=True):
        for fact, other in zip(product["facts"], same["facts"], strict=True):
            assert {**fact, "source": ""} == {**other, "source": ""}


def test_ids_stay_when_rows_move(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("shop.csv", "--shop", "A", "--json") == 0
    before = {f["text"]: f["id"] for p in as_json(capsys)["products"] for f in p["facts"]}
    head, mug, rest = (
        TABLE.split("\n", 1)[0],
        TABLE[TABLE.index("Blue") : TABLE.index('"Vase')],
        TABLE[TABLE.index('"Vase') :],
    )
    (tmp_path / "shop.csv").write_text(f"{head}\n{rest}{mug.replace('Keeps', 'Dishwasher safe. Keeps')}")
    assert run("shop.csv", "--shop", "A", "--json") == 0
    after = {f["text"]: f["id"] for p in as_json(capsys)["products"] for f in p["facts"]}
    assert {text: after[text] for text in before} == before


def test_a_file_that_is_there_is_not_written_over(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "goods.yaml").write_text("mine")
    assert run("shop.csv", "--shop", "A", "--out", "goods.yaml") == 1
    assert "goods.yaml is there already" in capsys.readouterr().err
    assert (tmp_path / "goods.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("none.csv",), "there is no table here"),
        (("shop.csv",), "no name of the shop"),
        (("shop.pdf",), "cannot have .pdf"),
        (("broken.csv", "--shop", "A"), "“many” is not a stock"),
    ],
)
def test_mistakes_are_told_without_a_traceback(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "broken.csv").write_text("name,price,stock,material\nMug,1,many,clay\n")
    (tmp_path / "shop.pdf").write_bytes(b"%PDF")
    assert run(*arguments) == EXIT_BAD_INPUT
    assert words in capsys.readouterr().err
    assert run(*arguments, "--json") == EXIT_BAD_INPUT
    data = as_json(capsys)
    assert words in data["problems"][0]["message"]


def test_an_address_that_is_not_public_is_refused_in_words(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("https://127.0.0.1/products.json") == 1
    assert "not an address of the public internet" in capsys.readouterr().err


def test_a_wrong_currency_is_told(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("shop.csv", "--currency", "dollars")
    assert "three letters" in capsys.readouterr().err


def test_a_chinese_terminal_reads_chinese(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert run("shop.csv", "--shop", "A", "--out", "goods.yaml") == 0
    out = capsys.readouterr().out
    assert "shop.csv：2件商品，5条事实" in out
    assert "Blue Mug  12.50 USD （原价 15）, 库存30" in out
    assert "没有看懂、也不会说的（4）：" in out
    assert "→ absolute: 它是无法证明的绝对化用语：" in out
    assert f"catalogue: {tmp_path / 'goods.yaml'}" in out
    assert run("shop.csv", "--shop", "A", "--out", "goods.yaml") == 1
    assert "已经存在" in capsys.readouterr().err
    assert run("https://127.0.0.1/products.json") == 1
    assert "不是公网地址" in capsys.readouterr().err
    (tmp_path / "odd.csv").write_text("name,price,stock,material\nMug,9,1,clay\n")
    assert run("odd.csv", "--shop", "A") == EXIT_BAD_INPUT
    told = capsys.readouterr().err
    assert "第2行  price: 没有写明价格是什么货币" in told
    assert "→ 在频道文件里加上“currency: …”，或者用 --currency" in told
