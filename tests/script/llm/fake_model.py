"""A model's process that needs no model: what it does is its "model", what it is asked is what it says."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from engine.script.llm.serve import Answer, NotInstalledError, serve


def load(model: str, context: int) -> Answer:
    if model == "missing":
        raise NotInstalledError("no such package: pip install it")
    if model == "never":
        time.sleep(60)

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        text = request["messages"][-1][1]
        if text == "hang":
            time.sleep(60)
        if text == "die":
            os._exit(3)
        if text == "refuse":
            return {"error": "not today"}
        if text == "print":
            print("a library's chatter")
            os.write(1, b"from C as well\n")
        nice, pid = os.nice(0), os.getpid()
        said = f"{len(request['messages'])} {nice} {pid} {context}" if text == "who" else text
        return {"text": said, "read": 3, "written": 2}

    return answer


if __name__ == "__main__":
    sys.exit(serve(load))
