"""OpenTelemetry, where it is wanted: the figures of every process go to a collector by OTLP.

It is on when the standard variable ``OTEL_EXPORTER_OTLP_ENDPOINT`` is set (other ``OTEL_…`` variables hold too) and the
extra ``telemetry`` is installed. Figures are those of ``/metrics``; a collector that is away costs nothing but them.
"""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Iterable
from typing import Protocol

from engine.settings.install import install_command
from server.state import ChannelState

logger = logging.getLogger(__name__)

ENDPOINT_VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT"


class Telemetry(Protocol):
    """Sends until it is shut down."""

    def shutdown(self) -> None:
        """Send what waits and end."""


def figures(state: ChannelState) -> Iterable[tuple[float, dict[str, str]]]:
    """Every figure with its attributes."""
    for view in list(state.processes.values()):
        yield float(view.restarts), {"process": view.name, "figure": "restarts"}
        for name, value in view.figures.items():
            yield value, {"process": view.name, "figure": name}


def start_telemetry(channel: str, state: ChannelState) -> Telemetry | None:
    """Begin to send the figures of ``state``; None where it is not wanted or not installed."""
    if not os.environ.get(ENDPOINT_VARIABLE):
        return None
    if importlib.util.find_spec("opentelemetry.exporter.otlp.proto.http") is None:
        logger.warning("%s is set, but nothing can send: %s", ENDPOINT_VARIABLE, install_command("telemetry"))
        return None
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter  # noqa: PLC0415 - optional
    from opentelemetry.metrics import CallbackOptions, Observation  # noqa: PLC0415
    from opentelemetry.sdk.metrics import MeterProvider  # noqa: PLC0415
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415

    def observe(_options: CallbackOptions) -> Iterable[Observation]:
        return [Observation(value, attributes) for value, attributes in figures(state)]

    resource = Resource.create({"service.name": "everhost", "everhost.channel": channel})
    readers = [PeriodicExportingMetricReader(OTLPMetricExporter())]
    provider = MeterProvider(metric_readers=readers, resource=resource)
    provider.get_meter("everhost").create_observable_gauge("everhost.figure", [observe])
    return provider
