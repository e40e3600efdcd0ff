"""A model in a process of its own, behind ``Helper``.

A request is ``{"messages": [[role, text], …], "max_tokens", "temperature", "stop"}``, an answer ``{"text", "read",
"written"}`` or ``{"error"}``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from engine.script.llm.completer import Completion, Message, Wish, fitted
from engine.script.llm.errors import ModelDiedError, ModelError, ModelMissingError, ModelTooSlowError
from engine.settings.helper import (
    START_S,
    Helper,
    HelperEndedError,
    HelperError,
    HelperLateError,
    HelperRefusedError,
)


class WorkerCompleter:
    """``module`` is run as ``python -m module model context`` at the first call."""

    def __init__(self, name: str, module: str, model: str, context: int, start_s: float = START_S) -> None:
        self.name = name
        self._helper = Helper(name, [sys.executable, "-m", module, model, str(context)], start_s)
        self._context = context

    def complete(self, messages: Sequence[Message], wish: Wish, deadline_s: float) -> Completion:
        """See ``Completer``. The time in which the model is loaded does not count."""
        request = {
            "messages": [[message.role, message.text] for message in fitted(messages, wish, self._context)],
            "max_tokens": wish.max_tokens,
            "temperature": wish.temperature,
            "stop": list(wish.stop),
        }
        try:
            answer = self._helper.ask(request, deadline_s).head
        except HelperError as error:
            raise _translated(error) from error
        return Completion(str(answer["text"]), int(answer["read"]), int(answer["written"]))

    def close(self) -> None:
        """See ``Completer``."""
        self._helper.close()


def _translated(error: HelperError) -> ModelError:
    match error:
        case HelperLateError():
            return ModelTooSlowError(str(error))
        case HelperEndedError():
            return ModelDiedError(str(error))
        case HelperRefusedError(missing=True):
            return ModelMissingError(str(error))
        case _:
            return ModelError(str(error))
