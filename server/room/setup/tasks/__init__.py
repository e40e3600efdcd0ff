"""What the helper processes of the set-up do, one module a task. Each is a function of plain data to plain data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Plain = dict[str, Any]
Task = Callable[[Plain], Plain]


class TaskError(Exception):
    """A task cannot be done. ``code`` names a text of the set-up's catalogues; ``detail`` goes into it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
