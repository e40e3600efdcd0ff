"""The body: a row of curves in, the host drawn over the canvas."""

from engine.avatar.body import Body, open_body
from engine.avatar.errors import BodyError

__all__ = ["Body", "BodyError", "open_body"]
