"""RTP times over their wrap in a viewer's browser: a real channel whose server begins each session just before it."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from measure.browser import CHROMIUM, FLAGS
from measure.processes import ROOT, MeasureError
from numpy.typing import NDArray
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, sync_playwright

from faults.air import Air, Row, say
from faults.near_wrap.sitecustomize import BEFORE_S, NOTES_VARIABLE

WATCHED_S = BEFORE_S + 10.0
FREEZE_S = 0.5
OFFSET_MS = 200.0
NEAR_WRAP = Path(__file__).resolve().parent / "near_wrap"

_CLOCKS = {"video": 90_000, "audio": 48_000}
_FULL = 2**32
_SLACK_S = 1.0
"""A session's first picture may be somewhat older than the session."""

_NOTE = """
window.__pictures = [];
window.__looks = [];
const look = async () => {
  const pc = window.everhost?.player.pc;
  if (!pc) return;
  const found = { at: performance.now() };
  for (const each of (await pc.getStats()).values())
    if (each.type === "inbound-rtp") found[each.kind] = { ...each };
  for (const receiver of pc.getReceivers()) {
    const stream = found[receiver.track.kind];
    if (stream) stream.rtp = receiver.getSynchronizationSources()[0]?.rtpTimestamp;
  }
  if (found.video && found.audio) window.__looks.push(found);
};
document.addEventListener("DOMContentLoaded", () => {
  const video = document.querySelector("video");
  const seen = (_, told) => {
    window.__pictures.push([told.presentationTime, told.rtpTimestamp]);
    video.requestVideoFrameCallback(seen);
  };
  video.requestVideoFrameCallback(seen);
  setInterval(look, 200);
});
"""

_SEEN = """() => ({
  pictures: window.__pictures, looks: window.__looks, now: performance.now(),
  sessions: window.everhost.player.joins, reasons: window.everhost.player.reasons,
})"""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a page saw from its first picture to ``ended``. All times are monotonic seconds.

    ``pictures`` has a row for each picture: when it was shown, and its RTP time. ``looks`` are the browser's figures of
    the two streams, several a second, each with ``at``.
    """

    pictures: NDArray[np.float64]
    looks: list[dict[str, Any]]
    ended: float
    sessions: int
    reasons: list[str]

    def longest_gap_s(self) -> float:
        """The longest time without another picture, the end included."""
        return float(np.diff(np.append(self.pictures[:, 0], self.ended)).max())

    def freezes(self) -> tuple[int, float]:
        """How often the browser says that the picture stood, and for how many seconds together."""
        last = self.looks[-1]["video"]
        return int(last["freezeCount"]), float(last["totalFreezesDuration"])

    def concealed_ms(self, began: float) -> float:
        """How much of the sound since ``began`` the browser had to invent."""
        before = [each for each in self.looks if each["at"] <= began] or self.looks[:1]
        samples = self.looks[-1]["audio"]["concealedSamples"] - before[-1]["audio"]["concealedSamples"]
        return float(samples) / 48

    def offsets_ms(self, began: float, ended: float) -> list[float]:
        """By how much the picture that plays is older than the sound, at each look between two times."""
        return [
            each["audio"]["estimatedPlayoutTimestamp"] - each["video"]["estimatedPlayoutTimestamp"]
            for each in self.looks
            if began <= each["at"] <= ended
            and all(each[kind].get("estimatedPlayoutTimestamp") for kind in ("audio", "video"))
        ]


def rtp_wrap_row(folder: Path) -> Row:
    """A viewer's session that begins five seconds before the 32 bits of both of its RTP times are full."""
    notes = folder / "rtp.jsonl"
    path = os.pathsep.join([str(NEAR_WRAP), str(ROOT)])
    with Air(folder, environment={"PYTHONPATH": path, NOTES_VARIABLE: str(notes)}) as air:
        row = Row("RTP times over 32 bits in Chromium")
        say(row.fault)
        watched = watch(air.base)
    judge(row, watched, read_wrap(notes, watched))
    return row


def watch(base: str) -> Watched:
    """Watch the viewer's page in Chromium for ``WATCHED_S``.

    Raises:
        MeasureError: the browser does not start, or shows no picture.
    """
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            page = browser.new_page(viewport={"width": 390, "height": 844})
            page.add_init_script(_NOTE)
            page.goto(base, wait_until="domcontentloaded")
            page.click("#start")
            page.wait_for_selector("html[data-state=playing]", timeout=20_000)
            page.wait_for_timeout(1000 * WATCHED_S)
            watched = _read(page)
            browser.close()
    except BrowserError as error:
        raise MeasureError(f"no viewer in Chromium: {error}") from error
    return watched


def _read(page: Page) -> Watched:
    asked = time.monotonic()
    seen = page.evaluate(_SEEN)
    ended = (asked + time.monotonic()) / 2
    shift = ended - seen["now"] / 1000
    if not seen["looks"] or not seen["pictures"]:
        raise MeasureError("Chromium tells nothing of what it plays")
    pictures = np.array(seen["pictures"], np.float64) * (0.001, 1) + (shift, 0)
    looks = [{**each, "at": each["at"] / 1000 + shift} for each in seen["looks"]]
    return Watched(pictures, looks, ended, seen["sessions"], seen["reasons"])


def read_wrap(notes: Path, watched: Watched) -> float:
    """The monotonic second at which the first session's times were full, by the server's ``notes``.

    Raises:
        MeasureError: the wrap was not crossed before the viewer's eyes, in picture and sound at once.
    """
    lines = [json.loads(line) for line in notes.read_text().splitlines()] if notes.is_file() else []
    wraps_at = {note["ssrc"]: note["wraps_at"] for note in lines}
    first = watched.looks[0]
    wraps = {kind: wraps_at.get(first[kind]["ssrc"]) for kind in _CLOCKS}
    wrap = wraps["video"]
    if wrap is None or wraps["audio"] != wrap:
        raise MeasureError(f"the server did not begin both streams before one wrap: {wraps}")
    began = {"video": watched.pictures[0, 1], "audio": _rtp(watched.looks)[0]}
    before_s = {kind: (_FULL - began[kind]) / clock for kind, clock in _CLOCKS.items()}
    if not all(0 < before <= BEFORE_S + _SLACK_S for before in before_s.values()):
        raise MeasureError(f"the viewer saw the first of a stream so many seconds before its wrap: {before_s}")
    if watched.ended < wrap + BEFORE_S:
        raise MeasureError("the viewer was gone before the wrap was over")
    return float(wrap)


def _rtp(looks: list[dict[str, Any]]) -> list[int]:
    """The RTP times of the sound that was played, look for look."""
    return [each["audio"]["rtp"] for each in looks if each["audio"].get("rtp") is not None] or [0]


def judge(row: Row, watched: Watched, wrap: float) -> None:
    """Put down what the viewer saw from the first picture on, over the ``wrap``."""
    count, seconds = watched.freezes()
    offsets = watched.offsets_ms(wrap, watched.ended)
    row.figures["first_picture_s_before"] = round(wrap - float(watched.pictures[0, 0]), 2)
    row.figures["pictures_after"] = int((watched.pictures[:, 1] < _FULL / 2).sum())
    row.figures["sound_after"] = _rtp(watched.looks)[-1] < _FULL / 2
    row.must("pictures go on after the wrap", row.figures["pictures_after"] > 0)
    row.must("sound goes on after the wrap", row.figures["sound_after"])
    row.at_most("picture_gap_s", watched.longest_gap_s(), FREEZE_S)
    row.figures["freezes"] = count
    row.at_most("freezes_s", seconds, FREEZE_S)
    row.figures["concealed_ms"] = round(watched.concealed_ms(wrap - 1), 1)
    row.figures["offsets_before_ms"] = [round(each) for each in watched.offsets_ms(0, wrap)][::5]
    row.figures["offsets_ms"] = [round(each) for each in offsets][::5]
    row.must("the browser tells the offset after the wrap", bool(offsets))
    row.at_most("offset_ms", max(map(abs, offsets), default=0.0), OFFSET_MS)
    one = watched.sessions == 1 and not watched.reasons
    row.must(f"sessions: {watched.sessions}, ended by {watched.reasons}", one)
