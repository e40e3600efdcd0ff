"""``/ws/chat``: what a viewer's page hears and says."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect, WebSocketState

from server.chat import FRAME_LIMIT, ChatClient
from server.guard import same_site
from server.station import Station

TOO_SLOW, TOO_LARGE, FULL, OTHER_SITE = 4008, 1009, 1013, 4003

router = APIRouter()


@router.websocket("/ws/chat")
async def chat_socket(socket: WebSocket) -> None:
    """Chat, cards and the product on air for one page."""
    station: Station = socket.app.state.station
    if not same_site(socket.headers, needs_origin=False):
        await socket.close(OTHER_SITE)
        return
    client = station.chat.enter(socket.client.host if socket.client else "")
    if client is None:
        await socket.close(FULL)
        return
    try:
        await socket.accept()
        await socket.send_json(_welcome(station, client))
        await _talk(socket, station, client)
    except WebSocketDisconnect:
        pass
    finally:
        station.chat.leave(client)


def _welcome(station: Station, client: ChatClient) -> dict[str, object]:
    return {
        "type": "hello",
        "guest": client.writer.guest,
        "token": client.writer.token,
        "enabled": station.channel.chat.enabled,
        "max_length": station.channel.chat.max_length,
        "viewers": station.sessions.connected,
        "cards": station.state.cards_plain(),
        "air": station.state.viewer_plain(),
        "history": station.chat.history,
    }


async def _talk(socket: WebSocket, station: Station, client: ChatClient) -> None:
    """Send and receive until the page goes, is too slow, or sends too much at once."""
    jobs = {
        asyncio.create_task(_send(socket, client), name="chat-send"),
        asyncio.create_task(_receive(socket, station, client), name="chat-receive"),
        asyncio.create_task(client.gone.wait(), name="chat-gone"),
    }
    try:
        done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
    for job in done:
        error = job.exception()
        if error is not None and not isinstance(error, WebSocketDisconnect):
            raise error
    if client.gone.is_set() and socket.client_state is WebSocketState.CONNECTED:
        await socket.close(TOO_SLOW)


async def _send(socket: WebSocket, client: ChatClient) -> None:
    while True:
        await socket.send_json(await client.outbox.get())


async def _receive(socket: WebSocket, station: Station, client: ChatClient) -> None:
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        frame = message.get("text")
        if frame is None or len(frame) > FRAME_LIMIT:
            await socket.close(TOO_LARGE)
            return
        asked = station.chat.typed(client, frame)
        if asked is not None:
            await station.publish(asked)
