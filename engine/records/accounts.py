"""Who may watch, steer and administer: accounts with hashed passwords, their sessions, and tokens for programs.

One SQLite file beside the ledgers, shared by all channels of a machine and by the ``everhost user`` and ``everhost
token`` commands. Passwords are hashed with argon2id (RFC 9106) in the library's recommended strength; session ids and
tokens are random and only their SHA-256 is kept, so that a stolen file opens nothing.
"""

from __future__ import annotations

import enum
import hashlib
import re
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import argon2

from engine.records.errors import AccountError

LEAST_PASSWORD, MOST_PASSWORD = 10, 256
"""Characters of a password (NIST SP 800-63B asks for at least 8 and no rules of composition)."""

SESSION_IDLE_S, SESSION_WHOLE_S = 12 * 3600.0, 7 * 24 * 3600.0
"""A session ends after this long without a request, and after this long in all."""

USE_NOTED_S = 60.0
"""A session's use is written at most this often."""

INVITATION_S = 3 * 24 * 3600.0
"""For so long an invitation lets somebody choose a password."""

MOST_SESSIONS = 20
"""Sessions of one account; a new one beyond it ends the oldest."""

TOKEN_PREFIX = "ehb_"
"""So that a token is known as one by those who look for secrets in files."""

_NAME = re.compile(r"[^\W_][\w.@-]{0,39}")
_SCHEMA = """
    CREATE TABLE IF NOT EXISTS accounts (name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL,
                                         created REAL NOT NULL);
    CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, name TEXT NOT NULL, created REAL NOT NULL,
                                         used REAL NOT NULL);
    CREATE TABLE IF NOT EXISTS tokens (id TEXT PRIMARY KEY, label TEXT NOT NULL UNIQUE, role TEXT NOT NULL,
                                       created REAL NOT NULL);
    CREATE TABLE IF NOT EXISTS disabled (name TEXT PRIMARY KEY);
    CREATE TABLE IF NOT EXISTS invitations (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL,
                                            created REAL NOT NULL);
"""

_HOLDS = "sessions.used > ? AND sessions.created > ? AND sessions.used <= ?"
"""Whether a session has not ended; the last bound is for a clock that was set back."""


class Role(enum.StrEnum):
    """What somebody may do; each role may also do what those before it may."""

    VIEWER = "viewer"
    """Sees the control room."""

    OPERATOR = "operator"
    """Steers channels."""

    ADMIN = "admin"
    """Changes set-ups, reads the log, sees who did what."""

    def may(self, needed: Role) -> bool:
        """Whether this role covers ``needed``."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who is signed in, or a program with a token (its name is then the token's label)."""

    name: str
    role: Role
    is_token: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """An account as an admin sees it. ``sessions`` are open now; one who is ``invited`` has no password yet."""

    name: str
    role: Role
    disabled: bool
    invited: bool
    sessions: int


class Accounts:
    """The accounts in the file at ``path``, made if it is not there. May be used by several threads and processes."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        """``clock`` gives seconds of the wall clock: sessions outlive the process.

        Raises:
            AccountError: the file cannot be opened.
        """
        self._clock = clock
        self._hasher = argon2.PasswordHasher()
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(0o600)
            self._db = sqlite3.connect(path, timeout=10.0, isolation_level=None, check_same_thread=False)
            self._db.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise AccountError(f"the accounts in {path} cannot be opened: {error}") from error
        # Compared with when a name is unknown, so that the time of an answer tells nothing.
        self._nobody = self._hasher.hash(secrets.token_hex(8))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    # Accounts.

    def add(self, name: str, password: str, role: Role) -> None:
        """A new account. An invitation of that name is worth nothing any more.

        Raises:
            AccountError: the name is taken or not allowed, or the password is too short or too long.
        """
        _check_name(name)
        _check_password(password)
        try:
            self._run("INSERT INTO accounts VALUES (?, ?, ?, ?)", name, role, self._hash(password), self._clock())
        except sqlite3.IntegrityError:
            raise AccountError(f"there is a user “{name}” already", "name_taken") from None
        self._run("DELETE FROM invitations WHERE name = ?", name)

    def change(self, name: str, *, password: str | None = None, role: Role | None = None) -> None:
        """Another password or role; the account's sessions end.

        Raises:
            AccountError: there is no such account, or the password is not allowed.
        """
        self._known(name)
        if password is not None:
            _check_password(password)
            self._run("UPDATE accounts SET password = ? WHERE name = ?", self._hash(password), name)
        if role is not None:
            self._run("UPDATE accounts SET role = ? WHERE name = ?", role, name)
        self._run("DELETE FROM sessions WHERE name = ?", name)

    def remove(self, name: str) -> None:
        """Forget an account, its sessions and its invitation.

        Raises:
            AccountError: there is none of them.
        """
        # All of them each time: an invitation that is too old is in no list, and may lie beside an account.
        tables = ("accounts", "sessions", "disabled", "invitations")
        found = [self._run(f"DELETE FROM {table} WHERE name = ? RETURNING name", name) for table in tables]
        if not any(found):
            raise self._no_user(name)

    def disable(self, name: str, *, disabled: bool) -> None:
        """Keep an account from signing in, and end its sessions; or let it in again.

        Raises:
            AccountError: there is no such account.
        """
        self._known(name)
        if not disabled:
            self._run("DELETE FROM disabled WHERE name = ?", name)
            return
        self._run("INSERT OR IGNORE INTO disabled VALUES (?)", name)
        self.end_sessions(name)

    def end_sessions(self, name: str) -> None:
        """Sign an account out everywhere.

        Raises:
            AccountError: there is no such account.
        """
        self._known(name)
        self._run("DELETE FROM sessions WHERE name = ?", name)

    def all(self) -> list[Account]:
        """Every account, by name."""
        return [Account(name, Role(role)) for name, role in self._run("SELECT name, role FROM accounts ORDER BY name")]

    def members(self) -> list[Member]:
        """Every account and everybody who is invited, by name."""
        rows = self._run(
            "SELECT name, role, name IN (SELECT name FROM disabled), 0,"
            f" (SELECT count(*) FROM sessions WHERE sessions.name = accounts.name AND {_HOLDS}) FROM accounts"
            " UNION ALL SELECT name, role, 0, 1, 0 FROM invitations WHERE created > ? ORDER BY name",
            *self._bounds(),
            self._clock() - INVITATION_S,
        )
        return [Member(name, Role(role), bool(off), bool(new), open_) for name, role, off, new, open_ in rows]

    def is_last_admin(self, name: str) -> bool:
        """Whether nobody else who can sign in may do everything."""
        found = self._run(
            "SELECT name FROM accounts WHERE role = ? AND name NOT IN (SELECT name FROM disabled)", Role.ADMIN
        )
        return found == [(name,)]

    # Invitations.

    def invite(self, name: str, role: Role) -> str:
        """A secret with which somebody may once choose a password for a new account, within ``INVITATION_S``.

        Raises:
            AccountError: the name is taken or not allowed.
        """
        _check_name(name)
        if self._run("SELECT 1 FROM accounts WHERE name = ?", name):
            raise AccountError(f"there is a user “{name}” already", "name_taken")
        self._run("DELETE FROM invitations WHERE created <= ?", self._clock() - INVITATION_S)
        secret = secrets.token_urlsafe(24)
        self._run("INSERT OR REPLACE INTO invitations VALUES (?, ?, ?, ?)", _digest(secret), name, role, self._clock())
        return secret

    def invited(self, secret: str) -> Account | None:
        """Whom an invitation is for; None if it is used up, too old, or none."""
        found = self._run(
            "SELECT name, role FROM invitations WHERE id = ? AND created > ?",
            _digest(secret),
            self._clock() - INVITATION_S,
        )
        return Account(found[0][0], Role(found[0][1])) if found else None

    def accept(self, secret: str, password: str) -> Account:
        """Make the account of an invitation, which is used up.

        Raises:
            AccountError: the invitation does not hold, or the password is not allowed.
        """
        _check_password(password)
        account = self.invited(secret)
        if account is None or not self._run("DELETE FROM invitations WHERE id = ? RETURNING id", _digest(secret)):
            raise AccountError("this invitation is used up or too old; ask for another", "invitation_over")
        self.add(account.name, password, account.role)
        return account

    def signed_in(self, name: str, password: str) -> Account | None:
        """The account, if the password fits; takes as long when there is no such account, or it is disabled."""
        rows = self._run(
            "SELECT role, password FROM accounts WHERE name = ? AND name NOT IN (SELECT name FROM disabled)", name
        )
        kept = rows[0][1] if rows else self._nobody
        try:
            self._hasher.verify(kept, password[: MOST_PASSWORD + 1])
        except argon2.exceptions.VerifyMismatchError:
            return None
        if not rows:
            return None
        if self._hasher.check_needs_rehash(kept):
            self._run("UPDATE accounts SET password = ? WHERE name = ?", self._hash(password), name)
        return Account(name, Role(rows[0][0]))

    # Sessions of browsers.

    def new_session(self, name: str) -> str:
        """A session's secret id, for a cookie."""
        secret, now = secrets.token_urlsafe(32), self._clock()
        with suppress(AccountError):
            self._run(f"DELETE FROM sessions WHERE NOT ({_HOLDS})", *self._bounds())
        self._run("INSERT INTO sessions VALUES (?, ?, ?, ?)", _digest(secret), name, now, now)
        self._run(
            "DELETE FROM sessions WHERE name = ? AND id NOT IN "
            "(SELECT id FROM sessions WHERE name = ? ORDER BY used DESC, created DESC LIMIT ?)",
            name,
            name,
            MOST_SESSIONS,
        )
        return secret

    def of_session(self, secret: str) -> Account | None:
        """Whose session this is; None for one that has ended. Being asked counts as use.

        A file that cannot be written (a full disk) ends no session: only its use is not noted.
        """
        now = self._clock()
        rows = self._run(
            "SELECT accounts.name, role, used FROM sessions JOIN accounts ON accounts.name = sessions.name "
            f"WHERE sessions.id = ? AND {_HOLDS}",
            _digest(secret),
            *self._bounds(),
        )
        if not rows:
            return None
        name, role, used = rows[0]
        if now - used > USE_NOTED_S:
            with suppress(AccountError):
                self._run("UPDATE sessions SET used = ? WHERE id = ?", now, _digest(secret))
        return Account(name, Role(role))

    def end_session(self, secret: str) -> None:
        """Sign out."""
        self._run("DELETE FROM sessions WHERE id = ?", _digest(secret))

    # Tokens of programs.

    def add_token(self, label: str, role: Role) -> str:
        """A new token, told only now.

        Raises:
            AccountError: the label is taken or not allowed.
        """
        _check_name(label)
        token = TOKEN_PREFIX + secrets.token_urlsafe(32)
        try:
            self._run("INSERT INTO tokens VALUES (?, ?, ?, ?)", _digest(token), label, role, self._clock())
        except sqlite3.IntegrityError:
            raise AccountError(f"there is a token “{label}” already", "name_taken") from None
        return token

    def of_token(self, token: str) -> Account | None:
        """What a token may do, if it is one."""
        rows = self._run("SELECT label, role FROM tokens WHERE id = ?", _digest(token))
        return Account(rows[0][0], Role(rows[0][1]), is_token=True) if rows else None

    def tokens(self) -> list[Account]:
        """Every token's label and role."""
        rows = self._run("SELECT label, role FROM tokens ORDER BY label")
        return [Account(label, Role(role), is_token=True) for label, role in rows]

    def remove_token(self, label: str) -> None:
        """Revoke a token.

        Raises:
            AccountError: there is none with this label.
        """
        if not self._run("SELECT 1 FROM tokens WHERE label = ?", label):
            known = ", ".join(token.name for token in self.tokens()) or "none"
            raise AccountError(f"there is no token “{label}”; there are: {known}", "no_user")
        self._run("DELETE FROM tokens WHERE label = ?", label)

    def _bounds(self) -> tuple[float, float, float]:
        """The values of ``_HOLDS``."""
        now = self._clock()
        return now - SESSION_IDLE_S, now - SESSION_WHOLE_S, now + SESSION_WHOLE_S

    def _hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def _known(self, name: str) -> None:
        if not self._run("SELECT 1 FROM accounts WHERE name = ?", name):
            raise self._no_user(name)

    def _no_user(self, name: str) -> AccountError:
        known = ", ".join(account.name for account in self.all()) or "none"
        return AccountError(f"there is no user “{name}”; there are: {known}", "no_user")

    def _run(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            with self._lock, closing(self._db.execute(sql, values)) as cursor:
                return cursor.fetchall()
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as error:
            raise AccountError(f"the accounts cannot be read or written: {error}") from error


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        rule = "up to 40 letters, digits and . @ - _, a letter or digit first"
        raise AccountError(f"“{name}” cannot be a name: {rule}", "bad_name")


def _check_password(password: str) -> None:
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        limits = f"{LEAST_PASSWORD} to {MOST_PASSWORD} characters"
        raise AccountError(f"a password has {limits}; this one has {len(password)}", "bad_password")


def accounts_place(state_dir: Path) -> Path:
    """The file of the accounts of a machine."""
    return state_dir / "accounts.sqlite3"
