"""The charts of one channel over the last hour or day (``time-chart.js``)."""

from __future__ import annotations

import json

from nicegui.element import Element

from server.history import Span
from server.room.channel_watch import ChannelWatch
from server.room.charts import CHARTS, Name
from server.room.parts.alarm_text import process_name
from server.room.parts.elements import Text, box, set_attributes
from server.room.words import Words

AGAIN_S = {"hour": "15", "day": "60"}


class ChartGrid:
    """All charts; two buttons choose the span."""

    def __init__(self, watch: ChannelWatch, words: Words) -> None:
        self._watch, self._words = watch, words
        self._charts: dict[Name, Element] = {}
        self._buttons: dict[Span, Element] = {}
        self._span: Span = "hour"
        self._known: frozenset[str] = frozenset()
        with box("div", "chart-head"):
            Text("h3", words("charts"))
            with box("div", "segments", role="group", aria_label=words("span")):
                for span in ("hour", "day"):
                    self._button(span)
        with box("div", "charts"):
            for name, chart in CHARTS.items():
                with box("figure", "chart"):
                    Text("figcaption", words(f"chart_{name}"))
                    self._charts[name] = box(
                        "time-chart", unit=words(chart.unit), digits=str(chart.digits), label=words(f"chart_{name}"),
                        none=words("no_figures"),
                    )  # fmt: skip
        self._show()

    def refresh(self) -> None:
        """Name the lines of processes that have come since."""
        if frozenset(self._watch.state.processes) != self._known:
            self._show()

    def _button(self, span: Span) -> None:
        made = Text("button", self._words(f"span_{span}"), "segment")
        made.props["type"] = "button"
        made.on("click", lambda: self._choose(span))
        self._buttons[span] = made

    def _choose(self, span: Span) -> None:
        self._span = span
        self._show()

    def _show(self) -> None:
        self._known = frozenset(self._watch.state.processes)
        names = {process: process_name(process, self._words) for process in self._known}
        figures = self._words.group("figure_")
        for name, element in self._charts.items():
            several = {
                f"{process} {figure}": figures[figure] for process, figure, _ in CHARTS[name].lines if figure in figures
            }
            source = f"/api{self._watch.path}/health/charts/{name}?span={self._span}"
            set_attributes(
                element, src=source, every=AGAIN_S[self._span], names=json.dumps(names | several, ensure_ascii=False)
            )
        for span, button in self._buttons.items():
            set_attributes(button, aria_pressed=str(span == self._span).lower())
