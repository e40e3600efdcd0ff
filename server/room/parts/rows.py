"""A list whose rows come, go and change places while the page is open; rows that stay are not sent again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nicegui.element import Element


class Rows:
    """The children of ``place``, each known by a key."""

    def __init__(self, place: Element) -> None:
        self._place = place
        self._rows: dict[str, Element] = {}

    def show(self, keys: Sequence[str], build: Callable[[int], Element]) -> None:
        """Have exactly the rows of ``keys``, in order; ``build`` makes the row of a new key from its place in it."""
        for gone in self._rows.keys() - set(keys):
            self._rows.pop(gone).delete()
        for i, key in enumerate(keys):
            if key not in self._rows:
                with self._place:
                    self._rows[key] = build(i)
            row = self._rows[key]
            if self._place.default_slot.children[i] is not row:
                row.move(target_index=i)
