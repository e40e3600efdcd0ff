"""A helper process of the set-up: ``python -m server.room.setup.worker``. A JSON line in is a task, one out its result.

It has the lowest priority, so that nothing that is done here is missed by a channel on air, and ends with its parent
or when its input ends.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import sys
from functools import cache
from typing import TextIO

from engine.runtime.stderr_handler import StderrHandler
from engine.settings.precedence import end_with_parent, give_way
from server.room.setup.tasks import Plain, Task, TaskError

LOWEST = 19

log = logging.getLogger(__name__)


@cache
def task_named(name: str) -> Task:
    """The function of a task; its module is loaded when it is asked for the first time."""
    if name == "portrait":
        studio: Task = importlib.import_module("server.room.setup.tasks.portrait").Studio().draw
        return studio
    module, function = {
        "check": ("check", "check"),
        "portrait_of_body": ("portrait", "draw_body"),
        "sample": ("sample", "speak"),
        "understand": ("catalogue", "understand"),
        "approve": ("catalogue", "approve"),
        "check_looks": ("bake", "check_looks"),
        "looks_form": ("looks_form", "looks_form"),
        "choices": ("choices", "choices"),
        "bake": ("bake", "bake"),
        "logo": ("logo", "make_logo"),
    }[name]
    found: Task = getattr(importlib.import_module(f"server.room.setup.tasks.{module}"), function)
    return found


def answer(line: str) -> Plain:
    """The result of one task, or why there is none."""
    given: Plain = json.loads(line)
    try:
        return {"done": task_named(given.pop("task"))(given)}
    except TaskError as error:
        return {"code": error.code, "detail": error.detail}
    except Exception as error:
        # The process goes on for the next task; the page says that this one failed, the log how.
        log.exception("a task of the set-up failed")
        return {"code": "failed", "detail": type(error).__name__}


def work(tasks: TextIO, results: TextIO) -> None:
    """Do task after task until the input ends."""
    for line in tasks:
        results.write(json.dumps(answer(line), ensure_ascii=False) + "\n")
        results.flush()


def main() -> None:
    """Work for the parent process."""
    end_with_parent()
    give_way(LOWEST)
    aloud = [StderrHandler()]
    logging.basicConfig(level=logging.INFO, format="%(asctime)s setup %(levelname)s %(message)s", handlers=aloud)
    results = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # What a library prints must not look like a result.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with open(sys.stdin.fileno(), encoding="utf-8", closefd=False) as tasks:
        work(tasks, results)


if __name__ == "__main__":
    main()
