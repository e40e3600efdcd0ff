"""The head file: which weights move whose mouth, under which licence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from engine.settings.catalogue import Strict
from engine.settings.errors import Problem, SettingsError
from engine.settings.explain import explain
from engine.settings.licence_words import forbids_selling
from engine.settings.read import absolute, is_file
from engine.settings.weights import why_not_weights
from engine.settings.yaml_file import YamlFile, read_yaml

CONVERT = "docs/heads.md says how to save a checkpoint as ONNX"

HOST_KEYS = frozenset({"hair", "skin", "outfit", "age"})
"""A file with one of these is a host file, which is baked first."""


class HeadFile(Strict):
    """What a merchant writes. ``photo`` is a photo package (``.ehp``), ``weights`` an ONNX file.

    ``licence`` is the name of the weights' licence in the merchant's words, ``commercial`` whether it allows selling
    with them, and ``rights`` what right the merchant holds where it does not.
    """

    kind: Literal["wav2lip"]
    photo: Path
    weights: Path
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    licence: Annotated[str, Field(min_length=3, max_length=300)]
    commercial: Literal["allowed", "forbidden"]
    rights: Annotated[str, Field(max_length=300)] = ""


def load_head(file: Path, rights: str = "") -> HeadFile:
    """Read a head file; its paths start at its own folder. ``rights`` is what the channel states to hold.

    Raises:
        SettingsError: with every mistake: file, line, key and what would be right.
    """
    read = read_yaml(file, "head file")
    if "kind" not in read.data and HOST_KEYS & read.data.keys():
        message = "this is a host file, of which a body is made first"
        raise SettingsError([read.problem((), message, f"everhost avatar bake {file.name}")])
    for key in ("photo", "weights"):
        if key in read.data:
            read.data[key] = absolute(read.data[key], file.absolute().parent)
    problems = list(read.problems)
    try:
        head = HeadFile.model_validate(read.data)
    except ValidationError as error:
        problems += explain(error, read, HeadFile, frozenset())
        raise SettingsError(sorted(problems, key=lambda problem: problem.line)) from error
    problems += _objections(read, head, rights)
    if problems:
        raise SettingsError(sorted(problems, key=lambda problem: problem.line))
    return head


def _objections(read: YamlFile, head: HeadFile, rights: str) -> list[Problem]:
    """Files that are not what they should be, and a licence that forbids selling."""
    found: list[Problem] = []
    if not is_file(head.photo):
        hint = "make one: everhost avatar photo"
        found.append(read.problem(("photo",), f"there is no photo package at {head.photo}", hint))
    if why := why_not_weights(head.weights, head.sha256, ("onnx",)):
        key, hint = ("sha256", "get the file again, or write down its hash if you know why it changed")
        if "hash" not in why:
            key, hint = "weights", CONVERT
        found.append(read.problem((key,), why, hint))
    if head.commercial == "allowed" and forbids_selling(head.licence):
        message = f"the licence “{head.licence}” does not sound as if it allowed selling"
        found.append(read.problem(("commercial",), message, "write commercial: forbidden, and the right that you hold"))
    if head.commercial == "forbidden" and not (head.rights.strip() or rights.strip()):
        message = "the licence of these weights does not allow selling with them"
        hint = "if you hold the right, say which: rights: “what you were granted, by whom, when”"
        found.append(read.problem(("commercial",), message, hint))
    return found
