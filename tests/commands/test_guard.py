"""``everhost guard``: verdicts on a merchant's own lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.commands.guard import REFUSED, guard
from engine.settings import SettingsError

ROOT = Path(__file__).parents[2]
DEMO, MIA = ROOT / "assets" / "catalogue" / "demo.yaml", ROOT / "avatars" / "mia.yaml"


def lines(folder: Path, *rows: object) -> Path:
    path = folder / "lines.jsonl"
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), "utf-8")
    return path


def judged(capsys: pytest.CaptureFixture[str], path: Path, file: Path = DEMO) -> tuple[int, dict[str, Any]]:
    status = guard(file, path, as_json=True)
    return status, json.loads(capsys.readouterr().out)


def test_facts_may_be_given_or_are_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = lines(
        tmp_path,
        {"product": "bottle", "text": "It keeps drinks cold for 24 hours.", "facts": ["cold"]},
        {"product": "bottle", "text": "It holds 750 ml and comes in sage green."},
        {"product": "bottle", "text": "The TrailMate bottle is $19.99, down from $29.99."},
        {"text": "Take your time and look around."},
    )
    for file in (DEMO, MIA):
        status, data = judged(capsys, path, file)
        assert (status, data["ok"], data["refused"]) == (0, 4, 0), data
    first, second, third, fourth = data["lines"]
    assert (first["facts"], first["facts_inferred"]) == (["bottle.cold"], False)
    assert set(second["facts"]) == {"bottle.capacity", "bottle.colour"}
    assert {"bottle.price", "bottle.was_price"} <= set(third["facts"])
    assert (fourth["facts"], fourth["product"]) == ([], None)


def test_a_refused_line_has_its_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = lines(
        tmp_path,
        {"product": "bottle", "text": "It keeps drinks hot for 24 hours."},
        {"product": "bottle", "text": "It has a straw."},
        {"product": "bottle", "text": "The TrailMate bottle costs $9.99."},
    )
    status, data = judged(capsys, path)
    assert (status, data["refused"]) == (REFUSED, 3)
    first = data["lines"][0]["findings"][0]
    assert (first["rule"], first["words"], first["fact"]) == ("number.exchanged", "24 hours", "bottle.hot")
    assert data["lines"][1]["findings"][0]["words"] == "straw"
    assert data["lines"][2]["findings"][0]["rule"] == "number"


def test_the_text_form_says_what_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = lines(tmp_path, {"product": "mug", "text": "It holds 500 ml.", "facts": ["mug.capacity"]}, "")
    assert guard(DEMO, path, as_json=False) == REFUSED
    out = capsys.readouterr().out
    assert "1  refused  It holds 500 ml." in out
    assert "number: says a number that its facts do not: “500 ml”  [mug.capacity]" in out
    assert out.endswith("0 of 1 lines may go on air.\n")


@pytest.mark.parametrize(
    ("row", "key", "message"),
    [
        ("nonsense", "", "this is not JSON"),
        ("[1]", "", "this is no JSON object"),
        ({"product": "bottle"}, "text", "the words of the line are missing"),
        ({"text": "Hello.", "product": "zebra"}, "product", "the catalogue has no product “zebra”"),
        ({"text": "Hello.", "product": ["bottle"]}, "product", "the catalogue has no product"),
        ({"text": "Hello.", "facts": "bottle.cold"}, "facts", "this must be a list of fact ids"),
        ({"text": "Hello.", "product": "bottle", "facts": ["straw"]}, "facts", "the catalogue has no fact “straw”"),
    ],
)
def test_a_bad_row_is_told_with_its_line(tmp_path: Path, row: object, key: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        guard(DEMO, lines(tmp_path, {"text": "Hello."}, row), as_json=True)
    (problem,) = caught.value.problems
    assert (problem.line, problem.key) == (2, key)
    assert message in problem.message


def test_a_missing_or_empty_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no file of lines here"):
        guard(DEMO, tmp_path / "none.jsonl", as_json=True)
    with pytest.raises(SettingsError, match="there are no lines here"):
        guard(DEMO, lines(tmp_path, ""), as_json=True)
