"""A recording that can be played after a kill: fragmented MP4, one fragment a keyframe group."""

from __future__ import annotations

from pathlib import Path

import av

from engine.flow import MediaFormat, Packet
from engine.outlets.base import OutletError
from engine.outlets.mux import Muxer, translate


class RecordingOutlet:
    """Writes what went on air into ``file``. Each GOP is a fragment of its own, so a kill costs at most 2 s."""

    def __init__(self, file: Path, media: MediaFormat, first_idr: Packet) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            container = av.open(
                str(file),
                "w",
                format="mp4",
                options={"movflags": "frag_keyframe+empty_moov+default_base_moof+skip_trailer", "flush_packets": "1"},
                container_options={"comment": "AI-generated: digital host (AIGC)"},
            )
            container.metadata["comment"] = "AI-generated: digital host (AIGC)"
            self._muxer: Muxer | None = Muxer(container, media, first_idr)
        except OSError as error:
            raise translate(error, f"recording {file}") from error
        self.file = file

    def write(self, packet: Packet) -> None:
        """Store one packet.

        Raises:
            OutletError: the disk is full or the folder is gone.
        """
        if self._muxer is None:
            raise OutletError("the recording is closed")
        try:
            self._muxer.write(packet)
        except OSError as error:
            raise translate(error, f"recording {self.file}") from error

    def close(self) -> None:
        """Finish the file; may be called twice."""
        if self._muxer is not None:
            muxer, self._muxer = self._muxer, None
            try:
                muxer.close()
            except OSError as error:
                raise translate(error, f"recording {self.file}") from error
