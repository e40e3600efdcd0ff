"""A process that is to replace another one makes itself ready first, and begins when the other has ended."""

from __future__ import annotations

import os
import threading
import time

import psutil

from engine.runtime.bus import Bus
from engine.runtime.messages import Standby

AFTER_PID_VARIABLE = "EVERHOST_AFTER_PID"
_LOOK_S = 0.02


def wait_for_turn(bus: Bus, process: str, stop: threading.Event) -> bool:
    """Return when there is nobody to wait for, and whether there was; say ``Standby`` once a second until then.

    What comes over ``bus`` meanwhile is not kept: who takes over asks for what it needs.
    """
    pid = int(os.environ.get(AFTER_PID_VARIABLE, "0"))
    told = 0.0
    while pid and psutil.pid_exists(pid) and not stop.is_set():
        if time.monotonic() >= told:
            told = time.monotonic() + 1
            bus.publish(Standby(process, os.getpid()))
        while bus.receive() is not None:
            pass
        time.sleep(_LOOK_S)
    return pid != 0
