"""WHEP (draft-ietf-wish-whep): a viewer posts an offer, gets the answer, and deletes the session when done."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from engine.runtime.place import STAFF_HEADER
from server.errors import BadOfferError, NotAllowedError, NotAnOfferError, TooLargeError, UnsupportedError
from server.guard import same_site
from server.offer import MAX_OFFER_BYTES, read_offer
from server.station import Station

ALLOW = {"Allow": "POST, OPTIONS", "Accept-Post": "application/sdp"}
ALLOW_SESSION = {"Allow": "DELETE, OPTIONS"}


def station_of(request: Request) -> Station:
    """The station that this app serves."""
    station: Station = request.app.state.station
    return station


StationHere = Annotated[Station, Depends(station_of)]

router = APIRouter()


@router.options("/whep")
async def whep_options() -> Response:
    """What the endpoint takes."""
    return Response(status_code=204, headers=ALLOW)


@router.post("/whep")
async def whep_open(request: Request, station: StationHere) -> Response:
    """201 with the answer and the session's address in Location."""
    if not same_site(request.headers, needs_origin=False):
        raise NotAllowedError("this page may not watch from another site")
    is_staff = station.knows(request.headers.get(STAFF_HEADER, ""))
    if not is_staff:
        station.admission.admit(request.client.host if request.client else "")
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/sdp":
        raise NotAnOfferError("send the SDP offer as application/sdp")
    offer = read_offer(await _body(request))
    session_id, answer = await station.sessions.open(offer, is_staff=is_staff)
    headers = {"Location": f"/whep/{session_id}", "Cache-Control": "no-store"}
    return Response(answer, status_code=201, media_type="application/sdp", headers=headers)


@router.delete("/whep/{session_id}")
async def whep_close(session_id: str, station: StationHere) -> Response:
    """End the session."""
    await station.sessions.close(session_id)
    return Response(status_code=200)


@router.options("/whep/{session_id}")
async def session_options(session_id: str) -> Response:
    """What a session takes."""
    return Response(status_code=204, headers=ALLOW_SESSION)


@router.api_route("/whep/{session_id}", methods=["GET", "HEAD", "POST", "PUT", "PATCH"])
async def session_unsupported(session_id: str) -> Response:
    """Candidates do not trickle and ICE does not restart: the client opens a new session instead."""
    raise UnsupportedError("no trickle and no ICE restart here: open a new session with POST /whep")


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_OFFER_BYTES:
            raise TooLargeError(f"an offer may have {MAX_OFFER_BYTES} bytes")
    if not body:
        raise BadOfferError("the offer is empty")
    return bytes(body)
