"""The viewer page and what it reads: products, pictures, health, metrics."""

from __future__ import annotations

import html
from pathlib import Path
from string import Template

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response

from engine.settings.channel import Channel
from server.theme import theme_css
from server.whep import StationHere

STATIC = Path(__file__).parent / "static"

PICTURE_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
"""Pictures that pages show; SVG is left out because it can carry script."""

router = APIRouter()


def fill_page(name: str, channel: Channel) -> HTMLResponse:
    """A page of ``static/`` with the shop's and the host's name in it, escaped."""
    template = Template((STATIC / name).read_text(encoding="utf-8"))
    text = template.substitute(
        shop=html.escape(channel.items.shop),
        initial=html.escape(channel.items.shop[:1].upper()),
        host=html.escape(channel.name),
        language=html.escape(channel.language),
        width=channel.canvas.width,
        height=channel.canvas.height,
        max_length=channel.chat.max_length,
        chat="on" if channel.chat.enabled else "off",
        brand=channel.canvas.brand_colour,
    )
    return HTMLResponse(text, headers={"Cache-Control": "no-cache"})


@router.get("/")
async def viewer_page(station: StationHere) -> HTMLResponse:
    """The page that viewers open."""
    return fill_page("viewer.html", station.channel)


@router.get("/theme.css")
async def theme(station: StationHere) -> Response:
    """The brand's colours."""
    css = theme_css(station.channel.canvas.brand_colour)
    return Response(css, media_type="text/css", headers={"Cache-Control": "no-cache"})


@router.get("/api/products")
async def products(station: StationHere) -> JSONResponse:
    """Every card as the studio last told it, and the product on air."""
    body = {"products": station.state.cards_plain(), "on_air": station.state.product_on_air}
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


@router.get("/media/product/{product_id}")
async def product_picture(product_id: str, station: StationHere) -> Response:
    """The first picture that the catalogue names for a product; no other file can be asked for."""
    path = picture_path(station.channel, product_id, {c.product_id: c.picture for c in station.state.cards})
    if path is None:
        return JSONResponse({"error": "no_picture", "message": "no picture of this product"}, status_code=404)
    headers = {"Cache-Control": "public, max-age=300"}
    return FileResponse(path, media_type=PICTURE_TYPES[path.suffix.lower()], headers=headers)


def picture_path(channel: Channel, product_id: str, told: dict[str, str]) -> Path | None:
    """The file of a product's first picture, if it may be shown.

    ``told`` are the paths that the cards name, which follow the catalogue; ``channel`` is as it was loaded.
    """
    product = next((each for each in channel.items.products if each.id == product_id), None)
    named = told.get(product_id, "") or (str(product.pictures[0]) if product is not None and product.pictures else "")
    path = Path(named)
    usable = named and path.is_absolute() and path.suffix.lower() in PICTURE_TYPES and path.is_file()
    return path if usable else None


@router.get("/healthz")
async def healthz(station: StationHere) -> JSONResponse:
    """200 while the master is heard of, 503 when not; the body names every process."""
    on_air = station.state.master_fresh
    processes = [
        {key: row[key] for key in ("name", "state", "restarts", "age_s", "fresh")}
        for row in station.state.processes_plain()
    ]
    body = {"status": "ok" if on_air else "off air", "processes": processes}
    return JSONResponse(body, status_code=200 if on_air else 503, headers={"Cache-Control": "no-store"})


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Prometheus text."""
    text: bytes = request.app.state.metrics.text()
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
