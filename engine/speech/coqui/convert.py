"""Runs in Coqui's own environment: a checkpoint in pickle format to safetensors, without running what it holds.

``torch.load(weights_only=True)`` knows tensors and plain data and refuses everything else, so a pickle that holds a
program is refused here too. ``convert.py CHECKPOINT OUT.safetensors``; what went wrong is the last line of its errors.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file


def main(checkpoint: str, out: str) -> int:
    """Write ``out``, whole or not at all."""
    try:
        loaded = torch.load(checkpoint, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        print("it holds more than tensors and plain data, so it is not opened", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"it cannot be read: {error.strerror or error}", file=sys.stderr)
        return 1
    except Exception as error:  # noqa: BLE001 (the reader stumbles over garbled bytes in any way it likes)
        told = (str(error).splitlines() or [""])[0][:200] or type(error).__name__
        print(f"it cannot be read: it is damaged or no checkpoint ({told})", file=sys.stderr)
        return 1
    weights = tensors(loaded)
    if not weights:
        print("it holds no weights", file=sys.stderr)
        return 1
    partial = Path(out).with_suffix(".partial")
    # Tensors that share memory cannot be written as such, so each gets its own.
    save_file({name: value.contiguous().clone() for name, value in weights.items()}, str(partial))
    partial.replace(out)
    return 0


def tensors(loaded: Any) -> dict[str, torch.Tensor]:
    """The model's weights by name, wherever the checkpoint keeps them."""
    if isinstance(loaded, dict):
        for key in ("model", "state_dict"):
            if isinstance(loaded.get(key), dict):
                loaded = loaded[key]
                break
        return {str(name): value for name, value in loaded.items() if isinstance(value, torch.Tensor)}
    return {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
