"""Viewers that join one after the other and decode: ``python -m measure.joins WHEP COUNT`` prints seconds as JSON.

Each time is from the POST of the offer to the first decoded picture.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time

import httpx

from measure.whep_client import JOIN_LIMIT_S, Viewer


async def join_once(http: httpx.AsyncClient, whep: str) -> float:
    """Seconds from POST to the first decoded picture; infinite when none came."""
    seen = asyncio.Event()
    viewer = Viewer(lambda kind, _: seen.set() if kind == "video" else None)
    try:
        offer = await viewer.offer()
        began = time.monotonic()
        if not await viewer.post(http, whep, offer):
            return float("inf")
        async with asyncio.timeout(JOIN_LIMIT_S):
            await seen.wait()
        return time.monotonic() - began
    except TimeoutError:
        return float("inf")
    finally:
        await viewer.leave(http)


async def join_many(whep: str, count: int) -> list[float]:
    """``count`` joins at odd times, so that they fall anywhere between two keyframes."""
    async with httpx.AsyncClient(timeout=JOIN_LIMIT_S) as http:
        times = []
        for _ in range(count):
            times.append(await join_once(http, whep))
            await asyncio.sleep(random.uniform(0.3, 1.3))
        return times


if __name__ == "__main__":
    print(json.dumps(asyncio.run(join_many(sys.argv[1], int(sys.argv[2])))))
