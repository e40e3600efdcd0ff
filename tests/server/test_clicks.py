"""Opened product links and numbers of viewers, from the page into the ledger."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from engine.records import Ledger, LedgerError, open_ledger
from server import books as books_module
from server.audience import Audience
from server.books import Books
from server.clicks import ClickCounter
from server.limits import MOST_ADDRESSES, AddressBuckets
from tests.server.conftest import Running, running_server, told


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def kept_of(server: Running, folder: Path) -> Ledger:
    return open_ledger(server.channel, folder / "state")


async def click(server: Running, body: object, origin: str | None = None) -> int:
    headers = {"Origin": origin if origin is not None else server.url}
    return (await server.http.post("/api/click", json=body, headers=headers)).status_code


async def test_a_click_of_the_page_is_in_the_ledger_and_names_nobody(tmp_path: Path) -> None:
    async with running_server(tmp_path) as server:
        await told(server)
        assert await click(server, {"product": "bottle", "viewer": "phone"}) == 204
        assert await click(server, {"product": "lamp"}) == 204  # Its link is no web address: it has none.
        assert await click(server, {"product": "nothing"}) == 204
    kept = kept_of(server, tmp_path)
    assert [(each.product_id, each.viewer_kind) for each in kept.clicks()] == [("bottle", "phone")]
    # The server was never watched, and says so when it starts.
    assert [count.viewers for count in kept.viewer_counts()] == [0]
    kept.close()


async def test_other_sites_and_odd_bodies_are_refused(tmp_path: Path) -> None:
    async with running_server(tmp_path) as server:
        await told(server)
        assert await click(server, {"product": "bottle"}, "https://evil.example") == 401
        assert (await server.http.post("/api/click", json={"product": "bottle"})).status_code == 401
        cross = {"Origin": server.url, "Sec-Fetch-Site": "cross-site"}
        assert (await server.http.post("/api/click", json={"product": "bottle"}, headers=cross)).status_code == 401
        for body in (
            {"product": "b" * 201},
            {"product": "bottle", "who": "Ann"},
            {"product": "bottle", "viewer": "tv"},
        ):
            assert await click(server, body) == 422
        assert await click(server, []) == 422
    kept = kept_of(server, tmp_path)
    assert kept.clicks() == ()
    kept.close()


async def test_a_flood_from_one_address_is_not_counted(tmp_path: Path) -> None:
    async with running_server(tmp_path) as server:
        await told(server)
        assert {await click(server, {"product": "bottle"}) for _ in range(25)} == {204}
    kept = kept_of(server, tmp_path)
    assert len(kept.clicks()) == 10
    kept.close()


def test_each_address_has_its_own_share_and_all_have_one() -> None:
    clock = Clock()
    counter = ClickCounter(clock)
    assert [counter.counts("a") for _ in range(12)] == [True] * 10 + [False] * 2
    assert counter.counts("b")
    clock.now += 2.0
    assert [counter.counts("a") for _ in range(2)] == [True, False]
    assert sum(counter.counts(f"n{number}") for number in range(2000)) <= 1200


def test_addresses_that_are_remembered_are_bounded() -> None:
    buckets = AddressBuckets(1, 1, Clock())
    assert buckets.take("first")
    assert not buckets.take("first")
    for number in range(MOST_ADDRESSES):
        assert buckets.take(str(number))
    assert buckets.take("first")


def test_viewers_are_written_at_a_change_and_not_too_often() -> None:
    clock, written = Clock(), list[int]()
    audience = Audience(written.append, clock)
    audience.tell(0)
    assert written == [0]
    audience.tell(1)
    clock.now += 1.9
    audience.tell(3)
    assert written == [0]
    clock.now += 0.1
    audience.tick()
    audience.tick()
    assert written == [0, 3]
    clock.now += 5
    audience.tell(3)
    audience.tell(2)
    audience.tell(3)
    clock.now += 2
    audience.tick()
    assert written == [0, 3, 2, 3]
    audience.close()
    audience.close()
    audience.tick()
    assert written == [0, 3, 2, 3, 0]


async def test_books_are_written_in_order_and_read_after_it(tmp_path: Path) -> None:
    books = Books(lambda: Ledger(tmp_path / "ledger.db"))
    for number in range(20):
        books.write(lambda ledger, n=number: ledger.watched(n))  # type: ignore[misc]
    counts = await books.read(lambda ledger: ledger.viewer_counts())
    assert [count.viewers for count in counts] == list(range(20))
    await books.aclose()
    await books.aclose()
    books.write(lambda ledger: ledger.watched(1))
    assert books.lost == 1
    with pytest.raises(LedgerError, match="closed"):
        await books.read(lambda ledger: ledger.clicks())


async def test_books_that_cannot_be_opened_lose_and_count_and_try_again(tmp_path: Path) -> None:
    clock, away, tries = Clock(), [True], [0]

    def open_it() -> Ledger:
        tries[0] += 1
        if away[0]:
            raise LedgerError("it is away")
        return Ledger(tmp_path / "ledger.db")

    books = Books(open_it, clock)
    books.write(lambda ledger: ledger.watched(1))
    with pytest.raises(LedgerError, match="tried again soon"):
        await books.read(lambda ledger: ledger.clicks())
    away[0] = False
    clock.now += books_module.OPEN_AGAIN_S
    books.write(lambda ledger: ledger.watched(2))
    counts = await books.read(lambda ledger: ledger.viewer_counts())
    assert ([count.viewers for count in counts], books.lost, tries[0]) == ([2], 1, 2)
    await books.aclose()


async def test_what_waits_for_a_slow_disk_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books_module, "MOST_WAITING", 3)
    go = threading.Event()
    books = Books(lambda: Ledger(tmp_path / "ledger.db"))

    def wait(_ledger: Ledger) -> None:
        go.wait(10)

    books.write(wait)
    for number in range(5):
        books.write(lambda ledger, n=number: ledger.watched(n))  # type: ignore[misc]
    assert books.lost == 3
    go.set()
    counts = await asyncio.wait_for(books.read(lambda ledger: ledger.viewer_counts()), 10)
    assert [count.viewers for count in counts] == [0, 1]
    await books.aclose()
