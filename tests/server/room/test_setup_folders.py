"""The set-up over channels of several folders: where catalogues go, and which ports are free."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from engine.records import Accounts, Role
from engine.settings import load_channel
from engine.settings.state import STATE_DIR_VARIABLE
from server.room.app import create_app
from server.room.room import Place, Room
from server.room.setup.errors import NoSuchFileError
from server.room.setup.places import ChannelFiles
from tests.server.room.conftest import BASE, OWN, ROOT

CHANNEL = f"name: Mia\nbody: {ROOT}/avatars/bodies/mia.ehb\ncatalogue: {{catalogue}}\n"

GOODS = """\
shop: Lake House
language: en
currency: USD
products:
  - {{id: cup, name: Blue Cup, price: {price}, stock: 3, facts: [{{id: volume, type: capacity, text: "holds 300 ml"}}]}}
"""


@pytest.fixture
async def http(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accounts: Accounts) -> AsyncIterator[httpx.AsyncClient]:
    """An admin in a room over ``one/first.yaml`` and ``two/second.yaml``, which has a catalogue of its own."""
    monkeypatch.setenv(STATE_DIR_VARIABLE, str(tmp_path / "state"))
    (tmp_path / "one").mkdir()
    (tmp_path / "two" / "catalogues").mkdir(parents=True)
    (tmp_path / "one/first.yaml").write_text(CHANNEL.format(catalogue=f"{ROOT}/assets/catalogue/demo.yaml"))
    (tmp_path / "two/second.yaml").write_text(CHANNEL.format(catalogue="catalogues/second.yaml"))
    (tmp_path / "two/catalogues/second.yaml").write_text(GOODS.format(price="5.00"))
    places = []
    for file in ("one/first.yaml", "two/second.yaml"):
        run_dir = tmp_path / Path(file).stem
        run_dir.mkdir()
        places.append(Place(load_channel(tmp_path / file), run_dir))
    accounts.add("admin", "a long password", Role.ADMIN)
    room = Room(places, accounts, "")
    transport = httpx.ASGITransport(create_app(room), client=("127.0.0.1", 4000))
    async with httpx.AsyncClient(transport=transport, base_url=BASE, headers=OWN, timeout=90) as made:
        made.cookies.set("everhost_session_8090", accounts.new_session("admin"))
        yield made
    await room.aclose()


async def test_a_catalogue_is_approved_for_the_file_that_reads_it(http: httpx.AsyncClient, tmp_path: Path) -> None:
    goods = {"file": ("goods.yaml", GOODS.format(price="7.50"))}
    read = (await http.post("/api/setup/catalogues", files=goods)).json()
    assert read["problems"] == []
    (tmp_path / "one/goods.yaml").write_text("shop: x\nproducts: []\n")
    for channel, folder in (("second", "two"), ("first", "one"), ("not-there-yet", "one")):
        wish = {"channel": channel, "keep": {"cup": ["volume"]}}
        told = await http.post(f"/api/setup/catalogues/{read['id']}/approve", json=wish)
        assert told.json() == {"catalogue": f"catalogues/{channel}.yaml", "products": 1, "facts": 1}
        # What the answer says is what the channel's key means.
        file = tmp_path / folder / f"{channel}.yaml"
        file.write_text(CHANNEL.format(catalogue=told.json()["catalogue"]))
        assert [product.price for product in load_channel(file).items.products] == [Decimal("7.50")]
    foreign = {"channel": "goods", "keep": {"cup": ["volume"]}}
    assert (await http.post(f"/api/setup/catalogues/{read['id']}/approve", json=foreign)).status_code == 404
    assert not (tmp_path / "one/catalogues/second.yaml").exists()


async def test_a_port_that_is_no_number_is_in_nobodys_way(http: httpx.AsyncClient, tmp_path: Path) -> None:
    (tmp_path / "one/draft.yaml").write_text("name: X\nbody: x.ehb\nserver: {port: tbd}\n")
    told = await http.get("/api/setup/channels/new-one", params={"name": "New", "language": "en"})
    assert told.status_code == 200
    assert told.json()["values"]["server"]["port"] == 8081


@pytest.mark.parametrize(
    ("servers", "port"),
    [([""], 8081), (["server: {port: 8124}"], 8080), (["server: {port: 8080}", "server: {port: 8082}"], 8081),
     ([f"server: {{port: {port}}}" for port in range(8080, 8090)], 8091),
     (["server: {control_port: 8082}", "server: {port: 8081}"], 8083), (["server: soon"], 8081),
     (["server: {port: '${PORT}'}", "server: {port: -1}", f"server: {{port: {'9' * 5000}}}"], 8080),
     (["server: {port: 65535}", "server: {port: 8080.5}", "server: {port: yes}"], 8080)],
)  # fmt: skip
def test_a_new_channel_gets_a_port_that_no_page_and_no_control_room_has(
    tmp_path: Path, servers: list[str], port: int
) -> None:
    for n, server in enumerate(servers):
        (tmp_path / f"c{n}.yaml").write_text(f"name: X\nbody: x.ehb\n{server}\n")
    assert ChannelFiles({"c0": tmp_path / "c0.yaml"}).free_port() == port


def test_the_place_of_a_channel(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mia.yaml").write_text("body: x.ehb\n")
    (tmp_path / "one/goods.yaml").write_text("products: []\n")
    files = ChannelFiles({"mia": tmp_path / "one/mia.yaml", "mia-2": tmp_path / "two/mia.yaml"})
    found = {name: files.place_of(name) for name in ("mia", "mia-2", "new")}
    places = {"mia": "one/mia.yaml", "mia-2": "two/mia.yaml", "new": "one/new.yaml"}
    assert found == {name: tmp_path / place for name, place in places.items()}
    for name in ("goods", "../x", ""):
        with pytest.raises(NoSuchFileError):
            files.place_of(name)
