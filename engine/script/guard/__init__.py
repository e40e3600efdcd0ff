"""The guard: a line goes on air only if the facts that it cites prove it."""

from engine.script.guard.guard import Guard
from engine.script.guard.typed import judge_typed
from engine.script.verdict import Finding, Verdict

__all__ = ["Finding", "Guard", "Verdict", "judge_typed"]
