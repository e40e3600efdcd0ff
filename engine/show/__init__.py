"""Decides what is said next: the director, the rundown, and the desk that receives the chat."""

from engine.show.clock import VirtualClock, WallClock, wall_time
from engine.show.desk import Desk, Refusal
from engine.show.director import Director, ShowError
from engine.show.pacing import spoken_seconds

__all__ = ["Desk", "Director", "Refusal", "ShowError", "VirtualClock", "WallClock", "spoken_seconds", "wall_time"]
