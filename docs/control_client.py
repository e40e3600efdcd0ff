"""A program that steers a channel: lists the channels, and says a line on the first one.

    everhost token add my-program --role operator
    python docs/control_client.py http://127.0.0.1:8090 TOKEN "Thank you all for being here."

Everything that the control room's pages do is a request like these; ``/docs`` of the control room describes them all.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import httpx


class ControlRoom:
    """A control room; ``http`` knows its address and sends the token."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def channels(self) -> list[dict[str, Any]]:
        """Every channel, with what is on air."""
        answer = await self._http.get("/api/channels")
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()
        return found

    async def order(self, channel: str, action: str) -> None:
        """Stop, pause, resume, or skip the line on air: "stop", "pause", "resume", "skip"."""
        answer = await self._http.post(f"/api/channels/{channel}/control", json={"action": action})
        answer.raise_for_status()

    async def steer(self, channel: str, **wish: object) -> dict[str, Any]:
        """A wish, such as ``type="say", text="…"``. Refused (409) is an answer too: ``findings`` say why."""
        answer = await self._http.post(f"/api/channels/{channel}/steer", json=wish)
        if answer.status_code != 409:
            answer.raise_for_status()
        became: dict[str, Any] = answer.json()
        return became


async def main(address: str, token: str, text: str) -> None:
    """Say ``text`` on the first channel."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=address, headers=headers) as http:
        room = ControlRoom(http)
        for channel in await room.channels():
            print(f"{channel['id']}: {channel['air']}, {channel['viewers']} watching, on show: {channel['product']}")
        first = (await room.channels())[0]["id"]
        became = await room.steer(first, type="say", text=text)
        if not became["granted"]:
            print("The guard objects:")
        for found in became["findings"]:
            print(f"- {found['message']}: {found['words']}")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
