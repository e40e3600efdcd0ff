"""The server's process."""

from __future__ import annotations

import asyncio
import os

from engine.runtime.child import CONTROL_ROOM_VARIABLE, CONTROL_TOKEN_VARIABLE, Job, begin
from server.process import serve


async def _until_stopped(job: Job) -> None:
    over = asyncio.Event()
    waiting = asyncio.get_running_loop().run_in_executor(None, job.stop.wait)
    waiting.add_done_callback(lambda _: over.set())
    try:
        token, room_port = os.environ[CONTROL_TOKEN_VARIABLE], int(os.environ[CONTROL_ROOM_VARIABLE])
        await serve(job.channel, job.run_dir, job.state_dir, token, over, room_port)
    finally:
        # asyncio.run waits for its threads, so the waiting one must end when serving fails.
        job.stop.set()


def main() -> None:
    """Serve until SIGTERM."""
    asyncio.run(_until_stopped(begin()))


if __name__ == "__main__":
    main()
