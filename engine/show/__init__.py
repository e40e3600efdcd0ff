"""Decides what is said next: the director, the rundown, and the desk that receives the chat."""

from engine.show.desk import Desk, Refusal
from engine.show.director import Director, ShowError

__all__ = ["Desk", "Director", "Refusal", "ShowError"]
