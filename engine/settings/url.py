"""Whether an address can be asked at all: its host and its port can be read."""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def with_host(address: str) -> str:
    """``address`` as it is, if its host and port can be read. The message does not show it: it may hold a key.

    Raises:
        ValueError: with what would be right.
    """
    if "：" in address:
        raise ValueError("a colon in this address is a Chinese one; write “:”")
    try:
        parts = urlsplit(address)
        is_good = bool(parts.hostname) and parts.port != 0 and not re.search(r"\s", parts.netloc)
    except ValueError:
        is_good = False
    if not is_good:
        raise ValueError("the host of this address cannot be read; behind it stands nothing, or “:” and 1 to 65535")
    return address
