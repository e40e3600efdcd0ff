"""The control room's one owner of accounts and channels; pages and API only ask it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from engine.records import Accounts
from engine.settings import state_dir as usual_state_dir
from engine.settings.channel import Channel, Server
from server.room.channel_watch import ChannelWatch
from server.room.errors import NoSuchChannelError

CHANNEL_ANSWERS_S = 10.0
"""Seconds that a channel's server may take to answer an offer."""


@dataclass(frozen=True, slots=True)
class Place:
    """A running channel: its file's content and its folder of sockets."""

    channel: Channel
    run_dir: Path


class Room:
    """All channels of a run. ``start`` and ``aclose`` bracket its life; ``failed`` is set when a part has ended.

    ``welcome_token`` makes the first account while there is none; empty when nobody may. ``state_dir`` holds the
    channels' ledgers; None is the usual folder. ``on_close`` is awaited first when the room closes. ``setup`` is the
    set-up's own, given by ``create_app``.
    """

    def __init__(
        self, places: list[Place], accounts: Accounts, welcome_token: str, state_dir: Path | None = None
    ) -> None:
        self.accounts = accounts
        self.welcome_token = welcome_token
        self.settings: Server = places[0].channel.server
        self.failed = asyncio.Event()
        self.http = httpx.AsyncClient(timeout=CHANNEL_ANSWERS_S, trust_env=False)
        self.setup: object | None = None
        self.on_close: list[Callable[[], Awaitable[None]]] = []
        self.watches: dict[str, ChannelWatch] = {}
        state = state_dir or usual_state_dir()
        for place in places:
            channel_id = _free_id(place.channel.file.stem, self.watches)
            self.watches[channel_id] = ChannelWatch(channel_id, place.channel, place.run_dir, state, self.failed.set)

    async def start(self) -> None:
        """Join every channel's bus."""
        for watch in self.watches.values():
            await watch.start()

    async def aclose(self) -> None:
        """Leave every bus; may be called twice or before start."""
        for close in self.on_close:
            await close()
        for watch in self.watches.values():
            await watch.aclose()
        await self.http.aclose()

    def watch(self, channel_id: str) -> ChannelWatch:
        """The channel of that id.

        Raises:
            NoSuchChannelError: there is none.
        """
        try:
            return self.watches[channel_id]
        except KeyError:
            raise NoSuchChannelError(f"there is no channel “{channel_id}”") from None


def _free_id(stem: str, taken: dict[str, ChannelWatch]) -> str:
    """``stem``, or with a number behind it when two files have the same name."""
    number, free = 1, stem
    while free in taken:
        number += 1
        free = f"{stem}-{number}"
    return free


def address_of(server: Server) -> str:
    """Where a channel's own server is reached from this machine."""
    host = "127.0.0.1" if server.host in {"0.0.0.0", "", "::"} else server.host
    return f"http://{f'[{host}]' if ':' in host else host}:{server.port}"
