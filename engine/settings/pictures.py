"""Product pictures from addresses: fetched safely, checked to be pictures, kept by the hash of what is in them."""

from __future__ import annotations

import hashlib
import io
import json
import os
import time
import warnings
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from engine.settings.fetch import NOTHING_ALLOWED, Allowance, FetchError, Limits, fetch

MAX_BYTES = 12_000_000
MAX_PIXELS = 40_000_000
LEAST_SIDE = 16
ONE_PICTURE_S = 15.0
ALL_PICTURES_S = 60.0
"""For all pictures of a catalogue; those that are not there by then come with the next reading."""

AT_ONCE = 6
TRY_AGAIN_S = 600.0
"""A picture that could not be fetched is not asked for again before."""

_ENDINGS = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}


class PictureError(Exception):
    """A picture cannot be used; the text says why."""


class PictureShelf:
    """The pictures under ``folder``; ``index.json`` there tells which address has which file."""

    def __init__(self, folder: Path, allowance: Allowance = NOTHING_ALLOWED) -> None:
        self._folder = folder
        self._allowance = allowance
        self._index = self._read_index()
        self._failed: dict[str, tuple[float, str]] = {}

    def known(self, url: str) -> Path | None:
        """The file of an address that was fetched before."""
        name = self._index.get(url)
        path = self._folder / name if name else None
        return path if path is not None and path.is_file() else None

    def get_all(self, urls: list[str]) -> dict[str, Path | str]:
        """The file of each address, or why there is none. Addresses fetched before are not asked again."""
        found: dict[str, Path | str] = {}
        wanted: list[str] = []
        for url in dict.fromkeys(urls):
            path, failed = self.known(url), self._failed.get(url)
            if path is not None:
                found[url] = path
            elif failed is not None and time.monotonic() - failed[0] < TRY_AGAIN_S:
                found[url] = failed[1]
            else:
                wanted.append(url)
        if wanted:
            found |= self._fetch_all(wanted)
            self._write_index()
        return found

    def get(self, url: str) -> Path:
        """Fetch and keep one picture.

        Raises:
            PictureError: it cannot be fetched, or is no picture that can be shown.
        """
        try:
            content = fetch(url, Limits(MAX_BYTES, ONE_PICTURE_S), allowance=self._allowance).content
        except FetchError as error:
            raise PictureError(str(error)) from error
        name = f"{hashlib.sha256(content).hexdigest()}{_ENDINGS[checked_format(content)]}"
        path = self._folder / name
        if not path.is_file():
            write_whole(path, content)
        self._index[url] = name
        return path

    def _fetch_all(self, urls: list[str]) -> dict[str, Path | str]:
        found: dict[str, Path | str] = dict.fromkeys(urls, "there was no time left to fetch it")
        until = time.monotonic() + ALL_PICTURES_S
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="ThreadPoolExecutor-pictures") as pool:
            jobs: dict[Future[Path], str] = {}
            waiting = list(urls)
            while (waiting or jobs) and time.monotonic() < until:
                while waiting and len(jobs) < AT_ONCE:
                    url = waiting.pop(0)
                    jobs[pool.submit(self.get, url)] = url
                done, _ = wait(jobs, timeout=1.0, return_when=FIRST_COMPLETED)
                for job in done:
                    found[jobs.pop(job)] = self._outcome(job)
            for job, url in jobs.items():
                found[url] = self._outcome(job)
        for url, result in found.items():
            if isinstance(result, str):
                self._failed[url] = (time.monotonic(), result)
        return found

    @staticmethod
    def _outcome(job: Future[Path]) -> Path | str:
        try:
            return job.result()
        except PictureError as error:
            return str(error)
        except OSError as error:
            return f"it cannot be kept: {error.strerror}"

    def _read_index(self) -> dict[str, str]:
        try:
            data = json.loads((self._folder / "index.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(url): str(name) for url, name in data.items()} if isinstance(data, dict) else {}

    def _write_index(self) -> None:
        merged = self._read_index() | self._index
        write_whole(self._folder / "index.json", json.dumps(merged, indent=0).encode())


def checked_format(content: bytes) -> str:
    """The format of a picture, which is decoded whole to be sure.

    Raises:
        PictureError: it is no picture, not one of PNG, JPEG and WebP, or too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=tuple(_ENDINGS)) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    raise PictureError(f"it has {width} × {height} pixels, more than {MAX_PIXELS / 1e6:g} million")
                if min(width, height) < LEAST_SIDE:
                    raise PictureError(f"it has {width} × {height} pixels, which is too small to show")
                kind = str(image.format)
                image.load()
    except Image.DecompressionBombError as error:
        raise PictureError(f"it has far more than {MAX_PIXELS / 1e6:g} million pixels") from error
    except UnidentifiedImageError as error:
        raise PictureError("it is not a PNG, JPEG or WebP picture") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise PictureError(f"it is a broken picture: {error}") from error
    return kind


def write_whole(path: Path, content: bytes) -> None:
    """Write a whole file or none: other processes may read it at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{time.monotonic_ns()}")
    draft.write_bytes(content)
    draft.replace(path)
