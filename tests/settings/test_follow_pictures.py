"""Prices never wait for pictures: those at addresses come later, and one that is missing may be put there."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from engine.settings import Catalogue, Follower, Given
from engine.settings.fetch import Allowance
from engine.settings.follow import ASKED_WITHIN_S, HASH_EVERY_S, MOST_ASKED
from engine.settings.picture_shelf import TRY_AGAIN_S, PictureShelf
from tests.settings.https_server import Answer, Shop

GIVEN = Given("A", "USD", "en")
TABLE = "name,price,stock,material,image\nMug,{price},3,clay,{url}\n"


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class DeadHost:
    """Resolves no name until it is let go; counts who asks."""

    def __init__(self) -> None:
        self.asked = 0
        self.let_go = threading.Event()

    def resolve(self, host: str, port: int) -> list[str]:
        self.asked += 1
        self.let_go.wait(20)
        raise socket.gaierror(host)


@pytest.fixture
def dead() -> Iterator[DeadHost]:
    host = DeadHost()
    yield host
    host.let_go.set()


def picture(colour: tuple[int, int, int] = (200, 30, 60)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


def awaited(follower: Follower) -> Catalogue:
    """The next version that the follower finds."""
    until = time.monotonic() + 30
    while (found := follower.look()) is None:
        assert time.monotonic() < until, "nothing came"
        time.sleep(0.01)
    return found


def saved(path: Path, price: int, url: str) -> None:
    path.write_text(TABLE.format(price=price, url=url))


def test_a_dead_picture_does_not_hold_up_a_price_and_is_asked_for_once(tmp_path: Path, dead: DeadHost) -> None:
    path, url = tmp_path / "a.csv", "https://dead.test/mug.png"
    saved(path, 5, url)
    shelf = PictureShelf(tmp_path / "pictures", Allowance(resolve=dead.resolve))
    follower = Follower(path, GIVEN, pictures=shelf)
    first = follower.at_hand()
    assert first is not None
    for price in (6, 7):
        saved(path, price, url)
        found = awaited(follower)
        assert (found.products[0].price, found.products[0].pictures) == (price, ())
    assert not dead.let_go.is_set(), "the picture was not waited for"
    assert dead.asked <= 1
    dead.let_go.set()


def test_a_picture_that_comes_is_a_new_version(shop: Shop, tmp_path: Path) -> None:
    shop.answers["/mug.png"] = Answer(body=picture())
    saved(tmp_path / "a.csv", 5, shop.url("/mug.png"))
    follower = Follower(tmp_path / "a.csv", GIVEN, pictures=PictureShelf(tmp_path / "p", shop.allowance))
    first = follower.at_hand()
    assert first is not None
    assert first.products[0].pictures == ()
    assert awaited(follower).products[0].pictures[0].read_bytes() == picture()
    assert follower.look() is None
    until = time.monotonic() + 30
    while not (tmp_path / "p" / "index.json").is_file():
        assert time.monotonic() < until
        time.sleep(0.01)
    again = Follower(tmp_path / "a.csv", GIVEN, pictures=PictureShelf(tmp_path / "p", shop.allowance)).at_hand()
    assert again is not None
    assert again.products[0].pictures[0].read_bytes() == picture()
    assert len(shop.asked) == 1


def test_a_product_keeps_its_picture_until_the_new_address_has_one(shop: Shop, tmp_path: Path) -> None:
    shop.answers["/mug.png?v=1"] = Answer(body=picture())
    path = tmp_path / "a.csv"
    saved(path, 5, shop.url("/mug.png?v=1"))
    follower = Follower(path, GIVEN, pictures=PictureShelf(tmp_path / "p", shop.allowance))
    follower.at_hand()
    before = awaited(follower).products[0].pictures
    saved(path, 6, shop.url("/mug.png?v=2"))
    found = awaited(follower)
    assert (found.products[0].price, found.products[0].pictures) == (6, before)
    shop.answers["/mug.png?v=3"] = Answer(body=picture((1, 2, 3)))
    saved(path, 6, shop.url("/mug.png?v=3"))
    assert awaited(follower).products[0].pictures == before
    assert awaited(follower).products[0].pictures[0].read_bytes() == picture((1, 2, 3))


def test_pictures_whose_addresses_are_signed_anew_each_time_are_not_fetched_each_time(
    shop: Shop, tmp_path: Path
) -> None:
    path, clock = tmp_path / "a.csv", Clock()
    follower = Follower(path, GIVEN, pictures=PictureShelf(tmp_path / "p", shop.allowance), clock=clock)

    def signed(number: int) -> None:
        """Another version, with the same picture at another address, and time for it to be fetched."""
        shop.answers[f"/mug.png?signature={number}"] = Answer(body=picture())
        saved(path, 5 + number, shop.url(f"/mug.png?signature={number}"))
        assert awaited(follower).products[0].price == 5 + number
        asked = len(shop.asked)
        for _ in range(10):
            follower.look()
            time.sleep(0.01 if len(shop.asked) == asked else 0.0)

    signed(0)
    for number in range(1, 12):
        signed(number)
    assert len(shop.asked) == 1 + MOST_ASKED
    shop.answers["/mug.png?signature=11"] = Answer(body=picture((1, 2, 3)))
    clock.now += ASKED_WITHIN_S
    assert awaited(follower).products[0].pictures[0].read_bytes() == picture((1, 2, 3))


def test_a_failure_is_known_to_other_processes_and_tried_again_later(shop: Shop, tmp_path: Path) -> None:
    wall = Clock()
    url = shop.url("/late.png")
    first = PictureShelf(tmp_path / "p", shop.allowance, wall)
    assert first.get_all([url]) == {url: "it answers 404 Not Found"}
    other = PictureShelf(tmp_path / "p", shop.allowance, wall)
    assert other.get_all([url]) == {url: "it answers 404 Not Found"}
    assert len(shop.asked) == 1
    shop.answers["/late.png"] = Answer(body=picture())
    wall.now += TRY_AGAIN_S
    assert isinstance(other.get_all([url])[url], Path)


def test_the_index_holds_the_addresses_that_were_wanted_last(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.settings.picture_shelf.MOST_KEPT", 3)
    wall = Clock()
    shelf = PictureShelf(tmp_path / "p", shop.allowance, wall)
    urls = [shop.url(f"/mug.png?signature={number}") for number in range(5)]
    for number, url in enumerate(urls):
        shop.answers[f"/mug.png?signature={number}"] = Answer(body=picture())
        wall.now += 1
        shelf.get_all([url])
    kept = PictureShelf(tmp_path / "p", shop.allowance, wall)
    assert [url for url in urls if kept.known(url)] == urls[2:]
    assert len(list((tmp_path / "p").glob("*.png"))) == 1


def test_a_full_disk_keeps_no_index_and_breaks_nothing(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.settings.picture_shelf.write_whole", full)
    url = shop.url("/mug.png")
    shop.answers["/mug.png"] = Answer(body=picture())
    shelf = PictureShelf(tmp_path / "p", shop.allowance)
    assert shelf.get_all([url]) == {url: "it cannot be kept: No space left on device"}
    assert "cannot be kept" in caplog.text


def test_a_missing_picture_that_is_put_there_later_ends_the_trouble(tmp_path: Path) -> None:
    path, clock = tmp_path / "a.csv", Clock()
    saved(path, 5, "mug.png")
    (tmp_path / "mug.png").write_bytes(picture())
    follower = Follower(path, GIVEN, clock=clock)
    assert follower.at_hand() is not None
    saved(path, 6, "new.png")
    assert [follower.look(), follower.look()] == [None, None]
    assert "the picture is missing" in follower.trouble
    (tmp_path / "new.png").write_bytes(picture())
    assert follower.look() is None
    clock.now += HASH_EVERY_S
    found = follower.look()
    assert found is not None
    assert (found.products[0].price, follower.trouble) == (6, "")
    clock.now += HASH_EVERY_S
    assert follower.look() is None, "a good version is read once"
