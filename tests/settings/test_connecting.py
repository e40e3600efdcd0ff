"""A connection within a deadline: the look-up of the name and all of its addresses are part of it."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
import threading
import time
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from engine.settings.connecting import connected
from engine.settings.endpoint import Endpoint, EndpointBrokeError, EndpointError, EndpointLateError
from tests.endpoint_server import Server, reply
from tests.settings.https_server import HOST, Answer, Shop

KEY = "sk-very-secret"


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def found(*addresses: tuple[str, int]) -> list[tuple[object, ...]]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in addresses]


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> tuple[Clock, list[float]]:
    """A network that drops every packet: each address takes all the time that it is given, which is noted."""
    clock, given = Clock(), []

    def wait(self: socket.socket, _: object) -> None:
        timeout = self.gettimeout()
        assert timeout is not None
        given.append(timeout)
        clock.now += timeout
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket.socket, "connect", wait)
    return clock, given


@pytest.mark.parametrize(
    ("addresses", "longest_s", "given_s"),
    [
        (8, 4.0, [1.0] * 8),
        (1, 4.0, [4.0]),
        (3, 1.0, [1.0] * 3),
        (3, 8.0, [8 / 3] * 3),
    ],
)
def test_every_address_gets_its_share_of_the_deadline(
    silent: tuple[Clock, list[float]],
    monkeypatch: pytest.MonkeyPatch,
    addresses: int,
    longest_s: float,
    given_s: list[float],
) -> None:
    clock, given = silent
    names = found(*((f"192.0.2.{n}", 443) for n in range(addresses)))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: names)
    with pytest.raises(TimeoutError):
        connected("voice.test", 443, clock.now + 8, longest_s, clock=clock)
    assert given == pytest.approx(given_s)
    assert clock.now <= 108.0 + 1e-9


def test_where_the_time_is_up_no_further_address_is_tried(
    silent: tuple[Clock, list[float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, given = silent

    def look_up(*_: object, **__: object) -> object:
        clock.now += 9
        return found(("192.0.2.1", 443))

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(TimeoutError, match=r"voice\.test cannot be reached"):
        connected("voice.test", 443, clock.now + 8, 4.0, clock=clock)
    assert given == []


@pytest.fixture
def slow_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Name servers that do not answer while the test runs."""
    over = threading.Event()

    def look_up(*_: object, **__: object) -> list[object]:
        over.wait(30)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield
    over.set()


@pytest.mark.usefixtures("slow_names")
def test_a_name_that_is_looked_up_for_too_long_is_late() -> None:
    endpoint = Endpoint("http://voice.test/v1", "audio/speech", "")
    with pytest.raises(EndpointLateError, match=r"voice\.test did not answer within 0\.2 s"):
        endpoint.post({}, "audio/*", 0.2, 1000)
    endpoint.close()


def test_the_next_address_is_tried_where_one_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(lambda handler, _: reply(handler, b"sound"))
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        refusing = unused.getsockname()
    serving = server.server.server_address
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found(refusing, serving))  # type: ignore[arg-type]
    endpoint = Endpoint("http://voice.test/v1", "audio/speech", "")
    try:
        assert endpoint.post({"a": 1}, "audio/*", 5.0, 1000).body == b"sound"
        assert endpoint.post({"a": 2}, "audio/*", 5.0, 1000).body == b"sound"
        assert [body for _, _, body in server.asked] == [{"a": 1}, {"a": 2}]
        assert server.asked[0][1]["Host"] == "voice.test"
    finally:
        endpoint.close()
        server.close()


def test_a_name_that_nobody_knows_broke_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    endpoint = Endpoint("https://voice.test/v1", "audio/speech", "")
    with pytest.raises(EndpointBrokeError, match="Name or service not known"):
        endpoint.post({}, "audio/*", 5.0, 1000)


def test_one_that_is_closed_while_it_connects_breaks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = Endpoint("http://voice.test/v1", "audio/speech", "")

    def connect(_: socket.socket, __: object) -> None:
        endpoint.close()
        raise OSError(errno.ECONNABORTED, "shut")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found(*(("192.0.2.1", 80),) * 3))
    with pytest.raises(EndpointBrokeError, match=r"voice\.test is closed"):
        endpoint.post({}, "audio/*", 5.0, 1000)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", " \t"])
def test_a_key_ends_where_its_white_space_begins(end: str) -> None:
    server = Server(lambda handler, _: reply(handler, b"sound"))
    endpoint = Endpoint(server.address, "audio/speech", f"{KEY}{end}")
    try:
        assert endpoint.post({}, "audio/*", 5.0, 1000).body == b"sound"
        assert server.asked[0][1]["Authorization"] == f"Bearer {KEY}"
    finally:
        endpoint.close()
        server.close()


@pytest.mark.parametrize("within", ["\n", "\r\nX-Other: 1", "\x00", "\x7f", "é", "密"])
def test_a_key_that_no_header_may_hold_is_in_no_message(within: str) -> None:
    server = Server(lambda handler, _: reply(handler, b"sound"))
    endpoint = Endpoint(server.address, "audio/speech", f"{KEY}{within}end")
    try:
        with pytest.raises(
            EndpointError, match=r"the key for 127\.0\.0\.1 has a character that no key may hold"
        ) as caught:
            endpoint.post({}, "audio/*", 5.0, 1000)
        assert KEY not in "".join(traceback.format_exception(caught.value))
        assert not server.asked
    finally:
        endpoint.close()
        server.close()


def test_what_http_says_of_a_header_is_passed_on_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(lambda handler, _: reply(handler, b"sound"))
    endpoint = Endpoint(server.address, "audio/speech", KEY)

    def refuse(*_: object) -> None:
        raise ValueError(f"Invalid header value b'Bearer {KEY}'")

    monkeypatch.setattr(http.client.HTTPConnection, "request", refuse)
    try:
        with pytest.raises(EndpointBrokeError, match=r"127\.0\.0\.1 could not be asked: ValueError$") as caught:
            endpoint.post({}, "audio/*", 5.0, 1000)
        assert KEY not in "".join(traceback.format_exception(caught.value))
    finally:
        endpoint.close()
        server.close()


def test_the_head_of_an_answer_may_come_later_than_a_pause_is_long() -> None:
    def late(handler: BaseHTTPRequestHandler, _: object) -> None:
        time.sleep(0.8)
        reply(handler, b"sound")

    server = Server(late)
    endpoint = Endpoint(server.address, "audio/speech", "")
    try:
        assert endpoint.post({}, "audio/*", 5.0, 1000, 0.3).body == b"sound"
        with pytest.raises(EndpointLateError, match=r"did not answer within 0\.4 s"):
            endpoint.post({}, "audio/*", 0.4, 1000, 0.3)
    finally:
        endpoint.close()
        server.close()


def test_an_encrypted_connection_holds_the_certificate_against_the_host(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.answers["/v1/audio/speech"] = Answer(200, b"sound", {"Content-Type": "audio/wav"})
    real = ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda: shop.tls)
    names = found(("127.0.0.1", shop.port))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: names)
    endpoint = Endpoint(f"https://{HOST}:{shop.port}/v1", "audio/speech", "k")
    got = endpoint.post({"a": 1}, "audio/*", 5.0, 1000, 2.0)
    assert (got.status, got.content_type, got.body) == (200, "audio/wav", b"sound")
    assert shop.posted == [b'{"a": 1}']
    other = Endpoint(f"https://other.test:{shop.port}/v1", "audio/speech", "k")
    with pytest.raises(EndpointBrokeError, match="certificate"):
        other.post({}, "audio/*", 5.0, 1000, 2.0)
    monkeypatch.setattr(ssl, "create_default_context", real)
    with pytest.raises(EndpointBrokeError, match="certificate"):
        endpoint.post({}, "audio/*", 5.0, 1000, 2.0)
    assert len(shop.posted) == 1
