"""Insight, health, alarms and log of every channel, behind the room's gate."""

from __future__ import annotations

from engine.records import Role
from server.insight_api import insight_router
from server.room.gate import VisitHere
from server.sight import Sight


def _sight_of(channel_id: str, visit: VisitHere) -> Sight:
    return visit.room.watch(channel_id).sight


def _may_watch(visit: VisitHere) -> None:
    visit.needs(Role.VIEWER)


def _may_administer(visit: VisitHere) -> None:
    visit.needs(Role.ADMIN)


router = insight_router(_sight_of, _may_watch, _may_administer)
