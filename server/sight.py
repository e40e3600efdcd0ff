"""One channel's records, history, alarms and log together, for whoever shows them; and what they need to go on."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

from engine.records import Ledger
from engine.runtime.logbook import LogBook
from engine.runtime.messages import Health, Message, ProcessState
from engine.settings.channel import Channel
from server.alarms import Alarms
from server.books import Books
from server.history import History
from server.state import ChannelState
from server.tasks import TaskSet
from server.webhook import Webhook

log = logging.getLogger(__name__)

LOOK_S = 1.0
SAVE_S = 60.0


class Sight:
    """Owned by the one who listens to the channel's bus: ``hear`` gets its messages, after ``state`` has.

    ``start`` and ``aclose`` bracket its life; ``failed`` is called when a part ends that should not.
    """

    def __init__(
        self,
        channel: Channel,
        run_dir: Path,
        state: ChannelState,
        open_ledger: Callable[[], Ledger],
        failed: Callable[[], None],
    ) -> None:
        limits = channel.alarms
        self.books = Books(open_ledger)
        self.history = History()
        self.log = LogBook(run_dir)
        self.webhook = Webhook(channel.file.stem, limits.webhook, limits.secret)
        self.alarms = Alarms(limits, state, self.history, self.webhook.tell)
        # In the run's folder, in memory: it is for the next process of this run, not for the next run.
        self._saved = run_dir / "history"
        self._tasks = TaskSet(failed)

    async def start(self) -> None:
        """Take up what the process before kept, and begin to look."""
        await asyncio.to_thread(self.history.restore, self._saved)
        self._tasks.spawn(self._watch(), "alarms")
        self._tasks.spawn(self.webhook.run(), "alarm-webhook")

    async def aclose(self) -> None:
        """Stop; may be called twice or before start."""
        await self._tasks.aclose()
        await self.books.aclose()

    def reload(self, channel: Channel) -> None:
        """The channel starts again with other settings."""
        self.alarms.reload(channel.alarms)
        self.webhook.reload(channel.alarms.webhook, channel.alarms.secret)

    def hear(self, message: Message) -> None:
        """Take in one message of the bus."""
        if isinstance(message, Health):
            self.history.hear(message)
        elif isinstance(message, ProcessState):
            self.alarms.hear(message)

    async def _watch(self) -> None:
        save_at = time.monotonic() + SAVE_S
        while True:
            self.alarms.look()
            if time.monotonic() >= save_at:
                save_at = time.monotonic() + SAVE_S
                await self._save()
            await asyncio.sleep(LOOK_S)

    async def _save(self) -> None:
        """Keep the history for the next process. A run's folder that is full costs its figures, not the alarms."""
        try:
            await asyncio.to_thread(_write, self._saved, self.history.saved())
        except OSError as error:
            log.warning("the history cannot be kept: %s", error)


def _write(file: Path, content: bytes) -> None:
    part = file.with_name(f"{file.name}.part")
    part.write_bytes(content)
    part.replace(file)
