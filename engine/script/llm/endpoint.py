"""Any OpenAI-compatible endpoint: vLLM, Ollama, llama.cpp's server, a cloud.

The key goes into one header and nowhere else; a redirect is not followed, so that it never reaches another host. The
answer is limited in size, the whole request in time.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
import urllib.parse
from collections.abc import Callable, Sequence
from typing import Any

from engine.script.llm.completer import Completion, Message, Wish, fitted
from engine.script.llm.errors import ModelDiedError, ModelError, ModelRefusedError, ModelTooSlowError

MOST_BYTES = 1 << 20
_REFUSED_FOR_NOW = frozenset({408, 409, 425, 429})


class EndpointCompleter:
    """``address`` is that of the API, such as ``https://api.example.com/v1``; ``model`` the name it knows."""

    def __init__(self, address: str, model: str, key: str, context: int) -> None:
        self.name = model
        parts = urllib.parse.urlsplit(address)
        self._host, self._port, self._tls = parts.hostname or "", parts.port, parts.scheme == "https"
        self._path = f"{parts.path.rstrip('/')}/chat/completions"
        self._key = key
        self._context = context
        self._closed = False
        self._socket: socket.socket | None = None

    def complete(self, messages: Sequence[Message], wish: Wish, deadline_s: float) -> Completion:
        """See ``Completer``."""
        request = {
            "model": self.name,
            "messages": [
                {"role": message.role, "content": message.text} for message in fitted(messages, wish, self._context)
            ],
            "max_tokens": wish.max_tokens,
            "temperature": wish.temperature,
            "stream": False,
            **({"stop": list(wish.stop)} if wish.stop else {}),
        }
        status, body = self._post(json.dumps(request).encode(), deadline_s)
        if status != 200:
            retryable = status >= 500 or status in _REFUSED_FOR_NOW
            raise ModelRefusedError(f"{self._host} answered with HTTP status {status}", retryable=retryable)
        return self._read(body)

    def _read(self, body: bytes) -> Completion:
        try:
            data: dict[str, Any] = json.loads(body)
            text = data["choices"][0]["message"]["content"] or ""
            usage = data.get("usage") or {}
            return Completion(str(text), int(usage.get("prompt_tokens", 0)), int(usage.get("completion_tokens", 0)))
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise ModelError(f"{self._host} answered with something that is no chat completion") from error

    def _post(self, body: bytes, deadline_s: float) -> tuple[int, bytes]:
        if self._closed:
            raise ModelDiedError(f"{self.name} is closed")
        until = time.monotonic() + deadline_s
        late = threading.Event()
        kind = http.client.HTTPSConnection if self._tls else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=deadline_s)
        # A server that sends a byte now and then would outlive any timeout of single reads: the socket is shut instead.
        alarm = threading.Timer(deadline_s, self._shut, [late.set])
        alarm.daemon = True
        alarm.start()
        try:
            connection.connect()
            self._socket = connection.sock
            headers = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}
            if self._key:
                headers["Authorization"] = f"Bearer {self._key}"
            connection.request("POST", self._path, body, headers)
            with connection.getresponse() as response:
                content = response.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                raise ModelError(f"{self._host} sent more than {MOST_BYTES} bytes")
        except (OSError, http.client.HTTPException, ValueError) as error:
            if late.is_set() or isinstance(error, TimeoutError) or time.monotonic() >= until:
                raise ModelTooSlowError(f"{self._host} did not answer within {deadline_s:g} s") from error
            raise ModelDiedError(f"{self._host} broke off: {error or type(error).__name__}") from error
        else:
            if late.is_set():
                raise ModelTooSlowError(f"{self._host} did not answer within {deadline_s:g} s")
            return response.status, content
        finally:
            alarm.cancel()
            self._socket = None
            connection.close()
            alarm.join(1.0)

    def _shut(self, before: Callable[[], None] = lambda: None) -> None:
        before()
        shut = self._socket
        if shut is not None:
            with contextlib.suppress(OSError):
                shut.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """See ``Completer``."""
        self._closed = True
        self._shut()
