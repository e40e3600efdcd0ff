"""Trains the networks that move the lips by sound alone, and writes ``engine/motion/lips.onnx``.

python scripts/train_lips.py speak     makes the speech (once, kept in var/lips; needs make zh, flite, espeak-ng)
python scripts/train_lips.py train     trains on it (needs the extra "torch"), writes the networks as one
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "2")
sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

from lips.speech import make, minutes, samples
from lips.voices import PARTS

from engine.motion.lip_network import FILE

PROCESSES = 2

STEPS = 10_000
"""Each network validates best after about 6,500 of these; that one is kept."""


def speak() -> None:
    with ProcessPoolExecutor(PROCESSES) as pool:
        for part in PARTS:
            list(pool.map(make, [part] * PROCESSES, range(PROCESSES), [PROCESSES] * PROCESSES))
    for part in PARTS:
        print(f"{part}: {minutes(samples(part)):.1f} minutes of speech", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("speak", "train"))
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--out", type=Path, default=FILE)
    args = parser.parse_args()
    if args.what == "speak":
        speak()
    else:
        importlib.import_module("lips.training").train(args.out, args.steps)


if __name__ == "__main__":
    main()
