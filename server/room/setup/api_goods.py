"""The set-up by the API: catalogues to approve, and outputs to try."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from engine.settings.edit import EditError, data_of
from engine.settings.secrets import kept_secrets, secrets_place
from engine.settings.sources import READERS
from server.errors import BusyError
from server.room.gate import VisitHere
from server.room.setup.errors import CannotSetUpError, NoSuchFileError
from server.room.setup.helper import ask_once
from server.room.setup.output_keys import output_that_was
from server.room.setup.setup import Setup, setup_for
from server.room.setup.text import read_text

router = APIRouter(prefix="/api/setup", tags=["set-up"])

UPLOAD_PATH = "/api/setup/catalogues"
UPLOAD_BYTES = 20_000_000
"""The largest catalogue that is taken, as for one at an address."""

IMPORTS_KEPT = 10
READ_S, TRY_S = 120.0, 16.0
TRIES_AT_ONCE = 2

Short = Annotated[str, Form(max_length=60)]


class Import(BaseModel):
    """What was understood of a catalogue. ``id`` names it for the approval."""

    id: str
    name: str
    shop: str
    language: str
    products: list[dict[str, Any]]
    not_understood: list[dict[str, str]]
    problems: list[dict[str, Any]]


class Approval(BaseModel):
    """Which facts of which products the host may say: ``keep`` maps product ids to fact ids.

    The catalogue becomes that of ``channel``, a file of its own beside the channel's; an earlier one is kept as a
    version. The channel's file is not changed: ``catalogue`` of the answer is what its key ``catalogue`` must say.
    """

    model_config = ConfigDict(extra="forbid")
    channel: str = Field(pattern=r"^\w[\w-]{0,39}$")
    keep: dict[str, list[str]] = Field(max_length=500)


class Approved(BaseModel):
    """The catalogue as it was written."""

    catalogue: str
    products: int
    facts: int


class OutputTry(BaseModel):
    """A destination to try: an RTMP address, or one of WHIP, which begins with http.

    Without ``key`` that of the output of ``channel`` is taken that was told as ``was`` (see ``Changes``); with
    ``backup`` its key of the second address.
    """

    model_config = ConfigDict(extra="forbid")
    url: str = Field(max_length=500)
    key: str = Field(default="", max_length=1000)
    channel: str = Field(default="", max_length=60)
    was: dict[str, Any] | None = None
    backup: bool = False


class OutputTried(BaseModel):
    """``code`` is "output_good" or what is wrong; ``private``: the peer is in this machine's own network."""

    code: str
    detail: str = ""
    private: bool = False
    milliseconds: int = 0


@router.post("/catalogues")
async def understand(
    visit: VisitHere,
    file: UploadFile | None = None,
    address: Annotated[str, Form(max_length=1000)] = "",
    shop: Short = "",
    currency: Annotated[str, Form(pattern="^([A-Za-z]{3})?$")] = "",
    language: Annotated[str, Form(pattern="^(en|zh)$")] = "en",
) -> Import:
    """What is understood as facts of an uploaded file or of what is at an https address. Role: admin."""
    setup = setup_for(visit)
    import_id = secrets.token_urlsafe(9)
    if file is not None and file.filename:
        place, shown = str(await _kept(setup, import_id, file)), Path(file.filename).name[:120]
    elif address.startswith("https://"):
        place, shown = address.strip(), address.strip()
    else:
        raise CannotSetUpError("catalogue_where")
    given = {"place": place, "shown": shown, "shop": shop, "currency": currency.upper(), "language": language}
    told = await setup.quick.ask("understand", READ_S, **given)
    setup.imports[import_id] = given
    while len(setup.imports) > IMPORTS_KEPT:
        old, _ = setup.imports.popitem(last=False)
        shutil.rmtree(setup.state_dir / "imports" / old, ignore_errors=True)
    return Import(id=import_id, name=shown, **{key: told[key] for key in Import.model_fields.keys() - {"id", "name"}})


@router.post("/catalogues/{import_id}/approve")
async def approve(import_id: str, wish: Approval, visit: VisitHere) -> Approved:
    """Write the approved facts as the channel's catalogue. A channel on air that has this file follows it at once.

    Role: admin.
    """
    setup = setup_for(visit)
    given = setup.imports.get(import_id)
    if given is None:
        raise NoSuchFileError("this import is forgotten; read the catalogue again")
    # Paths in a channel's file start at its own folder, which need not be that of the first channel.
    name = f"catalogues/{wish.channel}.yaml"
    out = setup.files.place_of(wish.channel).parent / name
    setup.desk.versions.keep(out, read_text(out))
    told = await setup.quick.ask("approve", READ_S, **given, keep=wish.keep, out=str(out))
    return Approved(catalogue=name, **told)


@router.post("/outputs/try")
async def try_output(wish: OutputTry, visit: VisitHere) -> OutputTried:
    """Connect to a streaming server and ask for the right to publish; no picture is sent. Role: admin."""
    setup = setup_for(visit)
    key = wish.key.strip() or _key_of(setup, wish.channel, wish.was, backup=wish.backup)
    if setup.trying >= TRIES_AT_ONCE:
        raise BusyError("other outputs are being tried; try again", 5)
    setup.trying += 1
    try:
        told = await ask_once("server.room.setup.try_output", TRY_S, {"url": wish.url.strip(), "key": key})
    finally:
        setup.trying -= 1
    return OutputTried.model_validate(told or {"code": "output_silent"})


async def _kept(setup: Setup, import_id: str, file: UploadFile) -> Path:
    """The uploaded file on disk, under a name that keeps its ending and nothing that a path could be."""
    ending = Path(file.filename or "").suffix.lower()
    if ending not in READERS:
        raise CannotSetUpError("catalogue_kind", ", ".join(READERS))
    stem = re.sub(r"[^\w-]+", "-", Path(file.filename or "").stem)[:60].strip("-") or "catalogue"
    place = setup.state_dir / "imports" / import_id / f"{stem}{ending}"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(await file.read())
    return place


def _key_of(setup: Setup, channel_id: str, was: dict[str, Any] | None, *, backup: bool) -> str:
    """The key that an output of a channel's file has now; the second address has the first one's without its own."""
    if not channel_id or was is None:
        return ""
    try:
        outputs = data_of(read_text(setup.files.find(channel_id).path)).get("outputs")
    except (EditError, NoSuchFileError):
        return ""
    entry = output_that_was(outputs, was) or {}
    key = str((backup and entry.get("backup_key")) or entry.get("key") or entry.get("token") or "")
    known = {**kept_secrets(secrets_place(setup.state_dir)), **os.environ}
    return re.sub(r"\$\{(\w+)\}", lambda found: known.get(found[1], ""), key)
