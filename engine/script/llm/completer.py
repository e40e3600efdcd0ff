"""The contract of every language-model backend: messages in, text out, within a deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from engine.script.llm.errors import ModelError

MESSAGE_BYTES = 16
"""What a chat template adds to a message, at most, in tokens; a token stands for at least one byte of text."""

_TEMPLATE_BYTES = 128


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation with the model."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Wish:
    """How the text is wanted. It ends before any of ``stop``."""

    max_tokens: int = 60
    temperature: float = 0.9
    stop: tuple[str, ...] = ("\n",)


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model wrote, with the tokens that it read (those not remembered) and wrote."""

    text: str
    tokens_read: int = 0
    tokens_written: int = 0


class Completer(Protocol):
    """A language model. ``name`` is what the ledger calls it."""

    name: str

    def complete(self, messages: Sequence[Message], wish: Wish, deadline_s: float) -> Completion:
        """Go on with the conversation.

        Raises:
            ModelError: there is no text; after a ``retryable`` one the next call may succeed.
        """

    def close(self) -> None:
        """Free everything; may be called twice, and from another thread while ``complete`` works."""


def fitted(messages: Sequence[Message], wish: Wish, context: int) -> list[Message]:
    """``messages`` without the oldest examples (a user's and an assistant's turn) that do not fit into ``context``.

    A token is at least one byte of text, so bytes are a bound that holds for every tokenizer.

    Raises:
        ModelError: the first and the last message alone are too long.
    """
    kept = list(messages)
    head = 1 if kept and kept[0].role == "system" else 0
    while _most_tokens(kept) + wish.max_tokens > context and len(kept) - head > 2:
        del kept[head : head + 2]
    if _most_tokens(kept) + wish.max_tokens > context:
        raise ModelError(f"the prompt does not fit into {context} tokens", retryable=False)
    return kept


def _most_tokens(messages: Sequence[Message]) -> int:
    return _TEMPLATE_BYTES + sum(len(message.text.encode()) + MESSAGE_BYTES for message in messages)
