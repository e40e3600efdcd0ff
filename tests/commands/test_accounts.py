"""``everhost user`` and ``everhost token``."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from engine.cli import main
from engine.commands import where
from engine.records import Accounts, Role, accounts_place
from engine.settings.state import STATE_DIR_VARIABLE


@pytest.fixture
def accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Accounts:
    monkeypatch.setenv(STATE_DIR_VARIABLE, str(tmp_path))
    return Accounts(accounts_place(tmp_path))


def run(monkeypatch: pytest.MonkeyPatch, command: str, typed: str = "") -> int:
    monkeypatch.setattr(sys, "argv", ["everhost", *command.split()])
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    return main()


def test_a_user_from_beginning_to_end(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "user add anna", "a long password\n") == 0
    assert accounts.signed_in("anna", "a long password") is not None
    assert run(monkeypatch, "user role anna admin") == 0
    assert run(monkeypatch, "user password anna", "another password\n") == 0
    assert accounts.signed_in("anna", "a long password") is None
    capsys.readouterr()
    assert run(monkeypatch, "user list") == 0
    assert capsys.readouterr().out.split() == ["anna", "admin"]
    assert run(monkeypatch, "user remove anna") == 0
    assert accounts.all() == []
    accounts.close()


def test_what_cannot_be_is_said(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "user add anna", "short\n") == 1
    assert "a password has 10 to 256 characters; this one has 5" in capsys.readouterr().err
    assert run(monkeypatch, "user role bob viewer") == 1
    assert "there is no user “bob”" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run(monkeypatch, "user role anna king")
    accounts.close()


def test_a_token_is_told_once_and_can_be_revoked(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "token add bot --role viewer") == 0
    token = capsys.readouterr().out.strip()
    known = accounts.of_token(token)
    assert known is not None
    assert (known.name, known.role) == ("bot", Role.VIEWER)
    assert run(monkeypatch, "token list") == 0
    told = capsys.readouterr().out
    assert told.split() == ["bot", "viewer"]
    assert run(monkeypatch, "token remove bot") == 0
    assert accounts.of_token(token) is None
    accounts.close()


def test_the_folder_is_told_where_something_is_written(
    accounts: Accounts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("user add anna", "user role anna viewer", "user password anna", "user remove anna"):
        assert run(monkeypatch, command, "a long password\n") == 0
        assert f"(accounts in {tmp_path})" in capsys.readouterr().out
    assert run(monkeypatch, "token add bot") == 0
    assert str(tmp_path) in capsys.readouterr().err
    accounts.close()


def test_no_accounts_are_begun_beside_those_of_who_is_on_air(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(STATE_DIR_VARIABLE, raising=False)
    monkeypatch.setattr(where, "state_dir", lambda: tmp_path)
    monkeypatch.setattr("engine.commands.accounts.state_dir", lambda: tmp_path)
    monkeypatch.setattr(where, "living_states", lambda: {Path("/var/lib/everhost"), tmp_path})
    assert run(monkeypatch, "user add anna", "a long password\n") == 1
    told = capsys.readouterr().err
    assert "Everhost is on air with its state in /var/lib/everhost" in told
    assert STATE_DIR_VARIABLE in told
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(where, "living_states", lambda: {tmp_path})
    assert run(monkeypatch, "user add anna", "a long password\n") == 0
    # Accounts that are there already are the ones that were meant before.
    monkeypatch.setattr(where, "living_states", lambda: {Path("/var/lib/everhost")})
    assert run(monkeypatch, "user list") == 0
