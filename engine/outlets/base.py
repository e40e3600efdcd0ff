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
    """One destination. The first packet it is given is a video keyframe."""

    def write(self, packet: Packet) -> None:
        """Send or store one packet.

        Raises:
            OutletError: the destination is gone or full.
        """

    def close(self) -> None:
        """End it cleanly; may be called twice."""
