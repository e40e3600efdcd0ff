"""Everhost as a service: the unit of docs/ under a real systemd, started, killed, stopped dead and ended; one JSON.

Boots this machine's own Debian in a container over a root that is thrown away, sets Everhost up in it as the docs say
and looks at it from outside: at the page of its viewers, and at its processes. Needs root and systemd-container.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

import av
import httpx
from measure.booted import Booted
from measure.processes import MeasureError
from measure.report import Report

UNIT = "everhost.service"
PAGE = "http://127.0.0.1:8080/healthz"
LOOK_S = 0.1
ON_AIR_S = 20.0
"""On air for so long between two faults."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Service:
    """The unit in a booted system."""

    def __init__(self, system: Booted) -> None:
        self._system = system
        self._began = time.monotonic()
        self.page: list[tuple[float, str]] = []
        """What the page answered, and when that changed, in seconds."""

    def control(self, *words: str) -> None:
        """As ``systemctl`` does."""
        self._system.inside("systemctl", *words, UNIT)

    def known(self, name: str) -> str:
        """As systemd knows it."""
        return self._system.inside("systemctl", "show", UNIT, "--value", "-p", name)

    @property
    def main_pid(self) -> int:
        """As the booted system counts processes."""
        return int(self.known("MainPID"))

    @property
    def processes(self) -> list[str]:
        """Commands of all of its processes."""
        told = self._system.inside("ps", "-eo", "user:20,ni,args")
        return [line for line in told.splitlines() if line.startswith("everhost ")]

    @property
    def is_seen(self) -> bool:
        """Whether the page answers and says that the host is on air."""
        try:
            told = str(httpx.get(PAGE, timeout=1.0).status_code)
        except httpx.HTTPError as error:
            told = type(error).__name__
        if not self.page or self.page[-1][1] != told:
            self.page.append((round(time.monotonic() - self._began, 2), told))
        return told == "200"

    def kill(self, signal: str) -> None:
        """Send a signal to the main process alone."""
        self._system.inside("kill", f"-{signal}", str(self.main_pid))


def seconds_until(condition: Callable[[], bool], most: float) -> float:
    """How long it takes; infinite after ``most``."""
    began = time.monotonic()
    while time.monotonic() < began + most:
        if condition():
            return time.monotonic() - began
        time.sleep(LOOK_S)
    return float("inf")


def back(service: Service, before: int, most: float) -> float:
    """Seconds until another main process is on air."""
    return seconds_until(
        lambda: service.known("ActiveState") == "active" and service.main_pid != before and service.is_seen, most
    )


def playable_seconds(folder: Path) -> float:
    """Seconds of video in all recordings that can be opened."""
    total = 0.0
    for file in sorted(folder.rglob("*.mp4")):
        with av.open(str(file)) as container:
            times = [float(p.pts * p.time_base) for p in container.demux(video=0) if p.pts is not None]
        total += max(times) - min(times) if times else 0.0
    return total


def measure(system: Booted, report: Report) -> None:
    report.add("boot", system.boot(), "s")
    service = Service(system)
    say("start")
    began = time.monotonic()
    service.control("start")
    report.add("start_until_ready", time.monotonic() - began, "s", most=30.0)
    report.add("ready_until_page_says_so", seconds_until(lambda: service.is_seen, 20.0), "s", most=5.0)
    time.sleep(ON_AIR_S)
    nice = {words.split()[1] for words in service.processes if "master" in words}
    report.add("master_goes_first", float(any(each.startswith("-") for each in nice)), "1 = yes", least=1.0)
    report.details["processes"] = service.processes
    say("SIGKILL")
    before = service.main_pid
    service.kill("KILL")
    report.add("back_after_sigkill", back(service, before, 60.0), "s", most=20.0)
    time.sleep(ON_AIR_S)
    say("SIGSTOP")
    before = service.main_pid
    service.kill("STOP")
    report.add("back_after_sigstop", back(service, before, 90.0), "s", most=60.0)
    report.add("restarts", float(service.known("NRestarts")), "", least=2.0, most=2.0)
    time.sleep(ON_AIR_S)
    say("stop")
    began = time.monotonic()
    service.control("stop")
    report.add("stop", time.monotonic() - began, "s", most=10.0)
    report.add("processes_left", float(len(service.processes)), "", most=0.0)
    report.details["page"] = service.page
    report.details["result"] = service.known("Result")
    report.add("ended_cleanly", float(service.known("Result") == "success"), "1 = yes", least=1.0)
    kept = playable_seconds(system.root / "var/lib/everhost/recordings")
    report.add("recorded_and_playable", kept, "s", least=3 * ON_AIR_S)
    report.details["log"] = system.inside("journalctl", "-u", UNIT, "--no-pager", "-o", "cat").splitlines()[-60:]


def main() -> int:
    """Exit status 0 when everything held, 1 when something did not, 2 when it could not be measured."""
    if os.geteuid() != 0:
        print("bench_service: only root can boot a system", file=sys.stderr)
        return 2
    report = Report()
    with tempfile.TemporaryDirectory(prefix="everhost-service-") as folder:
        try:
            with Booted(Path(folder) / "system") as system:
                measure(system, report)
        except MeasureError as error:
            say(f"bench_service: {error}")
            return 2
    print(json.dumps(report.plain(), indent=1, ensure_ascii=False))
    return 1 if report.plain()["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
