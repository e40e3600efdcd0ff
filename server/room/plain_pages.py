"""The pages before the sign-in and the one about the API: plain HTML that needs no script."""

from __future__ import annotations

import html
from pathlib import Path
from string import Template

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from server.room.look import look_for
from server.room.words import LANGUAGES, words_for

STATIC = Path(__file__).parent / "static"


def fill(template_name: str, connection: HTTPConnection, status: int = 200, **values: str) -> HTMLResponse:
    """``static/template_name`` in the browser's language; all ``values`` are escaped. ``$t_key`` is a text."""
    words = words_for(connection)
    template = Template((STATIC / template_name).read_text(encoding="utf-8"))
    texts = {key: words(key[2:]) for key in template.get_identifiers() if key.startswith("t_")}
    other = next(language for language in LANGUAGES if language != words.language)
    filled = {"language": words.language, "other_language": other, "look": look_for(connection)} | texts | values
    text = template.substitute({key: html.escape(value) for key, value in filled.items()})
    return HTMLResponse(text, status_code=status, headers={"Cache-Control": "no-store"})
