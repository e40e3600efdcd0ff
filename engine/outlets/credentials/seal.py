"""The process that signs one recording: ``python -m engine.outlets.credentials.seal FILE CHANNEL [CERTIFICATE KEY]``.

It gives way to everything else on the machine, and is the only one into which c2pa's library is loaded. Prints nothing
when the file is signed, else why it is not.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import psutil

from engine.outlets.credentials.errors import CredentialsError
from engine.outlets.credentials.identity import identity
from engine.outlets.credentials.manifest import seal, title_of
from engine.settings import state_dir
from engine.settings.precedence import end_with_parent, give_way


def _give_way() -> None:
    """Run only where nobody else would, on the processors and on the disk; end with the outlet."""
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    give_way(19)
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    psutil.Process().ionice(psutil.IOPRIO_CLASS_IDLE)


def main() -> int:
    """Sign the file of the command line; 0 if it is signed."""
    _give_way()
    recording, channel = Path(sys.argv[1]), sys.argv[2]
    certificate, key = (Path(sys.argv[3]), Path(sys.argv[4])) if len(sys.argv) > 4 else (None, None)
    try:
        seal(recording, title_of(recording, channel), identity(certificate, key, state_dir()))
    except (CredentialsError, OSError) as error:
        print(getattr(error, "strerror", None) or error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
