"""The set-up of a room: its files, its helper processes, and what they made that may be asked for again."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import OrderedDict
from pathlib import Path

from engine.records import Role
from engine.runtime.checks import moved_port_problems
from engine.runtime.steering import Wish
from engine.settings import Problem, SettingsError, load_channel
from engine.settings.channel import Channel
from server.errors import BusyError, ServerError
from server.room.gate import Visit
from server.room.room import Room
from server.room.setup.desk import CHECK_S, Desk, Job, Wanted
from server.room.setup.errors import NoSuchFileError, ProblemsError
from server.room.setup.helper import Helper
from server.room.setup.logos import Logos
from server.room.setup.places import ChannelFiles
from server.room.setup.portraits import Portraits
from server.room.setup.samples import Samples
from server.room.setup.tasks import Plain
from server.tasks import TaskSet

log = logging.getLogger(__name__)

JOBS_KEPT = 20

CHOICES_S = 60.0


class Setup:
    """Everything that the set-up's routes share. ``aclose`` ends the helpers, of which each does one thing at a time.

    ``imports`` are catalogues that were read and may be approved; ``trying`` counts outputs that are tried now.
    """

    def __init__(self, room: Room, state_dir: Path) -> None:
        self.room = room
        self.state_dir = state_dir
        self.files = ChannelFiles({name: watch.channel.file for name, watch in room.watches.items()})
        self.quick, self.painter, self.sketcher, self.baker = Helper(), Helper(), Helper(), Helper()
        self.logos = Logos(self.quick, state_dir / "logos")
        self.desk = Desk(self.files, state_dir, self.quick, self.baker, self.logos)
        self.portraits = Portraits(self.painter, self.sketcher, state_dir / "portraits")
        self.samples = Samples(self.quick, state_dir / "samples")
        self.imports: OrderedDict[str, Plain] = OrderedDict()
        self.trying = 0
        self.jobs: OrderedDict[str, Job] = OrderedDict()
        self._tasks = TaskSet(lambda: None)
        self._choices: Plain | None = None
        self._looks_form: Plain | None = None
        self._loading = asyncio.Lock()

    async def aclose(self) -> None:
        """End the helpers and what they make; may be called twice."""
        await self._tasks.aclose()
        for helper in (self.quick, self.painter, self.sketcher, self.baker):
            await helper.aclose()

    async def choices(self) -> Plain:
        """What there is to choose from, and the fields of a host file."""
        async with self._loading:
            if self._choices is None:
                self._choices = await self.quick.ask("choices", CHOICES_S)
            if self._looks_form is None:
                self._looks_form = await self.quick.ask("looks_form", CHOICES_S)
        return self._choices | {"looks": self._looks_form["fields"]}

    async def save(self, wanted: Wanted) -> tuple[str, Job]:
        """Save, or begin a job that saves when the host is made; see ``Desk.save``.

        Raises:
            BusyError: hosts of too many forms are being made.
        """
        working = sum(job.state == "working" for job in self.jobs.values())
        job = await self.desk.save(wanted)
        if job.state == "done":
            return "", job
        if working >= 2:
            raise BusyError("two hosts are being made already; save again in a minute", 60)
        job_id = secrets.token_urlsafe(9)
        self.jobs[job_id] = job
        while len(self.jobs) > JOBS_KEPT:
            self.jobs.popitem(last=False)
        self._tasks.spawn(self.desk.make_and_save(wanted, job), f"make host of {wanted.channel_id}")
        return job_id, job

    def job(self, job_id: str) -> Job:
        """A job that was begun.

        Raises:
            NoSuchFileError: there is none of that id, or it is forgotten.
        """
        try:
            return self.jobs[job_id]
        except KeyError:
            raise NoSuchFileError("there is no such job") from None

    def tell(self, watch_id: str, user: str, wish: Wish) -> None:
        """Tell the show of a running channel what was saved; a studio that is started again keeps to it."""
        self._tasks.spawn(self._told(watch_id, user, wish), f"tell {watch_id}")

    async def _told(self, watch_id: str, user: str, wish: Wish) -> None:
        try:
            await self.room.watch(watch_id).steering.wish(user, wish)
        except ServerError as error:
            log.warning("%s was not told what was saved: %s", watch_id, error)

    async def ready(self, watch_id: str) -> Channel:
        """A running channel as its file says now, if it would go on air so.

        Raises:
            ProblemsError: with everything that ``everhost check`` finds, and with a port that it could not have.
            BusyError, NoAnswerError: the helper has no time.
        """
        running = self.room.watch(watch_id).channel
        file = str(running.file)
        found = await self.quick.ask("check", CHECK_S, draft=file, file=file, on_air=True)
        if found["problems"]:
            raise ProblemsError(found["problems"])
        try:
            channel = await asyncio.to_thread(load_channel, running.file, check_files=False)
        except SettingsError as error:
            raise ProblemsError([_plain(problem) for problem in error.problems]) from error
        if problems := await asyncio.to_thread(moved_port_problems, running.server, channel):
            raise ProblemsError([_plain(problem) for problem in problems])
        return channel


def _plain(problem: Problem) -> Plain:
    file = Path(problem.file).name
    return {
        "file": file, "line": problem.line, "key": problem.key, "message": problem.message, "hint": problem.hint,
    }  # fmt: skip


def setup_for(visit: Visit) -> Setup:
    """The room's set-up, for who may use it.

    Raises:
        NotAllowedError, ForbiddenError: see ``Visit.needs``.
    """
    visit.needs(Role.ADMIN)
    found = visit.room.setup
    assert isinstance(found, Setup)
    return found
