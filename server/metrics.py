"""Prometheus metrics of a whole channel, made from the Health of every process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server.state import ChannelState

_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9_]+")


class ChannelCollector(Collector):
    """Reads ``state`` when scraped; every figure of a Health is a gauge ``everhost_<figure>{process="…"}``."""

    def __init__(self, state: ChannelState) -> None:
        self._state = state

    def collect(self) -> Iterator[Metric]:
        """One family a figure, and the state, age and restarts of each process."""
        up = GaugeMetricFamily("everhost_process_up", "1 when heard of lately", labels=["process"])
        state = GaugeMetricFamily("everhost_process_state", "1 for the state it is in", labels=["process", "state"])
        age = GaugeMetricFamily("everhost_process_age_seconds", "since its last health", labels=["process"])
        restarts = GaugeMetricFamily("everhost_process_restarts", "times started again", labels=["process"])
        figures: dict[str, Any] = {}
        for view in self._state.processes.values():
            seconds = self._state.age_s(view.name)
            up.add_metric([view.name], float(seconds is not None and seconds < 3))
            state.add_metric([view.name, view.state], 1)
            restarts.add_metric([view.name], view.restarts)
            if seconds is not None:
                age.add_metric([view.name], seconds)
            for figure, value in view.figures.items():
                name = "everhost_" + _NOT_IN_NAMES.sub("_", figure).strip("_").lower()
                family = figures.get(name)
                if family is None:
                    family = figures[name] = GaugeMetricFamily(name, f"{figure} as told in Health", labels=["process"])
                family.add_metric([view.name], value)
        yield from (up, state, age, restarts)
        yield from figures.values()


class Metrics:
    """The text of ``/metrics``, from a registry of its own."""

    def __init__(self, state: ChannelState) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(ChannelCollector(state))

    def text(self) -> bytes:
        """Prometheus text format 0.0.4."""
        return generate_latest(self._registry)
