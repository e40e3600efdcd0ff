"""The Debian of this machine, booted by a systemd of its own in a container over a root that is thrown away."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType

from measure.processes import ROOT, MeasureError

BOOT_S = 60.0
LARGEST = "7G"
"""Of memory, for all that is written above the machine's own root."""

MIRRORS = ("/opt/pypi", "/opt/pypi-more", "/opt/wheels")
"""Folders that pip may be told to look into on this machine."""

PLAIN_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Booted:
    """A Debian with Everhost in /opt/everhost, set up by ``scripts/setup.sh run``, and the unit of docs/.

    The host's network and clock are shared. Needs root and systemd-container.

    Raises:
        MeasureError: something that it needs is missing, or it does not boot.
    """

    def __init__(self, folder: Path) -> None:
        if shutil.which("systemd-nspawn") is None:
            raise MeasureError("systemd-nspawn is missing: apt-get install systemd-container dbus")
        self._folder = folder
        self.root = folder / "root"
        self._boot: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Booted:
        try:
            self._lay()
            self._install()
        except BaseException:
            self._take_away()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._boot is not None:
            self.inside("systemctl", "poweroff", check=False)
            try:
                self._boot.wait(30)
            except subprocess.TimeoutExpired:
                self._boot.kill()
                self._boot.wait()
        self._take_away()

    def boot(self) -> float:
        """Seconds until everything that the system starts by itself is up."""
        began = time.monotonic()
        command = [
            "systemd-nspawn",
            "-D",
            str(self.root),
            "--boot",
            "--register=no",
            "--keep-unit",
            "--console=passive",
        ]
        log = (self._folder / "boot.log").open("wb")
        self._boot = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        while time.monotonic() < began + BOOT_S:
            if self.inside("systemctl", "is-system-running", check=False) in {"running", "degraded"}:
                return time.monotonic() - began
            time.sleep(0.2)
        raise MeasureError(f"the system does not come up: see {self._folder / 'boot.log'}")

    def inside(self, *command: str, check: bool = True) -> str:
        """What a command says that runs in the booted system."""
        assert self._boot is not None
        first = Path(f"/proc/{self._boot.pid}/task/{self._boot.pid}/children").read_text().split()
        for child in first:
            if Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                enter = ["nsenter", "-t", child, "-m", "-u", "-i", "-p", "--", *command]
                return subprocess.run(enter, check=check, capture_output=True, text=True).stdout.strip()
        return ""

    def _lay(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        _run("mount", "-t", "tmpfs", "-o", f"size={LARGEST}", "tmpfs", str(self._folder))
        for name in ("upper", "work", "root"):
            (self._folder / name).mkdir()
        layers = f"lowerdir=/,upperdir={self._folder / 'upper'},workdir={self._folder / 'work'}"
        _run("mount", "-t", "overlay", "overlay", "-o", layers, str(self.root))

    def _install(self) -> None:
        """As docs/running.md and the unit say, with a channel that keeps its recordings in the state folder."""
        home, etc = self.root / "opt/everhost", self.root / "etc"
        shutil.rmtree(home, ignore_errors=True)
        _run("git", "clone", "-q", str(ROOT), str(home))
        (etc / "machine-id").write_text("")
        script = (
            "cd /opt/everhost && bash scripts/setup.sh run && useradd --system --home-dir /var/lib/everhost everhost"
        )
        mirrors = [f"--bind-ro={folder}" for folder in MIRRORS if Path(folder).is_dir()]
        nspawn = ["systemd-nspawn", "-q", "-D", str(self.root), "--register=no", "--keep-unit", "--pipe", *mirrors]
        _run(*nspawn, f"--setenv=PATH={PLAIN_PATH}", "bash", "-c", script)
        place = etc / "everhost"
        place.mkdir()
        text = (home / "avatars/mia.yaml").read_text("utf-8")
        for old, new in (
            ("body: bodies/", "body: /opt/everhost/avatars/bodies/"),
            ("../assets/", "/opt/everhost/assets/"),
            ("../var/recordings", "/var/lib/everhost/recordings"),
        ):
            if old not in text:
                raise MeasureError(f"avatars/mia.yaml has no “{old}” any more")
            text = text.replace(old, new)
        (place / "my-channel.yaml").write_text(text, "utf-8")
        shutil.copy(home / "docs/everhost.service", etc / "systemd/system")

    def _take_away(self) -> None:
        for place in (self.root, self._folder):
            subprocess.run(["umount", "-l", str(place)], check=False, capture_output=True)


def _run(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise MeasureError(f"{' '.join(command[:3])} … failed: {(done.stderr or done.stdout).strip()[-600:]}")
