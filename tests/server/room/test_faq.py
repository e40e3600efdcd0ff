"""The shop's own answers over the control room's API: judged, kept, and refused with the reasons."""

from __future__ import annotations

import pytest

from engine.flow import Question
from engine.records import Ledger
from tests.server.room.conftest import OWN, Asked

PATH = "/api/channels/mia/faq"
GOOD = {"question": "Does it fit a bike cage?", "answer": "It is not made for a bike cage.", "product_id": "bottle"}


def ledger_of(asked: Asked) -> Ledger:
    return Ledger(asked.room.watch("mia").channel.file.parent / "state" / "mia.ledger.sqlite")


async def test_an_answer_is_kept_with_who_gave_it_and_closes_what_waited(asked: Asked) -> None:
    ledger = ledger_of(asked)
    ledger.unanswered(Question("q1", "Ann", "does it fit a bike cage"), "bottle")
    await asked.sign_in("operator")
    answer = await asked.http.post(PATH, json=GOOD, headers=OWN)
    assert (answer.status_code, answer.json()) == (201, {"number": 1, "answers": 1})
    assert [(each.question, each.answer, each.product_id) for each in ledger.faq()] == [tuple(GOOD.values())]
    assert ledger.open_questions() == ()
    assert [(row.who, row.action) for row in ledger.steerings()] == [("operator", "faq")]
    assert (await asked.http.get(PATH)).json()[0]["answer"] == GOOD["answer"]
    ledger.close()


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"answer": "It is the best bottle in the world."}, "absolute"),
        ({"answer": "It is only $3."}, "price"),
        ({"answer": ""}, "letters"),
        ({"question": " "}, "question"),
        ({"product_id": "nothing"}, "product"),
    ],
)
async def test_what_may_not_be_said_is_refused_with_its_rule(asked: Asked, changed: dict[str, str], rule: str) -> None:
    await asked.sign_in("operator")
    answer = await asked.http.post(PATH, json=GOOD | changed, headers=OWN)
    assert (answer.status_code, answer.json()["error"]) == (409, "faq")
    assert rule in {found["rule"].rpartition(".")[2] for found in answer.json()["findings"]}
    ledger = ledger_of(asked)
    assert ledger.faq() == ()
    ledger.close()


async def test_who_may_only_watch_may_not_answer(asked: Asked) -> None:
    await asked.sign_in("viewer")
    assert (await asked.http.post(PATH, json=GOOD, headers=OWN)).status_code == 403
    assert (await asked.http.get(PATH)).status_code == 200


async def test_other_forms_are_refused(asked: Asked) -> None:
    await asked.sign_in("operator")
    for body in ({}, GOOD | {"more": 1}, GOOD | {"answer": "a" * 2000}):
        assert (await asked.http.post(PATH, json=body, headers=OWN)).status_code == 422
