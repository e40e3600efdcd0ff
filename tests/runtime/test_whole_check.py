"""What is asked before a channel goes on air."""

from __future__ import annotations

import errno
import socket
from pathlib import Path

import pytest

from engine.commands import run as run_module
from engine.commands.check import check
from engine.records import Ledger
from engine.runtime import checks
from engine.runtime.check_apart import CheckApart
from engine.runtime.checks import ledger_problems, moved_port_problems, port_problems
from engine.settings import Channel, Server, SettingsError, load_channel
from tests.runtime.conftest import ROOT


@pytest.fixture
def file(channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A good channel's file, with ports and a state of its own."""
    monkeypatch.setenv("EVERHOST_STATE_DIR", str(tmp_path / "state"))
    text = channel.file.read_text().replace("bodies/mia.ehb", str(ROOT / "avatars" / "bodies" / "mia.ehb"))
    for port in ("8080", "8090"):
        text = text.replace(f"port: {port}", f"port: {free_port()}")
    channel.file.write_text(text)
    return channel.file


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_run_asks_what_check_asks_and_tells_all_at_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "Supervisor", lambda *_: pytest.fail("something was started"))
    (file.parent / "body.ehb").write_bytes(b"not a body")
    text = file.read_text()
    for old, new in (
        ("backdrop: studio", "backdrop: sudio"),
        (str(ROOT / "avatars" / "bodies" / "mia.ehb"), "body.ehb"),
        ("name: heart", "name: hart"),
        ('platform: ""', "platform: nowhere"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text)
    with pytest.raises(SettingsError) as told:
        run_module.run([file])
    keys = [problem.key for problem in told.value.problems]
    assert sorted({"canvas.backdrop", "voice.name", "policy.platform"} & {*keys}) == sorted(
        ["canvas.backdrop", "voice.name", "policy.platform"]
    )
    assert any("body.ehb" in str(problem) for problem in told.value.problems)
    assert len(keys) == 4, "each mistake is told once"


def told_of(file: Path, *changes: tuple[str, str]) -> list[str]:
    """Keys with a problem, after changes of the file's text."""
    text = file.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text)
    with pytest.raises(SettingsError) as told:
        check(file)
    return [problem.key for problem in told.value.problems]


def test_values_and_names_are_told_together(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = told_of(
        file,
        ("fps: 25", "fps: 24"),
        ("backdrop: studio", "backdrop: sudio"),
        ("name: heart", "name: hart"),
        ('platform: ""', "platform: nowhere"),
    )
    assert sorted(keys) == ["canvas.backdrop", "canvas.fps", "policy.platform", "voice.name"]
    monkeypatch.setattr(run_module, "Supervisor", lambda *_: pytest.fail("something was started"))
    with pytest.raises(SettingsError) as told:
        run_module.run([file])
    assert [problem.key for problem in told.value.problems] == keys


def test_what_hangs_on_a_wrong_key_is_not_judged(file: Path) -> None:
    assert told_of(file, ("language: en", "language: fr"), ("name: heart", "name: hart")) == ["language"]


def test_a_broken_catalogue_hides_nothing_of_the_channel(file: Path) -> None:
    catalogue = load_channel(file).catalogue
    catalogue.write_text(catalogue.read_text().replace("price: 19.99", "price: cheap", 1))
    keys = told_of(file, ("backdrop: studio", "backdrop: sudio"))
    assert sorted(keys) == ["canvas.backdrop", "products[0].price"]


def test_a_good_channel_passes(file: Path) -> None:
    assert CheckApart([load_channel(file)]).problems(60) == []


def test_a_check_that_fails_itself_keeps_nobody_off_the_air(
    file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    channel = load_channel(file)
    apart = CheckApart([channel])
    assert apart.problems(0.0) == []
    monkeypatch.setattr("engine.runtime.check_apart.pickle.dumps", lambda _: b"no channels")
    assert CheckApart([channel]).problems(60) == []
    assert caplog.text.count("could not be checked") == 2


def test_a_running_channel_is_asked_for_the_port_that_it_does_not_have_yet(file: Path) -> None:
    channel = load_channel(file)
    with socket.socket() as own, socket.socket() as taken:
        for each in (own, taken):
            each.bind(("127.0.0.1", 0))
            each.listen(1)
        before = Server(port=own.getsockname()[1])

        def at(**server: object) -> list[str]:
            changed = channel.model_copy(update={"server": before.model_copy(update=server)})
            return [problem.key for problem in moved_port_problems(before, changed)]

        assert at() == []
        assert at(host="0.0.0.0") == [], "its own port is in use by itself"
        assert at(port=taken.getsockname()[1]) == ["server.port"]
        assert at(host="203.0.113.7") == ["server.host"]


@pytest.mark.parametrize(
    ("number", "key", "hint"),
    [
        (errno.EACCES, "server.port", "only root may open ports below 1024: set server.port to another number"),
        (errno.EADDRINUSE, "server.port", "stop what uses it, or set server.port to another number, such as 81"),
        (errno.EADDRNOTAVAIL, "server.host", "write an address of this machine"),
    ],
)
def test_why_a_port_cannot_be_opened_decides_what_would_be_right(
    file: Path, monkeypatch: pytest.MonkeyPatch, number: int, key: str, hint: str
) -> None:
    channel = load_channel(file)
    channel = channel.model_copy(update={"server": Server(port=80, control_port=0)})
    monkeypatch.setattr(checks, "_bind_error", lambda *_: OSError(number, "so it is"))
    (problem,) = port_problems([channel])
    assert (problem.key, problem.message) == (key, "port 80 cannot be opened: so it is")
    assert problem.hint.startswith(hint)


def test_check_looks_at_the_ledger_and_leaves_it_as_it_is(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = load_channel(file)
    place = tmp_path / "state" / "mia.ledger.sqlite"
    assert check(file) == 0
    assert not place.exists()
    Ledger(place).close()
    before = place.read_bytes()
    assert ledger_problems(channel) == []
    assert place.read_bytes() == before
    with monkeypatch.context() as other:
        other.setattr(checks.os, "access", lambda path, _mode: Path(path) != place)
        (problem,) = ledger_problems(channel)
    assert problem.message == f"the ledger {place} cannot be written: this user may not write to {place}"
    place.write_bytes(b"this was a ledger before the power went" * 100)
    with pytest.raises(SettingsError, match="cannot be opened"):
        check(file)
