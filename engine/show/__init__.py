"""Decides what is said next: the director, the rundown, and the desk that receives the chat."""

from engine.show.desk import Desk
from engine.show.director import Director, ShowError
from engine.show.memory import Memory
from engine.show.reception import Answered, Reception
from engine.show.refusals import Refusal

__all__ = ["Answered", "Desk", "Director", "Memory", "Reception", "Refusal", "ShowError"]
