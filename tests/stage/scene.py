"""What the stage's tests share: a small body at the real edge, a channel, cards and performances."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.avatar import Heard
from engine.avatar.framing import View
from engine.flow import CURVES, Card, Floats, Line, LineKind, Performance, Question, Word, picture_sample
from engine.settings.catalogue import Catalogue, Fact, FactType, Product
from engine.settings.channel import Canvas, Channel
from engine.stage import Stage

ROOT = Path(__file__).resolve().parents[2]


class BoxBody:
    """Paints a brown box in the middle and keeps the curves and views it was given."""

    def __init__(self) -> None:
        self.detail = 1.0
        self.hears = False
        self.note = ""
        self.heard: list[Heard | None] = []
        self.curves: list[Floats] = []
        self.views: list[View] = []

    def paint(self, curves: Floats, canvas_bgr: NDArray[np.uint8], view: View, heard: Heard | None = None) -> None:
        self.curves.append(curves)
        self.views.append(view)
        self.heard.append(heard)
        height, width = canvas_bgr.shape[:2]
        canvas_bgr[height * 3 // 10 :, width * 3 // 8 : width * 5 // 8] = (60, 90, 140)

    def prepare(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing to free."""


def channel(width: int = 720, height: int = 1280, backdrop: str = "studio", brand: str = "#e63348") -> Channel:
    product = Product(
        id="bottle", name="Bottle", price=Decimal("19.99"), stock=3, pictures=(Path("x.png"),),
        facts=(Fact(id="a", type=FactType.SIZE, text="holds 750 ml"),),
    )  # fmt: skip
    return Channel(
        file=ROOT / "avatars" / "test.yaml", name="Mia", body=Path("mia.ehb"),
        catalogue=ROOT / "assets" / "catalogue" / "test.yaml",
        canvas=Canvas(width=width, height=height, backdrop=backdrop, brand_colour=brand),
        items=Catalogue(shop="Northwind Home", products=(product,)),
    )  # fmt: skip


def card(product_id: str = "bottle", price: str = "$19.99", **changes: str) -> Card:
    fields = {
        "name": "TrailMate insulated bottle", "details": "750 ml · cold 24 h", "was_price": "$29.99",
        "stock": "Only 3 left", "picture": f"../products/{product_id}.png", **changes,
    }  # fmt: skip
    return Card(product_id=product_id, item_number=3, price=price, **fields)


def words(text: str, first: int = 4_800, each: int = 14_400, gap: int = 0) -> tuple[Word, ...]:
    return tuple(
        Word(word, first + i * (each + gap), first + i * (each + gap) + each) for i, word in enumerate(text.split())
    )


def performance(
    performance_id: str = "p1",
    text: str = "It holds plenty",
    product_id: str | None = "bottle",
    question: Question | None = None,
    pictures: int = 50,
) -> Performance:
    curves = np.zeros((pictures, len(CURVES)), np.float32)
    curves[:, 0] = np.arange(pictures) / 1000
    kind = LineKind.ANSWER if question else LineKind.PITCH
    line = Line(f"line-{performance_id}", kind, text, product_id=product_id, question=question)
    sound = np.zeros(picture_sample(pictures, 25), np.float32)
    return Performance(performance_id, line, sound, curves, words(text))


def blank(stage: Stage) -> NDArray[np.uint8]:
    return np.zeros((stage.layout.height * 3 // 2, stage.layout.width), np.uint8)


def drawn(stage: Stage, picture: int) -> NDArray[np.uint8]:
    out = blank(stage)
    stage.draw(picture, out)
    return out
