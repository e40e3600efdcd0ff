"""The body: a row of curves in, the host drawn over the canvas."""

from engine.avatar.contract import Body, Heard
from engine.avatar.errors import BodyError, UnlicensedError
from engine.avatar.opening import open_body

__all__ = ["Body", "BodyError", "Heard", "UnlicensedError", "open_body"]
