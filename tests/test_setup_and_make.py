"""Setting up after an upgrade or a move, and ``make run`` with any file name; with programs that only note how they are
called.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

PYTHON = """#!/bin/sh
echo "$*" >> "{log}"
case "$*" in
  *"-m venv"*)
    case "$*" in *"--clear"*) rm -rf .venv ;; esac
    mkdir -p .venv/bin
    cp "{own}" .venv/bin/python
    echo "command = /usr/bin/python3 -m venv --clear $PWD/.venv" > .venv/pyvenv.cfg ;;
  *"import pip"*) [ ! -e "{broken}" ] || exit 1 ;;
esac
exit 0
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "everhost"
    (folder / "scripts").mkdir(parents=True)
    for name in ("setup.sh", "fetch_kokoro.py"):
        shutil.copy(ROOT / "scripts" / name, folder / "scripts" / name)
    (folder / "pyproject.toml").write_text("")
    return folder


def set_up(checkout: Path) -> list[str]:
    """How Python was called meanwhile."""
    programs = checkout.parent / "programs"
    programs.mkdir(exist_ok=True)
    log, own = checkout.parent / "log", programs / "python"
    log.write_text("")
    own.write_text(PYTHON.format(log=log, own=own, broken=checkout.parent / "broken"))
    (programs / "dpkg-query").write_text("#!/bin/sh\necho install ok installed\n")
    for program in programs.iterdir():
        program.chmod(0o755)
    if (checkout / ".venv" / "bin" / "python").exists():
        shutil.copy(own, checkout / ".venv" / "bin" / "python")
    environment = {**os.environ, "PYTHON": str(own), "PATH": f"{programs}:{os.environ['PATH']}"}
    subprocess.run(["bash", "scripts/setup.sh", "run"], cwd=checkout, env=environment, check=True, capture_output=True)
    return log.read_text().splitlines()


def made_and_installed(called: list[str]) -> tuple[int, int]:
    installed = [call for call in called if "-m pip install" in call and " -e " in call]
    return sum("-m venv" in call for call in called), len(installed)


def test_it_is_quick_when_there_is_nothing_to_do(checkout: Path) -> None:
    assert made_and_installed(set_up(checkout)) == (1, 1)
    assert made_and_installed(set_up(checkout)) == (0, 0)


def test_an_environment_of_another_python_is_made_anew(checkout: Path) -> None:
    """After an upgrade of the system its packages lie in the folder of the version before."""
    set_up(checkout)
    broken = checkout.parent / "broken"
    broken.touch()
    called = set_up(checkout)
    assert made_and_installed(called) == (1, 1)
    assert any("-m venv --clear .venv" in call for call in called)


def test_an_environment_that_was_moved_is_made_anew(checkout: Path) -> None:
    set_up(checkout)
    elsewhere = checkout.rename(checkout.with_name("moved"))
    assert made_and_installed(set_up(elsewhere)) == (1, 1)
    assert made_and_installed(set_up(elsewhere)) == (0, 0)


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize("name", ["avatars/mia.yaml", "my channel.yaml", "ann's.yaml", "小美.yaml"])
def test_make_run_takes_any_file_name(name: str, tmp_path: Path) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "setup.sh").touch()
    shutil.copy(ROOT / "Makefile", tmp_path)
    everhost = tmp_path / ".venv" / "bin" / "everhost"
    everhost.write_text('#!/bin/sh\nprintf "%s|" "$@" > called\n')
    everhost.chmod(0o755)
    subprocess.run(["make", "run", f"CHANNEL={name}"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "called").read_text() == f"run|{name}|"
