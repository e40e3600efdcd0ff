"""A control room over a real bus, asked without a network, and accounts with every role."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from engine.records import Accounts, Role
from engine.settings import load_channel
from engine.settings.state import STATE_DIR_VARIABLE
from server.room.app import create_app
from server.room.room import Place, Room
from tests.server.conftest import ON_AIR, SAID, make_channel
from tests.server.source import Source

BASE = "http://127.0.0.1:8090"
OWN = {"origin": BASE}
PASSWORD = "a long password"
WELCOME = "welcome-token"

ROOT = Path(__file__).resolve().parents[3]
CANARY = "canary-stream-key"

CHANNEL = """\
# The shop's own notes stay.
name: Mia   # what she is called
body: {root}/avatars/bodies/mia.ehb
catalogue: {root}/assets/catalogue/demo.yaml
outputs:
  - kind: rtmp
    name: old
    url: rtmp://live.example.com/app
    key: {canary}
server:
  viewer_token: {canary}-viewer
"""


@dataclass
class Asked:
    """A room that answers ``http`` as a browser would hear it."""

    room: Room
    app: FastAPI
    source: Source
    accounts: Accounts
    http: httpx.AsyncClient

    async def sign_in(self, name: str, password: str = PASSWORD, **headers: str) -> httpx.Response:
        return await self.http.post("/signin", data={"name": name, "password": password}, headers=OWN | headers)


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    made = Accounts(tmp_path / "accounts.sqlite3")
    yield made
    made.close()


@pytest.fixture
async def empty(tmp_path: Path, accounts: Accounts) -> AsyncIterator[Asked]:
    """A room without any account."""
    run_dir = tmp_path / "run"
    run_dir.mkdir()
    with Source(run_dir, (*SAID, ON_AIR)) as source:
        room = Room([Place(make_channel(tmp_path, 1), run_dir)], accounts, WELCOME, tmp_path / "state")
        await room.start()
        app = create_app(room)
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 4000))
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
            yield Asked(room, app, source, accounts, http)
        await room.aclose()


@pytest.fixture
async def asked(empty: Asked) -> Asked:
    """A room with an account of each role."""
    for role in Role:
        empty.accounts.add(role.value, PASSWORD, role)
    return empty


@pytest.fixture
async def setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accounts: Accounts) -> AsyncIterator[Asked]:
    """A room over a channel file of its own, with an account of each role; its admin is signed in."""
    monkeypatch.setenv(STATE_DIR_VARIABLE, str(tmp_path / "state"))
    file = tmp_path / "shop" / "mia.yaml"
    file.parent.mkdir()
    file.write_text(CHANNEL.format(root=ROOT, canary=CANARY))
    run_dir = tmp_path / "run"
    run_dir.mkdir()
    for role in Role:
        accounts.add(role.value, PASSWORD, role)
    with Source(run_dir, ()) as source:
        room = Room([Place(load_channel(file), run_dir)], accounts, "")
        await room.start()
        app = create_app(room)
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 4000))
        async with httpx.AsyncClient(transport=transport, base_url=BASE, headers=OWN, timeout=90) as http:
            asked = Asked(room, app, source, accounts, http)
            be(asked, "admin")
            yield asked
        await room.aclose()


def be(asked: Asked, name: str) -> None:
    """Go on as somebody else, without the slow hash of a password."""
    asked.http.cookies.clear()
    asked.http.cookies.set("everhost_session_8090", asked.accounts.new_session(name))
