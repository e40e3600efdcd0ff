"""The pages: wall, channel, health. Each is a frame with parts, and follows the channels that it shows."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from server.room.frame import Page, channel_tabs, frame
from server.room.insight_page import InsightView
from server.room.insight_span import span_of
from server.room.parts.air_badge import AirBadge
from server.room.parts.alarm_list import AlarmList
from server.room.parts.channel_title import ChannelTitle
from server.room.parts.chart_grid import ChartGrid
from server.room.parts.chat_card import ChatCard
from server.room.parts.elements import Text, box
from server.room.parts.live_picture import live_picture
from server.room.parts.log_search import log_search
from server.room.parts.manner_card import MannerCard
from server.room.parts.now_card import NowCard
from server.room.parts.process_table import ProcessTable
from server.room.parts.product_card import ProductCard
from server.room.parts.question_card import QuestionCard
from server.room.parts.say_card import SayCard
from server.room.parts.tile import Tile
from server.room.parts.timeline import NextCard, SaidCard
from server.room.plain_pages import not_found


@ui.page("/")
def wall(request: Request) -> None:
    """All channels as live tiles."""
    page = Page(request)
    watches = list(page.visit.room.watches.values())
    with frame(page, page.words("wall"), "/", watches):
        Text("h1", page.words("wall"), "for-ears")
        with box("div", "wall"):
            for watch in watches:
                tile = Tile(watch, page.words)
                page.follow(watch, tile.refresh)


@ui.page("/channels/{channel_id}")
def channel(request: Request, channel_id: str) -> Response | None:
    """One channel: what it looks like, says and hears, and the buttons."""
    page = Page(request)
    if channel_id not in page.visit.room.watches:
        return not_found(request)
    watch, words, may_steer = page.visit.room.watch(channel_id), page.words, page.may_steer
    with frame(page, watch.channel.name, watch.path, [watch]):
        title = ChannelTitle(watch, words, may_steer=may_steer)
        with box("div", "channel"):
            with box("div", "left"):
                with box("section", "card preview", aria_label=words("preview")):
                    live_picture(watch, words, sound_on_hover=False)
                manner = [MannerCard(watch, words)] if may_steer else []
            with box("div", "middle"):
                now = NowCard(watch, words)
                say = [SayCard(watch, words)] if may_steer else []
                following = NextCard(watch, words, may_steer=may_steer)
                said = SaidCard(watch, words)
            with box("div", "right"):
                questions = QuestionCard(watch, words, may_steer=may_steer)
                products = ProductCard(watch, words, may_steer=may_steer)
                chat = ChatCard(watch, words)
    refreshes = [title.refresh, now.refresh, following.refresh, said.refresh, questions.refresh, products.refresh]
    refreshes += [chat.refresh, *(each.refresh for each in say), *(each.refresh for each in manner)]
    for refresh in refreshes:
        page.follow(watch, refresh)
    return None


@ui.page("/health")
def health(request: Request) -> None:
    """Every process of every channel with its figures over time, the alarms, and the log."""
    page = Page(request)
    words = page.words
    watches = list(page.visit.room.watches.values())
    with frame(page, words("health"), "/health", watches):
        Text("h1", words("health"), "page-title")
        for watch in watches:
            with box("section", "card health", aria_label=watch.channel.name):
                with box("header"):
                    Text("h2", watch.channel.name)
                    badge = AirBadge(watch, words)
                alarms, table, charts = AlarmList(watch, words), ProcessTable(watch, words), ChartGrid(watch, words)
                if page.may_administer:
                    log_search(watch, words)
            for refresh in (badge.refresh, alarms.refresh, table.refresh, charts.refresh):
                page.follow(watch, refresh)


@ui.page("/insight")
def insight_of_first(request: Request) -> RedirectResponse:
    """The insight of the first channel."""
    first = next(iter(Page(request).visit.room.watches.values()))
    return RedirectResponse(f"{first.path}/insight", status_code=303)


@ui.page("/channels/{channel_id}/insight")
async def insight(request: Request, channel_id: str, span: str = "day") -> Response | None:
    """What was watched, asked, shown and opened, and what waits for the shop's answer."""
    page = Page(request)
    if channel_id not in page.visit.room.watches:
        return not_found(request)
    watch = page.visit.room.watch(channel_id)
    with frame(page, page.words("insight"), "/insight", [watch]):
        channel_tabs(page, channel_id)
        view = InsightView(page, watch, span_of(span))
        await view.load()
    return None
