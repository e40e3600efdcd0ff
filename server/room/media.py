"""Pictures of products, for the room's own pages."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from engine.records import Role
from server.pages import PICTURE_TYPES, picture_path
from server.room.gate import VisitHere

router = APIRouter(prefix="/channels", tags=["media"])


@router.get("/{channel_id}/products/{product_id}/picture", response_class=Response)
async def product_picture(channel_id: str, product_id: str, visit: VisitHere) -> Response:
    """The first picture that the catalogue names for a product. Role: viewer."""
    visit.needs(Role.VIEWER)
    watch = visit.room.watch(channel_id)
    path = picture_path(watch.channel, product_id, {card.product_id: card.picture for card in watch.state.cards})
    if path is None:
        return Response(status_code=404)
    headers = {"Cache-Control": "private, max-age=300"}
    return FileResponse(path, media_type=PICTURE_TYPES[path.suffix.lower()], headers=headers)
