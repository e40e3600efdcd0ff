"""Steering a channel's show: one wish a request, answered with what became of it."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response

from engine.records import Role
from engine.runtime.steering import Steered
from server.room.gate import VisitHere
from server.steering import WISH_SCHEMA, WISH_SCHEMAS, read_wish

router = APIRouter(prefix="/api", tags=["steering"])

(STEERED_SCHEMA,), _STEERED_PARTS = msgspec.json.schema_components(
    [Steered], ref_template="#/components/schemas/{name}"
)
SCHEMAS: dict[str, Any] = {**WISH_SCHEMAS, **_STEERED_PARTS}
"""What ``components/schemas`` of the OpenAPI document must hold for this module's references."""

_BODY = {"required": True, "content": {"application/json": {"schema": WISH_SCHEMA}}}
_ANSWER = {"content": {"application/json": {"schema": STEERED_SCHEMA}}}


@router.post(
    "/channels/{channel_id}/steer",
    openapi_extra={
        "requestBody": _BODY,
        "responses": {
            "200": {"description": "It is done.", **_ANSWER},
            "409": {"description": "It is refused; ``findings`` say why.", **_ANSWER},
        },
    },
)
async def steer(channel_id: str, request: Request, visit: VisitHere) -> Response:
    """Tell the studio a wish: say, edit, drop, move, approve, approval, pin, leave, price, stock, manner, picture,
    answer_now, keep, dismiss, answer.

    Typed text passes the guard. Where it objects and ``may_insist`` is true, the same wish with ``why`` is granted; the
    reason is kept in the ledger with the name. Role: operator.
    """
    account = visit.needs(Role.OPERATOR)
    wish = read_wish(await request.body())
    became = await visit.room.watch(channel_id).steering.wish(account.name, wish)
    return Response(msgspec.json.encode(became), 200 if became.granted else 409, media_type="application/json")
