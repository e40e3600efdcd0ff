"""What every page has: the bar with the way to all pages, who is signed in, and the button that stops."""

from __future__ import annotations

import asyncio
import html
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fastapi import Request
from nicegui import ui

from engine.records import AccountError, Role
from server.room.channel_watch import ChannelWatch
from server.room.gate import Visit, visit_of
from server.room.look import look_for
from server.room.parts.alarm_bell import AlarmBell
from server.room.parts.elements import Text, box, icon
from server.room.parts.stop_control import StopControl
from server.room.words import Words, words_for

LOOK_AGAIN_S = 10.0
"""Seconds after which an open page looks whether its session still holds."""

HEAD = """
<meta name="everhost-look" content="{look}"><meta name="everhost-language" content="{language}">
<meta name="robots" content="noindex">
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/base.css"><link rel="stylesheet" href="/room-static/room.css">
<script type="module" src="/room-static/live-player.js"></script>
<script type="module" src="/room-static/spoken-line.js"></script>
<script type="module" src="/room-static/alarm-bell.js"></script>
<script type="module" src="/room-static/time-chart.js"></script>
<script type="module" src="/room-static/log-view.js"></script>
<script type="module" src="/room-static/alarm-text.js"></script>
<script type="module" src="/room-static/room.js"></script>
<script type="module" src="/room-static/wishes.js"></script>
"""


class Page:
    """One open page: who looks at it, in which language, and what it follows."""

    def __init__(self, request: Request) -> None:
        self.visit: Visit = visit_of(request)
        self.account = self.visit.needs(Role.VIEWER)
        self.words: Words = words_for(request)
        self.look = look_for(request)
        self.may_steer = self.account.role.may(Role.OPERATOR)
        self.may_administer = self.account.role.may(Role.ADMIN)
        self._client = ui.context.client
        self._ended = False

    def follow(self, watch: ChannelWatch, refresh: Callable[[], None]) -> None:
        """Call ``refresh`` after each change of a channel, until the page is gone or its session has ended."""

        def told() -> None:
            if self._client.has_socket_connection and not self._ended:
                with self._client:
                    refresh()

        self._client.on_delete(watch.follow(told))

    async def look_again(self) -> None:
        """A session that has ended ends the page too."""
        accounts = self.visit.room.accounts
        try:
            account = await asyncio.to_thread(accounts.of_session, self.visit.session)
        except AccountError:
            return  # They cannot be read now, which says nothing of this session.
        if account != self.account:
            self._ended = True
            ui.navigate.to("/signin")


@contextmanager
def frame(page: Page, title: str, here: str, stops: list[ChannelWatch]) -> Iterator[None]:
    """The frame around a page's content. ``here`` is its path; the stop button and keys stop ``stops``."""
    ui.page_title(f"{title} · {page.words('title')}")
    ui.add_head_html(HEAD.format(look=html.escape(page.look), language=html.escape(page.words.language)))
    ui.timer(LOOK_AGAIN_S, page.look_again)
    Text("a", page.words("skip_to_content"), "skip-link").props["href"] = "#content"
    box("div", "hidden", id_="texts", data_texts=json.dumps(_script_texts(page.words), ensure_ascii=False))
    with box("header", "bar"):
        with box("a", "mark", href="/"):
            box("img", src="/static/icon.svg", alt="", width="30", height="30")
            Text("span", page.words("title"))
        _navigation(page, here)
        bell = AlarmBell(list(page.visit.room.watches.values()), page.words)
        _choices(page)
        control = StopControl(stops, page.words) if page.may_steer and stops else None
    box("p", "alert", id_="alert", role="alert")
    for watch in page.visit.room.watches.values():
        page.follow(watch, bell.refresh)
        if control is not None and watch in stops:
            page.follow(watch, control.refresh)
    with box("main", "desk", id_="content"):
        yield


def _navigation(page: Page, here: str) -> None:
    watches = page.visit.room.watches.values()
    paths = {"/": page.words("wall")}
    paths |= {watch.path: watch.channel.name for watch in watches}
    paths |= {f"/{name}": page.words(name) for name in ("insight", "health")}
    if page.account.role.may(Role.ADMIN):
        paths |= {"/setup": page.words("setup"), "/users": page.words("users")}
    with box("nav", aria_label=page.words("menu")):
        for path, name in paths.items():
            link = Text("a", name)
            link.props["href"] = path
            if path == here:
                link.props["aria-current"] = "page"


def channel_tabs(page: Page, here: str) -> None:
    """The way to the same page of the other channels, where there are others."""
    watches = page.visit.room.watches
    if len(watches) < 2:
        return
    with box("nav", "segments tabs", aria_label=page.words("channels")):
        for channel_id, watch in watches.items():
            link = Text("a", watch.channel.name, "segment")
            link.props["href"] = f"{watch.path}/insight"
            if channel_id == here:
                link.props["aria-current"] = "true"


def _choices(page: Page) -> None:
    words = page.words
    with box("div", "choices"):
        language = Text("button", words("language"), "choice")
        language.props.update({"type": "button", "data-language": "zh" if words.language == "en" else "en"})
        with box("button", "choice", type="button", data_look="yes", aria_label=words("look")):
            icon("moon")
        with box("form", method="post", action="/signout", title=words(f"role_{page.account.role}")):
            Text("span", page.account.name, "who-am-i").props["title"] = page.account.name
            Text("button", words("sign_out"), "choice").props["type"] = "submit"


def _script_texts(words: Words) -> dict[str, str]:
    """The texts that the page's scripts put in: their own, and those for what is refused."""
    texts = {name: words(name) for name in ("action_failed", "connection_gone", "stopped_said", "not_stopped", "done")}
    for group in ("refusal_", "rule_"):
        texts |= {f"{group}{name}": text for name, text in words.group(group).items()}
    return texts
