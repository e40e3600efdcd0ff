"""The pages: wall, channel, health. Each is a frame with parts, and follows the channels that it shows."""

from __future__ import annotations

from fastapi import Request
from nicegui import ui

from server.room.frame import Page, frame
from server.room.parts.air_badge import AirBadge
from server.room.parts.channel_title import ChannelTitle
from server.room.parts.chat_card import ChatCard
from server.room.parts.elements import Text, box
from server.room.parts.live_picture import live_picture
from server.room.parts.now_card import NowCard
from server.room.parts.process_table import ProcessTable
from server.room.parts.tile import Tile
from server.room.parts.timeline import NextCard, SaidCard


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
def channel(request: Request, channel_id: str) -> None:
    """One channel: what it looks like, says and hears, and the buttons."""
    page = Page(request)
    watch = page.visit.room.watch(channel_id)
    with frame(page, watch.channel.name, f"/channels/{channel_id}", [watch]):
        title = ChannelTitle(watch, page.words, may_steer=page.may_steer)
        with box("div", "channel"):
            with box("div", "left"), box("section", "card preview", aria_label=page.words("preview")):
                live_picture(watch, page.words, sound_on_hover=False)
            with box("div", "middle"):
                now = NowCard(watch, page.words)
                following = NextCard(watch, page.words)
                said = SaidCard(watch, page.words)
            with box("div", "right"):
                chat = ChatCard(watch, page.words)
    for refresh in (title.refresh, now.refresh, following.refresh, said.refresh, chat.refresh):
        page.follow(watch, refresh)


@ui.page("/health")
def health(request: Request) -> None:
    """Every process of every channel with its figures, and the alarms."""
    page = Page(request)
    watches = list(page.visit.room.watches.values())
    with frame(page, page.words("health"), "/health", watches):
        Text("h1", page.words("health"), "page-title")
        for watch in watches:
            with box("section", "card health", aria_label=watch.channel.name):
                with box("header"):
                    Text("h2", watch.channel.name)
                    badge = AirBadge(watch, page.words)
                table = ProcessTable(watch, page.words)
            page.follow(watch, badge.refresh)
            page.follow(watch, table.refresh)
