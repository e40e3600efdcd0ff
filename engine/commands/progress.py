"""Progress on the terminal."""

from __future__ import annotations

import sys

from engine.commands.telling import tell


class ProgressLine:
    """One line on the terminal that counts up; silent when nobody looks."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._shown = -1

    def __call__(self, done: int, total: int) -> None:
        """``done`` of ``total`` steps are over."""
        percent = 100 * done // total
        if sys.stderr.isatty() and percent != self._shown:
            self._shown = percent
            print(
                "\r" + f"{tell(self._what)}: {percent} %",
                end="\n" if done == total else "",
                file=sys.stderr,
                flush=True,
            )
