"""The command that adds an extra to this installation."""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, requires

from engine.settings.state import INSTALLATION


def install_command(extra: str) -> str:
    """With this installation's Python, because the system's has other packages; and with the packages' own names,
    because "everhost" in an index need not be this program.
    """
    try:
        needed = requires("everhost") or []
    except PackageNotFoundError:
        needed = []
    of_extra = re.compile(rf"extra == ['\"]{re.escape(extra)}['\"]")
    packages = [each.partition(";")[0].strip() for each in needed if of_extra.search(each)]
    return f"{sys.executable} -m pip install " + " ".join(
        f"'{each}'" for each in packages or [f"{INSTALLATION}[{extra}]"]
    )
