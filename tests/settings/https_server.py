"""A real HTTPS server on this machine with a certificate of its own, and faults to inject.

``allowance`` lets the code under test reach it: the server's address, a resolver that knows its names, its authority.
"""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from engine.settings.fetch import Allowance

HOST = "shop.test"
LOCAL = "127.0.0.1"


@dataclass
class Answer:
    """What a path answers. ``write`` sends the body itself, with status 0 the head too: for slow, broken servers."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    write: Callable[[BaseHTTPRequestHandler], None] | None = None


@dataclass
class Shop:
    """The running server: set ``answers`` by path, read ``asked`` (path and headers of each request)."""

    port: int
    tls: ssl.SSLContext
    answers: dict[str, Answer | Callable[[Mapping[str, str]], Answer]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    posted: list[bytes] = field(default_factory=list)
    names: dict[str, list[str]] = field(default_factory=dict)

    def url(self, path: str, host: str = HOST) -> str:
        return f"https://{host}:{self.port}{path}"

    def resolve(self, host: str, port: int) -> list[str]:
        if host in self.names:
            return self.names[host]
        if host == HOST:
            return [LOCAL]
        try:
            return [str(ipaddress.ip_address(host))]
        except ValueError:
            raise OSError(f"no such name: {host}") from None

    @property
    def allowance(self) -> Allowance:
        return Allowance(frozenset({LOCAL}), self.resolve, self.tls)


def certificate(folder: Path) -> Path:
    """A certificate for ``HOST`` and its key in one PEM file; it is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address(LOCAL))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "shop.pem"
    path.write_bytes(private + made.public_bytes(pem))
    return path


@contextmanager
def https_shop(folder: Path) -> Iterator[Shop]:
    """Serve until the block ends."""
    pem = certificate(folder)
    shop = Shop(0, ssl.create_default_context(cafile=str(pem)))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shop.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            answer = shop.answers.get(self.path, Answer(404))
            if not isinstance(answer, Answer):
                answer = answer(self.headers)
            try:
                if answer.status == 0 and answer.write is not None:
                    answer.write(self)
                    return
                self.send_response(answer.status)
                for key, value in answer.headers.items():
                    self.send_header(key, value)
                if answer.write is None and "Content-Length" not in answer.headers:
                    self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if answer.write is not None:
                    answer.write(self)
                else:
                    self.wfile.write(answer.body)
            except OSError:
                pass

        def do_POST(self) -> None:
            shop.posted.append(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = False
        block_on_close = True

        def handle_error(self, *_: object) -> None:
            pass

    server = Quiet((LOCAL, 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    shop.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="https-shop")
    thread.start()
    try:
        yield shop
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
