"""The server's process."""

from __future__ import annotations

import asyncio
import gc
import os

from engine.runtime.bus import Bus
from engine.runtime.child import CONTROL_ROOM_VARIABLE, CONTROL_TOKEN_VARIABLE, Job, begin
from engine.runtime.standby import wait_for_turn
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
    job = begin()
    # What was loaded by now stays: no collection goes through it while packets wait.
    gc.collect()
    gc.freeze()
    bus = Bus(job.run_dir, ())
    wait_for_turn(bus, "server", job.stop)
    bus.close()
    if not job.stop.is_set():
        asyncio.run(_until_stopped(job))


if __name__ == "__main__":
    main()
