"""The command that adds an extra."""

from __future__ import annotations

import shlex
import sys
from importlib.metadata import PackageNotFoundError

import pytest

from engine.settings import install
from engine.settings.install import install_command


def test_it_is_this_python_s_and_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = ["numpy>=2", 'psycopg[binary]>=3.2,<4; extra == "postgres"', "pyarrow>=18; extra == 'insight'"]
    monkeypatch.setattr(install, "requires", lambda _: needed)
    command = shlex.split(install_command("postgres"))
    assert command == [sys.executable, "-m", "pip", "install", "psycopg[binary]>=3.2,<4"]
    assert shlex.split(install_command("insight"))[-1] == "pyarrow>=18"


def test_without_metadata_it_names_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(install, "requires", unknown)
    assert shlex.split(install_command("insight"))[-1] == f"{install.INSTALLATION}[insight]"


@pytest.mark.parametrize("extra", ["insight", "postgres", "telemetry"])
def test_each_extra_that_is_named_by_a_message_is_there(extra: str) -> None:
    assert "everhost" not in shlex.split(install_command(extra))[-1]
