"""Motion: an Utterance becomes a Performance (face and body curves at the picture rate), and idle life beside it."""

from engine.motion.actor import Actor
from engine.motion.blending import LIMITS, blend
from engine.motion.emotion import MOODS
from engine.motion.idle import IdleLife
from engine.motion.manner import Manner, manner_of, read_manner, write_manner
from engine.motion.visemes import MotionError

__all__ = [
    "LIMITS",
    "MOODS",
    "Actor",
    "IdleLife",
    "Manner",
    "MotionError",
    "blend",
    "manner_of",
    "read_manner",
    "write_manner",
]
