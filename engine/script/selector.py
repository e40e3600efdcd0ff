"""The contract of a model that picks, of numbered notes, the one that answers a question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class SelectorError(Exception):
    """The model could not choose: it is not there, failed, or was too slow."""


class Selector(Protocol):
    """Chooses one of the host's own notes. Nothing that it writes is used but the number.

    ``question`` is what a viewer wrote: untrusted, to be given to a model as data and never as a system prompt.
    """

    def choose(self, question: str, notes: Sequence[str], deadline_s: float) -> int:
        """The number of the note that answers ``question``, from 1, or 0 if none does, within ``deadline_s`` seconds.

        Raises:
            SelectorError: no choice was made in time.
        """
