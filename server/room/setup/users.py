"""Who may use the control room, by the API: users, their roles and sessions, invitations, and tokens. Role: admin."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from engine.records import Account, AccountError, Accounts, Role
from engine.records.accounts import INVITATION_S, MOST_PASSWORD
from server.room.gate import Visit, VisitHere
from server.room.setup.errors import CannotSetUpError

router = APIRouter(prefix="/api", tags=["users"])


class User(BaseModel):
    """A user. ``invited`` ones have no password yet; ``you`` is who asks."""

    name: str
    role: Role
    disabled: bool
    invited: bool
    sessions: int
    you: bool


class NewUser(BaseModel):
    """A user to add. Without a password there is an address with which she chooses one, once."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(max_length=40)
    role: Role
    password: str = Field(default="", max_length=MOST_PASSWORD + 1)


class Invited(BaseModel):
    """The address for the new user, told only now, and for how many hours it holds; empty if she has a password."""

    name: str
    address: str = ""
    hours: int = 0


class UserChange(BaseModel):
    """Another role or password, or keep her from signing in; her sessions end."""

    model_config = ConfigDict(extra="forbid")
    role: Role | None = None
    disabled: bool | None = None
    password: str | None = Field(default=None, max_length=MOST_PASSWORD + 1)


class Token(BaseModel):
    """A token of a program, without the token itself."""

    label: str
    role: Role


class NewToken(BaseModel):
    """A token to make."""

    model_config = ConfigDict(extra="forbid")
    label: str = Field(max_length=40)
    role: Role


class MadeToken(BaseModel):
    """The token, told only now."""

    label: str
    token: str


@router.get("/users")
async def users(visit: VisitHere) -> list[User]:
    """Every user and everybody who is invited. Role: admin."""
    account, accounts = _admin(visit)
    members = await asyncio.to_thread(accounts.members)
    return [
        User(
            name=m.name, role=m.role, disabled=m.disabled, invited=m.invited, sessions=m.sessions,
            you=not account.is_token and m.name == account.name,
        )
        for m in members
    ]  # fmt: skip


@router.post("/users", status_code=201)
async def add_user(new: NewUser, request: Request, visit: VisitHere) -> Invited:
    """Add a user with a password, or with an address at which she chooses one. Role: admin."""
    _, accounts = _admin(visit)
    try:
        if new.password:
            await asyncio.to_thread(accounts.add, new.name, new.password, new.role)
            return Invited(name=new.name)
        secret = await asyncio.to_thread(accounts.invite, new.name, new.role)
    except AccountError as error:
        raise _refused(error) from error
    # Behind a "#" it is in no log of a proxy and no Referer.
    return Invited(name=new.name, address=f"{request.base_url}join#{secret}", hours=round(INVITATION_S / 3600))


@router.patch("/users/{name}", status_code=204, response_class=Response)
async def change_user(name: str, change: UserChange, visit: VisitHere) -> Response:
    """Change a user. The last admin who can sign in stays one. Role: admin."""
    _, accounts = _admin(visit)
    loses = change.disabled is True or change.role not in (None, Role.ADMIN)
    try:
        if loses:
            await _keep_an_admin(accounts, name)
        if change.role is not None or change.password is not None:
            await asyncio.to_thread(accounts.change, name, password=change.password, role=change.role)
        if change.disabled is not None:
            await asyncio.to_thread(accounts.disable, name, disabled=change.disabled)
    except AccountError as error:
        raise _refused(error) from error
    return Response(status_code=204)


@router.delete("/users/{name}", status_code=204, response_class=Response)
async def remove_user(name: str, visit: VisitHere) -> Response:
    """Forget a user or take an invitation back. The last admin stays. Role: admin."""
    _, accounts = _admin(visit)
    try:
        await _keep_an_admin(accounts, name)
        await asyncio.to_thread(accounts.remove, name)
    except AccountError as error:
        raise _refused(error) from error
    return Response(status_code=204)


@router.delete("/users/{name}/sessions", status_code=204, response_class=Response)
async def end_sessions(name: str, visit: VisitHere) -> Response:
    """Sign a user out everywhere. Role: admin."""
    _, accounts = _admin(visit)
    try:
        await asyncio.to_thread(accounts.end_sessions, name)
    except AccountError as error:
        raise _refused(error) from error
    return Response(status_code=204)


@router.get("/tokens")
async def tokens(visit: VisitHere) -> list[Token]:
    """Every token of programs. Role: admin."""
    _, accounts = _admin(visit)
    return [Token(label=each.name, role=each.role) for each in await asyncio.to_thread(accounts.tokens)]


@router.post("/tokens", status_code=201)
async def add_token(new: NewToken, visit: VisitHere) -> MadeToken:
    """Make a token; it is told only now. Role: admin."""
    _, accounts = _admin(visit)
    try:
        token = await asyncio.to_thread(accounts.add_token, new.label, new.role)
    except AccountError as error:
        raise _refused(error) from error
    return MadeToken(label=new.label, token=token)


@router.delete("/tokens/{label}", status_code=204, response_class=Response)
async def remove_token(label: str, visit: VisitHere) -> Response:
    """Revoke a token. Role: admin."""
    _, accounts = _admin(visit)
    try:
        await asyncio.to_thread(accounts.remove_token, label)
    except AccountError as error:
        raise _refused(error) from error
    return Response(status_code=204)


def _admin(visit: Visit) -> tuple[Account, Accounts]:
    return visit.needs(Role.ADMIN), visit.room.accounts


async def _keep_an_admin(accounts: Accounts, name: str) -> None:
    if await asyncio.to_thread(accounts.is_last_admin, name):
        raise CannotSetUpError("last_admin", name, 409)


def _refused(error: AccountError) -> CannotSetUpError:
    return CannotSetUpError(error.code, str(error))
