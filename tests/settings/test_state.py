"""One state folder for an installation, wherever a command is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.settings import state, state_dir
from engine.settings.state import STATE_DIR_VARIABLE, is_state_dir_given


@pytest.fixture(autouse=True)
def _nobody_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STATE_DIR_VARIABLE, raising=False)


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation in ``folder``, as a checkout is."""
    (folder / "pyproject.toml").touch()
    monkeypatch.setattr(state, "INSTALLATION", folder)
    return folder


def test_it_is_the_same_from_every_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = installed(tmp_path, monkeypatch)
    found = set()
    for folder in (tmp_path, tmp_path / "elsewhere"):
        folder.mkdir(exist_ok=True)
        monkeypatch.chdir(folder)
        found.add(state_dir())
    assert found == {own / "var"}
    assert not is_state_dir_given()


def test_what_lay_beside_the_checkout_is_found_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = installed(tmp_path, monkeypatch)
    kept = own / "var" / "accounts.sqlite3"
    kept.parent.mkdir()
    kept.touch()
    assert (state_dir() / "accounts.sqlite3").samefile(kept)


def test_the_variable_goes_before_it_and_an_empty_one_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = installed(tmp_path, monkeypatch)
    monkeypatch.setenv(STATE_DIR_VARIABLE, str(tmp_path / "given"))
    assert state_dir() == tmp_path / "given"
    assert is_state_dir_given()
    monkeypatch.setenv(STATE_DIR_VARIABLE, "")
    assert state_dir() == own / "var"


def test_who_may_not_write_there_has_a_folder_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, monkeypatch)
    monkeypatch.setattr(state.os, "access", lambda *_: False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    assert state_dir() == tmp_path / "home" / "everhost"


def test_a_package_that_pip_has_copied_keeps_nothing_among_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "INSTALLATION", tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    assert state_dir() == tmp_path / "home" / "everhost"
