"""Steering over the control room's API."""

from __future__ import annotations

from typing import get_args

from engine.records import Role
from engine.runtime.steering import Pin, Questions, Steer, Steered, WaitingQuestion, Wish
from engine.script import Finding
from tests.server.conftest import until
from tests.server.room.conftest import OWN, Asked

PIN = {"type": "pin", "product_id": "lamp"}


async def test_a_wish_reaches_the_studio_with_the_name_of_who_wished_it(asked: Asked) -> None:
    await asked.sign_in("operator")
    answer = await asked.http.post("/api/channels/mia/steer", json=PIN, headers=OWN)
    assert (answer.status_code, answer.json()["granted"]) == (200, True)
    (heard,) = [message for message in asked.source.heard if isinstance(message, Steer)]
    assert (heard.user, heard.wish) == ("operator", Pin("lamp"))


async def test_a_refusal_comes_back_with_its_findings(asked: Asked) -> None:
    await asked.sign_in("admin")
    asked.source.steered = Steered(
        "", granted=False, message="no", findings=(Finding("number", "says a number", "$5"),), may_insist=True
    )
    answer = await asked.http.post("/api/channels/mia/steer", json=PIN, headers=OWN)
    assert answer.status_code == 409
    told = answer.json()
    assert (told["may_insist"], told["findings"][0]["words"]) == (True, "$5")


async def test_who_may_not_steer(asked: Asked) -> None:
    assert (await asked.http.post("/api/channels/mia/steer", json=PIN, headers=OWN)).status_code == 401
    await asked.sign_in("viewer")
    assert (await asked.http.post("/api/channels/mia/steer", json=PIN, headers=OWN)).status_code == 403
    await asked.sign_in("operator")
    foreign = {"origin": "https://evil.example"}
    assert (await asked.http.post("/api/channels/mia/steer", json=PIN, headers=foreign)).status_code == 403
    token = {"authorization": f"Bearer {asked.accounts.add_token('shop', Role.OPERATOR)}"}
    asked.http.cookies.clear()
    assert (await asked.http.post("/api/channels/mia/steer", json=PIN, headers=token)).status_code == 200


async def test_what_is_no_wish_and_what_is_no_channel(asked: Asked) -> None:
    await asked.sign_in("operator")
    answer = await asked.http.post("/api/channels/mia/steer", json={"type": "explode"}, headers=OWN)
    assert (answer.status_code, answer.json()["error"]) == (422, "bad_wish")
    assert (await asked.http.post("/api/channels/nobody/steer", json=PIN, headers=OWN)).status_code == 404


async def test_waiting_questions_are_part_of_the_state(asked: Asked) -> None:
    await asked.sign_in("viewer")
    asked.source.say(Questions((WaitingQuestion("m1", "<b>tom", "how much?", "price", "lamp", 2),)))
    await until(lambda: bool(asked.room.watch("mia").steering.questions.waiting))
    (question,) = (await asked.http.get("/api/channels/mia")).json()["questions"]
    assert (question["viewer"], question["asked"]) == ("<b>tom", 2)


async def test_every_wish_is_described(asked: Asked) -> None:
    await asked.sign_in("viewer")
    schema = (await asked.http.get("/openapi.json")).json()
    body = schema["paths"]["/api/channels/{channel_id}/steer"]["post"]["requestBody"]["content"]["application/json"]
    names = [each["$ref"].rpartition("/")[2] for each in body["schema"]["anyOf"]]
    assert len(names) == len(get_args(Wish))
    assert set(names) | {"Steered", "Finding"} <= set(schema["components"]["schemas"])
    page = (await asked.http.get("/docs")).text
    assert "performance_id" in page
