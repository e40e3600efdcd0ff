"""What every destination is: something that takes the shared packets until it is closed or fails."""

from __future__ import annotations

from typing import Protocol

from engine.flow import Packet


class OutletError(Exception):
    """A destination failed. ``retryable`` says whether trying again later can help; the text holds no secret."""

    def __init__(self, message: str, *, retryable: bool = True) -> None:
        super().__init__(message)
        self.retryable = retryable


class Outlet(Protocol):
    """One destination. The first packet it is given is a video keyframe. No method waits for the destination."""

    @property
    def live(self) -> bool:
        """Whether the destination has accepted the stream."""

    @property
    def figures(self) -> dict[str, float]:
        """Figures of its own for Health."""

    def write(self, packet: Packet) -> None:
        """Send or store one packet, or let it wait in a bounded queue.

        Raises:
            OutletError: the destination is gone or full.
        """

    def work(self) -> None:
        """Go on with what waits; called several times a second, also while there are no packets.

        Raises:
            OutletError: see ``write``.
        """

    def close(self) -> None:
        """End it cleanly; may be called twice."""
