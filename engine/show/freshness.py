"""Whether a line that was made before would be the same by the present version of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from engine.flow import Line


class Freshness:
    """Remembers in which version of the catalogue facts changed last."""

    def __init__(self) -> None:
        self._all_at = 0
        """The version in which what can be told at all changed last."""
        self._at: dict[str, int] = {}
        """Facts that have changed since, by their ids."""

    def change(self, version: int, changed: Iterable[str], *, every: bool) -> None:
        """Take in a version: the facts that are ``changed`` in it, or ``every`` one."""
        if every:
            self._at.clear()
            self._all_at = version
        self._at |= dict.fromkeys(changed, version)

    def holds(self, line: Line) -> bool:
        """Whether no fact of ``line`` has changed since it was made; those that it does not tell may have."""
        made = line.catalogue_version
        return made >= self._all_at and all(self._at.get(each, 0) <= made for each in line.fact_ids)
