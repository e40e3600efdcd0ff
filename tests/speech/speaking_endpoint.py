"""A speech endpoint on this machine that answers with the embedded voice, as long as it does not hang."""

from __future__ import annotations

import time
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.endpoint_server import Server, reply
from tests.speech.sounds import speech, wav

HANG_S = 3.5


class SpeakingEndpoint:
    """Speaks until ``hangs`` is set; then it says nothing for ``hang_s`` and closes."""

    def __init__(self, hang_s: float = HANG_S) -> None:
        self.hangs = False
        self._hang_s = hang_s
        speech("The voice is loaded now.")
        self.server = Server(self._answer)

    def voice(self, **changed: Any) -> dict[str, Any]:
        """``voice`` of a channel file that is spoken here; ``changed`` are keys of its ``endpoint``."""
        endpoint = {"address": self.server.address, "model": "tts-1"} | changed
        return {"backend": "endpoint", "name": "alloy", "endpoint": endpoint}

    def _answer(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        if self.hangs:
            time.sleep(self._hang_s)
            return
        reply(handler, wav(speech(body["input"])))

    def close(self) -> None:
        self.server.close()
