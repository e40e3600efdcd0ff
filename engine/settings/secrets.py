"""Secrets that the control room keeps, so that stream keys stand in no channel file: ``${NAME}`` there finds them here.

One file of this machine that only its user may read. What is set in the environment goes before it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

log = logging.getLogger(__name__)

LONGEST_SECRET = 1000

_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,79}")


class SecretError(Exception):
    """A secret cannot be kept; the text says why and does not hold it."""


def secrets_place(state_dir: Path) -> Path:
    """The file of the secrets of a machine."""
    return state_dir / "secrets.json"


def kept_secrets(file: Path) -> dict[str, str]:
    """Every secret by its name; nothing where the file is missing or cannot be read."""
    try:
        return _read(file)
    except (OSError, ValueError) as error:
        log.warning("the secrets in %s cannot be read: %s", file, type(error).__name__)
        return {}


def keep_secret(file: Path, name: str, value: str) -> None:
    """Keep ``value`` as ``name`` (capital letters, digits and _).

    Raises:
        SecretError: the name or the value is not allowed, the file cannot be written, or those that it holds cannot be
            read: they would be lost.
    """
    if not _NAME.fullmatch(name):
        raise SecretError(f"“{name}” cannot be the name of a secret: use capital letters, digits and _")
    if not value or len(value) > LONGEST_SECRET or any(not letter.isprintable() for letter in value):
        raise SecretError(f"a secret has 1 to {LONGEST_SECRET} letters, none of them invisible")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with _only_one(file.parent):
            _write(file, _before(file) | {name: value})
    except OSError as error:
        raise SecretError(f"the secrets cannot be written to {file.parent}: {error.strerror}") from error


def _read(file: Path) -> dict[str, str]:
    """Every secret by its name; nothing where there is no file.

    Raises:
        OSError, ValueError: the file is there and cannot be read.
    """
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    try:
        return {str(name): str(value) for name, value in data.items()}
    except AttributeError as error:
        raise ValueError("this is no JSON object") from error


def _before(file: Path) -> dict[str, str]:
    try:
        return _read(file)
    except OSError as error:
        why = error.strerror
    except ValueError:
        # Without the parser's words: they may hold a piece of a secret.
        why = "this is not JSON; put it right, or move it away and keep them anew"
    raise SecretError(f"the secrets in {file} cannot be read, so they are left as they are: {why}")


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Two that keep a secret at the same time do so one after the other."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(file: Path, secrets: dict[str, str]) -> None:
    """Put them in the file's place at once, on the disk before: a power cut leaves the old ones or the new ones."""
    # mkstemp makes it readable by its owner only.
    handle, fresh = tempfile.mkstemp(prefix=".secrets-", dir=file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(secrets, out, ensure_ascii=False, indent=1)
            out.flush()
            os.fsync(out.fileno())
        Path(fresh).replace(file)
    finally:
        Path(fresh).unlink(missing_ok=True)


def secret_name(*parts: str) -> str:
    """A name for a secret made of words, such as a channel's and an output's: ``MIA_PLATFORM_KEY``.

    A word with letters that no name may have gets a short hash, which is the same each time: of 抖音 and 快手 nothing
    else would be left. Two different sets of words may still have one name.
    """
    name = "_".join(word for word in map(_word, parts) if word)[:70].strip("_")
    return name if _NAME.fullmatch(name) else f"S_{name}".strip("_")


def free_secret_name(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """``wanted``, or with the first number behind it with which it is nobody's yet: ``MIA_PLATFORM_KEY_2``."""
    name, number = wanted, 1
    while is_taken(name):
        number += 1
        name = f"{wanted}_{number}"
    return name


def _word(part: str) -> str:
    plain = re.sub(r"[^A-Z0-9]+", "_", part.upper()).strip("_")
    if part.isascii():
        return plain
    return f"{plain}_{hashlib.sha256(part.encode()).hexdigest()[:6].upper()}".strip("_")
