"""``everhost user`` and ``everhost token``: who may see and steer the control room."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from engine.commands import CommandError
from engine.commands.telling import tell
from engine.commands.where import refuse_elsewhere
from engine.records import AccountError, Accounts, Role, accounts_place
from engine.settings import state_dir


def add_user(name: str, role: str) -> int:
    """Ask for a password and make an account.

    Raises:
        CommandError: the name is taken or not allowed, or the password is not.
    """
    with _accounts() as accounts:
        if any(account.name == name for account in accounts.all()):
            raise CommandError(f"there is a user “{name}” already; to change it: everhost user password {name}")
        accounts.add(name, _new_password(name), Role(role))
    print(tell(f"{name} may sign in as {role} (accounts in {state_dir()})."))
    return 0


def change_password(name: str) -> int:
    """Ask for another password; whoever is signed in with the account is signed out."""
    with _accounts() as accounts:
        accounts.change(name, password=_new_password(name))
    print(tell(f"{name} has a new password (accounts in {state_dir()}); open sessions have ended."))
    return 0


def change_role(name: str, role: str) -> int:
    """Give an account another role; whoever is signed in with it is signed out."""
    with _accounts() as accounts:
        accounts.change(name, role=Role(role))
    print(tell(f"{name} is {role} now (accounts in {state_dir()}); open sessions have ended."))
    return 0


def remove_user(name: str) -> int:
    """Forget an account."""
    with _accounts() as accounts:
        accounts.remove(name)
    print(tell(f"{name} is gone (accounts in {state_dir()}); open sessions have ended."))
    return 0


def list_users() -> int:
    """Print every account with its role."""
    with _accounts() as accounts:
        found = accounts.all()
    for account in found:
        print(f"{account.name:40} {account.role}")
    if not found:
        print(tell(f"there are no accounts in {state_dir()} yet: everhost user add NAME makes one"), file=sys.stderr)
    return 0


def add_token(label: str, role: str) -> int:
    """Print a new token, the only time that it is shown."""
    with _accounts() as accounts:
        token = accounts.add_token(label, Role(role))
    print(token)
    print(tell("Keep it now: it is not shown again. Use it as “Authorization: Bearer …”."), file=sys.stderr)
    print(tell(f"It is known to {state_dir()}."), file=sys.stderr)
    return 0


def remove_token(label: str) -> int:
    """Revoke a token."""
    with _accounts() as accounts:
        accounts.remove_token(label)
    print(tell(f"the token “{label}” is revoked (accounts in {state_dir()})."))
    return 0


def list_tokens() -> int:
    """Print every token's label and role."""
    with _accounts() as accounts:
        found = accounts.tokens()
    for token in found:
        print(f"{token.name:40} {token.role}")
    if not found:
        print(tell(f"there are no tokens in {state_dir()} yet: everhost token add LABEL makes one"), file=sys.stderr)
    return 0


@contextmanager
def _accounts() -> Iterator[Accounts]:
    place = accounts_place(state_dir())
    refuse_elsewhere(place)
    try:
        accounts = Accounts(place)
        try:
            yield accounts
        finally:
            accounts.close()
    except AccountError as error:
        raise CommandError(str(error)) from error


def _new_password(name: str) -> str:
    """Typed twice at a terminal; else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(f"{tell(f'Password for {name}:')} ")
    if getpass.getpass(f"{tell('Again:')} ") != first:
        raise CommandError("the two passwords differ; nothing was changed")
    return first
