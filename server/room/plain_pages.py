"""The pages before the sign-in, the one about the API, and the one of an address that does not exist: plain HTML that
needs no script.
"""

from __future__ import annotations

import html
from pathlib import Path
from string import Template

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from server.room.look import look_for
from server.room.words import LANGUAGES, words_for

STATIC = Path(__file__).parent / "static"

DOORS = {"signin.html": "title", "welcome.html": "welcome", "join.html": "welcome", "not_found.html": "not_found"}
"""Pages that are one card in the middle, each with the key of its heading."""

OTHERS = {"docs.html": "api_title"}


def fill(template_name: str, connection: HTTPConnection, status: int = 200, **values: str) -> HTMLResponse:
    """``static/template_name`` in the browser's language; all ``values`` are escaped. ``$t_key`` is a text."""
    words = words_for(connection)
    heading = words((DOORS | OTHERS)[template_name])
    other = next(language for language in LANGUAGES if language != words.language)
    known = values | {
        "language": words.language, "other_language": other, "look": look_for(connection), "heading": heading,
        "kind": "door" if template_name in DOORS else "",
    }  # fmt: skip
    wraps = ("door.html", "plain.html") if template_name in DOORS else ("plain.html",)
    text = ""
    for name in (template_name, *wraps):
        template = Template((STATIC / name).read_text(encoding="utf-8"))
        texts = {key: words(key[2:]) for key in template.get_identifiers() if key.startswith("t_")}
        escaped = {key: html.escape(value) for key, value in (known | texts).items()}
        text = template.substitute(escaped, content=text.strip())
    return HTMLResponse(text, status_code=status, headers={"Cache-Control": "no-store"})


def not_found(connection: HTTPConnection) -> HTMLResponse:
    """What a browser gets at an address that does not exist."""
    return fill("not_found.html", connection, 404)


def opens_page(connection: HTTPConnection) -> bool:
    """Whether a browser asks for a page; programs and scripts ask for other things."""
    return connection.scope["method"] == "GET" and "text/html" in connection.headers.get("accept", "")
