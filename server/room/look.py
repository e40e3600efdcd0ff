"""Light or dark: chosen on the page and kept in a cookie, else as the browser has it."""

from __future__ import annotations

from starlette.requests import HTTPConnection

COOKIE = "everhost_look"
LOOKS = ("light", "dark")


def look_for(connection: HTTPConnection) -> str:
    """One of ``LOOKS``, or "auto"."""
    chosen = connection.cookies.get(COOKIE, "")
    return chosen if chosen in LOOKS else "auto"
