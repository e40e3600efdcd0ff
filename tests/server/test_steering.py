"""Wishes of operators: read, let in, answered by the studio."""

from __future__ import annotations

import asyncio
import json

import pytest
from websockets.asyncio.client import connect
from websockets.typing import Origin

from engine.runtime.steering import (
    Answer,
    Edit,
    Move,
    Pin,
    Questions,
    Say,
    SetManner,
    SetStock,
    Steer,
    Steered,
    WaitingQuestion,
    Wish,
)
from engine.script import Finding
from server import steering as steering_module
from server.errors import BadWishError, BusyError, NoAnswerError
from server.steering import MOST_OPEN, WISH_SCHEMA, WISH_SCHEMAS, Steering, read_wish
from tests.server.conftest import Running
from tests.server.test_control import DOOR, enter


@pytest.mark.parametrize(
    ("body", "wish"),
    [
        (b'{"type": "say", "text": "Hello!"}', Say("Hello!")),
        (b'{"type": "pin", "product_id": null}', Pin(None)),
        (b'{"type": "stock", "product_id": "lamp", "stock": 3}', SetStock("lamp", 3)),
        (b'{"type": "move", "performance_id": "p", "place": 0}', Move("p", 0)),
        (b'{"type": "move", "performance_id": "p", "by": -1}', Move("p", by=-1)),
    ],
)
def test_wishes_are_read(body: bytes, wish: Wish) -> None:
    assert read_wish(body) == wish


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "truncated"),
        (b'{"type": "explode"}', "explode"),
        (b'{"type": "say"}', "text"),
        (b'{"type": "stock", "product_id": "lamp", "stock": "many"}', "stock"),
        (b'{"type": "move", "performance_id": "p"}', "either `place` or `by`"),
        (b'{"type": "move", "performance_id": "p", "place": 0, "by": 1}', "either `place` or `by`"),
        (b'{"type": "move", "performance_id": "p", "by": 2}', "by"),
    ],
)
def test_what_is_no_wish_is_named(body: bytes, says: str) -> None:
    with pytest.raises(BadWishError, match=says):
        read_wish(body)


def test_the_schema_tells_every_wish() -> None:
    assert len(WISH_SCHEMA["anyOf"]) == len(WISH_SCHEMAS) == 16


async def test_each_answer_finds_its_wish() -> None:
    told: list[Steer] = []

    async def publish(message: Steer) -> None:
        told.append(message)

    steering = Steering(publish)
    first, second = (asyncio.create_task(steering.wish("ana", Say(text))) for text in ("one", "two"))
    await asyncio.sleep(0)
    steering.hear(Steered("unknown", granted=True))
    steering.hear(Steered(told[1].request_id, granted=False, message="no"))
    steering.hear(Steered(told[0].request_id, granted=True))
    assert (await first).granted
    assert (await second).message == "no"
    assert {message.user for message in told} == {"ana"}


async def test_a_studio_that_is_silent_and_too_many_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steering_module, "ANSWER_S", 0.05)

    async def publish(_message: Steer) -> None:
        pass

    steering = Steering(publish)
    open_wishes = [asyncio.create_task(steering.wish("ana", Pin(None))) for _ in range(MOST_OPEN)]
    await asyncio.sleep(0)
    with pytest.raises(BusyError):
        await steering.wish("ana", Pin(None))
    results = await asyncio.gather(*open_wishes, return_exceptions=True)
    assert {type(result) for result in results} == {NoAnswerError}
    with pytest.raises(NoAnswerError):
        await steering.wish("ana", Pin(None))


@pytest.mark.parametrize(
    ("wish", "waits_s"),
    [(Pin(None), 5.0), (Say("…"), 20.0), (Edit("p1", "…"), 20.0), (Answer("m1", "…"), 20.0), (SetManner(), 20.0)],
)
async def test_what_must_be_spoken_first_is_waited_for(
    wish: Wish, waits_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    timeout = asyncio.timeout

    def noted(seconds: float) -> asyncio.Timeout:
        waited.append(seconds)
        return timeout(0)

    async def publish(_message: Steer) -> None:
        pass

    monkeypatch.setattr(steering_module.asyncio, "timeout", noted)
    with pytest.raises(NoAnswerError):
        await Steering(publish).wish("ana", wish)
    assert waited == [waits_s]


async def test_the_page_steers_with_its_cookie_only(server: Running) -> None:
    here = {"Origin": server.url}
    wish = {"type": "pin", "product_id": "lamp"}
    assert (await server.http.post("/api/steer", json=wish, headers=here)).status_code == 401
    await enter(server)
    assert (await server.http.post("/api/steer", json=wish)).status_code == 401
    answer = await server.http.post("/api/steer", json=wish, headers=here)
    assert (answer.status_code, answer.json()["granted"]) == (200, True)
    (heard,) = [message for message in server.source.heard if isinstance(message, Steer)]
    assert heard.wish == Pin("lamp")
    refusal = Steered("", granted=False, message="says a number", findings=(Finding("number", "…", "$5"),))
    server.source.steered = refusal
    answer = await server.http.post("/api/steer", json=wish, headers=here)
    assert (answer.status_code, answer.json()["findings"][0]["words"]) == (409, "$5")
    assert (await server.http.post("/api/steer", json={"type": "x"}, headers=here)).status_code == 422


async def test_the_page_is_told_which_questions_wait(server: Running) -> None:
    cookie = {"Cookie": f"{DOOR.cookie_name}={await enter(server)}"}
    question = WaitingQuestion("m1", "<b>tom", "how much?", "price", "lamp", 2)
    server.source.say(Questions((question,)))
    address = server.url.replace("http", "ws") + "/ws/control"
    async with (
        asyncio.timeout(10),
        connect(address, origin=Origin(server.url), additional_headers=cookie) as socket,
    ):
        while not (told := json.loads(await socket.recv())["questions"]):
            pass
    assert told == [{"message_id": "m1", "viewer": "<b>tom", "text": "how much?", "topic": "price",
                     "product_id": "lamp", "asked": 2}]  # fmt: skip
