"""Recordings that can be played after a kill: fragmented MP4, one fragment a keyframe group, a file an hour."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import av

from engine.flow import VIDEO_CLOCK_RATE, MediaFormat, Packet, Stream
from engine.outlets.base import OutletError
from engine.outlets.credentials import FileWithRoom, Sealer
from engine.outlets.credentials.boxes import complete_boxes
from engine.outlets.mux import Muxer, translate
from engine.outlets.shelf import Shelf

FILE_S = 3600
"""Seconds of media in one file; the next begins with the next IDR."""

LOOK_S = 60
"""Seconds of media between two looks at what the folder holds."""

_FAILED = (OSError, av.FFmpegError)
"""The disk's own error; after it, FFmpeg has only words of its own for what fails, the end of the file among it."""

COMMENT = "AI-generated: digital host (AIGC)"


class RecordingOutlet:
    """Writes what went on air into files of ``shelf``. Each GOP is a fragment of its own, so a kill costs at most 2 s.

    No packet is lost between two files: one ends and the next begins at the same IDR; that is after ``file_s`` seconds,
    or before where a file takes much of the shelf's budget. Files that have ended are signed
    by ``sealer``, also those that an earlier outlet has left unsigned.
    """

    live = True

    def __init__(self, shelf: Shelf, media: MediaFormat, file_s: float = FILE_S, sealer: Sealer | None = None) -> None:
        self._shelf = shelf
        self._sealer = sealer
        self._media = media
        self._file_s = file_s
        self._file: RecordingFile | None = None
        self._begun = self._looked = 0
        self._closed = False

    @property
    def figures(self) -> dict[str, float]:
        """For Health: what the folder holds, how many files had to go, and how many were signed or could not be."""
        told = {"recorded_bytes": float(self._shelf.bytes), "recordings_removed": float(self._shelf.removed)}
        if self._sealer is not None:
            told["recordings_signed"] = float(self._sealer.signed)
            told["recordings_not_signed"] = float(self._sealer.failed)
        return told

    def write(self, packet: Packet) -> None:
        """Store one packet.

        Raises:
            OutletError: the disk is full but for its reserve, or the folder is gone.
        """
        if self._closed:
            raise OutletError("the recording is closed")
        if packet.stream is Stream.VIDEO and packet.is_keyframe:
            with self._folder_there():
                self._turn_page(packet)
            # Where packets come without a pause, nobody else calls it.
            self.work()
        if self._file is not None:
            self._file.write(packet)

    def work(self) -> None:
        """Go on with what is to be signed.

        Raises:
            OutletError: the folder cannot be read.
        """
        if self._sealer is not None and self._sealer.poll():
            with self._folder_there():
                self._sealer.look(self._shelf.recordings())

    @contextmanager
    def _folder_there(self) -> Iterator[None]:
        """A folder of a network that is away, or of a disk that dies, is this outlet's failure and not a crash."""
        try:
            yield
        except OSError as error:
            raise translate(error, f"recording to {self._shelf.folder}") from error

    def _turn_page(self, idr: Packet) -> None:
        """Begin the first file, or the next one when this one is long enough; look at the folder now and then."""
        looks = idr.pts - self._looked >= LOOK_S * VIDEO_CLOCK_RATE
        if (
            self._file is None
            or idr.pts - self._begun >= self._file_s * VIDEO_CLOCK_RATE
            or (looks and self._shelf.is_too_large(self._file.path))
        ):
            if self._file is not None:
                self._file.close()
                self._file = None
            self._shelf.tidy()
            self._file = RecordingFile(self._shelf.next_file(datetime.now(UTC)), self._media, idr)
            self._begun = self._looked = idr.pts
            if self._sealer is not None:
                self._sealer.look(self._shelf.recordings())
        elif looks:
            self._looked = idr.pts
            self._shelf.tidy(self._file.path)
            if self._sealer is not None:
                self._sealer.look(self._shelf.recordings())

    def close(self) -> None:
        """Finish the file; may be called twice."""
        self._closed = True
        if self._sealer is not None:
            self._sealer.close()
        if self._file is not None:
            file, self._file = self._file, None
            file.close()


class RecordingFile:
    """One file, from an IDR on, with room for Content Credentials."""

    def __init__(self, path: Path, media: MediaFormat, first_idr: Packet) -> None:
        self.path = path
        options = {
            "movflags": "frag_keyframe+empty_moov+default_base_moof+skip_trailer+use_metadata_tags",
            "flush_packets": "1",
        }
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = FileWithRoom(path)
            try:
                container = av.open(self._file, "w", format="mp4", options=options)
                container.metadata.update(ai_labels())
                self._muxer: Muxer | None = Muxer(container, media, first_idr)
            except (*_FAILED, OutletError):
                self._end()
                raise
        except _FAILED as error:
            raise translate(error, f"recording {path}") from error

    def write(self, packet: Packet) -> None:
        """Store one packet.

        Raises:
            OutletError: the disk is full or the folder is gone.
        """
        if self._muxer is None:
            raise OutletError("the recording is closed")
        try:
            self._muxer.write(packet)
        except _FAILED as error:
            raise translate(error, f"recording {self.path}") from error

    def close(self) -> None:
        """Finish the file; may be called twice."""
        if self._muxer is not None:
            muxer, self._muxer = self._muxer, None
            try:
                muxer.close()
            except _FAILED as error:
                raise translate(error, f"recording {self.path}") from error
            finally:
                self._end()

    def _end(self) -> None:
        """Close the file; one without a whole fragment, such as a full disk leaves, is no recording and is removed."""
        self._file.close()
        with suppress(OSError):
            if not _has_media(self.path):
                self.path.unlink()


def _has_media(path: Path) -> bool:
    with path.open("rb") as file:
        return any(box.kind == b"mdat" for box in complete_boxes(file))


def ai_labels() -> dict[str, str]:
    """Metadata of a file (``use_metadata_tags``) that say it is made by AI, to people and by GB 45438-2025."""
    return {"comment": COMMENT, "AIGC": _aigc_label()}


def _aigc_label() -> str:
    """The implicit label of GB 45438-2025, annex E: made by AI (1), by whom, and the work's own number."""
    label = {"Label": "1", "ContentProducer": "Everhost", "ProduceID": uuid.uuid4().hex}
    label |= {"ReservedCode1": "", "ContentPropagator": "", "PropagateID": "", "ReservedCode2": ""}
    return json.dumps(label)
