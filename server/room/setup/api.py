"""The set-up by the API: channels read, checked, saved, their versions, and the restart. Role: admin, throughout."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from engine.records import Role
from engine.runtime.messages import Restart
from engine.settings.edit import EditError, data_of
from server.room.gate import VisitHere
from server.room.setup.desk import Draft, Wanted
from server.room.setup.effects import effect_of, wishes_of
from server.room.setup.errors import CannotSetUpError, NoSuchFileError
from server.room.setup.output_keys import SECRETS_OF, told_from
from server.room.setup.places import body_in, written
from server.room.setup.problems import shown
from server.room.setup.setup import Setup, setup_for
from server.room.setup.text import SECRET_KEYS, difference, revision_of
from server.room.setup.words import problem_text, texts_of
from server.room.words import words_for

router = APIRouter(prefix="/api/setup", tags=["set-up"])

ADDRESS = r"^\w[\w-]{0,39}$"


class FileSummary(BaseModel):
    """A channel file. ``running`` says that it is on this run; ``host`` is the name of the body that it shows."""

    id: str
    name: str
    language: str
    running: bool
    host: str
    file: str


class ChannelForm(BaseModel):
    """A channel as a form shows it.

    ``values`` is what the file says, nested as it is; an output's key is told only by where it comes from
    (``key_from``). ``revision`` is sent back with changes; it is empty for a channel that is not there yet. ``looks``
    is the host file likewise, null for a host that no form can change. ``shared_with`` lists other channels that show
    the same host, and ``shipped`` says that she came with Everhost: changed looks then become a host of the channel's
    own. ``listed`` says that she is one of the hosts to choose from; another one was written into the file, and is
    changed with ``host`` left empty. ``forbids`` says that her body may not sell by its own licence, so that the
    channel must state a right (``body_rights``); ``stated`` is what was stated at her import.
    """

    id: str
    file: str
    revision: str
    running: bool
    values: dict[str, Any]
    host: str
    looks: dict[str, Any] | None
    looks_revision: str
    shared_with: list[str]
    shipped: bool
    listed: bool
    forbids: bool
    stated: str


class Changes(BaseModel):
    """What a form changed: values by dotted key (``voice.speed``), null to take a key out; lists and blocks whole.

    An entry of ``outputs`` may have ``new_key`` and ``new_backup_key``, stream keys that are kept with the secrets of
    this machine, and ``was``, the entry as it was told (``kind``, ``name``, ``url`` or ``folder``, and where its keys
    come from), so that its keys stay whatever else became of the file. Where the file has no such output any more,
    that is a mistake of the entry. For a channel that is not there yet ``revision`` is empty, and ``name`` and
    ``language`` are its first. ``looks`` are changes of the host file of ``host``, or, where that is empty, of the
    host that the file names.
    """

    model_config = ConfigDict(extra="forbid")
    revision: str = ""
    changes: dict[str, Any] = Field(default_factory=dict, max_length=200)
    host: str = Field(default="", max_length=60)
    looks: dict[str, Any] = Field(default_factory=dict, max_length=200)
    looks_revision: str = ""
    name: str = Field(default="", max_length=60)
    language: str = Field(default="en", pattern="^(en|zh)$")

    def wanted(self, channel_id: str) -> Wanted:
        """For the desk."""
        return Wanted(
            channel_id, self.revision, self.changes, self.host, self.looks, self.looks_revision, self.name,
            self.language,
        )  # fmt: skip


class Mistake(BaseModel):
    """A mistake as ``everhost check`` tells it. ``looks`` says that it is the host file's."""

    file: str
    line: int
    key: str
    message: str
    hint: str
    looks: bool = False


class Row(BaseModel):
    """A line of a difference: "+" is new, "-" is gone, " " stays, "@" is a gap."""

    kind: str
    line: int
    text: str


class Checked(BaseModel):
    """What a draft would be. ``effects`` tells for each changed key when it works: "now", "restart" or "start"."""

    problems: list[Mistake]
    note: str
    products: list[dict[str, str]]
    difference: list[Row]
    looks_difference: list[Row]
    makes_host: bool
    effects: dict[str, str]


class Saved(BaseModel):
    """Saved under ``revision``; or with ``job`` the host is being made first, and the job tells when it is saved."""

    revision: str = ""
    job: str = ""


class JobState(BaseModel):
    """``state`` is "working", "done" (then ``revision`` is the file's) or "failed" (then ``code`` and ``detail``)."""

    state: str
    code: str
    detail: str
    revision: str


class Restore(BaseModel):
    """Which version to put back, over the file with that revision."""

    model_config = ConfigDict(extra="forbid")
    revision: str


@router.get("/channels")
async def channel_files(visit: VisitHere) -> list[FileSummary]:
    """Every channel file beside the first channel of this run. Role: admin."""
    setup = setup_for(visit)
    found = []
    for file in setup.files.all():
        data = written(file.path)
        body = body_in(file.path, data)
        found.append(
            FileSummary(
                id=file.id, name=str(data.get("name") or file.id), language=str(data.get("language") or "en"),
                running=bool(file.watch_id), host=body.stem if body else "", file=file.path.name,
            )
        )  # fmt: skip
    return found


@router.get("/channels/{channel_id}")
async def channel_form(
    channel_id: str, visit: VisitHere, name: str = Query("", max_length=60), language: str = Query("", max_length=2)
) -> ChannelForm:
    """A channel's settings for a form; with ``language`` those that a new channel of that id would begin with.

    Role: admin.
    """
    setup = setup_for(visit)
    if language:
        if language not in ("en", "zh"):
            raise CannotSetUpError("bad_key", "language")
        text = setup.desk.blank(channel_id, name or channel_id, language)
        path, revision, watch_id = setup.files.folder / f"{channel_id}.yaml", "", ""
    else:
        file = setup.files.find(channel_id)
        path, watch_id = file.path, file.watch_id
        text = setup.desk.text_of(path)
        revision = revision_of(text)
    try:
        data = data_of(text)
    except EditError as error:
        raise CannotSetUpError("cannot_edit", str(error)) from error
    return ChannelForm(
        id=channel_id, file=path.name, revision=revision, running=bool(watch_id), values=shown_values(data),
        **host_part(setup, body_in(path, data), channel_id),
    )  # fmt: skip


@router.get("/hosts/{name}")
async def host_form(name: str, visit: VisitHere, channel: str = Query("", max_length=60)) -> dict[str, Any]:
    """The looks of a host, as ``channel`` would begin to change them. Role: admin."""
    setup = setup_for(visit)
    return host_part(setup, setup.files.host(name).body.resolve(), channel)


@router.post("/channels/{channel_id}/check")
async def check(channel_id: str, changes: Changes, request: Request, visit: VisitHere) -> Checked:
    """What the files would hold, and every mistake in them, as ``everhost check`` finds it. Nothing is written.

    Role: admin.
    """
    setup = setup_for(visit)
    draft = await asyncio.to_thread(setup.desk.draft, changes.wanted(channel_id))
    found = await setup.desk.problems(draft)
    running = any(file.id == channel_id and file.watch_id for file in setup.files.all())
    return Checked(
        problems=[Mistake.model_validate(problem) for problem in shown(found["problems"], request)],
        note=problem_text(found["note"], words_for(request).language),
        products=found["products"],
        difference=[Row.model_validate(row) for row in difference(draft.before, draft.after)],
        looks_difference=[Row.model_validate(row) for row in _looks_difference(draft)],
        makes_host=draft.changes_body,
        effects={key: effect_of(key) if running else "start" for key in [*changes.changes, *changes.looks]},
    )


@router.put("/channels/{channel_id}")
async def save(channel_id: str, changes: Changes, visit: VisitHere, response: Response) -> Saved:
    """Write what was changed, if nothing is wrong with it; the earlier version is kept. Role: admin.

    409 if the file was changed meanwhile, 422 with the mistakes. A host that changed is made first: then 202 and a job.
    """
    setup = setup_for(visit)
    account = visit.needs(Role.ADMIN)
    job_id, job = await setup.save(changes.wanted(channel_id))
    watch_id = setup.files.find(channel_id).watch_id if changes.revision else ""
    if watch_id:
        for wish in wishes_of(changes.changes):
            setup.tell(watch_id, account.name, wish)
    if job_id:
        response.status_code = 202
    return Saved(revision=job.revision, job=job_id)


@router.get("/jobs/{job_id}")
async def job_state(job_id: str, visit: VisitHere) -> JobState:
    """What became of a save that makes a host. Role: admin."""
    job = setup_for(visit).job(job_id)
    return JobState(state=job.state, code=job.code, detail=job.detail, revision=job.revision)


@router.get("/channels/{channel_id}/versions")
async def versions(channel_id: str, visit: VisitHere) -> list[str]:
    """Earlier versions of a channel's file, newest first, by the time (UTC) of their replacement. Role: admin."""
    setup = setup_for(visit)
    return setup.desk.versions.names(setup.files.find(channel_id).path)


@router.get("/channels/{channel_id}/versions/{version}")
async def version(channel_id: str, version: str, visit: VisitHere) -> list[Row]:
    """What would change if this version were put back. Role: admin."""
    setup = setup_for(visit)
    path = setup.files.find(channel_id).path
    rows = difference(setup.desk.text_of(path), setup.desk.versions.text(path, version))
    return [Row.model_validate(row) for row in rows]


@router.post("/channels/{channel_id}/versions/{version}")
async def restore(channel_id: str, version: str, wish: Restore, visit: VisitHere) -> Saved:
    """Put a version back, if nothing is wrong with it today. Role: admin."""
    return Saved(revision=await setup_for(visit).desk.restore(channel_id, wish.revision, version))


@router.post("/channels/{channel_id}/restart", status_code=202)
async def restart(channel_id: str, visit: VisitHere) -> dict[str, str]:
    """End the processes of a running channel and start them with what its file says now; off air for seconds.

    Role: admin. 422 with the mistakes if the channel would not go on air so: then it stays on air as it is.
    """
    setup = setup_for(visit)
    account = visit.needs(Role.ADMIN)
    watch_id = setup.files.find(channel_id).watch_id
    if not watch_id:
        raise NoSuchFileError(f"“{channel_id}” is not running")
    channel = await setup.ready(watch_id)
    watch = visit.room.watch(watch_id)
    await watch.send(Restart(account.name))
    watch.reload(channel)
    return {"id": channel_id}


@router.get("/texts/{language}")
async def texts(language: str, visit: VisitHere) -> JSONResponse:
    """The texts of the set-up's pages in a language ("en" or "zh"). Role: admin."""
    setup_for(visit)
    if language not in ("en", "zh"):
        raise NoSuchFileError(f"there are no texts in “{language}”")
    return JSONResponse(dict(texts_of(language)))


def shown_values(data: dict[str, Any]) -> dict[str, Any]:
    """What a file says, without secrets: of an output's key only whether and from where it is set."""
    shown: dict[str, Any] = {}
    for key, value in data.items():
        if key in SECRET_KEYS:
            continue
        if isinstance(value, dict):
            shown[key] = {name: each for name, each in value.items() if name not in SECRET_KEYS}
        else:
            shown[key] = value
    if isinstance(data.get("outputs"), list):
        shown["outputs"] = [_shown_output(entry) for entry in data["outputs"]]
    return shown


def _shown_output(entry: Any) -> Any:
    if not isinstance(entry, dict):
        return entry
    told = {name: value for name, value in entry.items() if name not in SECRET_KEYS}
    for sent_as, secret in SECRETS_OF.get(str(entry.get("kind")), {}).items():
        key = str(entry.get(secret, ""))
        told[told_from(sent_as)] = key[2:-1] if key.startswith("${") else "file" if key else ""
    return told


def host_part(setup: Setup, body: Any, channel_id: str) -> dict[str, Any]:
    """The host's part of a form."""
    nobody: dict[str, Any] = {
        "host": "", "looks": None, "looks_revision": "", "shared_with": [], "shipped": False, "listed": False,
        "forbids": False, "stated": "",
    }  # fmt: skip
    return nobody if body is None else setup.desk.host_plain(body, channel_id)


def _looks_difference(draft: Draft) -> list[dict[str, str | int]]:
    return difference(draft.looks_before, draft.looks_text) if draft.looks_text and draft.looks_before else []
