"""WHEP through the room, so that its pages ask one origin only; the media goes to the browser directly."""

from __future__ import annotations

import re

import httpx
from fastapi import APIRouter, Request, Response

from engine.records import Role
from engine.runtime.place import STAFF_HEADER
from server.errors import NotAnOfferError, TooLargeError
from server.offer import MAX_OFFER_BYTES
from server.room.channel_watch import ChannelWatch
from server.room.errors import ChannelAwayError
from server.room.gate import VisitHere
from server.room.room import Room, address_of

PASSED_ON = ("content-type", "retry-after", "cache-control")

_SESSION = re.compile(r"[\w-]{1,64}")

router = APIRouter(prefix="/channels", tags=["media"])


@router.post("/{channel_id}/whep")
async def whep_open(channel_id: str, request: Request, visit: VisitHere) -> Response:
    """Watch a channel by WHEP: an SDP offer for its answer, and the session's address in Location. Role: viewer."""
    visit.needs(Role.VIEWER)
    watch = visit.room.watch(channel_id)
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/sdp":
        raise NotAnOfferError("send the SDP offer as application/sdp")
    offer = await request.body()
    if len(offer) > MAX_OFFER_BYTES:
        raise TooLargeError(f"an offer may have {MAX_OFFER_BYTES} bytes")
    headers = {"content-type": "application/sdp", STAFF_HEADER: watch.staff_pass}
    answer = await _ask(visit.room, watch, "POST", "/whep", content=offer, headers=headers)
    passed = {name: answer.headers[name] for name in PASSED_ON if name in answer.headers}
    session = answer.headers.get("location", "").rpartition("/")[2]
    if _SESSION.fullmatch(session):
        passed["location"] = f"{watch.path}/whep/{session}"
    return Response(answer.content, status_code=answer.status_code, headers=passed)


@router.delete("/{channel_id}/whep/{session_id}")
async def whep_close(channel_id: str, session_id: str, visit: VisitHere) -> Response:
    """End a session. Role: viewer."""
    visit.needs(Role.VIEWER)
    watch = visit.room.watch(channel_id)
    if not _SESSION.fullmatch(session_id):
        return Response(status_code=404)
    answer = await _ask(visit.room, watch, "DELETE", f"/whep/{session_id}")
    return Response(status_code=answer.status_code)


async def _ask(
    room: Room, watch: ChannelWatch, method: str, path: str, content: bytes = b"", headers: dict[str, str] | None = None
) -> httpx.Response:
    token = watch.channel.server.viewer_token.get_secret_value()
    ticket = {"authorization": f"Bearer {token}"} if token else {}
    address = address_of(watch.channel.server) + path
    try:
        return await room.http.request(method, address, content=content, headers={**(headers or {}), **ticket})
    except httpx.HTTPError as error:
        raise ChannelAwayError(f"the server of “{watch.channel_id}” does not answer") from error
