"""The real thing for e2e tests: `everhost run` in a process, a real nginx-rtmp, a real Chromium."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from ruamel.yaml import YAML

from engine.records import Ledger, SaidLine

ROOT = Path(__file__).resolve().parents[2]
SECRET = "s3cr3t-stream-key"

CHROMIUM_FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--autoplay-policy=no-user-gesture-required", "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
]  # fmt: skip

NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log notice;
load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
events {{ worker_connections 64; }}
rtmp {{ server {{ listen 127.0.0.1:{port}; chunk_size 4096; application live {{ live on; }} }} }}
"""


SMALL = (360, 640)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(what: Callable[[], Any], seconds: float, why: str) -> Any:
    """The first true value of ``what`` within ``seconds``."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {why}")


@contextlib.contextmanager
def nginx_rtmp(folder: Path) -> Iterator[int]:
    """A real RTMP server; gives its port."""
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port))
    nginx = subprocess.Popen(["nginx", "-c", str(config), "-p", str(folder)], stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: listens(port), 10, "nginx listens")
        yield port
    finally:
        nginx.terminate()
        nginx.wait(10)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.3)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Station:
    """A running channel; ``control`` is the address of its simple control page, "" beside a control room."""

    process: subprocess.Popen[str]
    log: Path
    port: int
    rtmp: str
    folder: Path
    control: str

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def child(self, role: str) -> psutil.Process | None:
        """The child process of a role, if it lives: the oldest, because one that stands ready beside it is younger."""
        found = []
        for child in psutil.Process(self.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if role in child.cmdline():
                    found.append((child.create_time(), child))
        return min(found, key=lambda each: each[0])[1] if found else None

    def health(self) -> dict[str, Any]:
        with contextlib.suppress(OSError):
            try:
                with urllib.request.urlopen(f"{self.base}/healthz", timeout=2) as answer:
                    got: dict[str, Any] = json.load(answer)
                    return got
            except urllib.error.HTTPError as error:
                got = json.load(error)
                error.close()
                return got
        return {}

    def metric(self, pattern: str) -> float | None:
        """The value of the first sample line of ``/metrics`` that matches."""
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.base}/metrics", timeout=2) as answer:
            found = re.search(pattern + r"\S* ([-+.e0-9]+)", answer.read().decode())
            return float(found[1]) if found else None
        return None

    def stop(self) -> float:
        """Ctrl-C, and the seconds until everything is gone."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)
        return time.monotonic() - began


def write_channel(
    folder: Path,
    port: int,
    outputs: list[dict[str, Any]],
    control_port: int = 0,
    names: dict[str, str] | None = None,
    size: tuple[int, int] | None = None,
    **changes: Any,
) -> Path:
    """Mia's own file with other ports and outputs; without a ``control_port`` there is no control room.

    ``names`` are other names of products, by id; ``size`` is the picture's, small where nobody looks at it closely.
    """
    yaml = YAML()
    data = yaml.load((ROOT / "avatars" / "mia.yaml").read_text())
    data["body"] = str(ROOT / "avatars" / "bodies" / "mia.ehb")
    data["catalogue"] = str(folder / "catalogue.yaml")
    data["server"]["port"] = port
    data["server"]["control_port"] = control_port
    data["outputs"] = outputs
    if size is not None:
        data["canvas"]["width"], data["canvas"]["height"] = size
    data.update(changes)
    items = yaml.load((ROOT / "assets" / "catalogue" / "demo.yaml").read_text())
    for product in items["products"]:
        product["name"] = (names or {}).get(product["id"], product["name"])
        product["pictures"] = [str(ROOT / "assets" / "products" / Path(p).name) for p in product["pictures"]]
    with (folder / "catalogue.yaml").open("w") as out:
        yaml.dump(items, out)
    file = folder / "mia.yaml"
    with file.open("w") as out:
        yaml.dump(data, out)
    return file


@contextlib.contextmanager
def on_air(folder: Path, outputs: list[dict[str, Any]], rtmp: str = "", **changes: Any) -> Iterator[Station]:
    """`everhost run` until the block ends; everything it started must be gone after."""
    port = free_port()
    file = write_channel(folder, port, outputs, **changes)
    log = folder / "everhost.log"
    environment = {**os.environ, "EVERHOST_STATE_DIR": str(folder / "state"), "RTMP_KEY": SECRET}
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "engine.cli", "run", str(file)],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=out,
            text=True,
        )
        try:
            wait_until(lambda: "Ctrl-C stops." in log.read_text(), 40, "the addresses are printed")
            control = re.search(r"control: +(\S+)", log.read_text())
            yield Station(process, log, port, rtmp, folder, control[1] if control else "")
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def said(station: Station) -> list[SaidLine]:
    """What Mia's channel has said, in order."""
    ledger = Ledger(station.folder / "state" / "mia.ledger.sqlite")
    try:
        return sorted(ledger.lines(200), key=lambda line: line.number)
    finally:
        ledger.close()


def tools_missing() -> str:
    """Which program the e2e tests lack; empty when all are there."""
    return ", ".join(t for t in ("nginx", "ffprobe", "/usr/bin/chromium") if not shutil.which(t))
