"""The parametric human: looks in, a baked body file out. Needs the ``human`` extra; the runtime does not."""

from engine.avatar.human.build import bake, bake_file
from engine.avatar.human.spec import Looks, load_looks

__all__ = ["Looks", "bake", "bake_file", "load_looks"]
