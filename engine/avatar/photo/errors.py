"""What goes wrong with a photo that shall speak."""

from __future__ import annotations

from engine.avatar.errors import BodyError


class PhotoError(BodyError):
    """A photo, its consent file or its package cannot be used. The text names the file, what is wrong, what to do."""
