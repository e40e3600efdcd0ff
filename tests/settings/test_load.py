from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from engine.settings import (
    Channel,
    Problem,
    Recording,
    Retention,
    SettingsError,
    format_problems,
    load_catalogue,
    load_channel,
    problem_at,
    state_dir,
)
from engine.settings.secrets import keep_secret, secrets_place
from tests.settings.test_pictures import png_that_claims

ROOT = Path(__file__).parents[2]

CATALOGUE = """\
shop: Corner Shop
products:
  - id: mug
    name: Blue Mug
    price: 12.50
    was_price: 15
    stock: 3
    pictures: [mug.png]
    facts:
      - {id: size, type: size, text: holds 300 ml, card: 300 ml}
"""

CHANNEL = """\
name: Ann
body: ann.ehb
catalogue: shop.yaml
outputs:
  - kind: recording
    folder: out
  - kind: rtmp
    url: rtmp://live.example.com/app
    key: ${STREAM_KEY}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop.yaml").write_text(CATALOGUE, "utf-8")
    (tmp_path / "ann.yaml").write_text(CHANNEL, "utf-8")
    (tmp_path / "mug.png").write_bytes(b"png")
    (tmp_path / "ann.ehb").write_bytes(b"body")
    return tmp_path


def problems_of(folder: Path, **environment: str) -> list[Problem]:
    with pytest.raises(SettingsError) as caught:
        load_channel(folder / "ann.yaml", environment=environment or {"STREAM_KEY": "k"})
    return caught.value.problems


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new), "utf-8")


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, problems
    return problems[0]


def test_a_good_channel_loads_with_absolute_paths_and_its_secret(folder: Path) -> None:
    channel = load_channel(folder / "ann.yaml", environment={"STREAM_KEY": "abc"})
    assert channel.items.products[0].price == Decimal("12.50")
    assert channel.body == folder / "ann.ehb"
    assert channel.items.products[0].pictures == (folder / "mug.png",)
    recording, rtmp = channel.outputs
    assert recording.kind == "recording"
    assert recording.folder == folder / "out"
    assert rtmp.kind == "rtmp"
    assert rtmp.key.get_secret_value() == "abc"
    assert "abc" not in repr(channel)


def test_what_the_demo_channel_writes_down_is_the_default() -> None:
    """Its first lines say so, and name what is not."""
    written = load_channel(ROOT / "avatars" / "mia.yaml", check_files=False)
    needed = {key: getattr(written, key) for key in ("file", "name", "body", "catalogue", "items")}
    default = Channel(**needed)
    differing = {key for key in Channel.model_fields if getattr(written, key) != getattr(default, key)}
    assert differing == {"outputs", "policy"}
    assert written.policy.model_copy(update={"packs": None}) == default.policy


@pytest.mark.parametrize("name", ["mia.yaml", "xiaomei.yaml"])
def test_how_long_things_are_kept_stands_in_the_demo_channels(name: str) -> None:
    text = (ROOT / "avatars" / name).read_text("utf-8")
    assert "\nledger:" in text
    assert load_channel(ROOT / "avatars" / name, check_files=False).ledger == Retention(keep_days=400, chat_days=90)


def test_the_demo_channel_is_right() -> None:
    channel = load_channel(ROOT / "avatars" / "mia.yaml", check_files=False)
    assert [product.id for product in channel.items.products] == (
        [
            "bottle",
            "lamp",
            "blanket",
            "kettle",
            "earbuds",
            "backpack",
            "mug",
            "mat",
            "candle",
            "powerbank",
            "pan",
            "notebook",
        ]
    )
    assert all(5 <= len(product.facts) <= 8 for product in channel.items.products)
    assert channel.canvas.brand_colour == "#e63348"
    (recording,) = channel.outputs
    assert isinstance(recording, Recording)
    assert recording.budget_gb == 20, "what everybody copies must not fill the disk"
    load_catalogue(ROOT / "assets" / "catalogue" / "demo.yaml")


CHANNEL_MISTAKES = [
    ("name: Ann", "name: Ann\nledger: {chat_days: -1}", {(2, "ledger.chat_days", "“-1” is not", "at least 0")}),
    ("name: Ann", "name: Ann\nledger: {days: 9}", {(2, "ledger.days", "not a key", "did you mean “keep_days”?")}),
    (
        "name: Ann",
        "name: Ann\nalarms: {disk_free_percent: 0}",
        {(2, "alarms.disk_free_percent", "“0” is not", "at least 1")},
    ),
    ("name: Ann", "name: Ann\nalarms: {no_speech_s: 1}", {(2, "alarms.no_speech_s", "“1” is not", "at least 5")}),
    (
        "name: Ann",
        "name: Ann\nalarms: {webhook: 'http://a.test/x'}",
        {(2, "alarms.webhook", "begins with https://", "")},
    ),
    ("name: Ann", "name: Ann\nalarms: {webhook: 'https://a.test/x'}", {(2, "alarms", "needs alarms.secret", "")}),
    ("name: Ann", "nmae: Ann", {(1, "nmae", "not a key", "did you mean “name”?"), (1, "name", "missing", "")}),
    ("name: Ann", "name: Ann\ncanvas:\n  fps: 26", {(3, "canvas.fps", "“26” is not allowed", "allowed: 25, 30")}),
    ("name: Ann", "name: Ann\ncanvas: {widht: 720}", {(2, "canvas.widht", "not a key", "did you mean “width”?")}),
    ("name: Ann", "name: Ann\ncanvas: {width: 721}", {(2, "canvas.width", "“721” is not allowed", "multiple of 2")}),
    ("name: Ann", "name: Ann\nvoice: {speed: fast}", {(2, "voice.speed", "“fast” is not a number", "such as 1.0")}),
    ("name: Ann", "name: Ann\nvoice: {speed: 3}", {(2, "voice.speed", "“3” is not allowed", "at most 1.4")}),
    ("name: Ann", "name: Ann\nshow: lively", {(2, "show", "must be a block of keys", "indent")}),
    (
        "name: Ann",
        "name: Ann\nshow:\n  pinned: mugg\n  weights: {cup: 2}",
        {(3, "show.pinned", "no product “mugg”", "mug"), (4, "show.weights.cup", "no product “cup”", "mug")},
    ),
    ("name: Ann", "name: Ann\nshow: {weights: {mug: 12}}", {(2, "show.weights.mug", "“12” is not", "at most 9")}),
    ("name: Ann", "name: Ann\nshow: {time_zone: Mars}", {(2, "show.time_zone", "not a time zone", "")}),
    (
        "name: Ann",
        "name: Ann\nshow: {hours: [{begin: 18:00, end: 25:00, weights: {mug: 2}}]}",
        {(2, "show.hours[0].end", "“25:00” is not a time of the day", "such as 18:30")},
    ),
    (
        "name: Ann",
        "name: Ann\nshow: {campaigns: [{name: A, begin: soon, end: 2026-03-01T10:00}]}",
        {(2, "show.campaigns[0].begin", "“soon” is not a date and time", "2026-03-01T18:00")},
    ),
    (
        "name: Ann",
        "name: Ann\nshow: {campaigns: [{name: A, begin: 2026-03-03T10:00, end: 2026-03-01T10:00}]}",
        {(2, "show.campaigns[0].end", "must end after it begins", "")},
    ),
    (
        "name: Ann",
        "name: Ann\nshow: {campaigns: [{name: A, begin: 2026-03-01T10:00Z, end: 2026-03-01T12:00+08:00}]}",
        {(2, "show.campaigns[0].end", "must end after it begins", "")},
    ),
    (
        "name: Ann",
        "name: Ann\nserver: {host: 'localhost:8080'}",
        {(2, "server.host", "an address such as 127.0.0.1", "")},
    ),
    ("name: Ann", "name: Ann\nlanguage: zh", {(2, "language", "its catalogue is written in “en”", "language: en")}),
    ("name: Ann", "name: Ann\nname: Bea", {(2, "name", "stands twice, here and on line 1", "keep one")}),
    ("name: Ann", "name: Ann\nitems: {}", {(2, "items", "not a key that belongs here", "remove it")}),
    ("name: Ann", "language: en", {(1, "name", "“name” is missing", "must be given")}),
    ("kind: recording", "kind: tape", {(5, "outputs[0]", "“tape” is not allowed", "recording, rtmp")}),
    (
        "    folder: out",
        "    fodler: out",
        {(6, "outputs[0].fodler", "not a key", "“folder”"), (5, "outputs[0].folder", "missing", "")},
    ),
    ("rtmp://live", "http://live", {(8, "outputs[1].url", "not written right", "rtmp://")}),
    ("body: ann.ehb", "body: bob.ehb", {(2, "body", "body file is missing; looked at", "own folder")}),
    (
        "catalogue: shop.yaml",
        "catalogue: shops.yaml",
        {(3, "catalogue", "there is no catalogue at", "check the path")},
    ),
    (
        "  - kind: rtmp\n",
        "  - kind: rtmp\n    name: recording\n",
        {(8, "outputs[1].name", "“recording” stands twice", "different names")},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), CHANNEL_MISTAKES)
def test_each_mistake_in_a_channel_has_line_key_and_advice(
    folder: Path, old: str, new: str, expected: set[tuple[int, str, str, str]]
) -> None:
    change(folder / "ann.yaml", old, new)
    problems = {problem.key: problem for problem in problems_of(folder)}
    assert set(problems) == {key for _, key, _, _ in expected}
    for line, key, message, hint in expected:
        problem = problems[key]
        assert (problem.file, problem.line) == (folder / "ann.yaml", line)
        assert message in problem.message
        assert hint in problem.hint


def test_the_database_of_the_records_is_checked_and_its_password_not_shown(folder: Path) -> None:
    change(folder / "ann.yaml", "name: Ann", "name: Ann\nrecords: mysql://ann:geheim@host/db")
    problem = only(problems_of(folder))
    assert (problem.line, problem.key) == (2, "records")
    assert "geheim" not in str(problem)
    change(folder / "ann.yaml", "mysql://ann:geheim@host/db", "postgresql://${DB_USER}@host/db")
    channel = load_channel(folder / "ann.yaml", environment={"STREAM_KEY": "k", "DB_USER": "ann:geheim"})
    assert channel.records.get_secret_value() == "postgresql://ann:geheim@host/db"
    assert "geheim" not in repr(channel)


CATALOGUE_MISTAKES = [
    ("price: 12.50", "price: -1", (5, "products[0].price", "“-1” is not allowed", "more than 0")),
    ("price: 12.50", "price: cheap", (5, "products[0].price", "“cheap” is not an amount", "such as 19.99")),
    ("price: 12.50", "price: 12.505", (5, "products[0].price", "is not an amount", "two digits")),
    ("was_price: 15", "was_price: 12.40", (6, "products[0].was_price", "is not above the price", "remove was_price")),
    ("stock: 3", "stock: many", (7, "products[0].stock", "“many” is not a whole number", "such as 12")),
    ("[mug.png]", "[cup.png]", (8, "products[0].pictures[0]", "the picture is missing; looked at", "own folder")),
    ("type: size", "type: sice", (10, "products[0].facts[0].type", "“sice” is not allowed", "material, size")),
    ("{id: size,", "{id: price,", (10, "products[0].facts[0].id", "may not be called “price”", "another id")),
    ("  - id: mug", "  - id: Blue Mug", (3, "products[0].id", "“Blue Mug” is not written right", "blue-mug")),
    ("shop: Corner Shop", "shop: ''", (1, "shop", "this is empty", "at least 1 letters")),
]


@pytest.mark.parametrize(("old", "new", "expected"), CATALOGUE_MISTAKES)
def test_each_mistake_in_a_catalogue_has_line_key_and_advice(
    folder: Path, old: str, new: str, expected: tuple[int, str, str, str]
) -> None:
    change(folder / "shop.yaml", old, new)
    problem = only(problems_of(folder))
    line, key, message, hint = expected
    assert (problem.file, problem.line, problem.key) == (folder / "shop.yaml", line, key)
    assert message in problem.message
    assert hint in problem.hint


def test_a_picture_of_too_many_pixels_is_a_mistake_with_its_line(folder: Path) -> None:
    (folder / "mug.png").write_bytes(png_that_claims(8000, 8000))
    problem = only(problems_of(folder))
    assert (problem.file, problem.line, problem.key) == (folder / "shop.yaml", 8, "products[0].pictures[0]")
    assert problem.message == "the picture mug.png is too large: it has 8000 × 8000 pixels, more than 40 million"
    assert "make it smaller" in problem.hint


@pytest.mark.parametrize(
    ("added", "key", "message"),
    [
        ("  - new\n", "products[1]", "this must be a block of keys"),
        ("  - 5\n", "products[1]", "this must be a block of keys"),
        ("  -\n", "products[1]", "this must be a block of keys"),
        ("policies: free\n", "policies", "this must be a list"),
    ],
)
def test_a_catalogue_that_is_half_typed_is_a_mistake_with_its_line(
    folder: Path, added: str, key: str, message: str
) -> None:
    (folder / "shop.yaml").write_text(CATALOGUE + added, "utf-8")
    problem = only(problems_of(folder))
    assert (problem.file, problem.line, problem.key) == (folder / "shop.yaml", 11, key)
    assert message in problem.message


@pytest.mark.parametrize("picture", ["~nobody-is-called-so/mug.png", f"data:image/png;base64,{'A' * 5000}"])
def test_what_can_be_no_path_of_a_picture_is_a_missing_picture(folder: Path, picture: str) -> None:
    change(folder / "shop.yaml", "[mug.png]", f'["{picture}"]')
    problem = only(problems_of(folder))
    assert (problem.line, problem.key) == (8, "products[0].pictures[0]")
    assert f"the picture is missing; looked at {folder}/{picture[:20]}" in problem.message
    assert len(problem.message) < 400


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ("body: ann.ehb", "body: ~nobody-is-called-so/ann.ehb", 2, "body"),
        ("body: ann.ehb", f"body: {'a' * 300}", 2, "body"),
        ("catalogue: shop.yaml", f"catalogue: {'a' * 300}", 3, "catalogue"),
    ],
)
def test_what_can_be_no_path_in_a_channel_is_told_at_its_line(
    folder: Path, old: str, new: str, line: int, key: str
) -> None:
    change(folder / "ann.yaml", old, new)
    assert (line, key) in [(problem.line, problem.key) for problem in problems_of(folder)]


def test_two_products_or_facts_with_one_id_name_both_lines(folder: Path) -> None:
    text = CATALOGUE + "      - {id: size, type: weight, text: weighs 300 g}\n"
    (folder / "shop.yaml").write_text(text + CATALOGUE.partition("products:\n")[2], "utf-8")
    problems = problems_of(folder)
    assert [(p.line, p.key) for p in problems] == [(11, "products[0].facts[1].id"), (12, "products[1].id")]
    assert "here and on line 10" in problems[0].message
    assert "here and on line 3" in problems[1].message


def test_all_mistakes_of_both_files_are_told_at_once(folder: Path) -> None:
    change(folder / "ann.yaml", "name: Ann", "name: Ann\nvoice: {speed: 9}")
    change(folder / "ann.yaml", "body: ann.ehb", "bdoy: ann.ehb")
    change(folder / "shop.yaml", "price: 12.50", "price: -1")
    change(folder / "shop.yaml", "stock: 3", "stock: -3")
    problems = problems_of(folder, OTHER="x")
    assert {p.key for p in problems} == {
        "voice.speed", "bdoy", "body", "outputs[1].key", "products[0].price", "products[0].stock"
    }  # fmt: skip
    pretty = format_problems(problems)
    assert pretty.endswith("6 problems.")
    assert pretty.index("ann.yaml") < pretty.index("shop.yaml")


def test_a_secret_that_is_not_set_is_named(folder: Path) -> None:
    problem = only(problems_of(folder, OTHER="x"))
    assert (problem.line, problem.key) == (9, "outputs[1].key")
    assert "STREAM_KEY is not set" in problem.message


def test_a_secret_in_a_wrong_value_is_not_shown(folder: Path) -> None:
    change(folder / "ann.yaml", "rtmp://live.example.com/app", "${STREAM_KEY}")
    problem = only(problems_of(folder, STREAM_KEY="top-secret"))
    assert "top-secret" not in str(problem)
    assert "${STREAM_KEY}" in problem.message


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("shop: [a\nproducts: }\n", 2, "this is not YAML"),
        ("shop: a\n\tproducts: b\n", 2, "this is not YAML"),
        ("just words", 1, "this is no catalogue"),
        ("", 1, "this is no catalogue"),
    ],
)
def test_a_catalogue_that_is_not_yaml_has_the_parsers_line(folder: Path, text: str, line: int, message: str) -> None:
    (folder / "shop.yaml").write_text(text, "utf-8")
    problem = only(problems_of(folder))
    assert (problem.file, problem.line) == (folder / "shop.yaml", line)
    assert message in problem.message


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "picture.yaml").write_bytes(b"\x89PNG\xff\xfe")
    for path, message in [
        (tmp_path / "none.yaml", "there is no channel file here"),
        (tmp_path, "this is a folder"),
        (tmp_path / "picture.yaml", "this is not a text file"),
    ]:
        with pytest.raises(SettingsError, match=message):
            load_channel(path)


def test_a_block_that_holds_itself_is_refused(folder: Path) -> None:
    change(folder / "ann.yaml", "name: Ann", "name: Ann\nshow: &me\n  seed: *me")
    assert any("holds itself" in problem.message for problem in problems_of(folder))


def test_references_that_grow_without_end_are_refused(folder: Path) -> None:
    rows = "".join(f"row{n}: &r{n} [{', '.join(['*r' + str(n - 1)] * 9)}]\n" for n in range(1, 12))
    change(folder / "ann.yaml", "name: Ann", f"name: Ann\nrow0: &r0 [a, b]\n{rows}")
    assert "“*” references stand for too many values" in only(problems_of(folder)).message


def test_later_rooms_can_report_with_the_right_line(folder: Path) -> None:
    change(folder / "ann.yaml", "name: Ann", "name: Ann\nvoice:\n  name: hart")
    problem = problem_at(folder / "ann.yaml", "voice.name", "there is no voice “hart”", "known: heart")
    assert str(problem) == f"{folder / 'ann.yaml'}:3: voice.name: there is no voice “hart” (known: heart)"
    assert problem_at(folder / "ann.yaml", "outputs[1].url", "x").line == 10
    assert problem_at(folder / "gone.yaml", "name", "x").line == 0


def test_the_policy_of_a_channel_is_read_and_checked(folder: Path) -> None:
    channel = load_channel(folder / "ann.yaml", environment={"STREAM_KEY": "k"})
    assert (channel.policy.packs, channel.policy.platform, channel.policy.notice_every_minutes) == (None, "", 15)
    file = folder / "ann.yaml"
    file.write_text(CHANNEL + "policy: {packs: [us, eu], platform: youtube, notice_every_minutes: 10}\n", "utf-8")
    policy = load_channel(file, environment={"STREAM_KEY": "k"}).policy
    assert (policy.packs, policy.platform, policy.notice_every_minutes) == (("us", "eu"), "youtube", 10)
    file.write_text(CHANNEL + "policy:\n  notice_every_minutes: 90\n", "utf-8")
    problem = only(problems_of(folder))
    assert (problem.key, problem.line) == ("policy.notice_every_minutes", 11)
    assert "at most 60" in problem.hint


@pytest.mark.parametrize(
    ("begin", "hint"),
    [
        ("8", "write it as 08:00"),
        ("1830", "write it as 18:30"),
        ("24:00", "write it as 00:00"),
        ('"24"', "write it as 00:00"),
        ("28800", "write it as 18:30"),
        ("8.5", "write it as 18:30"),
    ],
)
def test_a_number_is_no_time_of_the_day(folder: Path, begin: str, hint: str) -> None:
    hours = f"{{begin: {begin}, end: 19:00, weights: {{mug: 2}}}}"
    change(folder / "ann.yaml", "name: Ann", f"name: Ann\nshow: {{hours: [{hours}]}}")
    problem = only(problems_of(folder))
    assert (problem.line, problem.key, problem.hint) == (2, "show.hours[0].begin", hint)
    shown = begin.strip('"')
    assert problem.message == f"“{shown}” is not a time of the day"


@pytest.mark.parametrize(
    ("begin", "hint"), [("20260302", "write it as 2026-03-02T00:00"), ("1772438400", "write it as 2026-03-01T18:00")]
)
def test_a_number_is_no_date(folder: Path, begin: str, hint: str) -> None:
    campaign = f"{{name: A, begin: {begin}, end: 2026-04-01T10:00}}"
    change(folder / "ann.yaml", "name: Ann", f"name: Ann\nshow: {{campaigns: [{campaign}]}}")
    problem = only(problems_of(folder))
    assert (problem.line, problem.key, problem.hint) == (2, "show.campaigns[0].begin", hint)
    assert problem.message == f"“{begin}” is not a date and time"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("rtmp://live.example.com:1935x/app", "the host of this address cannot be read"),
        ("rtmp://live.example.com:99999/app", "1 to 65535"),
        ("rtmp://live.example.com:0/app", "1 to 65535"),
        ("rtmp://[::1/app", "the host of this address cannot be read"),
        ("rtmp://:1935/app", "the host of this address cannot be read"),
        ("rtmp://live.example.com：1935/app", "a colon in this address is a Chinese one"),
    ],
)
def test_an_address_whose_host_or_port_cannot_be_read_is_told(folder: Path, url: str, words: str) -> None:
    change(folder / "ann.yaml", "rtmp://live.example.com/app", f'"{url}"')
    problem = only(problems_of(folder))
    assert (problem.line, problem.key) == (8, "outputs[1].url")
    assert words in problem.message
    change(folder / "ann.yaml", "kind: rtmp", "kind: whip")
    change(folder / "ann.yaml", "    key: ${STREAM_KEY}\n", "")
    change(folder / "ann.yaml", '"rtmp://', '"https://')
    assert words in only(problems_of(folder)).message


def test_the_addresses_of_webhooks_and_models_are_held_to_the_same(folder: Path) -> None:
    change(
        folder / "ann.yaml",
        "name: Ann",
        "name: Ann\nalarms: {webhook: 'https://a.test:99999/x', secret: abcdefghijklmnop}\n"
        "writer: {kind: endpoint, model: m, address: 'http://127.0.0.1:x/v1'}",
    )
    problems = problems_of(folder)
    assert [problem.key for problem in problems] == ["alarms.webhook", "writer.address"]
    assert all("the host of this address cannot be read" in problem.message for problem in problems)


@pytest.mark.parametrize(
    "url", ["rtmp://[::1]:1935/app", "rtmps://live.example.com:443/app?x=1", "rtmp://直播.example/app"]
)
def test_an_address_that_can_be_read_is_taken(folder: Path, url: str) -> None:
    change(folder / "ann.yaml", "rtmp://live.example.com/app", f'"{url}"')
    assert load_channel(folder / "ann.yaml", environment={"STREAM_KEY": "k"}).outputs[1].url == url  # type: ignore[union-attr]


def test_a_secret_that_is_empty_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = only(problems_of(folder, STREAM_KEY=""))
    assert (problem.line, problem.key) == (9, "outputs[1].key")
    assert problem.message == "the environment variable STREAM_KEY is empty"
    monkeypatch.setenv("STREAM_KEY", "")
    keep_secret(secrets_place(state_dir()), "STREAM_KEY", "kept")
    rtmp = load_channel(folder / "ann.yaml").outputs[1]
    assert rtmp.kind == "rtmp"
    assert rtmp.key.get_secret_value() == "kept"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name：小美\nlanguage: zh\n", 1),
        ("body: a.ehb\nname：小美\nlanguage: zh\n", 2),
        ("name: 小美\npersona:\n  manner: warm\n  introduction：你好\nlanguage: zh\n", 4),
        ("outputs:\n  - kind：rtmp\n    name: a\n", 2),
        ("name：小美\n", 1),
    ],
)
def test_a_chinese_colon_behind_a_key_is_told_as_such(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_channel(tmp_path / "a.yaml")
    problem = only(caught.value.problems)
    assert (problem.line, problem.hint) == (line, "the colon is a Chinese one; write “:” and a space")


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("canvas: {brand_colour: “#e63348”}", 'these quotes are no quotes to YAML; write it as "#e63348"'),
        ("persona: {manner: “calm”}", 'these quotes are no quotes to YAML; write it as "calm"'),
        ("show: {hours: [{begin: “18:00”, end: 19:00, weights: {mug: 2}}]}", 'write it as "18:00"'),
        (
            "show: {hours: [{begin: 18：00, end: 19:00, weights: {mug: 2}}]}",
            "the colon is a Chinese one; write it as 18:00",
        ),
    ],
)
def test_chinese_quotes_and_colons_in_values_are_told_as_such(folder: Path, line: str, hint: str) -> None:
    change(folder / "ann.yaml", "name: Ann", f"name: Ann\n{line}")
    assert hint in only(problems_of(folder)).hint
