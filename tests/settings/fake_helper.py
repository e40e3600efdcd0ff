"""A helper that answers as it is asked: bytes, late, never, or not at all; or grows."""

from __future__ import annotations

import json
import os
import sys
import time


def main(how: str) -> None:
    if how == "slow":
        time.sleep(1.0)
    if how == "missing":
        print(json.dumps({"error": "run make something", "missing": True}), flush=True)
        return
    print(json.dumps({"ready": True}), flush=True)
    hoard: list[bytes] = []
    for line in sys.stdin:
        wish = json.loads(line)
        match wish["do"]:
            case "bytes":
                sys.stdout.buffer.write(json.dumps({"bytes": wish["n"], "pid": os.getpid()}).encode() + b"\n")
                sys.stdout.buffer.write(bytes(wish["n"]))
                sys.stdout.buffer.flush()
            case "grow":
                hoard.append(b"x" * wish["n"])
                print(json.dumps({"pid": os.getpid()}), flush=True)
            case "half":
                sys.stdout.buffer.write(json.dumps({"bytes": 1000}).encode() + b"\nabc")
                sys.stdout.buffer.flush()
            case "hang":
                time.sleep(60)
            case "chatter":
                print("no JSON", flush=True)
            case "list":
                print("[1]", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
