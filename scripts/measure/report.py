"""Figures with their targets, and the machine that they were measured on."""

from __future__ import annotations

import math
import os
import platform
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Report:
    """Collects ``figures`` (value, unit, target, ok) and ``details``."""

    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)

    def add(
        self, name: str, value: float | None, unit: str, least: float | None = None, most: float | None = None
    ) -> None:
        """A figure that must lie within ``least`` and ``most``; without either it is only told."""
        shown = None if value is None or not math.isfinite(value) else round(float(value), 4)
        ok: bool | None = None
        if least is not None or most is not None:
            ok = shown is not None and (least is None or shown >= least) and (most is None or shown <= most)
        self.figures[name] = {"value": shown, "unit": unit, "target": _target(least, most), "ok": ok}

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        judged = [f["ok"] for f in self.figures.values() if f["ok"] is not None]
        missed = [name for name, figure in self.figures.items() if figure["ok"] is False]
        return {
            "machine": machine(),
            "met": sum(judged),
            "judged": len(judged),
            "missed": missed,
            "figures": self.figures,
            "details": finite(self.details),
        }


def finite(value: Any) -> Any:
    """``value`` with None for every number that JSON cannot hold."""
    if isinstance(value, dict):
        return {str(key): finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _target(least: float | None, most: float | None) -> str | None:
    if least is None and most is None:
        return None
    if least is None:
        return f"≤ {most:g}"
    return f"≥ {least:g}" if most is None else f"{least:g} … {most:g}"


def cores_here() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0))


def machine() -> dict[str, Any]:
    """Processor, cores, memory, system."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    return {
        "processor": model,
        "cores": cores_here(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_average": [round(x, 2) for x in os.getloadavg()],
    }
