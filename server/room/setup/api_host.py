"""The set-up by the API: what there is to choose from, portraits of hosts, samples of voices."""

from __future__ import annotations

import re
from typing import Any, cast

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from engine.settings import Channel
from server.room.gate import VisitHere
from server.room.setup.errors import CannotSetUpError, NoSuchFileError
from server.room.setup.limits import limits
from server.room.setup.places import body_in, is_shipped, written
from server.room.setup.setup import setup_for
from server.room.setup.words import texts_of

router = APIRouter(prefix="/api/setup", tags=["set-up"])

COLOUR = r"^#[0-9a-fA-F]{6}$"

JPEG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/jpeg": {}}}}
WAV: dict[int | str, dict[str, Any]] = {200: {"content": {"audio/wav": {}}}}

FIELDS = (
    "name", "language", "persona.manner", "persona.introduction", "body_rights", "voice.speed", "canvas.fps",
    "canvas.brand_colour",
    "canvas.backdrop", "canvas.captions", "canvas.label", "shop", "currency",
    "show.rotation", "show.facts_per_visit", "show.gap_ms",
    "show.pinned", "show.pin_every", "show.time_zone", "policy.platform", "policy.notice_every_minutes",
    "chat.enabled", "chat.max_length", "chat.messages_per_minute", "server.host", "server.port", "server.max_viewers",
    "alarms.outlet_down_s", "alarms.no_speech_s", "alarms.repeated_percent", "alarms.disk_free_percent",
    "ledger.keep_days", "ledger.chat_days",
)  # fmt: skip
"""The single values of a channel that the form shows; lists and blocks have widgets of their own."""


class Choices(BaseModel):
    """``fields`` and ``looks`` are single values of a channel and of a host file with their range or choices."""

    fields: list[dict[str, Any]]
    looks: list[dict[str, Any]]
    voices: list[dict[str, Any]]
    platforms: list[dict[str, Any]]
    outlet_platforms: list[str]
    packs: list[str]
    backdrops: list[str]
    hosts: list[dict[str, Any]]


class Sketch(BaseModel):
    """A host to draw: ``looks`` as a host file has them, whole; ``form`` names the page, of which only the newest
    wish is drawn; ``fine`` takes longer and is as good as it gets. A logo is an upload, or a file of ``host``, or,
    where that is empty, of the host that the file of ``channel`` names.
    """

    model_config = ConfigDict(extra="forbid")
    form: str = Field(pattern=r"^[\w-]{1,40}$")
    looks: dict[str, Any]
    brand: str = Field(default="#e63348", pattern=COLOUR)
    backdrop: str = Field(default="studio", max_length=200)
    fine: bool = False
    host: str = Field(default="", max_length=60)
    channel: str = Field(default="", max_length=60)


class Portrait(BaseModel):
    """``picture`` is a JPEG as a data address; ``fine`` says whether it is as good as it gets."""

    picture: str
    fine: bool


@router.get("/choices")
async def choices(visit: VisitHere) -> Choices:
    """What a channel may say, and what there is to choose from on this machine. Role: admin."""
    setup = setup_for(visit)
    found = await setup.choices()
    fields = [{"key": key, **limits(Channel, key)} for key in FIELDS]
    hosts = [
        {"name": host.name, "shipped": is_shipped(host), "changeable": host.looks is not None}
        for host in setup.files.hosts()
    ]
    return Choices(fields=fields, hosts=hosts, **found)


@router.post("/portraits")
async def sketch(wish: Sketch, visit: VisitHere) -> Portrait:
    """Draw a host that is being changed, with the real body. 409 if the page has asked again. Role: admin."""
    setup = setup_for(visit)
    try:
        host = setup.files.host(wish.host) if wish.host else setup.files.host_in(wish.channel)
    except NoSuchFileError:
        host = None
    told = await setup.portraits.sketch(
        wish.form, setup.logos.drawn(wish.looks, host), wish.brand, wish.backdrop, setup.files.folder, fine=wish.fine
    )
    return Portrait(picture=f"data:image/jpeg;base64,{told['picture']}", fine=told["fine"])


@router.get("/hosts/{name}/portrait.jpg", responses=JPEG, response_class=Response)
async def portrait(
    name: str,
    visit: VisitHere,
    brand: str = Query("#e63348", pattern=COLOUR),
    backdrop: str = Query("studio", max_length=200),
) -> Response:
    """The portrait of a host whose body is made. Role: admin."""
    setup = setup_for(visit)
    picture = await setup.portraits.of_body(setup.files.host(name).body, brand, backdrop, setup.files.folder)
    return Response(picture, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=60"})


@router.get("/channels/{channel_id}/portrait.jpg", responses=JPEG, response_class=Response)
async def channel_portrait(
    channel_id: str,
    visit: VisitHere,
    brand: str = Query("", pattern=f"{COLOUR}|^$"),
    backdrop: str = Query("", max_length=200),
) -> Response:
    """The portrait of the host that a channel's file names, before the file's backdrop or another. Role: admin."""
    setup = setup_for(visit)
    file = setup.files.find(channel_id)
    data = written(file.path)
    body = body_in(file.path, data)
    if body is None:
        raise CannotSetUpError("no_host", status=404)
    canvas = data.get("canvas")
    given = cast(dict[str, Any], canvas) if isinstance(canvas, dict) else {}
    brand = brand or _colour(given.get("brand_colour"))
    backdrop = backdrop or str(given.get("backdrop") or "studio")
    picture = await setup.portraits.of_body(body, brand, backdrop, file.path.parent)
    return Response(picture, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=60"})


@router.get("/voices/{backend}/{name}/sample.wav", responses=WAV, response_class=FileResponse)
async def sample(
    backend: str,
    name: str,
    visit: VisitHere,
    language: str = Query("en", pattern="^(en|zh)$"),
    speed: float = Query(1.0, ge=0.7, le=1.4),
    host: str = Query("", max_length=40),
) -> FileResponse:
    """A sentence in a voice, spoken by the voice itself. Role: admin."""
    setup = setup_for(visit)
    texts = texts_of(language)
    text = texts["sample_named"].format(name=host) if host else texts["sample"]
    file = await setup.samples.get(backend, name, speed, text)
    return FileResponse(file, media_type="audio/wav", headers={"Cache-Control": "private, max-age=3600"})


def _colour(written: Any) -> str:
    """The colour that a file names, or the usual one where it names none."""
    return written if isinstance(written, str) and re.fullmatch(COLOUR, written) else "#e63348"
