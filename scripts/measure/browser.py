"""A real browser as viewer: headless Chromium on the viewer page, its ``getStats`` once a second, and its joins."""

from __future__ import annotations

import asyncio
import random
import time
from typing import Any

import numpy as np
from playwright.async_api import Browser, Page, Playwright, async_playwright
from playwright.async_api import Error as BrowserError

from measure.timing import percentiles, trend

CHROMIUM = "/usr/bin/chromium"

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--autoplay-policy=no-user-gesture-required", "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
)  # fmt: skip

_CATCH_CONNECTIONS = """
window.__connections = [];
const Original = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Original {
  constructor(...given) { super(...given); window.__connections.push(this); }
};
"""

_STATS = """async () => {
  const connection = (window.__connections || []).at(-1);
  if (!connection) return null;
  const found = {};
  for (const each of (await connection.getStats()).values())
    if (each.type === "inbound-rtp") found[each.kind] = each;
  return found;
}"""

_JOIN = """async () => {
  const connection = new RTCPeerConnection({ iceServers: [] });
  const video = document.createElement("video");
  video.muted = true;
  video.autoplay = true;
  document.body.append(video);
  const stream = new MediaStream();
  connection.ontrack = ({ track }) => { stream.addTrack(track); video.srcObject = stream; video.play(); };
  for (const kind of ["video", "audio"]) connection.addTransceiver(kind, { direction: "recvonly" });
  const seen = new Promise((done, fail) => {
    video.requestVideoFrameCallback(() => done(performance.now()));
    setTimeout(() => fail(new Error("no picture in 10 s")), 10000);
  });
  const begun = performance.now();
  await connection.setLocalDescription();
  const answer = await fetch("/whep", {
    method: "POST", headers: { "Content-Type": "application/sdp" }, body: connection.localDescription.sdp });
  const location = answer.headers.get("Location");
  await connection.setRemoteDescription({ type: "answer", sdp: await answer.text() });
  const took = (await seen) - begun;
  connection.close();
  video.remove();
  if (location) await fetch(location, { method: "DELETE" });
  return took / 1000;
}"""


async def _launch(playwright: Playwright) -> Browser:
    return await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))


async def watch(base: str, seconds: float, playing: asyncio.Event) -> list[dict[str, Any]]:
    """Watch the viewer page with sound for ``seconds`` from the first picture on; ``playing`` is set then.

    One entry a second: ``at``, ``video``, ``audio``.

    Raises:
        playwright.async_api.Error: the browser does not start or the page does not load.
    """
    async with async_playwright() as playwright:
        browser = await _launch(playwright)
        try:
            page = await browser.new_page(viewport={"width": 390, "height": 844})
            await page.add_init_script(_CATCH_CONNECTIONS)
            await page.goto(f"{base}/", wait_until="domcontentloaded")
            await _turn_sound_on(page)
            return await _sample(page, seconds, playing)
        finally:
            await browser.close()


async def _turn_sound_on(page: Page) -> None:
    try:
        await page.click("#start", timeout=3000)
    except BrowserError:
        await page.evaluate("() => { const v = document.querySelector('video'); v.muted = false; v.play(); }")


async def _sample(page: Page, seconds: float, playing: asyncio.Event) -> list[dict[str, Any]]:
    samples = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = await page.evaluate(_STATS)
        if found and found.get("video", {}).get("framesDecoded"):
            if not playing.is_set():
                until = time.monotonic() + seconds
                playing.set()
            samples.append({"at": time.monotonic(), **found})
        await asyncio.sleep(1.0)
    return samples


async def join_many(base: str, count: int) -> list[float]:
    """Seconds from the first line of joining to the first picture on the page, ``count`` times."""
    async with async_playwright() as playwright:
        browser = await _launch(playwright)
        try:
            page = await browser.new_page()
            await page.goto(f"{base}/healthz")
            times = []
            for _ in range(count):
                try:
                    times.append(float(await page.evaluate(_JOIN)))
                except BrowserError:
                    times.append(float("inf"))
                await asyncio.sleep(random.uniform(0.3, 1.3))
            return times
        finally:
            await browser.close()


def summarise(samples: list[dict[str, Any]], settle_s: float = 5.0) -> dict[str, Any]:
    """What the samples say, without the first ``settle_s`` seconds, in which jitter buffers find their size."""
    if not samples:
        return {"seconds": 0.0}
    used = [s for s in samples if s["at"] - samples[0]["at"] >= settle_s] or samples
    first, last = used[0], used[-1]
    video_first, video_last = first["video"], last["video"]
    seconds = (video_last["timestamp"] - video_first["timestamp"]) / 1000
    frames = video_last["framesDecoded"] - video_first["framesDecoded"]
    levels = [s["audio"].get("audioLevel", 0.0) for s in used if "audio" in s]
    return {
        "seconds": round(seconds, 2),
        "fps": round(frames / seconds, 3) if seconds > 0 else 0.0,
        "frames_dropped": video_last.get("framesDropped", 0) - video_first.get("framesDropped", 0),
        "freeze_count": video_last.get("freezeCount", 0) - video_first.get("freezeCount", 0),
        "freezes_s": round(video_last.get("totalFreezesDuration", 0) - video_first.get("totalFreezesDuration", 0), 3),
        "audio_level": percentiles(levels),
        "concealed_samples": last.get("audio", {}).get("concealedSamples", 0),
        "sound_against_picture_ms": _offsets(used),
        "jitter_buffer_ms": _buffer_ms(first, last),
    }


def _offsets(samples: list[dict[str, Any]]) -> dict[str, Any]:
    """Sound before (> 0) or behind (< 0) the picture at play-out, from the NTP times of what plays now.

    When sound that is newer than the picture plays at the same moment, the picture is late.
    """
    pairs = [
        (s["at"], s["audio"]["estimatedPlayoutTimestamp"] - s["video"]["estimatedPlayoutTimestamp"])
        for s in samples
        if s.get("audio", {}).get("estimatedPlayoutTimestamp") and s["video"].get("estimatedPlayoutTimestamp")
    ]
    if not pairs:
        return {}
    times, offsets = np.array(pairs, np.float64).T
    return {
        **percentiles(offsets),
        "trend_ms": trend(times, offsets).plain(),
        "series_ms": [round(o, 1) for o in offsets],
    }


def _buffer_ms(first: dict[str, Any], last: dict[str, Any]) -> dict[str, float]:
    found: dict[str, float] = {}
    for kind in ("video", "audio"):
        if kind in first and kind in last:
            delay = last[kind].get("jitterBufferDelay", 0) - first[kind].get("jitterBufferDelay", 0)
            count = last[kind].get("jitterBufferEmittedCount", 0) - first[kind].get("jitterBufferEmittedCount", 0)
            found[kind] = round(1000 * delay / count, 1) if count else 0.0
    return found
