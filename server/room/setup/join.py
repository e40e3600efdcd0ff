"""The page at which somebody who is invited chooses a password, once."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from engine.records import AccountError
from engine.records.accounts import LEAST_PASSWORD, MOST_PASSWORD
from server.room.gate import VisitHere
from server.room.plain_pages import fill
from server.room.signin import UNWRITTEN, SignIn, with_session
from server.room.words import words_for

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form(max_length=1000)]


@router.get("/join")
async def join_page(request: Request) -> Response:
    """The form; the invitation stands behind the address's "#" and is put into the form by the page."""
    return fill("join.html", request, error="")


@router.post("/join")
async def join(
    request: Request, visit: VisitHere, invitation: Text = "", password: Text = "", again: Text = ""
) -> Response:
    """Make the account and sign it in."""
    desk: SignIn = request.app.state.sign_in
    words, address = words_for(request), request.client.host if request.client else ""
    if not desk.tries.may_try("", address):
        return fill("join.html", request, 429, error=words("too_many_tries"))
    if password != again:
        return fill("join.html", request, 422, error=words("passwords_differ"))
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        return fill("join.html", request, 422, error=words("bad_password"))
    try:
        account = await asyncio.to_thread(visit.room.accounts.accept, invitation, password)
    except AccountError as failed:
        if failed.code == UNWRITTEN:
            return fill("join.html", request, 503, error=words("accounts_away"))
        return fill("join.html", request, 403, error=words("invitation_over"))
    return with_session(request, await asyncio.to_thread(visit.room.accounts.new_session, account.name))
