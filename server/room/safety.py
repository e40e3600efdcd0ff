"""The content security policy of the room's pages.

NiceGUI writes a few scripts into its page itself. They get a nonce, made for each answer, so that no other script in
the page would run: ``<`` of every text is escaped there, so that only NiceGUI's own template has a ``<script``.
"""

from __future__ import annotations

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NICEGUI_PAGE = "x-nicegui-content"
"""NiceGUI marks its pages with this header."""

_SCRIPT = re.compile(rb"<script(?=[\s>])")


def page_policy(nonce: str) -> str:
    """The policy of a page of NiceGUI. Quasar sets styles on elements, which only 'unsafe-inline' allows."""
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; media-src 'self' blob:; connect-src 'self'; font-src 'self' data:; manifest-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


class PageSafety:
    """Gives pages of NiceGUI their nonce and policy, and lets forms say where they come from.

    Without a referrer a browser sends ``Origin: null`` with a form, which could not be told from another site's.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; a page of NiceGUI is held until it is whole."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        held: list[Message] = []

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["referrer-policy"] = "same-origin"
                if NICEGUI_PAGE in headers:
                    held.append(message)
                    return
            elif held:
                held.append(message)
                if not message.get("more_body", False):
                    await _send_page(held, send)
                return
            await send(message)

        await self._app(scope, receive, send_safe)


async def _send_page(held: list[Message], send: Send) -> None:
    start, *parts = held
    nonce = secrets.token_urlsafe(16)
    body = b"".join(part.get("body", b"") for part in parts)
    body = _SCRIPT.sub(f'<script nonce="{nonce}"'.encode(), body)
    headers = MutableHeaders(scope=start)
    headers["content-length"] = str(len(body))
    headers["content-security-policy"] = page_policy(nonce)
    await send(start)
    await send({"type": "http.response.body", "body": body})
