"""What of an address may be shown, and which one of a name is tried."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from engine.outlets import wire
from engine.outlets.base import OutletError
from engine.outlets.rtmp import public_address
from engine.outlets.wire import Wire, in_turn


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("rtmp://live.example.com/app/secret-key", "rtmp://live.example.com"),
        ("rtmps://user:password@live.example.com:443/app?auth=abc", "rtmps://live.example.com:443"),
    ],
)
def test_only_scheme_host_and_port(url: str, shown: str) -> None:
    assert public_address(url) == shown


def found(family: int, host: str, port: int = 1935) -> wire.Address:
    return (family, socket.SOCK_STREAM, 6, "", (host, port))


def test_the_families_take_turns_in_the_resolver_s_order() -> None:
    six, four = socket.AF_INET6, socket.AF_INET
    told = [*(found(six, f"2001:db8::{n}") for n in (1, 2, 3)), found(four, "192.0.2.1")]
    assert [each[4][0] for each in in_turn(told)] == ["2001:db8::1", "192.0.2.1", "2001:db8::2", "2001:db8::3"]
    assert in_turn([]) == []


@pytest.fixture
def swallowing() -> Iterator[int]:
    """A port that neither takes nor refuses connections: its queue is full (listen(2)), so Linux answers no more."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        port = listener.getsockname()[1]
        for _ in range(3):
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", port))
        yield port


def test_an_address_that_swallows_everything_gives_way_to_the_next(
    swallowing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "ADDRESS_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as good:
        both = [found(socket.AF_INET, "127.0.0.1", port) for port in (swallowing, good.getsockname()[1])]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
        line = Wire("live.example.com", 1935, secure=False)
        line.push(b"hello")
        good.settimeout(20)
        end = time.monotonic() + 20
        while not line.sent:
            line.work()
            time.sleep(0.01)
            assert time.monotonic() < end
        peer, _ = good.accept()
        with peer:
            assert peer.recv(5) == b"hello"
        line.close()


def test_the_last_address_has_all_the_time_that_is_left(swallowing: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "ADDRESS_S", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [found(socket.AF_INET, "127.0.0.1", swallowing)])
    line = Wire("live.example.com", 1935, secure=False)
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        line.work()
        time.sleep(0.01)
    assert line.sent == 0
    line.close()


def test_a_family_that_the_system_has_not_gives_way_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as good:
        port = good.getsockname()[1]
        # 45 is no family of Linux: as IPv6 where the kernel was built without it.
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda *_, **__: [found(45, "::1", port), found(socket.AF_INET, "127.0.0.1", port)]
        )
        line = Wire("live.example.com", 1935, secure=False)
        line.push(b"hello")
        end = time.monotonic() + 20
        while not line.sent:
            line.work()
            time.sleep(0.01)
            assert time.monotonic() < end
        line.close()


def test_what_a_peer_says_before_it_closes_is_heard() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = Wire("127.0.0.1", server.getsockname()[1], secure=False)
        line.push(b"hello")
        end = time.monotonic() + 20
        while not line.sent:
            line.work()
            time.sleep(0.01)
            assert time.monotonic() < end
        peer, _ = server.accept()
        with peer:
            assert peer.recv(5) == b"hello"
            peer.sendall(b"the key is in use")
        time.sleep(0.1)  # The words and the end are there together.
        assert line.work() == b"the key is in use"
        with pytest.raises(OutletError, match="the peer has closed the connection"):
            line.work()
        line.close()
