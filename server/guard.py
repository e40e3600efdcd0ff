"""Who may do what: same-site checks, the control cookie, and the headers that keep pages safe."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.error_answers import error_answer
from server.errors import TooLargeError

COOKIE = "everhost_control"

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


class Doorkeeper:
    """Knows the control token. The cookie holds a value derived from it, never the token itself.

    So does its name, because cookies do not know ports: another run on this machine must not take its place.
    """

    def __init__(self, control_token: str) -> None:
        self._token = control_token.encode()
        self.cookie = hmac.new(self._token, b"everhost control cookie", hashlib.sha256).hexdigest()
        self.cookie_name = f"{COOKIE}_{self.cookie[:12]}"

    def token_fits(self, token: str) -> bool:
        """Whether ``token`` is the control token; takes the same time whatever is wrong with it."""
        return bool(self._token) and hmac.compare_digest(token.encode(), self._token)

    def admits(self, connection: HTTPConnection) -> bool:
        """Whether a request or WebSocket carries a valid control cookie."""
        given = connection.cookies.get(self.cookie_name, "")
        return bool(self._token) and hmac.compare_digest(given.encode(), self.cookie.encode())


def same_site(headers: Headers, needs_origin: bool) -> bool:
    """Whether a request comes from this server's own pages.

    Browsers always send Origin with a WebSocket and a POST; a client without one is no browser, and passes when
    ``needs_origin`` is false.
    """
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return not needs_origin
    return urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""


BODY_LIMIT = 64 * 1024
"""Bytes of the largest body that any route reads."""


class SafeHeaders:
    """Adds the security headers to every answer, and reads no more than ``BODY_LIMIT`` of a request.

    ``larger`` has other limits by path, for uploads.
    """

    def __init__(self, app: ASGIApp, larger: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._larger = dict(larger or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("content-security-policy", PAGE_POLICY)
                headers.setdefault("x-content-type-options", "nosniff")
                headers.setdefault("referrer-policy", "no-referrer")
                headers.setdefault("x-frame-options", "DENY")
                headers.setdefault("cross-origin-opener-policy", "same-origin")
                headers.setdefault("permissions-policy", "camera=(), microphone=(), geolocation=()")
            await send(message)

        read, limit = 0, self._larger.get(scope["path"], BODY_LIMIT)

        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdigit() and int(declared) > limit:
            too_large = TooLargeError(f"a request may have {limit} bytes")
            await error_answer(too_large)(scope, receive, send_with_headers)
            return

        async def receive_limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise TooLargeError(f"a request may have {limit} bytes")
            return message

        await self._app(scope, receive_limited, send_with_headers)
