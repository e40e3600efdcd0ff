"""The whole check in a process of its own: what bodies and pictures are opened with would stay in the supervisor's
memory for days.
"""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
from collections.abc import Sequence

from engine.settings import Channel, Problem

log = logging.getLogger(__name__)


class CheckApart:
    """The check of channels that are to go on air, in a process that ends with it. Begins at once.

    A check that itself fails keeps nobody off the air: then nothing is known of mistakes.
    """

    def __init__(self, channels: Sequence[Channel]) -> None:
        command = [sys.executable, "-m", "engine.runtime.whole_check"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._given = pickle.dumps(list(channels))

    def problems(self, seconds: float) -> list[Problem]:
        """Everything that is wrong, waited for at most so long."""
        with self._process:
            try:
                told, _ = self._process.communicate(self._given, seconds)
                # Our own process's answer over our own pipe.
                found = pickle.loads(told)
            except (subprocess.TimeoutExpired, OSError, EOFError, pickle.UnpicklingError) as error:
                self._process.kill()
                log.warning("the channels could not be checked before they go on air: %s", type(error).__name__)
                return []
        assert isinstance(found, list)
        return found
