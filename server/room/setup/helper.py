"""A helper process seen from the room: started when it is needed, killed when it is late, ended when it is idle."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from typing import Any

from engine.runtime.supervisor import ONE_THREAD
from server.errors import BusyError, NoAnswerError
from server.room.setup.tasks import Plain, TaskError

WAIT_AT_MOST = 8
"""Tasks of one helper that wait; more are refused."""

IDLE_S = 90.0
"""A helper without work for so long is ended: it holds some hundred megabytes."""

RESULT_BYTES = 32_000_000
"""The longest result that is read: the facts of the largest catalogue."""

log = logging.getLogger(__name__)


class Helper:
    """One process of ``server.room.setup.worker``, which does one task at a time."""

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        self._environment = environment or {}
        self._process: Process | None = None
        self._lock = asyncio.Lock()
        self._waiting = 0
        self._idle: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return self._process.pid if self._process is not None else None

    async def ask(self, task: str, seconds: float, **given: Any) -> Plain:
        """The result of a task.

        Raises:
            TaskError: it cannot be done.
            BusyError: too many tasks wait already.
            NoAnswerError: it took longer than ``seconds``, or the process ended; it was killed.
        """
        if self._waiting >= WAIT_AT_MOST or self._closed:
            raise BusyError("the set-up has too much to do; try again", 2)
        self._waiting += 1
        try:
            async with self._lock:
                return await self._do({"task": task, **given}, seconds)
        finally:
            self._waiting -= 1

    async def aclose(self) -> None:
        """End the process; may be called twice or before the first task."""
        self._closed = True
        self._rest(None)
        await self._end()

    async def _do(self, task: Plain, seconds: float) -> Plain:
        self._rest(None)
        process = await self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            async with asyncio.timeout(seconds):
                process.stdin.write(json.dumps(task).encode() + b"\n")
                await process.stdin.drain()
                line = await process.stdout.readline()
            result: Plain = json.loads(line)
        except (TimeoutError, OSError, ValueError) as error:
            log.warning("the set-up's task “%s” gave no result: %s", task["task"], type(error).__name__)
            await self._end()
            raise NoAnswerError(f"“{task['task']}” gave no result within {seconds:g} s") from error
        except asyncio.CancelledError:
            # Its result would be taken for that of the next task.
            await self._end()
            raise
        self._rest(IDLE_S)
        if "done" not in result:
            raise TaskError(result["code"], result["detail"])
        done: Plain = result["done"]
        return done

    async def _running(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "server.room.setup.worker",
                stdin=PIPE, stdout=PIPE, limit=RESULT_BYTES, env={**os.environ, **ONE_THREAD, **self._environment},
            )  # fmt: skip
        return self._process

    def _rest(self, seconds: float | None) -> None:
        """End the process after ``seconds`` without a task; None: not now."""
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        if seconds is not None:
            self._idle = asyncio.get_running_loop().call_later(seconds, self._leave)

    def _leave(self) -> None:
        if self._process is not None and self._process.stdin is not None and not self._lock.locked():
            self._process.stdin.close()

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def ask_once(module: str, seconds: float, given: Plain) -> Plain | None:
    """The result of a process that does one thing and ends; None when it did not within ``seconds``, and is killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, stdin=PIPE, stdout=PIPE, env={**os.environ, **ONE_THREAD}
    )
    try:
        async with asyncio.timeout(seconds):
            out, _ = await process.communicate(json.dumps(given).encode() + b"\n")
        result: Plain = json.loads(out)
    except (TimeoutError, ValueError):
        return None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return result
