"""What goes wrong with a body."""

from __future__ import annotations


class BodyError(Exception):
    """A body cannot be made, read or drawn. The text names the file, what is wrong, and what to do."""
