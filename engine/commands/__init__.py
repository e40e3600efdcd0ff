"""What each command does. One module a command, loaded when it is asked for."""


class CommandError(Exception):
    """A command could not do its work; the text says why, for the person who typed it."""
