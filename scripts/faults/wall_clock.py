"""A wall clock that a test turns, for processes that it starts: libfaketime, which leaves the monotonic clock alone."""

from __future__ import annotations

import subprocess
from pathlib import Path

from measure.processes import MeasureError

LIBRARY = "faketime/libfaketimeMT.so.1"

_SLEEP = """
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left) {
    return syscall(SYS_clock_nanosleep, clock, flags, until, left) ? errno : 0;
}
"""
"""libfaketime 0.9.10 fails sleeps until a monotonic time when that clock is not faked (EINVAL), which is how Python
sleeps; so these go straight to the kernel."""


class WallClock:
    """``environment`` is for the processes; ``shift`` turns their clock at once (they look once a second)."""

    def __init__(self, folder: Path) -> None:
        library = next((p for p in Path("/usr/lib").glob(f"*/{LIBRARY}")), None)
        if library is None:
            raise MeasureError("libfaketime is missing: apt-get install libfaketime")
        folder.mkdir(parents=True, exist_ok=True)
        source, sleep = folder / "sleep.c", folder / "sleep.so"
        source.write_text(_SLEEP)
        try:
            subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(sleep), str(source)], check=True)
        except OSError as error:
            raise MeasureError("a C compiler is missing: apt-get install gcc libc6-dev") from error
        self._file = folder / "shift"
        self.shift(0)
        self.environment = {
            "LD_PRELOAD": f"{sleep} {library}",
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            # The air goes by the monotonic clock; stepping that would be another machine, not another time.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def shift(self, seconds: float) -> None:
        """Let the clock be so far from the true time."""
        self._file.write_text(f"{seconds:+g}\n")
