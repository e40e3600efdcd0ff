"""Everybody who makes a Performance of the next line: director, voice, actor. No bus."""

from __future__ import annotations

import logging
import time
import uuid
from collections import deque
from collections.abc import Callable
from pathlib import Path

from engine.flow import Line, LineKind, Performance, Utterance
from engine.motion import Actor, manner_of
from engine.records import Ledger
from engine.script import Selector
from engine.settings import Channel
from engine.show import Director, WallClock, spoken_seconds
from engine.speech import TextError, VoiceError, make_speaker

log = logging.getLogger(__name__)

UNSPOKEN = "no voice could speak it"

OPENERS_AGAIN_S = 1800.0
"""So often the sound of openers is looked for: what nobody looks for is the first to go from what is kept. Where it is
gone it is made again."""


class Company:
    """Makes Performances.

    ``now`` tells the time for the rundown's hours and campaigns; without it neither holds. ``chooser`` is a model that
    may point at the fact that answers a question. ``patience`` and ``hung`` are as in ``make_speaker``.
    """

    def __init__(
        self,
        channel: Channel,
        ledger: Ledger,
        cache: Path | None,
        now: WallClock | None = None,
        chooser: Selector | None = None,
        patience: Callable[[], None] = lambda: None,
        hung: Path | None = None,
    ) -> None:
        self.director = Director(channel, ledger, now, chooser)
        self.voice = make_speaker(channel.voice, cache, None, patience, hung)
        self._actor = Actor(channel.canvas.fps, channel.show.seed, manner_of(channel.moves_like))
        self._unmade_openers: deque[str] | None = None
        self._openers_at = float("-inf")

    def perform(self, line: Line) -> Performance:
        """Speak and act one line; one that no voice can speak is dropped. Raises VoiceError."""
        try:
            spoken = self.voice.utter(line)
        except VoiceError:
            self.director.drop([line.line_id], UNSPOKEN)
            raise
        return self._acted(spoken)

    def next_performance(self) -> Performance:
        """The show's next line, spoken and acted.

        Raises:
            TextError: no voice can speak this text; the line is dropped.
            VoiceError: no voice can speak now; the line comes again, unless it was at fault itself.
        """
        line = self.director.next_line()
        try:
            spoken = self.voice.utter(line)
        except TextError:
            self.director.drop([line.line_id], UNSPOKEN)
            raise
        except VoiceError:
            if not self.director.put_back(line):
                self.director.drop([line.line_id], UNSPOKEN)
            raise
        if self.voice.is_well:
            self.director.was_spoken()
        return self._acted(spoken)

    def _acted(self, spoken: Utterance) -> Performance:
        return self._actor.perform(spoken, uuid.uuid4().hex[:12])

    def seconds_to_make(self, line: Line) -> float:
        """About how long it takes to speak ``line``; 0 where its sound is there or the voice is quick."""
        if self.voice.pace == 0 or self.voice.is_kept(line):
            return 0.0
        return self.voice.pace * spoken_seconds(line.text)

    def prepare(self) -> None:
        """Make ready for questions what is not ready yet, one thing a call: what answers are found with (about 2 s),
        then one voice for another language after the other, then the sound of openers where the voice is slow.
        """
        if self._unmade_openers is None:
            self.load_answers()
            self._unmade_openers = deque(self.director.answer_openers)
            self._openers_at = time.monotonic()
        elif self.voice.load_ahead():
            return
        elif self._unmade_openers and self.voice.pace > 0:
            text = self._unmade_openers.popleft()
            try:
                self.voice.utter(Line("", LineKind.ANSWER, text))
            except VoiceError as error:
                log.warning("“%s” cannot be prepared: %s", text, error)
        elif self.voice.pace > 0 and time.monotonic() - self._openers_at >= OPENERS_AGAIN_S:
            self._openers_at = time.monotonic()
            openers = (Line("", LineKind.ANSWER, text) for text in self.director.answer_openers)
            self._unmade_openers.extend(line.text for line in openers if not self.voice.is_kept(line))

    def load_answers(self) -> None:
        """Load what answers are found with, if it is not there: seconds, on a busy machine more."""
        self.voice.apart.do(self.director.prepare_answers)

    def opener(self) -> Performance | None:
        """A few words whose sound is ready, with which the host turns to a question while the answer is made.

        None where they are not ready. Raises VoiceError.
        """
        if self._unmade_openers is None or self._unmade_openers:
            return None
        line = self.director.open_answer()
        return self.perform(line) if line is not None else None
