"""The pages of the set-up and of the users. Their content is custom elements over the API (``static/setup``)."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from engine.records import Role
from server.room.frame import Page, frame
from server.room.parts.elements import Text, box

HEAD = """
<link rel="stylesheet" href="/room-static/setup.css">
<script type="module" src="/room-static/setup/{script}.js"></script>
"""


@ui.page("/setup")
def setup(request: Request) -> Response | None:
    """Every channel file, and the way to a new one."""
    return _page(request, "setup", "/setup", "list", "setup-list")


@ui.page("/setup/{channel_id}")
def setup_channel(request: Request, channel_id: str) -> Response | None:
    """The form of one channel; "new" is one that is not there yet."""
    return _page(request, "setup", "/setup", "form", "setup-form", channel="" if channel_id == "new" else channel_id)


@ui.page("/users")
def users(request: Request) -> Response | None:
    """Who may use the control room."""
    return _page(request, "users", "/users", "users", "setup-users")


def _page(request: Request, title: str, here: str, script: str, element: str, **attributes: str) -> Response | None:
    """The page, or for who may not see it the way to the wall."""
    page = Page(request)
    if not page.account.role.may(Role.ADMIN):
        return RedirectResponse("/", status_code=303)
    with frame(page, page.words(title), here, list(page.visit.room.watches.values())):
        ui.add_head_html(HEAD.format(script=script))
        Text("h1", page.words(title), "for-ears")
        box(element, language=page.words.language, **attributes)
    return None
