"""Pages, products, pictures, health and metrics over HTTP."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest

from engine.flow import LineKind
from engine.runtime.messages import Cards, Health
from server.errors import ServerError
from server.pages import STATIC, picture_path
from server.process import serve
from server.state import ChannelState
from server.theme import AA, DARK_PAPER, LIGHT_PAPER, contrast, readable, theme_css
from tests.server.conftest import CARDS, PICTURE, SAID, Running, free_port, make_channel, port_open, told, until
from tests.server.source import Source


async def test_the_viewer_page_is_escaped_and_guarded(server: Running) -> None:
    answer = await server.http.get("/")
    assert answer.status_code == 200
    assert "Northwind &lt;Home&gt;" in answer.text
    assert "<Home>" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "server" not in answer.headers
    for script in re.findall(r'(?:src|href)="(/[^"#]+)', answer.text):
        assert (await server.http.get(script)).status_code == 200, script


async def test_products_come_from_the_cards(server: Running) -> None:
    await told(server)
    body = (await server.http.get("/api/products")).json()
    assert body["on_air"] == "bottle"
    assert [(p["id"], p["price"], p["was_price"], p["link"]) for p in body["products"]] == [
        ("bottle", "$19.99", "$29.99", "https://shop.example/bottle"),
        ("lamp", "$34.00", "", ""),
    ]


async def test_only_pictures_of_the_catalogue_are_given_out(server: Running) -> None:
    answer = await server.http.get("/media/product/bottle")
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, "image/png", PICTURE)
    assert answer.headers["cache-control"] == "public, max-age=300"
    for name in ("nothing", "..%2fmia.yaml", "%2fetc%2fpasswd"):
        assert (await server.http.get(f"/media/product/{name}")).status_code == 404


def test_a_picture_follows_the_card(tmp_path: Path) -> None:
    channel, other = make_channel(tmp_path, 8080), tmp_path / "other.png"
    other.write_bytes(PICTURE)
    assert picture_path(channel, "bottle", {}) == tmp_path / "bottle.png"
    assert picture_path(channel, "bottle", {"bottle": str(other)}) == other
    assert picture_path(channel, "bottle", {"bottle": ""}) == tmp_path / "bottle.png"
    state, addresses = ChannelState(channel), []
    for picture in (tmp_path / "bottle.png", other):
        state.hear(Cards((replace(CARDS.cards[0], picture=str(picture)),)))
        addresses.append(str(state.cards_plain()[0]["picture"]))
    assert [re.sub(r"\?v=[0-9a-f]{8}$", "", each) for each in addresses] == ["/media/product/bottle"] * 2
    assert addresses[0] != addresses[1]


async def test_a_browser_asks_for_files_again_after_an_upgrade(server: Running) -> None:
    answer = await server.http.get("/static/viewer.js")
    assert answer.headers["cache-control"] == "no-cache"
    again = await server.http.get("/static/viewer.js", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache")


async def test_health_follows_the_master(server: Running) -> None:
    await told(server)
    answer = await server.http.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    names = {row["name"] for row in answer.json()["processes"]}
    assert {"master", "stage"} <= names


def test_a_silent_master_is_off_air(tmp_path: Path) -> None:
    now = [100.0]
    state = ChannelState(make_channel(tmp_path, 8080), lambda: now[0])
    assert not state.master_fresh
    for beat in range(3):
        now[0] = 100.0 + beat
        state.hear(Health("master", 1, "on air", figures={"pictures": 25.0 * beat, "cpu_seconds": 0.2 * beat}))
    assert state.master_fresh
    assert state.processes["master"].rates() == {"fps": 25.0, "cpu": 0.2}
    now[0] += 3.0
    assert not state.master_fresh
    state.hear(Health("master", 2, "on air", figures={"pictures": 1.0, "cpu_seconds": 0.1}))
    assert state.processes["master"].rates() == {}


async def test_metrics_hold_every_figure(server: Running) -> None:
    await told(server)
    text = (await server.http.get("/metrics")).text
    assert 'everhost_pictures{process="master"}' in text
    assert 'everhost_process_state{process="master",state="on air"} 1.0' in text
    assert 'everhost_process_restarts{process="stage"} 1.0' in text
    assert 'everhost_viewers{process="server"} 0.0' in text


async def test_what_is_not_there_is_json(server: Running) -> None:
    answer = await server.http.get("/no/such/page")
    assert (answer.status_code, answer.json()) == (404, {"error": "http", "message": "Not Found"})


async def test_a_port_in_use_is_said(server: Running, tmp_path: Path) -> None:
    port = server.channel.server.port
    with pytest.raises(ServerError, match=f"cannot listen on 127.0.0.1:{port}: Address already in use"):
        await serve(server.channel, tmp_path / "run", tmp_path, "t", asyncio.Event())


async def test_a_feed_that_cannot_be_read_ends_the_process(tmp_path: Path) -> None:
    channel = make_channel(tmp_path, free_port())
    with Source(tmp_path, SAID) as source:
        source.junk = True
        with pytest.raises(ServerError, match="a part of the server failed"):
            await serve(channel, tmp_path, tmp_path, "t", asyncio.Event())


async def test_stop_ends_everything(server: Running) -> None:
    before = server.channel.server.port
    server.stop.set()
    await until(lambda: not port_open(before), 5)


@pytest.mark.parametrize("brand", ["#e63348", "#ffd400", "#101010", "#ffffff", "#1a73e8", "#7fffd4"])
def test_the_brand_can_be_read_on_every_paper(brand: str) -> None:
    for paper in (LIGHT_PAPER, DARK_PAPER):
        assert contrast(readable(brand, paper), paper) >= AA
    assert f"--brand:{brand}" in theme_css(brand)


def test_contrast_is_the_standard_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("kind", list(LineKind))
def test_every_kind_of_line_has_its_name_in_both_languages(kind: LineKind) -> None:
    strings = (STATIC / "strings.js").read_text()
    assert len(re.findall(rf"\bkind_{kind.value}: \"[^\"]+\"", strings)) == 2
