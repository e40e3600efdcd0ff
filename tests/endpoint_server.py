"""A server on this machine in the place of an endpoint, whose behaviour a test gives."""

from __future__ import annotations

import contextlib
import json
import select
import socketserver
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behave = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


class Server:
    """A server on this machine whose behaviour a test gives."""

    def __init__(self, behave: Behave) -> None:
        asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                asked.append((self.path, dict(self.headers), body))
                with contextlib.suppress(OSError):
                    behave(self, body)

            def log_message(self, *_: object) -> None:
                pass

        self.asked = asked
        self.server: socketserver.BaseServer = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/v1"  # type: ignore[index,str-bytes-safe]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def hang(handler: BaseHTTPRequestHandler, _: object = None) -> None:
    """Say nothing until the other side hangs up, or half a minute is over."""
    select.select([handler.connection], [], [], 30)


def reply(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
