"""What can go wrong on the stage."""


class StageError(Exception):
    """The stage cannot draw: a font, a backdrop or a picture buffer is missing or of the wrong shape."""
