"""A language model that points at the host's own note which answers a question; only the number is used."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence

from engine.script.lexicons import lexicon
from engine.script.llm.completer import Completer, Message, Wish
from engine.script.llm.errors import ModelError
from engine.script.selector import SelectorError

FIRST_REST_S, LONGEST_REST_S = 30.0, 600.0
"""After a failure the model is not asked for so long; each rest is twice the one before, until it answers again."""

_NUMBER = re.compile(r"\s*\[?(\d{1,2})\b")


class NoteChooser:
    """See ``Selector``. The viewer's words are a quoted string in the user's turn, beside the notes."""

    def __init__(self, completer: Completer, language: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._completer = completer
        self._words = lexicon(f"examples_{language}")["choose"]
        self._clock = clock
        self._rest_s = 0.0
        self._asks_from = 0.0
        self.trouble = ""
        """Why it has failed twice and more in a row; "" once it has chosen again."""

    def choose(self, question: str, notes: Sequence[str], deadline_s: float) -> int:
        """See ``Selector``."""
        if self._clock() < self._asks_from:
            raise SelectorError("the model rests after a failure")
        listed = "\n".join(f"{number}: {note}" for number, note in enumerate(notes, start=1))
        user = self._words["user"].format(notes=listed, question=json.dumps(question, ensure_ascii=False)).strip()
        asked = [Message("system", self._words["system"].strip()), Message("user", user)]
        try:
            made = self._completer.complete(asked, Wish(max_tokens=4, temperature=0.0), deadline_s)
        except ModelError as error:
            if self._rest_s:
                self.trouble = str(error)
            self._rest_s = min(max(2 * self._rest_s, FIRST_REST_S), LONGEST_REST_S)
            self._asks_from = self._clock() + self._rest_s
            raise SelectorError(str(error)) from error
        self._rest_s, self.trouble = 0.0, ""
        number = _NUMBER.match(made.text)
        if number is None or int(number[1]) > len(notes):
            raise SelectorError("the model named none of the notes")
        return int(number[1])

    def close(self) -> None:
        """Free the model; may be called twice."""
        self._completer.close()
