"""Where Everhost keeps what it makes: ledgers, caches, fetched pictures."""

from __future__ import annotations

import os
from pathlib import Path

STATE_DIR_VARIABLE = "EVERHOST_STATE_DIR"


def state_dir() -> Path:
    """``$EVERHOST_STATE_DIR``, else ``var`` in the working folder."""
    return Path(os.environ.get(STATE_DIR_VARIABLE, "var")).resolve()
