"""Errors as JSON, the same for every app of this package."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from server.errors import ServerError


def add_error_answers(app: FastAPI) -> None:
    """Answer every error of ``app`` with its status, a code for programs and a text for people."""
    app.add_exception_handler(ServerError, _server_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)


def error_answer(error: ServerError) -> JSONResponse:
    """The answer to one error of ours."""
    headers = {} if error.retry_after_s is None else {"Retry-After": str(error.retry_after_s)}
    if error.status == 405:
        headers["Allow"] = "DELETE, OPTIONS"
    return JSONResponse({"error": error.code, "message": str(error)}, status_code=error.status, headers=headers)


async def _server_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ServerError)
    return error_answer(error)


async def http_error(_request: Request, error: Exception) -> JSONResponse:
    """The answer to an HTTPException."""
    assert isinstance(error, HTTPException)
    body = {"error": "http", "message": str(error.detail)}
    return JSONResponse(body, status_code=error.status_code, headers=error.headers)


async def _validation_error(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"error": "bad_request", "message": "this request has not the right form"}, status_code=422)
