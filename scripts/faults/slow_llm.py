"""An OpenAI-compatible endpoint that writes what a good model would, and becomes slow when it is told to."""

from __future__ import annotations

import http.server
import json
import re
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

SLOW_S = 30.0

_LINE_S = 2.0
"""A line takes so long while the endpoint is well, so that the writer does not run out of lines to ask for."""

_ANSWERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"Fact about the .+: it (.+) \(begin with: (.+)\)"), lambda m: f"{m[2]} my notes say this: it {m[1]}."),
    (re.compile(r"Bring on: (.+)"), lambda m: f"Let's take a look at {m[1]}."),
    (re.compile(r"Ask the viewers about: (.+)"), lambda m: f"What would you like to know about {m[1]}?"),
    (re.compile(r"Go on to: (.+)"), lambda m: f"Now let's turn to {m[1]}."),
    (re.compile(r"Notes:.*Number:", re.DOTALL), lambda _: "1"),
)
"""Lines that the judge accepts, for the prompts of ``engine/script/lexicons/examples_en.yaml``, and a choice."""


class SlowLlm:
    """``with`` starts and ends it. ``choices`` are the monotonic seconds at which it was asked to choose a note."""

    def __init__(self) -> None:
        self.choices: list[float] = []
        self.status, self._slow = 200, False
        llm = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = llm.answer(json.loads(body))
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.end_headers()
                    self.wfile.write(json.dumps(answer).encode())
                except ConnectionError:
                    return

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="slow-llm", daemon=True)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> SlowLlm:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def slow_down(self, status: int) -> None:
        """From now on take ``SLOW_S`` for each answer, which has this HTTP status."""
        self.status, self._slow = status, True

    def answer(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Status and body for a chat completion, in its time."""
        said = [str(each["content"]) for each in asked["messages"] if each["role"] == "user"]
        is_choice = said[-1].startswith("Notes:")
        if is_choice:
            self.choices.append(time.monotonic())
        time.sleep(SLOW_S if self._slow else 0.0 if is_choice else _LINE_S)
        found = [make(match) for text in reversed(said) for form, make in _ANSWERS if (match := form.search(text))]
        return self.status, {"choices": [{"message": {"content": found[0] if found else ""}}]}
