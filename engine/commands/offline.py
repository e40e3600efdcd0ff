"""``everhost render`` and ``everhost say``."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from engine.avatar import BodyError
from engine.commands import CommandError
from engine.commands.progress import ProgressLine
from engine.commands.telling import tell
from engine.outlets.base import OutletError
from engine.outlets.credentials import CredentialsError, identity, is_installed, sign_copy, title_of
from engine.records import Ledger
from engine.runtime import offline
from engine.runtime.checks import policy_problems, speech_problems
from engine.runtime.picture_checks import backdrop_problems, manner_problems
from engine.settings import Channel, Recording, SettingsError, load_channel, state_dir
from engine.show import wall_time
from engine.speech import VoiceError
from engine.stage import StageError

Job = Callable[[Channel, Ledger, Path, ProgressLine], None]


def render(file: Path, seconds: float, out: Path) -> int:
    """Make a video of the show's first ``seconds``.

    Raises:
        SettingsError: mistakes in the files.
        CommandError: the body, the voice or the file failed.
    """
    begin = wall_time()
    return _make(
        file,
        out,
        lambda channel, ledger, cache, line: offline.render(channel, seconds, out, ledger, cache, line, begin),
    )


def say(file: Path, text: str, out: Path) -> int:
    """Make a video of one sentence; raises as ``render`` does, and where there is no sentence."""
    if not text.strip():
        raise CommandError("there is nothing to say: write a sentence, in quotes")
    return _make(file, out, lambda channel, ledger, cache, line: offline.say(channel, text, out, ledger, cache, line))


def _make(file: Path, out: Path, job: Job) -> int:
    # Drawing is the longest part; llvmpipe shares it between the cores when nothing else runs.
    os.environ.setdefault("LP_NUM_THREADS", str(min(os.cpu_count() or 1, 4)))
    channel = load_channel(file, patient=True)
    problems = [*speech_problems(channel), *policy_problems(channel), *backdrop_problems(channel)]
    problems += manner_problems(channel)
    if problems:
        raise SettingsError(problems)
    with tempfile.TemporaryDirectory(prefix="everhost-render-") as folder:
        ledger = Ledger(Path(folder) / "ledger.sqlite")
        try:
            job(channel, ledger, state_dir() / "speech-cache", ProgressLine("rendering"))
        except (BodyError, StageError, VoiceError, OutletError) as error:
            raise CommandError(str(error)) from error
        finally:
            ledger.close()
    _sign(channel, out)
    print(out)
    return 0


def _sign(channel: Channel, out: Path) -> None:
    """Give a video Content Credentials where c2pa's library is here, signed as the channel's recordings are.

    A video that cannot be signed is a video all the same.
    """
    if not is_installed():
        return
    recordings = [output for output in channel.outputs if isinstance(output, Recording)]
    certificate, key = (recordings[0].certificate, recordings[0].certificate_key) if recordings else (None, None)
    try:
        sign_copy(out, title_of(out, channel.name), identity(certificate, key, state_dir()))
    except (CredentialsError, OSError) as error:
        print(tell(f"{out} could not be signed: {error}"), file=sys.stderr)
