"""Joins the set-up and the users' page to the room's application."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from engine.settings import state_dir
from server.room.room import Room
from server.room.setup import api, api_goods, api_host, api_logo, join, users
from server.room.setup.errors import CannotSetUpError, ChangedMeanwhileError, ProblemsError
from server.room.setup.problems import shown
from server.room.setup.setup import Setup
from server.room.setup.tasks import TaskError

ROUTERS = (api.router, api_host.router, api_goods.router, api_logo.router, users.router, join.router)

LARGER = {
    api_goods.UPLOAD_PATH: api_goods.UPLOAD_BYTES + 10_000,
    api_logo.LOGO_PATH: api_logo.LOGO_BYTES + 10_000,
}
"""Bytes of requests that may be larger than others."""


def install(app: FastAPI, room: Room) -> None:
    """Add the routes; the set-up ends with the room."""
    setup = Setup(room, state_dir())
    room.setup = setup
    room.on_close.append(setup.aclose)
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(TaskError, _task_error)
    app.add_exception_handler(CannotSetUpError, _task_error)
    app.add_exception_handler(ProblemsError, _problems)
    app.add_exception_handler(ChangedMeanwhileError, _changed)


async def _task_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TaskError | CannotSetUpError)
    status = error.status if isinstance(error, CannotSetUpError) else 422
    return JSONResponse({"error": error.code, "message": str(error), "detail": error.detail}, status)


async def _problems(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ProblemsError)
    problems = shown(error.problems, request)
    return JSONResponse({"error": error.code, "message": str(error), "problems": problems}, error.status)


async def _changed(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ChangedMeanwhileError)
    return JSONResponse({"error": error.code, "message": str(error), **error.told}, error.status)
