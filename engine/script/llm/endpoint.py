"""Any OpenAI-compatible endpoint: vLLM, Ollama, llama.cpp's server, a cloud."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from engine.script.llm.completer import Completion, Message, Wish, fitted
from engine.script.llm.errors import ModelDiedError, ModelError, ModelRefusedError, ModelTooSlowError
from engine.settings.endpoint import Endpoint, EndpointBrokeError, EndpointError, EndpointLateError, Reply

MOST_BYTES = 1 << 20


class EndpointCompleter:
    """``address`` is that of the API, such as ``https://api.example.com/v1``; ``model`` the name it knows."""

    def __init__(self, address: str, model: str, key: str, context: int) -> None:
        self.name = model
        self._endpoint = Endpoint(address, "chat/completions", key)
        self._context = context

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
        reply = self._post(request, deadline_s)
        if reply.status != 200:
            said = f"{self._endpoint.host} answered with HTTP status {reply.status}"
            raise ModelRefusedError(said, retryable=reply.retryable)
        return self._read(reply.body)

    def _read(self, body: bytes) -> Completion:
        try:
            data: dict[str, Any] = json.loads(body)
            text = data["choices"][0]["message"]["content"] or ""
            usage = data.get("usage") or {}
            return Completion(str(text), int(usage.get("prompt_tokens", 0)), int(usage.get("completion_tokens", 0)))
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise ModelError(f"{self._endpoint.host} answered with something that is no chat completion") from error

    def _post(self, request: dict[str, Any], deadline_s: float) -> Reply:
        try:
            return self._endpoint.post(request, "application/json", deadline_s, MOST_BYTES)
        except EndpointLateError as error:
            raise ModelTooSlowError(str(error)) from error
        except EndpointBrokeError as error:
            raise ModelDiedError(str(error)) from error
        except EndpointError as error:
            raise ModelError(str(error)) from error

    def close(self) -> None:
        """See ``Completer``."""
        self._endpoint.close()
