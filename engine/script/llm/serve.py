"""The other end of ``worker.py``: what the process of a model does, whichever library runs the model."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from engine.settings.precedence import end_with_parent, give_way

Answer = Callable[[dict[str, Any]], dict[str, Any]]
Load = Callable[[str, int], Answer]

INSTALL_GGUF = 'pip install "everhost[llm]"'
INSTALL_TRANSFORMERS = 'pip install "everhost[torch]"'

NICER_BY = 10
"""How much this process gives way to speech and picture."""


class NotInstalledError(Exception):
    """A package is missing, or the model file; the message says what to do."""


def serve(load: Load) -> int:
    """Load the model named on the command line, then answer until the pipe is closed."""
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    give_way(NICER_BY)
    # Libraries print to standard output; the answers keep it to themselves.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(answer: dict[str, Any]) -> None:
        out.write(json.dumps(answer) + "\n")
        out.flush()

    try:
        answer = load(sys.argv[1], int(sys.argv[2]))
    except NotInstalledError as error:
        say({"error": str(error), "missing": True})
        return 1
    say({"ready": True})
    for line in sys.stdin:
        say(answer(json.loads(line)))
    return 0
