"""Values changed in a YAML file: what changes, and that nothing else does."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from engine.settings import Channel, load_channel
from engine.settings.edit import REMOVED, EditError, edited
from engine.settings.yaml_file import KeyPath, read_yaml

ROOT = Path(__file__).resolve().parents[2]
MIA = (ROOT / "avatars" / "mia.yaml").read_text(encoding="utf-8")
XIAOMEI = (ROOT / "avatars" / "xiaomei.yaml").read_text(encoding="utf-8")
LOOKS = (ROOT / "avatars" / "looks" / "hana.yaml").read_text(encoding="utf-8")


def data_of(text: str, folder: Path) -> dict[str, Any]:
    file = folder / "read.yaml"
    file.write_text(text, encoding="utf-8")
    return read_yaml(file, "file").data


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    """Pairs of lines that differ in two texts with as many lines."""
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    return [(one, other) for one, other in pairs if one != other]


@pytest.mark.parametrize("text", [MIA, XIAOMEI, LOOKS])
def test_what_does_not_differ_stays_to_the_byte(text: str, tmp_path: Path) -> None:
    data = data_of(text, tmp_path)
    same = {(key,): value for key, value in data.items()}
    assert edited(text, same, Channel) == text
    assert edited(text, {}) == text


def test_numbers_that_are_the_same_are_not_written_again() -> None:
    assert edited(MIA, {("voice", "speed"): 1, ("show", "ahead_s"): 12.0, ("canvas", "fps"): "25"}) == MIA


def test_a_value_changes_and_its_comment_stays_in_its_column() -> None:
    after = edited(MIA, {("name",): "Amelia Jane", ("voice", "speed"): 1.15, ("canvas", "brand_colour"): "#112233"})
    assert changed_lines(MIA, after) == [
        ("name: Mia                                   # what she calls herself",
         "name: Amelia Jane                           # what she calls herself"),
        ("  speed: 1.0                                # 0.7 is slow, 1.4 is fast",
         "  speed: 1.15                               # 0.7 is slow, 1.4 is fast"),
        ('  brand_colour: "#e63348"                   # the quotes are needed: # starts a comment',
         '  brand_colour: "#112233"                   # the quotes are needed: # starts a comment'),
    ]  # fmt: skip


def test_chinese_text_takes_two_columns_a_letter() -> None:
    ((before, after),) = changed_lines(XIAOMEI, edited(XIAOMEI, {("name",): "小美丽"}))
    assert before == "name: 小美                                  # 主播的名字"
    assert after == "name: 小美丽                                # 主播的名字"


@pytest.mark.parametrize(
    "value",
    ["a: b", "# no", "yes", "null", "12", "1.5", "06:00", "- x", "*ref", "&x", "!t", "{a}", "[a]", "a, b", "'", '"',
     " a", "a ", "", "a\nb", "a\tb", "\u2028", "你好：好 # x", "2026-03-02T08:00", "|", ">", "%", "@x", "`", "~", "?",
     "a:"],
)  # fmt: skip
def test_any_text_is_read_back_as_it_was(value: str, tmp_path: Path) -> None:
    for text, path in ((MIA, ("persona", "introduction")), (MIA, ("shop",)), (XIAOMEI, ("name",))):
        after = edited(text, {path: value}, Channel)
        found: Any = data_of(after, tmp_path)
        for part in path:
            found = found[part]
        assert str(found or "") == value


def test_new_keys_come_in_the_order_of_the_model() -> None:
    after = edited(MIA, {("records",): "x", ("show", "pinned"): "bottle", ("show", "weights"): {"candle": 3}}, Channel)
    new = [line for line in after.splitlines() if line not in MIA.splitlines()]
    assert new == ["records: x", "  weights: {candle: 3}", "  pinned: bottle"]
    lines = after.splitlines()
    assert lines[lines.index("records: x") - 1].startswith("catalogue:")
    assert lines[lines.index("  weights: {candle: 3}") - 1].startswith("  rotation:")


def test_entries_of_a_list_keep_their_comments() -> None:
    recording = {"kind": "recording", "name": "recording", "folder": "../var/recordings", "budget_gb": 20}
    rtmp = {"kind": "rtmp", "name": "tube", "url": "rtmp://live.example.com/app", "key": "${TUBE_KEY}"}
    more = edited(MIA, {("outputs",): [rtmp, recording]})
    assert "  - kind: recording                         # keeps the show as video files\n" in more
    assert more.index("name: tube") < more.index("name: recording")
    renamed = edited(MIA, {("outputs",): [recording | {"name": "archive"}]})
    ((before, after),) = changed_lines(MIA, renamed)
    assert (before, after) == ("    name: recording", "    name: archive")
    assert edited(more, {("outputs",): [recording]}) == MIA
    assert "outputs: []\n" in edited(MIA, {("outputs",): []})


@pytest.mark.parametrize(
    ("text", "changes", "wanted"),
    [
        ("a: 1\nshow:\n  # soon\nb: 2", {("show", "pinned"): "x"}, "a: 1\nshow:\n  pinned: x\n  # soon\nb: 2\n"),
        ("a: {b: 1, c: 2} # d\n", {("a", "b"): 3}, "a: {b: 3, c: 2} # d\n"),
        ("a: {b: 1, c: 2}\n", {("a", "b"): REMOVED}, "a: {c: 2}\n"),
        ("a: |\n  long\n  text\n# c\nb: 1\n", {("a",): "q"}, "a: q\n# c\nb: 1\n"),
        ("a: 1 # x\nb: 2\n", {("a",): REMOVED}, "b: 2\n"),
        ("a:\n  - k: 1\n    l: 2  # of l\n# c\nb: 1\n", {("a",): []}, "a: []\n# c\nb: 1\n"),
        ("a:\n  k: 1\n  l: 2  # of l", {("a",): "q"}, "a: q\n"),
        ("a: 1\n", {("b", "c", "d"): True}, "a: 1\nb:\n  c:\n    d: true\n"),
        ("a: []  # none\nb: 1\n", {("a",): [{"k": 1}]}, "a:  # none\n  - k: 1\nb: 1\n"),
        ("\ufeffa: 1\r\nb: 2\r\n", {("b",): 3}, "\ufeffa: 1\r\nb: 3\r\n"),
    ],
)  # fmt: skip
def test_shapes(text: str, changes: dict[KeyPath, Any], wanted: str) -> None:
    assert edited(text, changes) == wanted


def test_what_cannot_be_changed_safely_is_refused() -> None:
    with pytest.raises(EditError, match="text editor"):
        edited("a: &x {b: 1}\nc: *x\n", {("a", "b"): 2})
    with pytest.raises(EditError, match="no block of keys"):
        edited("- 1\n", {("a",): 1})
    with pytest.raises(EditError, match="not YAML"):
        edited("a: [\n", {("a",): 1})
    with pytest.raises(EditError, match="not YAML"):
        edited("a: " + "[" * 1000 + "]" * 1000, {("b",): 1})


POOL: dict[KeyPath, list[Any]] = {
    ("name",): ["Ann", "小美", "O'Neil: the #1"],
    ("persona",): [REMOVED, {"manner": "calm"}],
    ("persona", "introduction"): ["", "Hi.", "a\nb"],
    ("show", "weights"): [{}, {"mug": 0}, {f"product-number-{n}": n for n in range(9)}, REMOVED],
    ("show", "hours"): [[], [{"begin": "06:00", "end": "10:00", "weights": {"mug": 2}}]],
    ("show", "campaigns"): [
        [], [{"name": "x", "begin": "2026-03-02T08:00", "end": "2026-03-03"}, {"name": "y", "text": "t: #"}], REMOVED,
    ],
    ("outputs",): [
        [], [{"kind": "recording", "folder": "x"}], [{"kind": "rtmp", "url": "rtmp://x", "key": "${K}"}] * 2,
    ],
    ("policy", "packs"): [["us"], ["us", "eu", "cn"], REMOVED],
    ("server", "control_names"): [["a.example", "b.example"], []],
    ("chat", "enabled"): [True, False],
    ("canvas", "width"): [720, 1080],
}  # fmt: skip


@pytest.mark.parametrize("text", [MIA, XIAOMEI])
@pytest.mark.parametrize("seed", range(12))
def test_any_run_of_changes_gives_what_was_wanted_and_keeps_whole_comments(
    text: str, seed: int, tmp_path: Path
) -> None:
    rng = random.Random(seed)
    whole = [line for line in text.splitlines() if line.lstrip().startswith("#")]
    wanted = data_of(text, tmp_path)
    for _ in range(12):
        path = rng.choice(list(POOL))
        value = rng.choice(POOL[path])
        text = edited(text, {path: value}, Channel)
        assert all(line in text.splitlines() for line in whole)
        found: Any = data_of(text, tmp_path)
        for part in path[:-1]:
            found = found.get(part, {})
        if value is REMOVED:
            assert path[-1] not in found
        else:
            assert str(found[path[-1]] or "") == str(value or "") or found[path[-1]] == value
        others = {key: each for key, each in data_of(text, tmp_path).items() if key != path[0]}
        assert others == {key: each for key, each in wanted.items() if key != path[0]}
        wanted = data_of(text, tmp_path)


def test_the_demo_channel_still_loads_after_changes(tmp_path: Path) -> None:
    file = tmp_path / "mia.yaml"
    text = edited(
        MIA,
        {
            ("body",): str(ROOT / "avatars/bodies/mia.ehb"),
            ("catalogue",): str(ROOT / "assets/catalogue/demo.yaml"),
            ("show", "weights"): {"candle": 3},
            ("show", "campaigns"): [
                {"name": "Week", "begin": "2026-03-02T08:00", "end": "2026-03-09T08:00", "text": "More mats: today"}
            ],
        },
        Channel,
    )
    file.write_text(text, encoding="utf-8")
    channel = load_channel(file)
    assert channel.show.weights == {"candle": 3}
    assert channel.show.campaigns[0].text == "More mats: today"
