"""Makes the gallery: for every body in avatars/bodies a contact sheet and a clip of the show, and a lineup of all.

    python scripts/gallery.py [NAME …] [--seconds 20] [--out docs/gallery]

The clip is what `everhost render` makes of the demo channel's first seconds with that body, a backdrop and a brand
colour of its own, then scaled down and packed tightly. With names, only those hosts are made, and the lineup of all.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from itertools import cycle, islice
from pathlib import Path

import av
import cv2
import numpy as np

from engine.avatar import open_body
from engine.avatar.framing import FRAMINGS
from engine.avatar.human import load_looks
from engine.commands.avatar import PRESETS
from engine.commands.preview import contact_sheet
from engine.commands.progress import ProgressLine
from engine.flow import Framing
from engine.records import Ledger
from engine.runtime import offline
from engine.settings import Channel, SettingsError, load_channel
from engine.settings.channel import Canvas
from engine.settings.voice import Voice
from engine.speech import VoiceError, make_speaker
from engine.stage import layout_for
from engine.stage.backdrop import backdrop
from engine.stage.colour import from_hex
from engine.stage.overlay import Bytes
from engine.stage.portrait import curves
from engine.stage.room import Room
from engine.stage.sheet import Sheet
from engine.stage.typeface import Style, Typeface, Weight

ROOT = Path(__file__).resolve().parent.parent
BODIES = ROOT / "avatars" / "bodies"
DEMO = ROOT / "avatars" / "mia.yaml"

BEGIN = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""When each show begins, so that a clip comes out the same each time."""

SETS = (
    ("studio", "#e63348"), ("shop", "#1f7a63"), ("seasonal", "#b8323a"), ("spring", "#d9487d"), ("winter", "#2f62ad"),
    ("shop", "#d98a1f"),
)  # fmt: skip
"""Backdrop and brand colour of each host in turn."""

VOICES = {"woman": ("heart", "emma", "kore"), "man": ("fenrir", "fable")}
"""English voices in turn; of these only "heart" comes inside its package, and only installed ones are used."""

CLIP_SIZE = (432, 768)
CLIP_LIMIT = 1_500_000
QUALITIES = (25, 28, 31, 34)
"""x264's crf, best first: the first that stays within the limit is kept."""

SHEET_WIDTH, JPEG_QUALITY = 1400, 84
TILE = (300, 534)
GAP, CAPTION = 12, 58


@dataclass(frozen=True)
class Host:
    """One body and what it is shown with."""

    name: str
    body: Path
    gender: str
    backdrop: str
    brand: str
    voice: str
    silent: bool
    """No voice that would suit is installed: the lips follow "heart", and the clip has no sound."""


def hosts() -> list[Host]:
    """All bodies, Mia first, each with a set and a voice of its own."""
    bodies = sorted(BODIES.glob("*.ehb"), key=lambda body: (body.stem != "mia", body.stem))
    voices = {gender: cycle(installed(names)) for gender, names in VOICES.items()}
    found = []
    for body, (room, brand) in zip(bodies, islice(cycle(SETS), len(bodies)), strict=True):
        gender = _gender(body.stem)
        voice = next(voices[gender], "")
        found.append(Host(body.stem, body, gender, room, brand, voice or "heart", not voice))
    return found


def installed(names: tuple[str, ...]) -> tuple[str, ...]:
    """The voices that speak on this machine."""
    found = []
    for name in names:
        try:
            make_speaker(Voice(name=name))
        except VoiceError:
            continue
        found.append(name)
    return tuple(found)


def _gender(name: str) -> str:
    try:
        return load_looks(PRESETS / f"{name}.yaml").person.gender
    except SettingsError:
        return "woman"


def channel_of(host: Host, demo: Channel, seed: int) -> Channel:
    """The demo channel with another host."""
    canvas = Canvas(brand_colour=host.brand, backdrop=host.backdrop)
    show = demo.show.model_copy(update={"seed": seed})
    name = host.name[:1].upper() + host.name[1:]
    changes = {"name": name, "body": host.body, "voice": Voice(name=host.voice), "canvas": canvas, "show": show}
    return demo.model_copy(update=changes)


def make_clip(host: Host, channel: Channel, seconds: float, out: Path) -> None:
    """The show's first seconds, small."""
    with tempfile.TemporaryDirectory(prefix="everhost-gallery-") as place:
        large = Path(place) / "large.mp4"
        ledger = Ledger(Path(place) / "ledger.sqlite")
        try:
            offline.render(channel, seconds, large, ledger, Path(place) / "speech", ProgressLine(host.name), BEGIN)
        finally:
            ledger.close()
        for quality in QUALITIES:
            squeeze(large, out, quality, silent=host.silent)
            if out.stat().st_size < CLIP_LIMIT:
                return
    raise SystemExit(f"{out}: {out.stat().st_size} bytes, more than {CLIP_LIMIT} even at crf {QUALITIES[-1]}")


def squeeze(source: Path, out: Path, quality: int, *, silent: bool) -> None:
    """A video scaled to ``CLIP_SIZE`` and packed tightly; its sound (unless silent) and its mark as AI-made stay."""
    with av.open(str(source)) as old, av.open(str(out), "w", options={"movflags": "faststart"}) as new:
        new.metadata.update(old.metadata)
        pictures, sound = old.streams.video[0], old.streams.audio[0]
        rate = Fraction(pictures.average_rate or 25)
        video = new.add_stream("libx264", rate=rate, options={"crf": str(quality), "preset": "slow"})
        video.width, video.height = CLIP_SIZE
        video.pix_fmt = "yuv420p"
        video.codec_context.colorspace, video.codec_context.color_range = 6, 1
        video.codec_context.color_primaries = video.codec_context.color_trc = 1
        audio = None if silent else new.add_stream("aac", rate=48_000, options={"b": "72k"}, layout="mono")
        for frame in old.decode(pictures, sound):
            if isinstance(frame, av.VideoFrame):
                small = frame.reformat(*CLIP_SIZE, interpolation="AREA")
                small.pict_type = av.video.frame.PictureType.NONE
                new.mux(video.encode(small))
            elif audio is not None and isinstance(frame, av.AudioFrame):
                new.mux(audio.encode(frame))
        new.mux(video.encode(None))
        if audio is not None:
            new.mux(audio.encode(None))


def make_sheet(host: Host, out: Path) -> None:
    """The contact sheet as JPEG."""
    sheet = contact_sheet(host.body, host.name, host.brand, ProgressLine(f"{host.name}, sheet"))
    height = round(sheet.shape[0] * SHEET_WIDTH / sheet.shape[1])
    write(out, np.asarray(cv2.resize(sheet, (SHEET_WIDTH, height), interpolation=cv2.INTER_AREA), np.uint8))


def make_lineup(all_hosts: list[Host], out: Path) -> None:
    """Every host at close, bust and half framing."""
    columns, framings = len(all_hosts), (Framing.CLOSE, Framing.BUST, Framing.HALF)
    width, height = TILE[0] * columns + GAP * (columns + 1), (TILE[1] + GAP) * len(framings) + GAP + CAPTION
    sheet = Sheet(width, height, Typeface())
    sheet.box(0, 0, width, height, 0, (0.985, 0.975, 0.965))
    for column, host in enumerate(all_hosts):
        x = GAP + column * (TILE[0] + GAP)
        sheet.text(
            x + 2, CAPTION - 16, host.name[:1].upper() + host.name[1:], Style(Weight.DISPLAY_BOLD, 34), (0.16,) * 3
        )
        for row, picture in enumerate(framed(host, framings)):
            tile = np.asarray(picture[..., ::-1], np.float32) / np.float32(255)
            sheet.cover(np.ones(tile.shape[:2], np.float32), tile, x, CAPTION + row * (TILE[1] + GAP))
    write(out, np.asarray(np.clip(np.rint(sheet.rgba[..., 2::-1] * 255), 0, 255), np.uint8))


def framed(host: Host, framings: tuple[Framing, ...]) -> list[Bytes]:
    """The smiling host in the set, at each framing."""
    canvas = Canvas(brand_colour=host.brand)
    layout = layout_for(canvas)
    room = Room(backdrop(host.backdrop, layout, from_hex(host.brand), ROOT), layout)
    body = open_body(host.body, canvas)
    try:
        pictures = []
        for framing in framings:
            picture = room.behind(FRAMINGS[framing]).copy()
            body.paint(curves({"mouthSmile": 0.35, "cheekSquint": 0.2, "headYaw": -4}), picture, FRAMINGS[framing])
            pictures.append(np.asarray(cv2.resize(picture, TILE, interpolation=cv2.INTER_AREA), np.uint8))
    finally:
        body.close()
    return pictures


def write(out: Path, picture: Bytes) -> None:
    done, packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise SystemExit(f"{out}: could not be packed as JPEG")
    out.write_bytes(packed.tobytes())
    print(f"{out}: {out.stat().st_size / 1000:.0f} kB")


def main() -> None:
    parser = argparse.ArgumentParser(description="make the gallery of all hosts")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these hosts (default: all)")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "gallery")
    arguments = parser.parse_args()
    os.environ.setdefault("LP_NUM_THREADS", str(min(os.cpu_count() or 1, 4)))
    everyone = hosts()
    unknown = set(arguments.names) - {host.name for host in everyone}
    if unknown:
        parser.error(f"no body named {', '.join(sorted(unknown))}; there are {', '.join(h.name for h in everyone)}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    demo = load_channel(DEMO)
    for seed, host in enumerate(everyone, 1):
        if arguments.names and host.name not in arguments.names:
            continue
        make_sheet(host, arguments.out / f"{host.name}-sheet.jpg")
        clip = arguments.out / f"{host.name}.mp4"
        make_clip(host, channel_of(host, demo, seed), arguments.seconds, clip)
        print(f"{clip}: {clip.stat().st_size / 1000:.0f} kB")
    make_lineup(everyone, arguments.out / "lineup.jpg")


if __name__ == "__main__":
    main()
