"""A collected run, opened for analysis: each expensive step is done once, when first asked for."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np

from engine.flow import Utterance
from engine.records.ledger import AskedQuestion, SaidLine
from engine.settings import Channel, load_channel
from measure.chat import arrival_of
from measure.collect import Collected, recording_file
from measure.kept import OPUS_RATE, VIDEO_RATE, Kept, Watched, decode_opus
from measure.lines import Spoken, find_lines, read_ledger, speak_again
from measure.mouth_track import TimedLine
from measure.place import Sound
from measure.processes import MeasureError
from measure.recording import SoundTrack, read_sound


class Session:
    """Files and figures of one run in ``folder``."""

    def __init__(self, folder: Path, got: Collected) -> None:
        self.folder = folder
        self.got = got

    @cached_property
    def channel(self) -> Channel:
        """The channel as it ran."""
        return load_channel(next(self.folder.glob("*.yaml")))

    @cached_property
    def ledger(self) -> tuple[list[SaidLine], list[AskedQuestion]]:
        """Lines and questions, oldest first."""
        return read_ledger(next((self.folder / "state").glob("*.ledger.sqlite")))

    @cached_property
    def spoken_again(self) -> list[tuple[SaidLine, Utterance]]:
        """Every line of the ledger, spoken anew."""
        return speak_again(self.channel.voice, self.ledger[0])

    @cached_property
    def recording(self) -> Path:
        """The recording."""
        return recording_file(self.folder)

    @cached_property
    def recording_sound(self) -> SoundTrack:
        """Its sound."""
        return read_sound(self.recording)

    @cached_property
    def recorded(self) -> list[Spoken]:
        """All lines, as found in the recording."""
        return find_lines(self.spoken_again, self.recording_sound.pcm)

    @property
    def window_s(self) -> tuple[float, float]:
        """The measured window in the recording's time, by the lines found both there and at viewer 0."""
        return self.got.began - self._recording_began, self.got.ended - self._recording_began

    @cached_property
    def _recording_began(self) -> float:
        """Monotonic second of arrival at viewer 0 of what is at the recording's time 0."""
        first = self.viewer_sound[1]
        pts, arrived = np.array(self.sounds.pts), np.array(self.sounds.arrived)
        recorded = {line.said.line_id: line for line in self.recorded if line.place.certain}
        offsets = []
        for line in self.heard:
            same = recorded.get(line.said.line_id)
            if line.place.certain and same is not None:
                at = arrival_of(np.array([round(line.place.start) + first]), pts, arrived)[0]
                offsets.append(float(at) - self.recording_sound.seconds(same.place.start))
        if not offsets:
            raise MeasureError("no line was found both in the recording and at the viewer")
        return float(np.median(offsets))

    def recorded_in_window(self) -> list[TimedLine]:
        """Lines found in the recording that lie within the window, with their times in the file."""
        first, last = self.window_s
        timed = [
            TimedLine(line, self.recording_sound.seconds(line.place.start))
            for line in self.recorded
            if line.place.certain
        ]
        return [line for line in timed if line.begins_s >= first and line.ends_s <= last]

    @cached_property
    def watched(self) -> Watched:
        """What the aiortc viewers left."""
        return Watched.load(self.folder / "viewers")

    @cached_property
    def sounds(self) -> Kept:
        """Opus packets of viewer 0."""
        return self.watched.units("audio")

    @cached_property
    def viewer_sound(self) -> tuple[Sound, int]:
        """Decoded sound of viewer 0 and the RTP time of its first sample."""
        return decode_opus(self.sounds)

    @cached_property
    def heard(self) -> list[Spoken]:
        """All lines, as found in the sound of viewer 0."""
        return find_lines(self.spoken_again, self.viewer_sound[0])

    def ntp_of(self, kind: str) -> float:
        """NTP seconds of RTP time 0 of viewer 0's stream: the median over the window's sender reports."""
        _, offsets = self.watched.ntp_offset_s(kind, self.got.began, self.got.ended)
        return float(np.median(offsets))

    def heard_timed(self) -> list[TimedLine]:
        """Lines found at viewer 0 with their beginning in NTP seconds."""
        base, first = self.ntp_of("audio"), self.viewer_sound[1]
        return [
            TimedLine(line, base + (first + line.place.start) / OPUS_RATE) for line in self.heard if line.place.certain
        ]

    def picture_ntp(self, pts: int) -> float:
        """NTP seconds of a picture of viewer 0."""
        return self.ntp_of_video + pts / VIDEO_RATE

    @cached_property
    def ntp_of_video(self) -> float:
        """``ntp_of("video")``, kept."""
        return self.ntp_of("video")
