"""An endpoint that is slow, dies, lies about its size, redirects, or refuses."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from engine.script.llm import Message, ModelDiedError, ModelError, ModelRefusedError, ModelTooSlowError, Wish
from engine.script.llm.endpoint import MOST_BYTES, EndpointCompleter
from tests.endpoint_server import Behave, Server, hang, reply

KEY = "sk-very-secret"
GOOD = {
    "choices": [{"message": {"role": "assistant", "content": "Time for the Kiln mug."}}],
    "usage": {"prompt_tokens": 31, "completion_tokens": 7},
}


@pytest.fixture
def serve() -> Iterator[Callable[[Behave], tuple[Server, EndpointCompleter]]]:
    servers: list[Server] = []

    def make(behave: Behave) -> tuple[Server, EndpointCompleter]:
        servers.append(Server(behave))
        return servers[-1], EndpointCompleter(servers[-1].address, "qwen", KEY, 4096)

    yield make
    for server in servers:
        server.close()


Serve = Callable[[Behave], tuple[Server, EndpointCompleter]]


def said(completer: EndpointCompleter, deadline_s: float = 5.0) -> str:
    return completer.complete([Message("system", "Be brief."), Message("user", "Go.")], Wish(), deadline_s).text


def test_the_request_and_the_answer(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server, completer = serve(lambda handler, _: reply(handler, json.dumps(GOOD).encode()))
    made = completer.complete([Message("user", "Go.")], Wish(max_tokens=9, temperature=0.5), 5.0)
    assert (made.text, made.tokens_read, made.tokens_written) == ("Time for the Kiln mug.", 31, 7)
    path, headers, body = server.asked[0]
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert body == {
        "model": "qwen", "messages": [{"role": "user", "content": "Go."}], "max_tokens": 9, "temperature": 0.5,
        "stream": False, "stop": ["\n"],
    }  # fmt: skip
    assert KEY not in caplog.text


@pytest.mark.parametrize(("status", "retryable"), [(400, False), (401, False), (404, False), (429, True), (503, True)])
def test_a_refusal_says_its_status_and_no_secret(serve: Serve, status: int, retryable: bool) -> None:
    _, completer = serve(lambda handler, _: reply(handler, f"bad key {KEY}".encode(), status))
    with pytest.raises(ModelRefusedError, match=f"HTTP status {status}") as caught:
        said(completer)
    assert caught.value.retryable == retryable
    assert KEY not in str(caught.value)


def test_a_redirect_is_not_followed(serve: Serve) -> None:
    server, completer = serve(lambda handler, _: reply(handler, b"", 307, Location="http://127.0.0.1:1/steal"))
    with pytest.raises(ModelRefusedError, match="HTTP status 307"):
        said(completer)
    assert len(server.asked) == 1


def test_one_that_never_answers_is_given_up_in_time(serve: Serve) -> None:
    _, completer = serve(hang)
    began = time.monotonic()
    with pytest.raises(ModelTooSlowError, match=r"within 0\.4 s"):
        said(completer, 0.4)
    assert time.monotonic() - began < 4


def test_one_that_drips_is_given_up_in_time(serve: Serve) -> None:
    def drip(handler: BaseHTTPRequestHandler, _: object) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _n in range(200):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)

    _, completer = serve(drip)
    began = time.monotonic()
    with pytest.raises(ModelTooSlowError):
        said(completer, 0.5)
    assert time.monotonic() - began < 4


def test_one_that_breaks_off_has_died(serve: Serve) -> None:
    _, completer = serve(lambda handler, _: handler.connection.close())
    with pytest.raises(ModelDiedError) as caught:
        said(completer)
    assert caught.value.retryable


@pytest.mark.parametrize("body", [b"no json", b"[]", b'{"choices": []}', b'{"choices": [{"message": null}]}', b"null"])
def test_what_is_no_completion_is_refused(serve: Serve, body: bytes) -> None:
    _, completer = serve(lambda handler, _: reply(handler, body))
    with pytest.raises(ModelError, match="no chat completion"):
        said(completer)


def test_an_answer_without_end_is_cut(serve: Serve) -> None:
    _, completer = serve(lambda handler, _: reply(handler, b"x" * (MOST_BYTES + 10)))
    with pytest.raises(ModelError, match="more than"):
        said(completer)


def test_closing_ends_a_call_that_is_under_way(serve: Serve) -> None:
    _, completer = serve(hang)
    alarm = threading.Timer(0.2, completer.close)
    alarm.start()
    began = time.monotonic()
    with pytest.raises(ModelError):
        said(completer)
    assert time.monotonic() - began < 4
    alarm.join()
    with pytest.raises(ModelDiedError, match="closed"):
        said(completer)
