"""The voices of a channel in their order: when one fails, the next speaks the same line.

A voice that failed rests, and is tried again later; twice as long after each failure. A voice of another program is
asked in a thread, and others are loaded in it, so that whoever waits can say meanwhile that it lives.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from engine.flow import Line, LineKind, Utterance
from engine.speech.base import NotReadyError, TextError, VoiceError
from engine.speech.speaker import Speaker

log = logging.getLogger(__name__)

LONGEST_REST_S = 600.0

PATIENCE_S = 0.5
"""How often whoever waits for a voice of another program, or for one that is loaded, may do something else."""

LOAD_AGAIN_S = 2.0
"""A voice that is being loaded is asked again after this long."""


@dataclass(slots=True)
class Candidate:
    """One voice: ``name`` for people, how it is opened, and how it did lately.

    ``rests_until`` is on the list's clock.
    """

    name: str
    open: Callable[[], Speaker]
    remote: bool = False
    speaker: Speaker | None = None
    trouble: str = ""
    failures: int = 0
    rests_until: float = float("-inf")


class VoiceList:
    """Speaks lines with the first voice that can. One thread may use it."""

    def __init__(
        self, voices: Sequence[Candidate], retry_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """The first voice is opened now, and the others when they are needed.

        Raises:
            VoiceError: it cannot be opened, and it is the only one.
        """
        self._voices = list(voices)
        self._retry_s = retry_s
        self._clock = clock
        self._thread: ThreadPoolExecutor | None = None
        self.patience: Callable[[], None] = lambda: None
        """Called now and then while a voice is waited for."""
        self.speaking = ""
        """The name of the voice that spoke last."""
        try:
            self._speaker(self._voices[0])
        except VoiceError as error:
            if len(self._voices) == 1:
                raise
            self._failed(self._voices[0], error)

    @property
    def trouble(self) -> str:
        """What is wrong with the voices before the one that speaks; "" when the first one does."""
        return "; ".join(f"{each.name}: {each.trouble}" for each in self._voices if each.trouble)

    def utter(self, line: Line) -> Utterance:
        """``line`` as sound, by the first voice that can.

        Raises:
            TextError: no voice can speak this text.
            VoiceError: every voice failed.
        """
        while True:
            errors: list[VoiceError] = []
            for voice in self._in_turn(line):
                try:
                    made = self._utter(voice, line)
                except TextError as error:
                    errors.append(error)
                except VoiceError as error:
                    self._failed(voice, error)
                    errors.append(error)
                else:
                    self._spoke(voice)
                    return made
            if not any(isinstance(error, NotReadyError) for error in errors):
                raise errors[0]
            self._wait(PATIENCE_S)

    def close(self) -> None:
        """End every voice; may be called twice."""
        for voice in self._voices:
            if voice.speaker is not None:
                voice.speaker.close()
                voice.speaker = None
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None

    def _in_turn(self, line: Line) -> list[Candidate]:
        """Those that do not rest; all where every one rests. No viewer waits for an answer while a voice is tried."""
        now = self._clock()
        waits = line.kind is LineKind.ANSWER
        awake = [each for each in self._voices if now >= each.rests_until and not (waits and each.failures)]
        return awake or self._voices

    def _utter(self, voice: Candidate, line: Line) -> Utterance:
        if not voice.remote and voice.speaker is not None:
            return voice.speaker.utter(line)
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="voice")
        asked: Future[Utterance] = self._thread.submit(lambda: self._speaker(voice).utter(line))
        while not wait([asked], PATIENCE_S).done:
            self.patience()
        return asked.result()

    def _speaker(self, voice: Candidate) -> Speaker:
        if voice.speaker is None:
            voice.speaker = voice.open()
        return voice.speaker

    def _spoke(self, voice: Candidate) -> None:
        if voice.trouble:
            log.warning("the voice %s speaks again", voice.name)
        elif voice.name != self.speaking:
            log.info("the voice %s speaks", voice.name)
        voice.trouble, voice.failures, voice.rests_until = "", 0, float("-inf")
        self.speaking = voice.name

    def _failed(self, voice: Candidate, error: VoiceError) -> None:
        if isinstance(error, NotReadyError):
            rest = LOAD_AGAIN_S
        else:
            rest = min(self._retry_s * 2**voice.failures, LONGEST_REST_S)
            voice.failures += 1
        voice.rests_until = self._clock() + rest
        if str(error) != voice.trouble:
            log.warning("the voice %s fails: %s", voice.name, error)
        voice.trouble = str(error)

    def _wait(self, seconds: float) -> None:
        self.patience()
        time.sleep(seconds)
