"""Signing in and out, and the page that makes the first account."""

from __future__ import annotations

import asyncio
import hmac
import logging
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from engine.records import AccountError, Role
from engine.records.accounts import LEAST_PASSWORD, MOST_PASSWORD, SESSION_WHOLE_S
from server.room.gate import Visit, VisitHere, cookie_name
from server.room.plain_pages import fill
from server.room.tries import Tries
from server.room.words import words_for

log = logging.getLogger(__name__)

UNWRITTEN = "account_failed"
"""The code of an ``AccountError`` that is nobody's mistake: the accounts cannot be written."""

HASHES_AT_ONCE = 2
"""Passwords that are checked at the same time; each takes a core for a tenth of a second and 64 MiB."""

FORM_TEXT = 1000
"""Characters of a form's field that are read at most."""

Text = Annotated[str, Form(max_length=FORM_TEXT)]

router = APIRouter(include_in_schema=False)


class SignIn:
    """Checks passwords, slowly for those who guess."""

    def __init__(self) -> None:
        self.tries = Tries()
        self._hashing = asyncio.Semaphore(HASHES_AT_ONCE)

    async def session(self, visit: Visit, name: str, password: str) -> str | None:
        """A new session's secret if the password fits."""
        async with self._hashing:
            account = await asyncio.to_thread(visit.room.accounts.signed_in, name, password)
        return await asyncio.to_thread(visit.room.accounts.new_session, account.name) if account else None


@router.get("/signin")
async def sign_in_page(request: Request, visit: VisitHere) -> Response:
    """The form; whoever is signed in goes on to the wall."""
    if visit.account is not None:
        return RedirectResponse("/", status_code=303)
    return fill("signin.html", request, error="", name="")


@router.post("/signin")
async def sign_in(request: Request, visit: VisitHere, name: Text = "", password: Text = "") -> Response:
    """Check the password and begin a session."""
    desk: SignIn = request.app.state.sign_in
    words, address = words_for(request), request.client.host if request.client else ""
    if not desk.tries.may_try(name, address):
        answer = fill("signin.html", request, 429, error=words("too_many_tries"), name=name)
        answer.headers["Retry-After"] = "60"
        return answer
    try:
        session = await desk.session(visit, name, password)
    except AccountError as error:
        log.warning("nobody can sign in: %s", error)
        return fill("signin.html", request, 503, error=words("accounts_away"), name=name)
    if session is None:
        return fill("signin.html", request, 401, error=words("wrong_password"), name=name)
    desk.tries.forgive(name, address)
    return with_session(request, session)


@router.post("/signout")
async def sign_out(request: Request, visit: VisitHere) -> Response:
    """End the session."""
    await asyncio.to_thread(visit.room.accounts.end_session, visit.session)
    answer = RedirectResponse("/signin", status_code=303)
    answer.delete_cookie(cookie_name(request.headers), path="/", httponly=True, samesite="strict")
    return answer


@router.get("/welcome")
async def welcome_page(request: Request, visit: VisitHere, token: str = "") -> Response:
    """The form that makes the first account, for who has the address that was printed at the start."""
    if not await _may_begin(visit, token):
        return fill("signin.html", request, 403, error=words_for(request)("welcome_over"), name="")
    return fill("welcome.html", request, error="", name="", token=token)


@router.post("/welcome")
async def welcome(
    request: Request, visit: VisitHere, token: Text = "", name: Text = "", password: Text = "", again: Text = ""
) -> Response:
    """Make the first account, an admin, and sign it in. It works once: with an account the token is worth nothing."""
    words = words_for(request)
    if not await _may_begin(visit, token):
        return fill("signin.html", request, 403, error=words("welcome_over"), name="")
    error = ""
    if password != again:
        error = words("passwords_differ")
    elif not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        error = words("bad_password")
    else:
        try:
            await asyncio.to_thread(visit.room.accounts.add, name, password, Role.ADMIN)
        except AccountError as failed:
            error = words("accounts_away" if failed.code == UNWRITTEN else "bad_name")
    if error:
        return fill("welcome.html", request, 422, error=error, name=name, token=token)
    return with_session(request, await asyncio.to_thread(visit.room.accounts.new_session, name))


async def _may_begin(visit: Visit, token: str) -> bool:
    wanted = visit.room.welcome_token
    if not wanted or not hmac.compare_digest(token.encode(), wanted.encode()):
        return False
    return not await asyncio.to_thread(visit.room.accounts.all)


def with_session(request: Request, session: str) -> Response:
    """To the wall, with a session's cookie."""
    answer = RedirectResponse("/", status_code=303, headers={"Cache-Control": "no-store"})
    secure = request.url.scheme == "https"
    answer.set_cookie(
        cookie_name(request.headers), session,
        max_age=int(SESSION_WHOLE_S), httponly=True, samesite="strict", secure=secure, path="/",
    )  # fmt: skip
    return answer
