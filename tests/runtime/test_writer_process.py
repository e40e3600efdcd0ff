"""The writer's process: what it sends, what it keeps, and what a model that fails costs (nothing)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from engine.flow import LineKind
from engine.runtime.bus import Broker, Bus
from engine.runtime.child import Job
from engine.runtime.messages import Health, Hello, Message, WriteFor, Written
from engine.runtime.writer import Writer
from engine.script.llm import Completion, ModelDiedError, ModelMissingError, Wish
from engine.script.llm import Message as Turn
from engine.settings import Channel, load_channel
from engine.settings import Writer as Settings

MIA = Path(__file__).parents[2] / "avatars" / "mia.yaml"


class Parrot:
    """Writes honest lines as fast as it is asked, unless it has an error to give."""

    name = "parrot"

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.written = 0
        self.closed = False

    def complete(self, messages: Sequence[Turn], wish: Wish, deadline_s: float) -> Completion:
        time.sleep(0.002)
        if self.error is not None:
            raise self.error
        asked = messages[-1].text
        self.written += 1
        talk = ("Write this down", "Listen to this", "Okay, next", "From my notes", "Now to this", "Read along with me")
        lead = talk[self.written % len(talk)]
        if asked.startswith("Fact about"):
            return Completion(f"{lead}: {asked.partition(': ')[2].partition(' (begin')[0]}.")
        name = asked.partition(": ")[2]
        return Completion(f"What would you like to know about {name}?" if "Ask" in asked else f"{lead}: {name}.")

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def channel() -> Channel:
    settings = Settings(kind="gguf", model="/nowhere.gguf")
    return load_channel(MIA, check_files=False).model_copy(update={"writer": settings})


class Line:
    """A writer with a parrot, and the studio's end of the bus."""

    def __init__(self, channel: Channel, folder: Path) -> None:
        self.channel = channel
        self.parrot = Parrot()
        self.broker = Broker(folder)
        self.broker.start()
        self.bus = Bus(folder, (Hello, Written, Health))
        self.heard: list[Message] = []
        self.stop = threading.Event()
        self.writer = Writer(Job("writer", channel, folder, folder, self.stop), self.parrot)
        self.thread = threading.Thread(target=self.writer.run, args=(self.stop,))
        self.thread.start()

    def order(self, version: str, *upcoming: str, catalogue: bool = True) -> None:
        text = self.channel.items.model_dump_json() if catalogue else ""
        self.bus.publish(WriteFor(version, upcoming, text))

    def listen(self, until: Callable[[], bool], seconds: float = 20.0) -> None:
        end = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < end, "it did not come to that"
            message = self.bus.receive(50)
            if message is not None:
                self.heard.append(message)

    def drafts(self, version: str) -> list[str]:
        return [d.text for m in self.heard if isinstance(m, Written) and m.version == version for d in m.drafts]

    def states(self) -> set[str]:
        return {m.state for m in self.heard if isinstance(m, Health)}

    def close(self) -> None:
        self.stop.set()
        self.thread.join(10)
        self.bus.close()
        self.broker.close()


@pytest.fixture
def line(channel: Channel, tmp_path: Path) -> Iterator[Line]:
    made = Line(channel, tmp_path)
    yield made
    made.close()
    assert made.parrot.closed


def ordered(line: Line, version: str, *upcoming: str) -> None:
    """Order until the bus has connected and lines come."""

    def come() -> bool:
        if not line.drafts(version):
            line.order(version, *upcoming)
        return bool(line.drafts(version))

    line.listen(come)


def test_lines_come_for_what_comes_next_and_are_kept(line: Line, tmp_path: Path) -> None:
    ordered(line, "1-1", "mug", "mat")
    line.listen(lambda: len(line.drafts("1-1")) >= 25 and "writing" in line.states())
    drafts = [d for m in line.heard if isinstance(m, Written) for d in m.drafts]
    assert {d.product_id for d in drafts[:10]} <= {"mug", "mat", "bottle"}
    assert {d.kind for d in drafts} >= {LineKind.OPENER, LineKind.TRANSITION, LineKind.PITCH}
    assert {(d.writer, d.model) for d in drafts} == {("gguf", "parrot")}
    assert len({d.text for d in drafts}) == len(drafts)
    assert len((tmp_path / "written" / "mia.jsonl").read_text("utf-8").splitlines()) >= 25


def test_kept_lines_serve_again_and_changed_facts_do_not(line: Line) -> None:
    ordered(line, "1-1", "mug")
    line.listen(lambda: any("glazed stoneware" in text for text in line.drafts("1-1")))
    products = tuple(
        p.model_copy(update={"facts": tuple(f for f in p.facts if f.id != "material")} if p.id == "mug" else {})
        for p in line.channel.items.products
    )
    before = set(line.drafts("1-1"))
    line.channel = line.channel.model_copy(
        update={"items": line.channel.items.model_copy(update={"products": products})}
    )
    line.order("1-2", "mug")
    line.listen(lambda: len(line.drafts("1-2")) > 20)
    assert before.intersection(line.drafts("1-2"))
    assert not any("glazed stoneware" in text for text in line.drafts("1-2"))


def test_a_model_that_fails_is_tried_again_and_beats_go_on(line: Line) -> None:
    line.parrot.error = ModelDiedError("the model ended")
    line.listen(lambda: line.order("1-1", "mug") is None and "failed" in line.states())
    beats = [m for m in line.heard if isinstance(m, Health)]
    assert beats[-1].detail == "the model ended"
    line.parrot.error = None
    line.listen(lambda: bool(line.drafts("1-1")))


def test_a_model_that_is_missing_says_what_to_do(line: Line) -> None:
    line.parrot.error = ModelMissingError("there is no model at /nowhere.gguf; `make llm` fetches one")
    line.listen(lambda: line.order("1-1", "mug") is None and "failed" in line.states())
    assert any("make llm" in m.detail for m in line.heard if isinstance(m, Health))
    assert line.thread.is_alive()


def test_an_order_for_a_version_it_does_not_have_is_asked_for(line: Line) -> None:
    line.listen(lambda: any(isinstance(m, Health) for m in line.heard))
    line.heard.clear()
    line.listen(lambda: line.order("9-9", "mug", catalogue=False) is None and Hello("writer") in line.heard)
