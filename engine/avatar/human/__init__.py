"""The parametric human: looks in, a baked body file out. Needs the ``human`` extra; the runtime does not."""

from engine.avatar.human.build import bake, bake_file
from engine.avatar.human.host_file import load_looks
from engine.avatar.human.spec import Looks

__all__ = ["Looks", "bake", "bake_file", "load_looks"]
