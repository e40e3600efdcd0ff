"""Real models: llama.cpp's own OpenAI-compatible server, and a GGUF writer beside a show on air.

The model is SmolLM2-135M, which is too small to write for a show: most of its lines are wrong, so it is the liar that
these tests need.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.flow import LineKind
from engine.records import Ledger
from engine.script import Draft, FactBook, Guard, TemplateWriter
from engine.script.llm import Judge, KeptLines, Message, ModelDiedError, ModelTooSlowError, ModelWriter, Wish, Worklist
from engine.script.llm.endpoint import EndpointCompleter
from engine.script.template_lines import TemplateLines
from engine.settings import Persona, load_catalogue
from tests.e2e.station import ROOT, on_air, wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

TRIES, WANTED = 80, 3


@pytest.fixture(scope="module")
def model() -> Path:
    """Fetched once (92 MB), by the command that a merchant would use."""
    command = [sys.executable, str(ROOT / "scripts" / "fetch_llm.py"), "135m"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)} failed: {done.stderr}"
    return Path(done.stdout.strip().splitlines()[-1])


@dataclass
class Server:
    process: subprocess.Popen[str]
    address: str


@pytest.fixture
def server(model: Path) -> Iterator[Server]:
    command = [sys.executable, "-m", "tests.e2e.llama_server", str(model)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    with process.stdout as out:
        line = next((line for line in out if line.startswith("address ")), "")
        assert line, "llama.cpp's server did not start"
        yield Server(process, line.split()[1])
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()


def test_lines_flow_from_a_real_server_and_a_lying_slow_or_dying_one_is_survived(server: Server) -> None:
    book = FactBook(load_catalogue(ROOT / "assets" / "catalogue" / "demo.yaml", check_files=False), "Mia")
    guard = Guard(book)
    judge = Judge(book, guard)
    completer = EndpointCompleter(f"{server.address}/v1", "smollm2", "", 4096)
    templates = TemplateLines(TemplateWriter(book, 1, lambda draft: guard.verdict(draft).ok))
    writer = ModelWriter("endpoint", completer, judge, templates, language="en", deadline_s=30)
    work = Worklist(book.catalogue)
    lines: list[Draft] = []
    for _ in range(TRIES):
        task = work.next(())
        assert task is not None
        draft = writer.write(task.product, task.fact, task.kind, Persona())
        if draft is None:
            work.missed(task)
        else:
            work.done(task.kind, draft.fact_ids[0])
            lines.append(draft)
        if len(lines) == WANTED:
            break
    assert len(lines) == WANTED, writer.tally
    assert writer.tally.faults.total() > 0
    for draft in lines:
        assert judge.faults(draft) == ()
        assert (draft.writer, draft.model) == ("endpoint", "smollm2")

    asked = [Message("user", "Count to one thousand.")]
    server.process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(ModelTooSlowError):
        completer.complete(asked, Wish(), 1.0)
    assert time.monotonic() - began < 20
    server.process.send_signal(signal.SIGCONT)
    assert completer.complete(asked, Wish(), 30.0).tokens_written > 0
    server.process.kill()
    server.process.wait()
    with pytest.raises(ModelDiedError):
        completer.complete(asked, Wish(), 5.0)
    completer.close()


def keep_lines(state: Path) -> None:
    """Lines as a model left them in an earlier hour: when the smallest model writes a good one is a matter of luck."""
    catalogue = load_catalogue(ROOT / "assets" / "catalogue" / "demo.yaml", check_files=False)
    drafts = []
    for product in catalogue.products:
        name = product.short or product.name
        fact = product.facts[0]
        for kind, text, fact_id in (
            (LineKind.OPENER, f"Let's take a look at the {name}.", "name"),
            (LineKind.ASK, f"Who would you give the {name} to?", "name"),
            (LineKind.PITCH, f"Now listen, the {name} {fact.text}.", fact.id),
        ):
            said = text.replace("the the ", "the ")
            drafts.append(Draft(kind, said, (f"{product.id}.{fact_id}",), "", product.id, writer="gguf", model="kept"))
    KeptLines(state / "written" / "mia.jsonl").add(drafts)


def test_a_model_writes_beside_the_show_and_its_death_is_not_heard(model: Path, tmp_path: Path) -> None:
    keep_lines(tmp_path / "state")
    settings = {"kind": "gguf", "model": str(model), "share": 1.0, "deadline_s": 15}
    with on_air(tmp_path, [], writer=settings) as station:

        def said() -> list[tuple[str, str]]:
            ledger = Ledger(tmp_path / "state" / "mia.ledger.sqlite", "mia")
            try:
                return [(line.writer, line.said.text) for line in ledger.audit(None, None)]
            finally:
                ledger.close()

        wait_until(lambda: any(writer == "gguf" for writer, _ in said()), 90, "a model's line is on air")
        worker = wait_until(lambda: station.child("engine.script.llm.gguf_model"), 30, "the model is at work")
        wait_until(lambda: worker.cpu_times().user > 2, 60, "it computes")
        assert worker.nice() >= 10
        worker.suspend()
        lines = len(said())
        wait_until(lambda: len(said()) >= lines + 3, 40, "the show goes on")
        assert station.child("writer") is not None
        wait_until(lambda: not worker.is_running(), 40, "a model over its deadline is killed")
        again = wait_until(lambda: station.child("engine.script.llm.gguf_model"), 30, "the model is started again")
        assert again.pid != worker.pid
        assert "template" in {writer for writer, _ in said()}
