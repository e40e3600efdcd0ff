"""Samples of voices, spoken by the voices themselves and kept."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

from server.room.setup.helper import Helper

SAMPLE_S = 60.0
KEPT = 200


class Samples:
    """WAV files below ``folder``, one for each voice, speed and text."""

    def __init__(self, helper: Helper, folder: Path) -> None:
        self._helper, self._folder = helper, folder
        self._speaking: dict[str, asyncio.Lock] = {}

    async def get(self, backend: str, name: str, speed: float, text: str) -> Path:
        """The file; spoken now if it is not there yet.

        Raises:
            TaskError: the voice cannot be had or the text not be spoken.
        """
        key = hashlib.sha256(f"{backend}\n{name}\n{speed:.2f}\n{text}".encode()).hexdigest()[:24]
        file = self._folder / f"{key}.wav"
        async with self._speaking.setdefault(key, asyncio.Lock()):
            if not file.is_file():
                await self._helper.ask(
                    "sample", SAMPLE_S, backend=backend, name=name, speed=round(speed, 2), text=text, out=str(file)
                )
                self._forget_old()
        self._speaking.pop(key, None)
        file.touch()
        return file

    def _forget_old(self) -> None:
        there = sorted(self._folder.glob("*.wav"), key=lambda each: each.stat().st_mtime, reverse=True)
        for old in there[KEPT:]:
            old.unlink(missing_ok=True)
