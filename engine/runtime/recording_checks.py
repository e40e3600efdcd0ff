"""What can be wrong with recordings: the certificate that they are to be signed with, what signs, and where they go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.outlets.credentials import INSTALL, CredentialsError, identity, is_installed, trial
from engine.outlets.shelf import stem_of
from engine.settings import Channel, Problem, Recording, problem_at, state_dir

OWN_NOTE = (
    "Recordings are signed (C2PA) with a certificate that Everhost makes itself: it proves that nothing was changed, "
    "not who made them"
)


def recording_problems(channel: Channel) -> list[Problem]:
    """Certificates that nothing can be signed with, and folders that two outputs use."""
    problems = shelf_problems([channel])
    for i, output in enumerate(channel.outputs):
        if isinstance(output, Recording) and (wrong := _wrong(output)):
            problems.append(problem_at(channel.file, f"outputs[{i}].certificate", *wrong))
    return problems


def shelf_problems(channels: Sequence[Channel]) -> list[Problem]:
    """Folders where another output keeps its recordings under the same name, and would remove and sign these."""
    problems: list[Problem] = []
    taken: dict[tuple[Path, str], str] = {}
    for channel in channels:
        for i, output in enumerate(channel.outputs):
            if not isinstance(output, Recording):
                continue
            place = (output.folder.resolve(), stem_of(channel.name))
            if place in taken:
                message = f"the recordings of {taken[place]} are kept here under the same name"
                hint = "give each recording a folder of its own"
                problems.append(problem_at(channel.file, f"outputs[{i}].folder", message, hint))
            taken.setdefault(place, f"“{output.name}” ({channel.file.name})")
    return problems


def recording_note(channel: Channel) -> str:
    """What is to be said of how good recordings are signed; "" for a channel that has none."""
    recordings = [output for output in channel.outputs if isinstance(output, Recording)]
    if not recordings:
        return ""
    if not is_installed():
        return f"Recordings are not signed (C2PA), because a package is missing: {INSTALL}"
    return OWN_NOTE if any(output.certificate is None for output in recordings) else ""


def _wrong(output: Recording) -> tuple[str, str] | None:
    """What is wrong with the merchant's files for signing, and what would be right."""
    if output.certificate is None or output.certificate_key is None:
        return None
    if not is_installed():
        return "nothing can be signed with it: a package is missing", INSTALL
    try:
        reason = trial(identity(output.certificate, output.certificate_key, state_dir()))
    except CredentialsError as error:
        reason = str(error)
    hint = "C2PA needs a PEM chain with the signing certificate first, and its key in PEM without a password"
    return (f"nothing can be signed with it: {reason}", hint) if reason else None
