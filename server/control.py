"""The control page of the merchant: what is on air and why, how every process is, stop and resume."""

from __future__ import annotations

import asyncio
from typing import Literal
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Request, WebSocket
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict
from starlette.websockets import WebSocketDisconnect

from engine.runtime.messages import Control
from server.errors import NotAllowedError
from server.guard import Doorkeeper, same_site
from server.pages import fill_page
from server.station import Station
from server.steering import WISH_SCHEMA, read_wish
from server.whep import StationHere

FEED_PERIOD_S = 0.25
"""Least time between two pictures of the state; changes in between are joined."""

STALE_S = 2.0
"""Longest time between two pictures of the state, so that ages go on counting when nothing is heard."""

NOT_ALLOWED = 4001

router = APIRouter()


class Action(BaseModel):
    """What a button of the control page asks for."""

    model_config = ConfigDict(extra="forbid")
    action: Literal["stop", "pause", "resume", "skip"]


def _door(connection: Request | WebSocket) -> Doorkeeper:
    door: Doorkeeper = connection.app.state.door
    return door


@router.get("/control")
async def control_page(request: Request, station: StationHere, token: str = "") -> Response:
    """The page; a token in the address is taken once, kept as a cookie, and taken out of the address.

    With a control room it is that room's page of this channel.
    """
    if request.app.state.room_port:
        address = request.url.replace(
            port=request.app.state.room_port, path=f"/channels/{quote(station.channel.file.stem, safe='')}", query=""
        )
        return RedirectResponse(str(address), status_code=303)
    door = _door(request)
    if token:
        if not door.token_fits(token):
            return _locked(station)
        answer = RedirectResponse("/control", status_code=303, headers={"Cache-Control": "no-store"})
        secure = request.url.scheme == "https"
        answer.set_cookie(door.cookie_name, door.cookie, httponly=True, samesite="strict", secure=secure, path="/")
        return answer
    if not door.admits(request):
        return _locked(station)
    page = fill_page("control.html", station.channel)
    page.headers["Cache-Control"] = "no-store"
    return page


@router.post("/api/control")
async def control(request: Request, wanted: Action, station: StationHere) -> JSONResponse:
    """Send stop, pause, resume or skip to the master and the studio."""
    _let_in(request)
    await station.publish(Control(wanted.action))
    return JSONResponse({"action": wanted.action}, status_code=202)


@router.post("/api/steer", openapi_extra={"requestBody": {"content": {"application/json": {"schema": WISH_SCHEMA}}}})
async def steer(request: Request, station: StationHere) -> Response:
    """Tell the studio a wish; 200 when it is done, 409 with the guard's findings when it is refused."""
    _let_in(request)
    became = await station.steering.wish("control page", read_wish(await request.body()))
    return Response(msgspec.json.encode(became), 200 if became.granted else 409, media_type="application/json")


@router.websocket("/ws/control")
async def control_feed(socket: WebSocket) -> None:
    """Pictures of the whole state, a few a second."""
    if not _door(socket).admits(socket) or not same_site(socket.headers, needs_origin=True):
        await socket.close(NOT_ALLOWED)
        return
    await socket.accept()
    feed = asyncio.create_task(_feed(socket, socket.app.state.station), name="control-feed")
    try:
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
    finally:
        feed.cancel()
        await asyncio.gather(feed, return_exceptions=True)


def _let_in(request: Request) -> None:
    if not _door(request).admits(request):
        raise NotAllowedError("open the control page with its token first")
    if not same_site(request.headers, needs_origin=True):
        raise NotAllowedError("this request comes from another site")


async def _feed(socket: WebSocket, station: Station) -> None:
    told = 0
    try:
        while True:
            news = [entry for entry in station.chat.log if int(str(entry["n"])) > told]
            told = station.chat.log_count
            await socket.send_json(_picture(station) | {"chat": news})
            await asyncio.sleep(FEED_PERIOD_S)
            try:
                async with asyncio.timeout(STALE_S), station.changed:
                    await station.changed.wait()
            except TimeoutError:
                continue
    except WebSocketDisconnect:
        return


def _picture(station: Station) -> dict[str, object]:
    return {
        "type": "state",
        "on_air": station.state.on_air_plain(),
        "master_fresh": station.state.master_fresh,
        "processes": station.state.processes_plain(),
        "viewers": station.sessions.connected,
        "max_viewers": station.channel.server.max_viewers,
        "questions": msgspec.to_builtins(station.steering.questions.waiting),
        "products": {card.product_id: card.name for card in station.state.cards},
    }


def _locked(station: Station) -> HTMLResponse:
    page = fill_page("locked.html", station.channel)
    page.status_code = 401
    page.headers["Cache-Control"] = "no-store"
    return page
