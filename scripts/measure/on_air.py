"""The channel on air: its file, its RTMP server, the command itself, and who pulls the RTMP stream."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from measure.processes import ROOT, MeasureError, Running, free_port

START_LIMIT_S = 60.0
RTMP_MODULE = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")
STREAM_KEY = "bench-key"

_NGINX = """
load_module {module};
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
{user}
events {{ worker_connections 64; }}
rtmp {{ server {{ listen 127.0.0.1:{port}; application live {{ live on; }} }} }}
"""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the channel can be reached."""

    base: str
    control: str

    @property
    def whep(self) -> str:
        """The WHEP endpoint."""
        return f"{self.base}/whep"


def write_channel(source: Path, folder: Path, port: int, rtmp_port: int) -> Path:
    """A copy of channel file ``source`` in ``folder`` with a free port, a recording and an RTMP output."""
    yaml = YAML()
    channel: dict[str, Any] = yaml.load(source.read_text())
    for key in ("body", "catalogue"):
        channel[key] = str((source.parent / channel[key]).resolve())
    channel["server"] = {"host": "127.0.0.1", "port": port, "control_port": 0, "max_viewers": 100}
    channel["outputs"] = [
        {"kind": "recording", "name": "recording", "folder": str(folder / "recordings")},
        {"kind": "rtmp", "name": "rtmp", "url": f"rtmp://127.0.0.1:{rtmp_port}/live", "key": STREAM_KEY},
    ]
    file = folder / source.name
    with file.open("w") as out:
        yaml.dump(channel, out)
    return file


def start_nginx(folder: Path) -> tuple[Running, int]:
    """A real nginx with the RTMP module on a free port.

    Raises:
        MeasureError: the module is not installed, or nginx does not start.
    """
    if not RTMP_MODULE.is_file():
        raise MeasureError(f"{RTMP_MODULE} is missing: install libnginx-mod-rtmp (make setup-measure)")
    port = free_port()
    configuration = folder / "nginx.conf"
    user = "user root;" if Path.home() == Path("/root") else ""
    configuration.write_text(_NGINX.format(module=RTMP_MODULE, folder=folder, port=port, user=user))
    nginx = Running(["/usr/sbin/nginx", "-c", str(configuration), "-p", str(folder)], folder / "nginx.stderr")
    try:
        nginx.process.wait(0.7)
    except subprocess.TimeoutExpired:
        return nginx, port
    raise MeasureError(f"nginx does not start: {nginx.tail()}")


def start_everhost(file: Path, folder: Path) -> Running:
    """``everhost run`` with its state in ``folder``."""
    command = [str(Path(sys.executable).with_name("everhost")), "run", str(file)]
    return Running(command, folder / "everhost.log", {"EVERHOST_STATE_DIR": str(folder / "state")})


def read_addresses(everhost: Running) -> Addresses:
    """The two addresses that the command prints."""
    viewers = everhost.wait_for("viewers:", START_LIMIT_S).split()[-1]
    control = everhost.wait_for("control:", START_LIMIT_S).split()[-1]
    return Addresses(viewers.rstrip("/"), control)


class RtmpPull:
    """ffmpeg copies the stream from nginx into a file, as a platform would take it."""

    def __init__(self, port: int, folder: Path) -> None:
        self.url = f"rtmp://127.0.0.1:{port}/live/{STREAM_KEY}"
        self.file = folder / "rtmp.flv"
        self._folder = folder
        self._frames: list[tuple[float, int]] = []
        self._ffmpeg: Running | None = None

    def start(self) -> None:
        """Begin to pull; the stream must be there."""
        command = ["ffmpeg", "-hide_banner", "-loglevel", "warning", "-progress", "pipe:1", "-stats_period", "0.5"]
        command += ["-i", self.url, "-c", "copy", "-y", str(self.file)]
        self._ffmpeg = Running(command, self._folder / "ffmpeg.log")

    def probe(self) -> list[dict[str, Any]]:
        """What ffprobe says of the live stream, one entry a stream."""
        command = ["ffprobe", "-v", "error", "-show_streams", "-of", "json", self.url]
        done = subprocess.run(command, capture_output=True, timeout=20, check=False)
        streams: list[dict[str, Any]] = json.loads(done.stdout or b"{}").get("streams", [])
        return streams

    def frames(self) -> list[tuple[float, int]]:
        """(monotonic second, pictures copied so far), twice a second."""
        if self._ffmpeg is not None:
            for at, line in self._ffmpeg.lines():
                if found := re.match(r"frame=\s*(\d+)", line):
                    self._frames.append((at, int(found[1])))
        return self._frames

    def stop(self) -> None:
        """End the pull; may be called twice."""
        if self._ffmpeg is not None:
            self._ffmpeg.end(signal.SIGINT)
            self.frames()


def render(source: Path, seconds: float, out: Path, folder: Path) -> tuple[list[str], dict[str, str]]:
    """Command line and environment of ``everhost render``."""
    command = [str(Path(sys.executable).with_name("everhost")), "render", str(source)]
    command += ["--seconds", f"{seconds:g}", "--out", str(out)]
    return command, {"EVERHOST_STATE_DIR": str(folder / "render-state"), "PYTHONPATH": str(ROOT)}
