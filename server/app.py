"""The web application of one channel."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from server import chat_socket, click_beacon, control, pages, whep
from server.errors import ServerError
from server.guard import Doorkeeper, SafeHeaders
from server.metrics import Metrics
from server.station import Station


def create_app(station: Station, control_token: str) -> FastAPI:
    """All routes over a ``station`` that the caller starts and closes. An empty token locks the control page."""
    app = FastAPI(title="Everhost", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.station = station
    app.state.door = Doorkeeper(control_token)
    app.state.metrics = Metrics(station.state)
    for part in (pages, whep, chat_socket, click_beacon, control):
        app.include_router(part.router)
    app.mount("/static", StaticFiles(directory=pages.STATIC), name="static")
    app.add_middleware(SafeHeaders)
    app.add_exception_handler(ServerError, _server_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    return app


async def _server_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ServerError)
    headers = {} if error.retry_after_s is None else {"Retry-After": str(error.retry_after_s)}
    if error.status == 405:
        headers["Allow"] = "DELETE, OPTIONS"
    return JSONResponse({"error": error.code, "message": str(error)}, status_code=error.status, headers=headers)


async def _http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    body = {"error": "http", "message": str(error.detail)}
    return JSONResponse(body, status_code=error.status_code, headers=error.headers)


async def _validation_error(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"error": "bad_request", "message": "this request has not the right form"}, status_code=422)
