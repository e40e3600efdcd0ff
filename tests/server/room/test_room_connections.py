"""The control room's own process: who sends no request there keeps no operator out."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx

from engine.settings.state import STATE_DIR_VARIABLE
from tests.e2e.station import ROOT, free_port, listens, wait_until
from tests.server.source import Source

CODE = """
import sys
from server import connections
from server.room.__main__ import main
connections.HEAD_S = 0.5
sys.argv[0] = "room"
main()
"""

CHANNEL = """\
name: Mia
body: {root}/avatars/bodies/mia.ehb
catalogue: {root}/assets/catalogue/demo.yaml
server: {{port: {port}, control_port: {control_port}}}
"""


def test_silent_connections_to_the_room_are_closed(tmp_path: Path) -> None:
    file, run_dir, port = tmp_path / "mia.yaml", tmp_path / "run", free_port()
    run_dir.mkdir()
    file.write_text(CHANNEL.format(root=ROOT, port=free_port(), control_port=port))
    environment = os.environ | {STATE_DIR_VARIABLE: str(tmp_path / "state")}
    command = [sys.executable, "-c", CODE, "room", str(file), str(run_dir)]
    with Source(run_dir, ()), subprocess.Popen(command, cwd=ROOT, env=environment) as room:
        try:
            wait_until(lambda: listens(port), 60, "the room listens")
            with socket.create_connection(("127.0.0.1", port), timeout=5) as silent:
                assert silent.recv(1) == b""
            assert httpx.get(f"http://127.0.0.1:{port}/signin").status_code == 200
        finally:
            room.send_signal(signal.SIGTERM)
