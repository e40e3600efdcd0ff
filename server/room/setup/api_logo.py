"""The set-up by the API: the logo on a host's clothes."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel
from starlette.responses import Response

from engine.settings.edit import EditError, data_of
from server.room.gate import VisitHere
from server.room.setup.errors import CannotSetUpError, NoSuchFileError
from server.room.setup.logos import shown_logo
from server.room.setup.places import Host
from server.room.setup.setup import setup_for
from server.room.setup.text import read_text

router = APIRouter(prefix="/api/setup", tags=["set-up"])

LOGO_PATH = "/api/setup/logos"
LOGO_BYTES = 8_000_000

PICTURE: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}, "image/jpeg": {}}}}


class Logo(BaseModel):
    """``value`` is what the key ``outfit.logo`` of a host's looks is set to, to be saved with them."""

    value: str


@router.post("/logos")
async def add_logo(visit: VisitHere, file: UploadFile | None = None) -> Logo:
    """Take a picture (PNG, JPEG or WebP) as a logo. No host wears it before its looks are saved. Role: admin."""
    setup = setup_for(visit)
    content = await file.read() if file is not None else b""
    if not content:
        raise CannotSetUpError("logo_kind")
    return Logo(value=await setup.logos.add(content))


@router.get("/logos/{name}", responses=PICTURE, response_class=FileResponse)
async def uploaded_logo(name: str, visit: VisitHere) -> FileResponse:
    """A logo that was uploaded. Role: admin."""
    file = setup_for(visit).logos.uploaded(f"upload:{name}")
    if file is None:
        raise NoSuchFileError("there is no such logo")
    return FileResponse(file, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


@router.get("/hosts/{name}/logo", responses=PICTURE, response_class=Response)
async def host_logo(name: str, visit: VisitHere) -> Response:
    """The logo that a host wears. Role: admin."""
    return await _logo_of(setup_for(visit).files.host(name))


@router.get("/channels/{channel_id}/logo", responses=PICTURE, response_class=Response)
async def channel_logo(channel_id: str, visit: VisitHere) -> Response:
    """The logo that the host of a channel's file wears. Role: admin."""
    return await _logo_of(setup_for(visit).files.host_in(channel_id))


async def _logo_of(host: Host) -> Response:
    try:
        looks = data_of(read_text(host.looks)) if host.looks is not None else None
    except EditError:
        looks = None
    content, kind = await asyncio.to_thread(shown_logo, host, looks)
    return Response(content, media_type=kind, headers={"Cache-Control": "private, max-age=60"})
