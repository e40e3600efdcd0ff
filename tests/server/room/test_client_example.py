"""The example of a client in ``docs`` does what it says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import httpx
import pytest

from engine.records import Role
from engine.runtime.messages import Control
from engine.runtime.steering import Say, Steer, Steered
from engine.script import Finding
from tests.server.conftest import until
from tests.server.room.conftest import BASE, Asked

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "control_client.py"


@pytest.fixture
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("control_client", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def test_the_example_lists_steers_and_stops(asked: Asked, example: ModuleType) -> None:
    token = asked.accounts.add_token("example", Role.OPERATOR)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(asked.app), base_url=BASE, headers=headers) as http:
        room = example.ControlRoom(http)
        assert [each["id"] for each in await room.channels()] == ["mia"]
        assert (await room.steer("mia", type="say", text="Hello everybody."))["granted"]
        (heard,) = [message for message in asked.source.heard if isinstance(message, Steer)]
        assert (heard.user, heard.wish) == ("example", Say("Hello everybody."))
        finding = Finding("number", "says a number that its facts do not", "$5")
        asked.source.steered = Steered("", granted=False, message="no", findings=(finding,), may_insist=True)
        refused = await room.steer("mia", type="say", text="It is $5.")
        assert (refused["granted"], refused["findings"][0]["words"]) == (False, "$5")
        await room.order("mia", "stop")
        await until(lambda: any(isinstance(m, Control) and m.action == "stop" for m in asked.source.heard))


async def test_the_example_says_what_a_role_may_not(asked: Asked, example: ModuleType) -> None:
    headers = {"Authorization": f"Bearer {asked.accounts.add_token('viewer', Role.VIEWER)}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(asked.app), base_url=BASE, headers=headers) as http:
        with pytest.raises(httpx.HTTPStatusError, match="403"):
            await example.ControlRoom(http).order("mia", "stop")
