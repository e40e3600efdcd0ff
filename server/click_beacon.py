"""``POST /api/click``: a viewer's page says that a product's link was opened. What is kept names nobody."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from server.errors import NotAllowedError
from server.guard import same_site
from server.whep import StationHere

router = APIRouter()


class Click(BaseModel):
    """What the page sends."""

    model_config = ConfigDict(extra="forbid")
    product: Annotated[str, Field(max_length=200)]
    viewer: Literal["phone", "desk", ""] = ""


@router.post("/api/click", status_code=204)
async def click(request: Request, told: Click, station: StationHere) -> Response:
    """Count it; the answer is the same whether it was counted or not."""
    if not same_site(request.headers, needs_origin=True):
        raise NotAllowedError("this request comes from another site")
    station.clicked(told.product, told.viewer, request.client.host if request.client else "")
    return Response(status_code=204)
