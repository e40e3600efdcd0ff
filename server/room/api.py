"""The programming interface: what the pages show and do, for programs with a token and for the pages' own buttons."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from engine.records import Role
from engine.runtime.messages import Control
from server.room.gate import VisitHere
from server.state import Plain

router = APIRouter(prefix="/api", tags=["channels"])


class ChannelSummary(BaseModel):
    """One channel in the list. ``air`` is "on", "paused", "stopped", "slate", "waiting" or "off"."""

    id: str
    name: str
    shop: str
    language: str
    air: str
    viewers: int
    product: str | None


class Order(BaseModel):
    """What to do.

    ``stop``: silence and slate at once. ``pause``: idle life after the sentence that is said now. ``resume`` from
    both. ``skip`` the line that is said now.
    """

    model_config = ConfigDict(extra="forbid")
    action: Literal["stop", "pause", "resume", "skip"]


class Sent(BaseModel):
    """The order is on its way; the channel's state tells when it is done."""

    id: str
    action: str


@router.get("/channels")
async def channels(visit: VisitHere) -> list[ChannelSummary]:
    """Every channel of this run. Role: viewer."""
    visit.needs(Role.VIEWER)
    return [ChannelSummary.model_validate(watch.plain()) for watch in visit.room.watches.values()]


@router.get("/channels/{channel_id}")
async def channel(channel_id: str, visit: VisitHere) -> Plain:
    """The whole state of a channel: what was said, is said and comes next with facts, verdict and writer; processes.

    Role: viewer.
    """
    visit.needs(Role.VIEWER)
    return visit.room.watch(channel_id).plain()


@router.get("/channels/{channel_id}/chat")
async def chat(channel_id: str, visit: VisitHere) -> list[Plain]:
    """The last questions and what became of each, oldest first. Role: viewer."""
    visit.needs(Role.VIEWER)
    return [entry.plain() for entry in visit.room.watch(channel_id).chat.entries]


@router.post("/channels/{channel_id}/control", status_code=202)
async def control(channel_id: str, order: Order, visit: VisitHere) -> Sent:
    """Stop, pause, resume, or skip a line; the ledger keeps who did it. Role: operator."""
    account = visit.needs(Role.OPERATOR)
    await visit.room.watch(channel_id).send(Control(order.action, account.name))
    return Sent(id=channel_id, action=order.action)
