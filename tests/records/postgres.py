"""A real PostgreSQL server of the test's own: a new cluster in a folder, on a socket, stopped at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoServerError(Exception):
    """The server's programs are missing; the text says what to install."""


def programs() -> Path:
    """The folder with initdb and pg_ctl, of the newest version installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise NoServerError("PostgreSQL is not installed: apt-get install postgresql")
    return Path(on_path).parent


class Server:
    """A cluster that can be stopped and started, for outages."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bin = programs()
        # initdb refuses to work as root.
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user is not None:
            try:
                entry = pwd.getpwnam(self._user)
            except KeyError as error:
                raise NoServerError("there is no user “postgres” to run the server as") from error
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        self._run("initdb", "-D", str(folder / "data"), "-U", "everhost", "-A", "trust", "-E", "UTF8", "--no-sync")

    @property
    def url(self) -> str:
        return f"postgresql://everhost:secret@/postgres?host={self._folder}"

    def start(self) -> None:
        options = f"-c listen_addresses= -c unix_socket_directories={self._folder} -c fsync=off"
        self._run(
            "pg_ctl", "-D", str(self._folder / "data"), "-w", "-l", str(self._folder / "log"), "-o", options, "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-w", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._bin / program), *arguments],
            user=self._user,
            cwd="/",
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )


@contextmanager
def postgres_server() -> Iterator[Server]:
    """A running server. The folder is short, because the path of a socket may have 107 letters at most."""
    folder = Path(tempfile.mkdtemp(prefix="ehpg-"))
    try:
        server = Server(folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
