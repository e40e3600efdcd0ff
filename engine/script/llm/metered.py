"""Counts what a language model reads and writes: for the health page, and for the bill of an endpoint."""

from __future__ import annotations

import time
from collections.abc import Sequence

from engine.script.llm.completer import Completer, Completion, Message, Wish


class MeteredCompleter:
    """Passes everything to ``completer``, whose name it bears."""

    def __init__(self, completer: Completer) -> None:
        self.name = completer.name
        self._completer = completer
        self._tokens_read = self._tokens_written = 0
        self._busy_s = 0.0

    def complete(self, messages: Sequence[Message], wish: Wish, deadline_s: float) -> Completion:
        """See ``Completer``."""
        began = time.monotonic()
        try:
            made = self._completer.complete(messages, wish, deadline_s)
        finally:
            self._busy_s += time.monotonic() - began
        self._tokens_read += made.tokens_read
        self._tokens_written += made.tokens_written
        return made

    def figures(self) -> dict[str, float]:
        """Tokens so far, and the seconds that the model was at work."""
        return {
            "model_tokens_read": float(self._tokens_read),
            "model_tokens_written": float(self._tokens_written),
            "model_busy_s": round(self._busy_s, 3),
        }

    def close(self) -> None:
        """See ``Completer``."""
        self._completer.close()
