"""A model in a process of its own: one that hangs is killed, one that dies is started again by the next call.

They talk by lines of JSON over pipes: ``{"messages": [[role, text], …], "max_tokens", "temperature", "stop"}`` one way,
``{"text", "read", "written"}`` or ``{"error", "missing"}`` the other; ``{"ready": true}`` comes first.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

from engine.script.llm.completer import Completion, Message, Wish, fitted
from engine.script.llm.errors import ModelDiedError, ModelError, ModelMissingError, ModelTooSlowError

START_S = 180.0
"""A model may take this long to be loaded (1 GB from a slow disk)."""

MOST_BYTES = 1 << 20
"""A longer answer is not one."""

_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
                "TOKENIZERS_PARALLELISM": "false"}  # fmt: skip


class WorkerCompleter:
    """``module`` is run as ``python -m module model context`` at the first call."""

    def __init__(self, name: str, module: str, model: str, context: int, start_s: float = START_S) -> None:
        self.name = name
        self._command = [sys.executable, "-m", module, model, str(context)]
        self._context = context
        self._start_s = start_s
        self._process: subprocess.Popen[bytes] | None = None
        self._unread = b""
        self._closed = False
        self._lock = threading.Lock()
        self._busy = threading.Lock()

    def complete(self, messages: Sequence[Message], wish: Wish, deadline_s: float) -> Completion:
        """See ``Completer``. The time in which the model is loaded does not count."""
        turns = [[message.role, message.text] for message in fitted(messages, wish, self._context)]
        with self._busy:
            return self._ask(turns, wish, deadline_s)

    def _ask(self, turns: list[list[str]], wish: Wish, deadline_s: float) -> Completion:
        process = self._running()
        request = {"messages": turns, "max_tokens": wish.max_tokens, "temperature": wish.temperature,
                   "stop": list(wish.stop)}  # fmt: skip
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
        except OSError as error:
            self._end()
            raise ModelDiedError(f"{self.name} ended") from error
        answer = self._answer(process, deadline_s)
        if "error" in answer:
            raise ModelError(f"{self.name}: {answer['error']}")
        return Completion(str(answer["text"]), int(answer["read"]), int(answer["written"]))

    def _running(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._closed:
                raise ModelDiedError(f"{self.name} is closed")
            if self._process is not None and self._process.poll() is None:
                return self._process
            self._unread = b""
            self._process = process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, **_ENVIRONMENT},
                start_new_session=True,
            )
        answer = self._answer(process, self._start_s)
        if "error" in answer:
            self._end()
            raise (ModelMissingError if answer.get("missing") else ModelError)(str(answer["error"]))
        return process

    def _answer(self, process: subprocess.Popen[bytes], seconds: float) -> dict[str, Any]:
        """The next line, in time; else the process is killed."""
        assert process.stdout is not None
        until = time.monotonic() + seconds
        while b"\n" not in self._unread:
            left = until - time.monotonic()
            if left <= 0 or len(self._unread) > MOST_BYTES or not select.select([process.stdout], [], [], left)[0]:
                self._end()
                raise ModelTooSlowError(f"{self.name} gave no answer within {seconds:g} s; it was stopped")
            block = os.read(process.stdout.fileno(), 65_536)
            if not block:
                self._end()
                raise ModelDiedError(f"{self.name} ended")
            self._unread += block
        line, _, self._unread = self._unread.partition(b"\n")
        try:
            answer: dict[str, Any] = json.loads(line)
        except ValueError as error:
            self._end()
            raise ModelDiedError(f"{self.name} said something that is no answer") from error
        return answer

    def _end(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()

    def close(self) -> None:
        """See ``Completer``."""
        self._closed = True
        with self._lock:
            process = self._process
        if process is not None:
            # A call that is under way sees the end of the pipe.
            process.kill()
            with self._busy:
                self._end()
