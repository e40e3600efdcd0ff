"""A catalogue that changes while the show runs: a file on disk, and an address that is asked again."""

from __future__ import annotations

import io
import itertools
import json
import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from engine.settings import Catalogue, Follower, Given, Loaded, SettingsError, load_channel
from engine.settings.address import EVERY_S, MOST_BACKOFF_S, Address
from engine.settings.fetch import Allowance, FetchError
from engine.settings.follow import HASH_EVERY_S
from engine.settings.picture_shelf import PictureShelf
from tests.settings.https_server import Answer, Shop

GIVEN = Given(shop="A", currency="USD", language="en")
TABLE = "name,price,stock,material\nMug,{price},3,clay\n"


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def price(catalogue: Catalogue | None) -> Decimal | None:
    return catalogue.products[0].price if catalogue is not None else None


def follow(path: Path, clock: Clock) -> Follower:
    return Follower(path, GIVEN, clock=clock)


def test_a_changed_file_is_read_once_it_rests(tmp_path: Path) -> None:
    path, clock = tmp_path / "a.csv", Clock()
    path.write_text(TABLE.format(price=5))
    follower = follow(path, clock)
    assert follower.look() is None
    path.write_text(TABLE.format(price=6)[:-9])
    assert follower.look() is None, "it may still be written"
    path.write_text(TABLE.format(price=6))
    assert follower.look() is None
    assert price(follower.look()) == 6
    assert follower.look() is None


def test_a_touched_file_with_the_same_content_is_no_change(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TABLE.format(price=5))
    follower = follow(path, Clock())
    os.utime(path, (1, 1))
    assert [follower.look() for _ in range(3)] == [None, None, None]


def test_a_change_that_keeps_time_and_size_is_found_by_its_content(tmp_path: Path) -> None:
    path, clock = tmp_path / "a.csv", Clock()
    path.write_text(TABLE.format(price=5))
    before = path.stat()
    follower = follow(path, clock)
    with path.open("r+") as file:
        file.write(TABLE.format(price=7))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert follower.look() is None
    clock.now += HASH_EVERY_S
    assert price(follower.look()) == 7


def test_a_file_that_comes_back_as_it_was_is_no_trouble_any_more(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TABLE.format(price=5))
    follower = follow(path, Clock())
    path.rename(tmp_path / "b.csv")
    assert follower.look() is None
    assert follower.trouble == "", "an editor may be writing it anew"
    follower.look()
    assert "is not there" in follower.trouble
    (tmp_path / "b.csv").rename(path)
    assert follower.look() is None
    assert follower.trouble == ""


def test_a_file_with_a_mistake_or_none_leaves_the_last_good_version(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TABLE.format(price=5))
    follower = follow(path, Clock())
    path.write_text(TABLE.format(price="cheap"))
    assert [follower.look(), follower.look()] == [None, None]
    assert "the last good one stays" in follower.trouble
    assert "“cheap” is not an amount" in follower.trouble
    path.unlink()
    assert [follower.look(), follower.look()] == [None, None]
    assert follower.trouble == f"the catalogue file is not there, the last good one stays: {path}"
    path.write_text(TABLE.format(price=8))
    follower.look()
    assert price(follower.look()) == 8
    assert follower.trouble == ""


YAML_SHOP = """\
shop: A
products:
  - id: mug
    name: Mug
    price: {price}
    stock: 3
    facts:
      - {{id: size, type: size, text: holds 300 ml}}
"""


def changed(follower: Follower, path: Path, text: str) -> Catalogue | None:
    """What two looks find after ``text`` was saved."""
    path.write_text(text)
    first = follower.look()
    assert first is None
    return follower.look()


def test_a_product_of_one_word_is_told_and_the_next_good_version_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(YAML_SHOP.format(price=5))
    follower = follow(path, Clock())
    assert changed(follower, path, YAML_SHOP.format(price=5) + "  - new\n") is None
    assert "the last good one stays" in follower.trouble
    assert "products[1]: this must be a block of keys" in follower.trouble
    assert price(changed(follower, path, YAML_SHOP.format(price=6))) == 6
    assert follower.trouble == ""


def test_a_reader_that_fails_is_told_and_the_next_good_version_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(YAML_SHOP.format(price=5))
    follower = follow(path, Clock())

    def fails(*_: object, **__: object) -> Loaded:
        raise RuntimeError("a mistake of ours")

    with monkeypatch.context() as patch:
        patch.setattr("engine.settings.follow.read_catalogue", fails)
        assert changed(follower, path, YAML_SHOP.format(price=7)) is None
        assert "the last good one stays" in follower.trouble
        assert "a mistake of ours" in follower.trouble
        assert "Traceback" in caplog.text
        loaded = follower.first()
        assert loaded is not None
        assert [problem.file for problem in loaded.problems] == ["a.yaml"]
    assert price(changed(follower, path, YAML_SHOP.format(price=8))) == 8
    assert follower.trouble == ""


def test_what_is_at_hand_is_read_at_once_and_told_when_it_is_broken(tmp_path: Path) -> None:
    path, clock = tmp_path / "a.csv", Clock()
    path.write_text(TABLE.format(price=5))
    follower = follow(path, clock)
    assert (price(follower.at_hand()), follower.trouble) == (5, "")
    path.write_text(TABLE.format(price="cheap"))
    broken = follow(path, clock)
    assert broken.at_hand() is None
    assert "“cheap” is not an amount" in broken.trouble
    clock.now += HASH_EVERY_S
    assert broken.look() is None
    assert "“cheap” is not an amount" in broken.trouble
    path.write_text(TABLE.format(price=7))
    broken.look()
    assert (price(broken.look()), broken.trouble) == (7, "")
    path.unlink()
    assert follow(path, clock).at_hand() is None


def products(price: object) -> bytes:
    return json.dumps([{"name": "Mug", "price": price, "stock": 3, "material": "clay"}]).encode()


def versioned(shop: Shop, state: dict[str, object]) -> None:
    """``/p.json`` answers with the state's price; its ETag is the price, so 304 comes by itself."""

    def answer(headers: Mapping[str, str]) -> Answer:
        if "down" in state:
            return Answer(503, headers={"Retry-After": str(state["down"])})
        tag = f'"{state["price"]}"'
        if headers.get("If-None-Match") == tag:
            return Answer(304)
        return Answer(
            body=products(state["price"]), headers={"ETag": tag, "Last-Modified": "Mon, 01 Jan 2026 00:00:00 GMT"}
        )

    shop.answers["/p.json"] = answer


def test_an_address_is_asked_again_and_only_a_change_is_read(shop: Shop, tmp_path: Path) -> None:
    state: dict[str, object] = {"price": 5}
    versioned(shop, state)
    clock = Clock()
    address = Address(shop.url("/p.json"), tmp_path / "c", shop.allowance, clock)
    follower = Follower(address, GIVEN, clock=clock)
    first = follower.first()
    assert first is not None
    assert price(first.catalogue) == 5
    assert first.catalogue is not None
    assert first.catalogue.products[0].facts[0].source == f"{shop.url('/p.json')} product 1, material"
    assert follower.look() is None
    assert len(shop.asked) == 1, "it is not due yet"
    clock.now += EVERY_S
    assert follower.look() is None
    assert shop.asked[1][1]["if-none-match"] == '"5"'
    assert shop.asked[1][1]["if-modified-since"] == "Mon, 01 Jan 2026 00:00:00 GMT"
    state["price"] = 6
    clock.now += EVERY_S
    assert price(follower.look()) == 6
    assert len(list((tmp_path / "c").glob("*.json"))) == 1, "the version before is removed"


def test_a_bad_version_never_replaces_the_last_good_one_also_after_a_restart(shop: Shop, tmp_path: Path) -> None:
    state: dict[str, object] = {"price": 5}
    versioned(shop, state)
    clock = Clock()
    follower = Follower(Address(shop.url("/p.json"), tmp_path / "c", shop.allowance, clock), GIVEN, clock=clock)
    assert follower.first() is not None
    state["price"] = "soon"
    clock.now += EVERY_S
    assert follower.look() is None
    assert "“soon” is not an amount" in follower.trouble
    clock.now += EVERY_S
    assert follower.look() is None
    assert "“soon” is not an amount" in follower.trouble, "304 means that the mistake is still there"
    state["down"] = 0
    again = Follower(Address(shop.url("/p.json"), tmp_path / "c", shop.allowance, clock), GIVEN, clock=clock)
    kept = again.first()
    assert kept is not None
    assert price(kept.catalogue) == 5


def test_an_answer_that_the_disk_does_not_take_is_told_and_taken_later(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state: dict[str, object] = {"price": 5}
    versioned(shop, state)
    clock = Clock()
    follower = Follower(Address(shop.url("/p.json"), tmp_path / "c", shop.allowance, clock), GIVEN, clock=clock)
    assert follower.first() is not None
    state["price"] = 6
    clock.now += EVERY_S

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("engine.settings.address.write_whole", full)
        assert follower.look() is None
        assert "No space left on device; the last good version stays" in follower.trouble
    clock.now += EVERY_S
    assert price(follower.look()) == 6
    assert follower.trouble == ""


def test_an_address_that_fails_is_asked_later_and_later(shop: Shop, tmp_path: Path) -> None:
    state: dict[str, object] = {"price": 5, "down": 0}
    versioned(shop, state)
    clock = Clock()
    address = Address(shop.url("/p.json"), tmp_path / "c", shop.allowance, clock)
    waits = []
    for _ in range(8):
        with pytest.raises(FetchError):
            address.ask()
        before = clock.now
        while not address.due:
            clock.now += 0.5
        waits.append(clock.now - before)
    assert all(later > earlier for earlier, later in itertools.pairwise(waits[:5]))
    assert 1.7 * EVERY_S <= waits[0] <= 2.3 * EVERY_S
    assert waits[-1] == pytest.approx(MOST_BACKOFF_S, rel=0.11)
    state["down"] = 900
    with pytest.raises(FetchError):
        address.ask()
    clock.now += 899
    assert not address.due, "the server's own wish counts"
    del state["down"]
    clock.now += 2
    assert address.due
    assert address.ask() is not None
    clock.now += EVERY_S
    assert address.due


def test_another_process_takes_what_was_asked_for_just_now(shop: Shop, tmp_path: Path) -> None:
    versioned(shop, {"price": 5})
    for _ in range(3):
        loaded = Follower(Address(shop.url("/p.json"), tmp_path / "c", shop.allowance), GIVEN).first()
        assert loaded is not None
        assert price(loaded.catalogue) == 5
    assert len(shop.asked) == 1


def test_what_is_at_hand_of_an_address_is_its_last_good_version_and_nobody_is_asked(shop: Shop, tmp_path: Path) -> None:
    def follower() -> Follower:
        return Follower(Address(shop.url("/p.json"), tmp_path / "c", shop.allowance), GIVEN)

    assert follower().at_hand() is None
    assert shop.asked == []
    versioned(shop, {"price": 5})
    follower().first()
    asked = len(shop.asked)
    assert price(follower().at_hand()) == 5
    assert len(shop.asked) == asked


CHANNEL = "name: Ann\nbody: ann.ehb\nshop: A\ncatalogue: {place}\ncurrency: USD\n"


def test_a_channel_may_name_an_address_or_a_table(shop: Shop, tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 40)).save(out, "PNG")
    shop.answers["/p.csv"] = Answer(body=(TABLE.format(price=9)).encode(), headers={"Content-Type": "text/csv"})
    (tmp_path / "ann.yaml").write_text(CHANNEL.format(place=shop.url("/p.csv")))
    channel = load_channel(tmp_path / "ann.yaml", check_files=False, allowance=shop.allowance)
    assert (price(channel.items), channel.items.shop) == (9, "A")
    assert channel.catalogue_address == shop.url("/p.csv")
    assert channel.catalogue.read_text() == TABLE.format(price=9)
    (tmp_path / "goods.csv").write_text(TABLE.format(price=4))
    (tmp_path / "bob.yaml").write_text(CHANNEL.format(place="goods.csv"))
    assert price(load_channel(tmp_path / "bob.yaml", check_files=False).items) == 4


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("http://shop.test/p.json", "does not begin with https://"),
        ("https://shop.test/none.json", "shop.test cannot be found"),
        ("https://127.0.0.1/p.json", "not an address of the public internet"),
    ],
)
def test_an_address_that_gives_nothing_is_told_at_its_line(tmp_path: Path, place: str, words: str) -> None:
    (tmp_path / "ann.yaml").write_text(CHANNEL.format(place=place))

    def resolve(host: str, port: int) -> list[str]:
        if host == "127.0.0.1":
            return [host]
        raise OSError(host)

    with pytest.raises(SettingsError) as caught:
        load_channel(tmp_path / "ann.yaml", check_files=False, allowance=Allowance(resolve=resolve))
    (problem,) = caught.value.problems
    assert (problem.line, problem.key) == (4, "catalogue")
    assert words in problem.message


def test_pictures_at_addresses_are_placed_and_a_bad_one_is_noted_not_fatal(shop: Shop, tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 40)).save(out, "PNG")
    shop.answers["/mug.png"] = Answer(body=out.getvalue())
    text = f"name,price,stock,material,image\nMug,1,1,clay,{shop.url('/mug.png')}\nCup,1,1,clay,{shop.url('/x.png')}\n"
    (tmp_path / "a.csv").write_text(text)
    shelf = PictureShelf(tmp_path / "pictures", shop.allowance)
    loaded = Follower(tmp_path / "a.csv", GIVEN, pictures=shelf, patient=True).first()
    assert loaded is not None
    assert loaded.problems == []
    assert loaded.catalogue is not None
    mug, cup = loaded.catalogue.products
    assert mug.pictures[0].read_bytes() == out.getvalue()
    assert cup.pictures == ()
    assert [(n.product, n.code, n.reason) for n in loaded.notes] == [
        ("Cup", "picture", "the picture cannot be used: it answers 404 Not Found")
    ]


def unnamed(shop: Shop, folder: Path, given: Given, clock: Clock) -> Follower:
    """Follows ``/p.json``, whose answer names no shop."""
    return Follower(Address(shop.url("/p.json"), folder, shop.allowance, clock), given, clock=clock)


def test_a_mistake_at_an_address_may_be_put_right_in_the_channel_file(shop: Shop, tmp_path: Path) -> None:
    versioned(shop, {"price": 5})
    wrong = unnamed(shop, tmp_path / "c", Given(currency="USD"), Clock()).first()
    assert wrong is not None
    assert "no name of the shop" in wrong.problems[0].message
    right = unnamed(shop, tmp_path / "c", GIVEN, Clock()).first()
    assert right is not None
    assert (right.problems, price(right.catalogue)) == ([], 5)


def test_a_newer_version_that_was_refused_is_asked_for_again_when_the_channel_file_is_put_right(
    shop: Shop, tmp_path: Path
) -> None:
    state: dict[str, object] = {"price": "$5"}
    versioned(shop, state)
    clock = Clock()
    follower = unnamed(shop, tmp_path / "c", Given("A"), clock)
    assert follower.first() is not None
    state["price"] = 6
    clock.now += EVERY_S
    assert follower.look() is None
    assert "in which currency" in follower.trouble
    clock.now += EVERY_S
    assert follower.look() is None
    assert len(shop.asked) == 3
    assert shop.asked[2][1]["if-none-match"] == '"6"', "a large answer that is refused is not sent again and again"
    right = unnamed(shop, tmp_path / "c", GIVEN, clock).first()
    assert right is not None
    assert price(right.catalogue) == 6


def test_a_feed_that_is_put_back_as_it_was_is_no_trouble_any_more(shop: Shop, tmp_path: Path) -> None:
    state: dict[str, object] = {"price": 5}
    versioned(shop, state)
    clock = Clock()
    follower = unnamed(shop, tmp_path / "c", GIVEN, clock)
    assert follower.first() is not None
    state["price"] = "soon"
    clock.now += EVERY_S
    assert follower.look() is None
    state["down"] = 0
    clock.now += EVERY_S
    assert follower.look() is None
    assert "503" in follower.trouble
    del state["down"]
    clock.now += 10 * EVERY_S
    assert follower.look() is None
    assert "“soon” is not an amount" in follower.trouble, "the mistake is still there"
    state["price"] = 5
    clock.now += EVERY_S
    assert price(follower.look()) == 5
    assert follower.trouble == ""
    clock.now += EVERY_S
    assert follower.look() is None
