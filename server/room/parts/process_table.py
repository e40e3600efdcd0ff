"""The processes of one channel with their figures."""

from __future__ import annotations

from nicegui.element import Element

from server.room.channel_watch import ChannelWatch
from server.room.parts.alarm_text import process_name
from server.room.parts.elements import Text, box, set_attributes
from server.room.parts.rows import Rows
from server.room.words import Words
from server.state import FRESH_S, ProcessView

FIGURES = (
    ("fps", "fps", 1.0, 1),
    ("repeated", "repeated", 1.0, 0),
    ("late_ticks", "late", 1.0, 0),
    ("encode_cpu_seconds", "encode", 1000.0, 1),
    ("draw_cpu_seconds", "draw", 1000.0, 1),
    ("skipped", "skipped", 1.0, 0),
    ("queue_seconds", "queue", 1.0, 1),
    ("ahead_seconds", "queue", 1.0, 1),
    ("questions_waiting", "questions_waiting", 1.0, 0),
    ("answer_seconds", "answer_time", 1.0, 2),
    ("viewers", "viewer_count", 1.0, 0),
    ("send_lag_ms", "send_lag", 1.0, 0),
    ("bitrate", "bitrate", 1e-6, 2),
    ("av_offset_ms", "av_offset", 1.0, 0),
    ("reconnects", "reconnects", 1.0, 0),
    ("disk_free_bytes", "disk_free", 1e-9, 0),
)
"""Each figure or rate that is told, its text, and how it is written."""

COLUMNS = ("process", "state", "cpu", "memory", "restarts", "figures")


class ProcessTable:
    """A row a process; on a phone each row becomes a block."""

    def __init__(self, watch: ChannelWatch, words: Words) -> None:
        self._watch, self._words = watch, words
        self._cells: dict[str, dict[str, Text]] = {}
        self._lines: dict[str, Element] = {}
        with box("table", "processes"):
            with box("thead"), box("tr"):
                for column in COLUMNS:
                    Text("th", words(column)).props["scope"] = "col"
            self._rows = Rows(box("tbody"))
        self.refresh()

    def refresh(self) -> None:
        """Show what is so now."""
        names = sorted(self._watch.state.processes)
        self._rows.show(names, lambda i: self._row(names[i]))
        for name in names:
            self._fill(name, self._watch.state.processes[name])

    def _row(self, name: str) -> Element:
        with box("tr") as row:
            cells = {}
            for column in COLUMNS:
                cells[column] = Text("th" if column == "process" else "td")
                cells[column].props["data-label"] = self._words(column)
            cells["process"].props["scope"] = "row"
        cells["process"].set_text(process_name(name, self._words))
        self._cells[name], self._lines[name] = cells, row
        return row

    def _fill(self, name: str, view: ProcessView) -> None:
        cells, words = self._cells[name], self._words
        age = self._watch.state.age_s(name)
        fresh = age is not None and age < FRESH_S
        state = words.known("state", view.state)
        if not fresh and age is not None:
            state = words("silent", n=round(age))
        set_attributes(self._lines[name], data_fresh="yes" if fresh else "no")
        rates = view.rates()
        cells["state"].set_text(" · ".join(part for part in (state, view.detail) if part))
        cells["cpu"].set_text(words("percent", n=round(rates["cpu"] * 100)) if "cpu" in rates else "–")
        memory = view.figures.get("memory_bytes")
        cells["memory"].set_text("–" if memory is None else words("megabytes", n=round(memory / 1e6)))
        cells["restarts"].set_text(str(view.restarts))
        cells["figures"].set_text(" · ".join(_figures(view.figures, rates, words)) or "–")


def _figures(figures: dict[str, float], rates: dict[str, float], words: Words) -> list[str]:
    """The figures that mean something to an operator, in words."""
    return [
        words(name, n=f"{value * scale:.{digits}f}")
        for key, name, scale, digits in FIGURES
        if (value := rates.get(key, figures.get(key))) is not None
    ]
