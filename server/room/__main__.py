"""The control room's process: ``python -m server.room room FILE RUN_DIR [FILE RUN_DIR …]``."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from pathlib import Path

from engine.records import Accounts, accounts_place
from engine.runtime.child import WELCOME_TOKEN_VARIABLE, set_up
from engine.runtime.kept_channel import channel_for_child
from engine.settings import state_dir
from server.room.process import serve
from server.room.room import Place, Room


async def _until_stopped(places: list[Place], accounts: Accounts, stop: threading.Event) -> None:
    over = asyncio.Event()
    waiting = asyncio.get_running_loop().run_in_executor(None, stop.wait)
    waiting.add_done_callback(lambda _: over.set())
    try:
        await serve(Room(places, accounts, os.environ.pop(WELCOME_TOKEN_VARIABLE, "")), over)
    finally:
        # asyncio.run waits for its threads, so the waiting one must end when serving fails.
        stop.set()


def main() -> None:
    """Serve until SIGTERM."""
    role, *rest = sys.argv[1:]
    stop = set_up(role)
    given = zip(*[iter(map(Path, rest))] * 2, strict=True)
    places = [Place(channel_for_child(file, run_dir), run_dir) for file, run_dir in given]
    accounts = Accounts(accounts_place(state_dir()))
    try:
        asyncio.run(_until_stopped(places, accounts, stop))
    finally:
        accounts.close()


if __name__ == "__main__":
    main()
