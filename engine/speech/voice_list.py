"""The voices of a channel in their order: when one fails, the next speaks the same line.

A voice that failed rests, and is tried again later; twice as long after each failure. Where all rest, the one that
wakes first is tried now and then. Whatever a voice raises is its failure: the next one speaks. Voices are loaded and
speak in a thread of their own, so that whoever waits can say meanwhile that it lives: a long sentence takes seconds.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from engine.flow import SAMPLE_RATE, Line, LineKind, Utterance
from engine.speech.apart import LONGEST_S, PATIENCE_S, Apart, Result
from engine.speech.base import NotReadyError, TextError, VoiceError
from engine.speech.hung import HungVoices
from engine.speech.speaker import Speaker

log = logging.getLogger(__name__)

LONGEST_REST_S = 600.0
MOST_DOUBLINGS = 10
"""The shortest rest, five seconds, is longer than ``LONGEST_REST_S`` after so many."""

SILENT_S = 15.0
"""Where every voice rests, one of them is tried after this long at most: until then the host says nothing."""

OPENING_S = 180.0
"""A voice may take this long to be opened, or to speak its first line: the hash of two gigabytes from a slow disk."""

QUICK = 0.05
"""Seconds for a second of speech, under which a voice needs no preparation; what was kept comes that quickly too."""

PACE_SHARE = 0.3
"""Share of the newest line in ``VoiceList.pace``."""

LOAD_AGAIN_S = 2.0
"""A voice that is being loaded is asked again after this long."""


@dataclass(slots=True)
class Candidate:
    """One voice: ``name`` for people, how it is opened, and how it did lately.

    ``language`` is that of the lines which it speaks before others; "" for the channel's own voices. ``rests_until`` is
    on the list's clock.
    """

    name: str
    open: Callable[[], Speaker]
    language: str = ""
    speaker: Speaker | None = None
    trouble: str = ""
    failures: int = 0
    rests_until: float = float("-inf")


class VoiceList:
    """Speaks lines with the first voice that can. One thread may use it."""

    def __init__(
        self,
        voices: Sequence[Candidate],
        retry_s: float,
        clock: Callable[[], float] = time.monotonic,
        language_of: Callable[[str], str] = lambda _: "",
        patience: Callable[[], None] = lambda: None,
        hung: HungVoices | None = None,
        first_wait_s: float = 0.0,
    ) -> None:
        """The first voice is opened now, and the others when they are needed.

        ``language_of`` tells the language of a text if there is a voice for it, and "" for the channel's own.
        ``patience`` is called now and then while a voice is waited for; one that ``hung`` knows rests first. A first
        voice that is still being loaded has ``first_wait_s`` before the next one begins the show.

        Raises:
            VoiceError: it cannot be opened, and it is the only one.
        """
        self._voices = list(voices)
        self._retry_s = retry_s
        self._clock = clock
        self._language_of = language_of
        self._hung = hung or HungVoices()
        self._try_at = float("inf")
        self.apart = Apart()
        """Where voices speak; who waits sets its ``patience``."""
        self.apart.patience = patience
        self.waits_s = 0.0
        """Seconds to wait for a voice that is being loaded where there is no other; for who has nothing else to do."""
        self.speaking = ""
        """The name of the voice that spoke last."""
        self.pace = 0.0
        """Seconds that a second of speech took lately; 0 where it is unknown or the voice is quick."""
        self._let_hung_ones_rest()
        if self._voices[0].rests_until <= clock():
            self._open_first()
        self._first_until = clock() + first_wait_s

    def _let_hung_ones_rest(self) -> None:
        """A voice that hung in the process before this one is not the first to be tried."""
        for voice in self._voices:
            voice.failures = max(0, self._hung.times(voice.name) - 1)
            if self._hung.times(voice.name):
                self._failed(voice, VoiceError("it hung, and the studio was started again"))
                self._try_at = self._clock() + SILENT_S

    def _open_first(self) -> None:
        first = self._voices[0]
        try:
            self._do(first, lambda: self._speaker(first))
        except VoiceError as error:
            if len(self._voices) == 1:
                self.apart.close()
                raise
            self._failed(first, error)

    @property
    def trouble(self) -> str:
        """What is wrong with the voices before the one that speaks; "" when the first one does."""
        return "; ".join(f"{each.name}: {each.trouble}" for each in self._voices if each.trouble)

    @property
    def is_well(self) -> bool:
        """Whether one of the channel's own voices did not fail when it was asked last."""
        return any(not voice.trouble for voice in self._voices if not voice.language)

    @property
    def wakes_in_s(self) -> float:
        """Seconds until a line of the channel's own is worth a try; 0 while one of its own voices does not rest."""
        wakes_at = min(voice.rests_until for voice in self._voices if not voice.language)
        return max(0.0, min(wakes_at, self._try_at) - self._clock())

    def load_ahead(self) -> bool:
        """Load one voice for lines in another language before such a line comes; False where all are loaded.

        One that cannot be loaded rests like one that failed.
        """
        now = self._clock()
        waiting = (v for v in self._voices if v.language and v.speaker is None and now >= v.rests_until)
        voice = next(waiting, None)
        if voice is None:
            return False
        try:
            self._do(voice, lambda: self._speaker(voice))
        except VoiceError as error:
            self._failed(voice, error)
        return True

    def is_kept(self, line: Line) -> bool:
        """Whether the sound of ``line`` is there already, by the voice that would speak it."""
        speaker = next((voice.speaker for voice in self._in_turn(line)), None)
        return speaker is not None and speaker.is_kept(line)

    def utter(self, line: Line) -> Utterance:
        """``line`` as sound, by the first voice that can.

        Raises:
            TextError: no voice can speak this text.
            NotReadyError: the voice is still being loaded, after ``waits_s``; for an answer nobody waits.
            VoiceError: every voice failed, or it is an answer and every voice rests.
        """
        waited_s = 0.0
        while True:
            try:
                return self._uttered(line)
            except NotReadyError:
                if line.kind is LineKind.ANSWER or waited_s >= self.waits_s:
                    raise
            self._wait(PATIENCE_S)
            waited_s += PATIENCE_S

    def _uttered(self, line: Line) -> Utterance:
        errors: list[VoiceError] = []
        for voice in self._in_turn(line):
            began = self._clock()
            try:
                made, was_kept = self._do(voice, partial(self._spoken_by, voice, line))
            except TextError as error:
                errors.append(error)
            except VoiceError as error:
                if isinstance(error, NotReadyError) and self._first_is_waited_for(voice, line):
                    raise
                self._failed(voice, error)
                errors.append(error)
            else:
                if not (was_kept and voice.trouble):
                    self._spoke(voice)
                self._measure((self._clock() - began) * SAMPLE_RATE / max(1, len(made.pcm_48k)))
                return made
        if not errors:
            raise VoiceError(f"every voice rests: {self.trouble}")
        self._try_at = self._clock() + SILENT_S
        raise next((error for error in errors if isinstance(error, NotReadyError)), errors[0])

    def _spoken_by(self, voice: Candidate, line: Line) -> tuple[Utterance, bool]:
        """``line`` by one voice, and whether its sound was kept: then it says nothing of how the voice does now."""
        speaker = self._speaker(voice)
        was_kept = speaker.is_kept(line)
        return speaker.utter(line), was_kept

    def _first_is_waited_for(self, voice: Candidate, line: Line) -> bool:
        """Whether the show begins with this voice, though it needs a little more time."""
        is_first = voice is self._voices[0] and line.kind is not LineKind.ANSWER
        return is_first and self._clock() < self._first_until

    def close(self) -> None:
        """End every voice; may be called twice."""
        for voice in self._voices:
            if voice.speaker is not None:
                voice.speaker.close()
                voice.speaker = None
        self.apart.close()

    def _in_turn(self, line: Line) -> list[Candidate]:
        """Those that do not rest; where every one rests the one that wakes first, but for an answer none.

        The voice of the line's language comes first, then the channel's own. No viewer waits for an answer while a
        voice is tried that failed lately, as long as there is another one.
        """
        now = self._clock()
        language = self._language_of(line.text)
        able = [each for each in self._voices if each.language in {language, ""}]
        able.sort(key=lambda each: each.language != language)
        awake = [each for each in able if now >= each.rests_until]
        if line.kind is LineKind.ANSWER:
            return [each for each in awake if not each.failures] or awake
        return awake or sorted(able, key=lambda each: each.rests_until)[:1]

    def _do(self, voice: Candidate, work: Callable[[], Result]) -> Result:
        """The result of work of a voice, apart. Raises VoiceError, whatever the voice raised."""
        longest_s = OPENING_S if voice.speaker is None else LONGEST_S
        return self.apart.do(lambda: _guarded(work), longest_s, lambda: self._hung.add(voice.name))

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
        self.speaking, self._first_until = voice.name, float("-inf")
        self._hung.forget(voice.name)

    def _measure(self, pace: float) -> None:
        if pace > QUICK:
            self.pace = PACE_SHARE * pace + (1 - PACE_SHARE) * (self.pace or pace)

    def _failed(self, voice: Candidate, error: VoiceError) -> None:
        if isinstance(error, NotReadyError):
            rest = LOAD_AGAIN_S
        else:
            rest = min(self._retry_s * 2 ** min(voice.failures, MOST_DOUBLINGS), LONGEST_REST_S)
            voice.failures += 1
        voice.rests_until = self._clock() + rest
        if str(error) != voice.trouble:
            log.warning("the voice %s fails: %s", voice.name, error)
        voice.trouble = str(error)

    def _wait(self, seconds: float) -> None:
        self.apart.patience()
        time.sleep(seconds)


def _guarded(work: Callable[[], Result]) -> Result:
    """The result of ``work``, with VoiceError for whatever else it raises: the libraries of voices have errors of their
    own, and a voice with a damaged file fails like any other.
    """
    try:
        return work()
    except VoiceError:
        raise
    except Exception as error:
        log.exception("a voice broke")
        told = (str(error).splitlines() or [""])[0][:200]
        raise VoiceError(f"{type(error).__name__}: {told}" if told else type(error).__name__) from error
