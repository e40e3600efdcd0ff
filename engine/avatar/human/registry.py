"""Styles by name: hair, outfits, and what else a host file names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from engine.avatar.errors import BodyError

Maker = TypeVar("Maker", bound=Callable[..., object])


class Styles(Generic[Maker]):
    """One kind of style (``what``, such as "hair style"), each name with the function that makes it."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._makers: dict[str, Maker] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in the order in which they were added."""
        return tuple(self._makers)

    def add(self, name: str, maker: Maker) -> None:
        """Adds a style. Raises BodyError when the name is taken."""
        if name in self._makers:
            raise BodyError(f"two makers for the {self._what} {name!r}")
        self._makers[name] = maker

    def maker(self, name: str) -> Maker:
        """The function of a style. Raises BodyError, naming those there are, for any other name."""
        if name not in self._makers:
            raise BodyError(f"there is no {self._what} {name!r}: use one of {', '.join(self._makers)}")
        return self._makers[name]
