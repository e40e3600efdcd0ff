"""What the documents say is there: files, commands, make targets, keys of examples, kinds of wishes."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from engine.cli import _parser
from engine.runtime.steering import Wish
from engine.settings import FactType, load_catalogue
from engine.settings.sources.columns import column_of
from server.room.steer import steer

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "README.zh-CN.md",
    ROOT / "assets/LICENSES.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
NO_NAMES = {
    "", "names", "among others", "and their Chinese names", "可以叫作", "or in the heading", "或者写在列名里", "draft",
    "下架 are left out", "下架", "草稿的不读", "EUR", "美元", "颜色 …",
}  # fmt: skip
"""What stands in the second column of the table of columns and is no column."""

CATALOGUES = [ROOT / "docs" / "catalogue.md", ROOT / "docs" / "catalogue.zh-CN.md"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_a_document_links_to_is_there(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_target_and_script_that_a_document_names_is_there(document: Path) -> None:
    text = document.read_text("utf-8")
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z0-9-]+)", text, re.MULTILINE)) <= targets
    scripts = set(re.findall(r"scripts/[a-z_/]+\.(?:py|sh)", text))
    assert [script for script in scripts if not (ROOT / script).is_file()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_a_document_shows_is_one(document: Path) -> None:
    """Lines of shell examples that begin with "everhost", up to their comment."""
    blocks = re.findall(r"```sh\n(.*?)```", document.read_text("utf-8"), re.DOTALL)
    lines = [line.split("  #")[0].split("#")[0].strip() for block in blocks for line in block.splitlines()]
    for line in lines:
        words = re.findall(r'"[^"]*"|\S+', line)
        if words[:1] == ["everhost"]:
            _parser().parse_args([word.strip('"') for word in words[1:]])


def test_every_kind_of_wish_stands_in_the_page_of_the_interface() -> None:
    kinds = set(msgspec.json.schema_components([Wish])[0][0]["discriminator"]["mapping"])
    assert [kind for kind in kinds if not re.search(rf"\b{kind}\b", steer.__doc__ or "")] == []


@pytest.mark.parametrize("document", CATALOGUES, ids=lambda path: path.name)
def test_the_example_of_a_catalogue_is_one(document: Path, tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(shop:.*?)```", document.read_text("utf-8"), re.DOTALL)
    (tmp_path / "shop.yaml").write_text(block, "utf-8")
    catalogue = load_catalogue(tmp_path / "shop.yaml", check_files=False)
    assert len(catalogue.products[0].facts) == 2
    written = re.findall(r"`([a-z_]+)`", document.read_text("utf-8"))
    assert {kind.value for kind in FactType} <= set(written)


@pytest.mark.parametrize("document", CATALOGUES, ids=lambda path: path.name)
def test_every_column_that_is_promised_is_known(document: Path) -> None:
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \|", document.read_text("utf-8"), re.MULTILINE)
    names = [name.strip(" `") for row in rows for name in re.split(r"[,，、：:；()（）]", row)]
    assert [name for name in names if name not in NO_NAMES and column_of(name) is None] == []
