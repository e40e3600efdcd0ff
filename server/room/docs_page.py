"""``/docs``: the OpenAPI description as a page that needs no script and nothing from elsewhere."""

from __future__ import annotations

import html
import json
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from engine.records import Role
from server.room.gate import VisitHere
from server.room.plain_pages import fill

ROWS = "{rows}"
"""Stands in the page for the operations, which are HTML already."""

router = APIRouter(include_in_schema=False)


@router.get("/openapi.json")
async def schema(request: Request, visit: VisitHere) -> JSONResponse:
    """The description itself."""
    visit.needs(Role.VIEWER)
    return JSONResponse(request.app.openapi())


@router.get("/docs")
async def docs(request: Request, visit: VisitHere) -> Response:
    """Every operation with its parameters, body and answers."""
    visit.needs(Role.VIEWER)
    page = bytes(fill("docs.html", request, rows=ROWS).body).decode()
    return HTMLResponse(page.replace(ROWS, _operations(request.app.openapi())))


def _operations(schema: dict[str, Any]) -> str:
    return "".join(
        _operation(method.upper(), path, operation, schema)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    )


def _operation(method: str, path: str, operation: dict[str, Any], schema: dict[str, Any]) -> str:
    parts = [f"<h2><b>{method}</b> <code>{html.escape(path)}</code></h2>"]
    parts.append(f"<p>{html.escape(' '.join(operation.get('description', '').split()))}</p>")
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body:
        parts.append(f"<pre>{html.escape(json.dumps(_whole(body, schema), indent=2, ensure_ascii=False))}</pre>")
    answers = ", ".join(f"{code} {html.escape(a['description'])}" for code, a in operation["responses"].items())
    parts.append(f'<p class="answers">{answers}</p>')
    return f'<section class="card">{"".join(parts)}</section>'


def _whole(part: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """``part``, or what its ``$ref`` names; of a choice, each."""
    if "anyOf" in part:
        return {"anyOf": [_whole(each, schema) for each in part["anyOf"]]}
    name = str(part.get("$ref", "")).rpartition("/")[2]
    found: dict[str, Any] = schema["components"]["schemas"][name] if name else part
    return found
