"""Heads by weights: a neural network that a merchant brings moves the mouth of a photo by the sound."""

from engine.avatar.heads.body import HeadBody, open_head

__all__ = ["HeadBody", "open_head"]
