"""What every child process does first. The command line is ``python -m MODULE ROLE CHANNEL_FILE RUN_DIR``.

Secrets come by the channel file and the environment, never by the command line, which other users can read.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from engine.runtime.kept_channel import channel_for_child
from engine.runtime.logbook import keep_log
from engine.runtime.stderr_handler import StderrHandler
from engine.settings import Channel, state_dir
from engine.settings.precedence import end_with_parent, go_first, leave_if_orphan

CONTROL_TOKEN_VARIABLE = "EVERHOST_CONTROL_TOKEN"
CONTROL_ROOM_VARIABLE = "EVERHOST_CONTROL_ROOM"
WELCOME_TOKEN_VARIABLE = "EVERHOST_WELCOME_TOKEN"

NICENESS: dict[str, int] = {"master": -12, "stage": -6, "server": -6, "outlet": -6}
"""What viewers see and hear goes before everything else on the machine, the clock before the picture.
Where Linux does not allow it (a user without CAP_SYS_NICE), all stay equal."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a child was started for. ``stop`` is set by SIGTERM."""

    role: str
    channel: Channel
    run_dir: Path
    state_dir: Path
    stop: threading.Event


def set_up(role: str) -> threading.Event:
    """Set up signals and logging; returns what SIGTERM sets.

    Ctrl-C is the supervisor's business: it reaches children as SIGTERM.
    """
    end_with_parent()
    leave_if_orphan()
    niceness = NICENESS.get(role.partition(":")[0])
    if niceness is not None:
        go_first(niceness)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    aloud = [StderrHandler()]
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s {role} %(levelname)s %(message)s", handlers=aloud)
    for talkative in ("httpx", "httpcore"):
        # They tell every address that is asked, and many a WHIP service has its key in there.
        logging.getLogger(talkative).setLevel(logging.WARNING)
    state_dir().mkdir(parents=True, exist_ok=True)
    return stop


def begin() -> Job:
    """Set up the process, read the command line, load the channel."""
    role, file, run_dir = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    stop = set_up(role)
    channel = channel_for_child(file, run_dir)
    keep_log(role, channel, run_dir, [os.environ.get(CONTROL_TOKEN_VARIABLE, "")])
    return Job(role, channel, run_dir, state_dir(), stop)
