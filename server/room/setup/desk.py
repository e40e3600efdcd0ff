"""The set-up's one owner of files: what a form wants is checked as a draft, shown as a difference, and written at once.

A form sends what it changed and the revision that it began with. Nothing is written over a file that was changed
meanwhile; the earlier version of every file is kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.settings import Channel
from engine.settings.edit import REMOVED, EditError, data_of, edited
from engine.settings.secrets import SecretError, keep_secret, kept_secrets, secrets_place
from engine.settings.yaml_file import KeyPath, parse_dotted
from server.errors import ServerError
from server.room.setup.errors import CannotSetUpError, ChangedMeanwhileError, ProblemsError, TakenError
from server.room.setup.helper import Helper
from server.room.setup.logos import LOGO, Logos, beside, kept_place, logo_beside
from server.room.setup.output_keys import OutputKeys
from server.room.setup.places import ChannelFiles, Host, body_in, host_of, is_shipped
from server.room.setup.tasks import Plain, TaskError
from server.room.setup.template import new_channel
from server.room.setup.terms import terms_of
from server.room.setup.text import SECRET_KEYS, difference, read_text, revision_of, write_whole
from server.room.setup.versions import Versions

CHECK_S = 60.0
BAKE_S = 900.0

TEXTS_KEPT = 100
"""Texts that are known by their revision, so that a form that is late can be told what changed meanwhile."""

NOT_BY_FORM = frozenset({"file", "items", "catalogue_address", "records"})
"""Keys of a channel that no form may set."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a form wants. ``changes`` and ``looks`` are values by dotted key, None to take a key out.

    ``revision`` and ``looks_revision`` are those of the files that the form was filled from, empty for new files.
    ``host`` is the host to show, by name; empty, that of the file. Without ``looks`` she stays as she is.
    """

    channel_id: str
    revision: str
    changes: Mapping[str, Any]
    host: str = ""
    looks: Mapping[str, Any] = field(default_factory=dict)
    looks_revision: str = ""
    name: str = ""
    language: str = "en"


@dataclass(slots=True)
class Draft:
    """What files would hold. ``secrets`` are those that are to be kept; ``looks_text`` is empty where it stays.

    ``logo`` is an upload that is kept with the looks. ``problems`` are mistakes of what the form sent, which the text
    does not show.
    """

    file: Path
    before: str
    after: str
    secrets: dict[str, str] = field(default_factory=dict)
    problems: list[Plain] = field(default_factory=list)
    looks_file: Path | None = None
    looks_before: str = ""
    looks_text: str = ""
    body: Path | None = None
    logo: Path | None = None

    @property
    def looks_tried(self) -> str:
        """The looks with the logo where it lies now."""
        return self.looks_text if self.logo is None else edited(self.looks_text, {LOGO: str(self.logo.absolute())})

    @property
    def changes_body(self) -> bool:
        """Whether the host must be made anew."""
        return bool(self.looks_text) and self.looks_text != self.looks_before


@dataclass(slots=True)
class Job:
    """Something that takes minutes. ``state`` is "working", "done" or "failed"; ``code`` and ``detail`` say why."""

    state: str = "working"
    code: str = ""
    detail: str = ""
    revision: str = ""


class Desk:
    """Drafts, checks and saves. ``quick`` checks, ``baker`` makes bodies."""

    def __init__(self, files: ChannelFiles, state_dir: Path, quick: Helper, baker: Helper, logos: Logos) -> None:
        self.files = files
        self._logos = logos
        self.versions = Versions(state_dir / "versions")
        self._state_dir = state_dir
        self._quick, self._baker = quick, baker
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._writing = asyncio.Lock()

    # Reading.

    def text_of(self, path: Path) -> str:
        """A file's text, remembered by its revision."""
        text = read_text(path)
        self._texts[revision_of(text)] = text
        while len(self._texts) > TEXTS_KEPT:
            self._texts.popitem(last=False)
        return text

    def blank(self, channel_id: str, name: str, language: str) -> str:
        """The text of a channel that is not there yet, with a port that no other channel here has.

        Raises:
            TakenError: there is a channel of that id, or it cannot be one.
        """
        path = self.files.new(channel_id)
        if path is None:
            raise TakenError(f"“{channel_id}” is taken or cannot be a channel's name")
        shown = os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
        return new_channel(name, language, shown, self.files.free_port())

    def host_plain(self, body: Path, channel_id: str) -> Plain:
        """The host of a body for a form: her looks with their revision, and who else shows her."""
        host = host_of(body)
        text = self.text_of(host.looks) if host.looks is not None else ""
        try:
            looks = data_of(text) if text else None
        except EditError:
            looks = None
        others = [each for each in self.files.users_of(body.resolve()) if each != channel_id]
        terms = terms_of(body)
        return {
            "host": host.name,
            "listed": self.files.lists(body),
            "forbids": terms.forbids,
            "stated": terms.stated,
            "looks": looks,
            "looks_revision": revision_of(text) if looks is not None else "",
            "shared_with": others,
            "shipped": is_shipped(host),
        }

    # Drafting.

    def draft(self, wanted: Wanted) -> Draft:
        """What the files would hold. Takes a tenth of a second, so a thread of its own.

        Raises:
            ChangedMeanwhileError: a file is not as the form saw it.
            CannotSetUpError: the file cannot be changed by a form, or a value cannot be one.
        """
        draft = self._begun(wanted)
        try:
            changes = self._changes(wanted, draft)
            if wanted.host or wanted.looks:
                self._dress(wanted, draft, changes)
            draft.after = edited(draft.after, changes, Channel)
        except EditError as error:
            raise CannotSetUpError("cannot_edit", str(error)) from error
        return draft

    def _begun(self, wanted: Wanted) -> Draft:
        if not wanted.revision:
            text = self.blank(wanted.channel_id, wanted.name, wanted.language)
            path = self.files.new(wanted.channel_id)
            assert path is not None
            return Draft(path, "", text)
        path = self.files.find(wanted.channel_id).path
        text = self._unchanged(path, wanted.revision)
        return Draft(path, text, text)

    def _unchanged(self, path: Path, revision: str) -> str:
        """The text of a file that has that revision."""
        text = self.text_of(path)
        if revision_of(text) != revision:
            before = self._texts.get(revision)
            told: Plain = {"revision": revision_of(text), "file": path.name, "difference": None}
            told["difference"] = None if before is None else difference(before, text)
            raise ChangedMeanwhileError(told)
        return text

    def _changes(self, wanted: Wanted, draft: Draft) -> dict[KeyPath, Any]:
        """Changes by key path, secrets taken out of them."""
        changes: dict[KeyPath, Any] = {}
        for key, value in wanted.changes.items():
            path = parse_dotted(key)
            if not path or path[0] not in Channel.model_fields.keys() - NOT_BY_FORM or path[-1] in SECRET_KEYS:
                raise CannotSetUpError("bad_key", key)
            if key == "outputs" and isinstance(value, list):
                value = self._outputs(value, wanted, draft)  # noqa: PLW2901
            changes[path] = REMOVED if value is None else value
        return changes

    def _outputs(self, entries: list[Any], wanted: Wanted, draft: Draft) -> list[Any]:
        """Outputs with the keys that they had; new ones go to the secrets and stand in the file by their names."""
        before = data_of(draft.before).get("outputs") if draft.before else None
        kept = kept_secrets(secrets_place(self._state_dir))
        keys = OutputKeys(wanted.channel_id, draft.file.name, before, kept, self.files.texts())
        outputs = [keys.written(place, entry) for place, entry in enumerate(entries)]
        draft.secrets |= keys.secrets
        draft.problems += keys.problems
        return outputs

    def _dress(self, wanted: Wanted, draft: Draft, changes: dict[KeyPath, Any]) -> None:
        """The host of the channel, and her looks where they change."""
        host = self.files.host(wanted.host) if wanted.host else self._host_of_file(draft)
        folder = draft.file.parent
        if wanted.looks:
            self._new_looks(wanted, draft, host)
        body = draft.body or host.body
        if body_in(draft.file, {"body": changes.get(("body",), data_of(draft.after).get("body"))}) != body.resolve():
            changes[("body",)] = os.path.relpath(body, folder)

    @staticmethod
    def _host_of_file(draft: Draft) -> Host:
        """The host that the channel's file names."""
        body = body_in(draft.file, data_of(draft.after))
        if body is None:
            raise CannotSetUpError("no_host")
        return host_of(body)

    def _new_looks(self, wanted: Wanted, draft: Draft, host: Host) -> None:
        """The looks that a host gets; a shared one, or one that came with Everhost, becomes one of the channel's own.

        A logo goes with them: an upload to a folder beside the host file, and another keeps being the same file.
        """
        if host.looks is None:
            raise CannotSetUpError("no_looks", host.name)
        text = self._unchanged(host.looks, wanted.looks_revision)
        changes = {parse_dotted(key): value for key, value in wanted.looks.items()}
        upload = self._logos.uploaded(changes.get(LOGO))
        new = edited(text, changes)
        if new == text:
            return
        draft.looks_file, draft.body, draft.looks_before, draft.looks_text = host.looks, host.body, text, new
        others = [each for each in self.files.users_of(host.body.resolve()) if each != wanted.channel_id]
        if is_shipped(host) or others:
            draft.looks_file, draft.body = self.files.new_host(wanted.channel_id)
            draft.looks_before = ""
            moved: dict[KeyPath, Any] = {("name",): draft.looks_file.stem}
            outfit = data_of(new).get("outfit")
            logo = logo_beside(host, outfit.get("logo")) if isinstance(outfit, dict) else None
            if logo is not None:
                moved[LOGO] = beside(logo, draft.looks_file)
            named = edited(new, moved)
            draft.looks_text = named.replace(f"{host.name}, a host", f"{draft.looks_file.stem}, a host", 1)
        if upload is not None:
            draft.logo = upload
            draft.looks_text = edited(
                draft.looks_text, {LOGO: beside(kept_place(upload, draft.looks_file), draft.looks_file)}
            )

    # Checking.

    async def problems(self, draft: Draft) -> Plain:
        """The mistakes of a draft as ``everhost check`` tells them, and its products.

        Raises:
            BusyError, NoAnswerError: the helper has no time.
        """
        found: Plain = {"problems": [], "note": "", "products": []}
        looks: list[Plain] = []
        if draft.looks_file is not None and draft.looks_text:
            with _beside(draft.looks_file, draft.looks_tried) as place:
                told = await self._quick.ask("check_looks", CHECK_S, draft=str(place), file=str(draft.looks_file))
            looks = [problem | {"looks": True} for problem in told["problems"]]
        with _beside(draft.file, draft.after) as place:
            found = await self._quick.ask(
                "check", CHECK_S, draft=str(place), file=str(draft.file), secrets=draft.secrets,
                body_comes=draft.changes_body,
            )  # fmt: skip
        return found | {"problems": [*draft.problems, *found["problems"], *looks]}

    # Saving.

    async def save(self, wanted: Wanted) -> Job:
        """Write what a form wants, if nothing is wrong with it. A host that changed is made first, which takes minutes.

        Raises:
            ProblemsError: it has mistakes.
            ChangedMeanwhileError: see ``draft``.
            CannotSetUpError: see ``draft``.
        """
        async with self._writing:
            draft = await asyncio.to_thread(self.draft, wanted)
            problems = (await self.problems(draft))["problems"]
            if problems:
                raise ProblemsError(problems)
            if not draft.changes_body:
                return Job("done", revision=self._written(draft))
        return Job()

    async def make_and_save(self, wanted: Wanted, job: Job) -> None:
        """Make the host of a draft that was found good, then write everything at once; ``job`` tells the outcome."""
        try:
            draft = await asyncio.to_thread(self.draft, wanted)
            assert draft.looks_file is not None
            assert draft.body is not None
            partial = draft.body.with_name(f".{draft.body.stem}.making")
            draft.body.parent.mkdir(parents=True, exist_ok=True)
            with _beside(draft.looks_file, draft.looks_tried) as place:
                await self._baker.ask("bake", BAKE_S, looks=str(place), out=str(partial))
            async with self._writing:
                # What was changed while the host was made must not be written over.
                again = await asyncio.to_thread(self.draft, wanted)
                partial.replace(draft.body)
                job.revision = self._write(again)
            job.state = "done"
        except TaskError as error:
            job.state, job.code, job.detail = "failed", error.code, error.detail
        except ServerError as error:
            job.state, job.code, job.detail = "failed", error.code, str(error)
        except (SecretError, OSError) as error:
            job.state, job.code, job.detail = "failed", "cannot_write", str(error)

    async def restore(self, channel_id: str, revision: str, version: str) -> str:
        """Put an earlier version in the place of a channel's file; gives its revision.

        Raises:
            ProblemsError: it would have mistakes now.
            ChangedMeanwhileError, NoSuchFileError: see ``draft``.
        """
        async with self._writing:
            path = self.files.find(channel_id).path
            draft = Draft(path, self._unchanged(path, revision), self.versions.text(path, version))
            problems = (await self.problems(draft))["problems"]
            if problems:
                raise ProblemsError(problems)
            return self._written(draft)

    def _written(self, draft: Draft) -> str:
        """Write a draft; gives the file's revision.

        Raises:
            CannotSetUpError: a file or the secrets cannot be written, or those that are kept cannot be read.
        """
        try:
            return self._write(draft)
        except (SecretError, OSError) as error:
            raise CannotSetUpError("cannot_write", str(error), 500) from error

    def _write(self, draft: Draft) -> str:
        for name, value in draft.secrets.items():
            keep_secret(secrets_place(self._state_dir), name, value)
        if draft.looks_file is not None and draft.looks_text and draft.looks_text != draft.looks_before:
            if draft.logo is not None:
                place = kept_place(draft.logo, draft.looks_file)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(draft.logo, place)
            self.versions.keep(draft.looks_file, draft.looks_before)
            write_whole(draft.looks_file, draft.looks_text)
        if draft.after != draft.before:
            self.versions.keep(draft.file, draft.before)
            write_whole(draft.file, draft.after)
        return revision_of(self.text_of(draft.file))


@contextlib.contextmanager
def _beside(file: Path, text: str) -> Iterator[Path]:
    """A file with that text beside ``file``, where relative paths mean the same, while the block lasts."""
    file.parent.mkdir(parents=True, exist_ok=True)
    place = file.with_name(f".{file.stem}-{os.urandom(4).hex()}.draft")
    place.touch(mode=0o600)
    try:
        place.write_bytes(text.encode("utf-8", errors="surrogateescape"))
        yield place
    finally:
        place.unlink(missing_ok=True)
