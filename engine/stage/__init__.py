"""The picture: layout, cards, captions, label, compositor."""

from engine.stage.errors import StageError
from engine.stage.layout import Layout, Rect, layout_for
from engine.stage.stage import Stage

__all__ = ["Layout", "Rect", "Stage", "StageError", "layout_for"]
