"""Decides what is said next: the director, the rundown, and the desk that receives the chat."""

from engine.show.clock import VirtualClock, WallClock, wall_time
from engine.show.desk import Desk
from engine.show.director import CAMPAIGN_OVER, Director, ShowError
from engine.show.memory import Memory
from engine.show.pacing import spoken_seconds
from engine.show.reception import Answered, Reception
from engine.show.refusals import Refusal
from engine.show.waiting import Waiting

__all__ = [
    "CAMPAIGN_OVER",
    "Answered",
    "Desk",
    "Director",
    "Memory",
    "Reception",
    "Refusal",
    "ShowError",
    "VirtualClock",
    "Waiting",
    "WallClock",
    "spoken_seconds",
    "wall_time",
]
