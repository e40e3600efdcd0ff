"""Finished sound by content: a bounded store in memory, and one on disk below a given folder."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import shutil
import tempfile
import time
from collections import OrderedDict
from pathlib import Path

import numpy as np

from engine.flow import Phoneme
from engine.speech.base import Spoken, VoiceError

MEMORY_BYTES = 16 * 2**20
DISK_BYTES = 4 * 2**30
DISK_SHARE = 0.05
"""What may be kept on the disk, and of a small disk no more than this share. A line takes about a megabyte, and a show
says the same words again only after some 1200 others: with less than two gigabytes it would find nothing again."""

PRUNED_EVERY = 1 / 32
"""Of what may be kept: so much more is written before it is looked at again what there is."""

SUFFIX = ".spoken.npz"
PART = ".part"
LEFT_BEHIND_S = 3600.0
"""An unfinished file that is older is of a process that was killed."""

_log = logging.getLogger(__name__)


class SoundCache:
    """Spoken sound by key (hexadecimal). The least recently used goes first when a store is full.

    A file that cannot be read is forgotten and written again. Files appear whole or not at all. Raises VoiceError
    when ``folder`` cannot be made.
    """

    def __init__(
        self, folder: Path | None = None, memory_bytes: int = MEMORY_BYTES, disk_bytes: int = DISK_BYTES
    ) -> None:
        self._folder = folder
        self._memory_bytes = memory_bytes
        self._disk_bytes = disk_bytes
        self._memory: OrderedDict[str, Spoken] = OrderedDict()
        self._held = 0
        self._written = float("inf")
        """Bytes since the disk was looked at."""
        if folder is not None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                self._disk_bytes = min(disk_bytes, int(DISK_SHARE * shutil.disk_usage(folder).total))
            except OSError as refused:
                raise VoiceError(f"cannot keep sound in {folder}: {refused.strerror}") from refused

    @property
    def memory_held(self) -> int:
        """Bytes of sound in memory."""
        return self._held

    def get(self, key: str) -> Spoken | None:
        """The sound, or None."""
        spoken = self._memory.get(key)
        if spoken is not None:
            self._memory.move_to_end(key)
            return spoken
        spoken = self._read(key)
        if spoken is not None:
            self._remember(key, spoken)
        return spoken

    def put(self, key: str, spoken: Spoken) -> None:
        """Keep the sound; a full disk is logged and does not matter otherwise."""
        self._remember(key, spoken)
        if self._folder is None:
            return
        try:
            packed = _packed(spoken)
            self._write(self._folder / (key + SUFFIX), packed)
            self._written += len(packed)
            if self._written >= PRUNED_EVERY * self._disk_bytes:
                self._prune(self._folder)
                self._written = 0
        except OSError as full:
            _log.warning("cannot keep sound in %s: %s", self._folder, full)

    def _remember(self, key: str, spoken: Spoken) -> None:
        old = self._memory.pop(key, None)
        self._held += spoken.pcm_48k.nbytes - (old.pcm_48k.nbytes if old is not None else 0)
        self._memory[key] = spoken
        while self._held > self._memory_bytes and len(self._memory) > 1:
            _, gone = self._memory.popitem(last=False)
            self._held -= gone.pcm_48k.nbytes

    def _read(self, key: str) -> Spoken | None:
        if self._folder is None:
            return None
        path = self._folder / (key + SUFFIX)
        try:
            spoken = _unpacked(path.read_bytes())
        except FileNotFoundError:
            return None
        except Exception as damaged:  # noqa: BLE001 (zipfile and numpy stumble over flipped bits in any way they like)
            _log.warning("forgetting damaged sound %s: %s", path.name, damaged)
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return spoken

    def _write(self, path: Path, data: bytes) -> None:
        handle, name = tempfile.mkstemp(prefix=".", suffix=PART, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    def _prune(self, folder: Path) -> None:
        for part in folder.glob(f".*{PART}"):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - part.stat().st_mtime > LEFT_BEHIND_S:
                    part.unlink()
        files = sorted(
            ((s.st_mtime, s.st_size, f) for f in folder.glob("*" + SUFFIX) if (s := f.stat())), key=lambda x: x[0]
        )
        total = sum(size for _, size, _ in files)
        for _, size, file in files[:-1]:
            if total <= self._disk_bytes:
                break
            file.unlink(missing_ok=True)
            total -= size


def _packed(spoken: Spoken) -> bytes:
    buffer = io.BytesIO()
    np.savez(
        buffer,
        pcm_48k=spoken.pcm_48k,
        symbols=np.array([p.symbol for p in spoken.phonemes], dtype="U4"),
        bounds=np.array([(p.start, p.end) for p in spoken.phonemes], np.int64).reshape(-1, 2),
        tones=np.array([p.tone for p in spoken.phonemes], np.int8),
        word_of=np.array(spoken.word_of, np.int64),
    )
    return buffer.getvalue()


def _unpacked(data: bytes) -> Spoken:
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        pcm, symbols = arrays["pcm_48k"], arrays["symbols"].tolist()
        bounds, word_of, tones = arrays["bounds"].tolist(), arrays["word_of"].tolist(), arrays["tones"].tolist()
    if (
        pcm.dtype != np.float32
        or pcm.ndim != 1
        or len(symbols) != len(bounds)
        or not len(symbols) == len(word_of) == len(tones)
    ):
        raise ValueError("its parts do not fit together")
    if bounds and bounds[-1][1] != len(pcm):
        raise ValueError("its phonemes do not cover its sound")
    pcm.setflags(write=False)
    phonemes = tuple(Phoneme(s, a, b, t) for s, (a, b), t in zip(symbols, bounds, tones, strict=True))
    return Spoken(pcm, phonemes, tuple(word_of))
