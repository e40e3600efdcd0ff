import itertools
import logging
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.flow import Question
from engine.motion import IdleLife, blend
from engine.stage import Rect, Stage, StageError
from engine.stage.overlay import Planes

from .scene import BoxBody, blank, card, channel, drawn, performance


def stage(width: int = 720, height: int = 1280) -> Stage:
    made = Stage(channel(width, height), BoxBody())
    made.set_cards([card("bottle"), card("mug", "$14.00", name="Kiln Stoneware Mug")])
    return made


def cut(stage: Stage, out: NDArray[np.uint8], rect: Rect) -> NDArray[np.uint8]:
    return (
        Planes(out, stage.layout.width, stage.layout.height).planes[0][rect.y : rect.bottom, rect.x : rect.right].copy()
    )


@pytest.mark.parametrize(("width", "height"), [(720, 1280), (1280, 720)])
def test_the_label_is_on_every_picture_and_on_the_slate(width: int, height: int) -> None:
    made = stage(width, height)
    silent = drawn(made, 0)
    made.add(performance(question=Question("q", "Ana", "Does it leak?")))
    made.schedule("p1", 1)
    spoken = drawn(made, 10)
    slate = blank(made)
    made.slate(slate)
    for out in (silent, spoken, slate):
        label = cut(made, out, made.layout.label)
        ink = label > 215
        assert 0.10 < ink.mean() < 0.35
        assert label[4:20, 40:-40].mean() < 130
    assert np.array_equal(cut(made, silent, made.layout.label), cut(made, spoken, made.layout.label))


def test_captions_can_be_left_out_and_the_label_moves_but_never_goes() -> None:
    made = stage()
    made.add(performance())
    made.schedule("p1", 0)
    captions, corner = made.layout.captions, made.layout.label
    with_captions, label = drawn(made, 30), cut(made, drawn(made, 30), corner)
    made.set_picture(captions=False, label="left")
    without = drawn(made, 30)
    assert not np.array_equal(cut(made, with_captions, captions), cut(made, without, captions))
    assert made.layout.label.x < corner.x
    moved = cut(made, without, made.layout.label)
    assert ((moved > 215) == (label > 215)).mean() > 0.98, "the same label in the other corner"
    assert (cut(made, without, made.layout.shop) > 215).any()


def test_curves_are_idle_life_with_the_performances_row() -> None:
    made = stage()
    body = made._body
    assert isinstance(body, BoxBody)
    acting = performance(pictures=50)
    made.add(acting)
    made.schedule("p1", 100)
    idle = IdleLife(25, 1)
    for picture, row in ((99, None), (100, 0), (149, 49), (150, None)):
        drawn(made, picture)
        added = np.zeros_like(acting.curves[0]) if row is None else acting.curves[row]
        assert np.array_equal(body.curves[-1], blend(idle.at(picture), added))


def test_only_the_overlays_rectangles_differ_from_host_and_backdrop() -> None:
    made = stage()
    first, second = drawn(made, 0), None
    made.add(performance())
    made.schedule("p1", 0)
    second = drawn(made, 30)
    changed = np.zeros((1280, 720), bool)
    margin = 24
    for rect in (made.layout.card, made.layout.captions):
        changed[rect.y - margin : rect.bottom + margin, max(0, rect.x - margin) : rect.right + margin] = True
    luma = np.abs(first[:1280].astype(int) - second[:1280]) > 0
    assert not (luma & ~changed).any()
    assert luma[1050:1240, 30:690].mean() > 0.9


def test_a_picture_drawn_twice_is_the_same() -> None:
    made = stage()
    made.add(performance())
    made.schedule("p1", 5)
    assert np.array_equal(drawn(made, 12), drawn(made, 12))


def test_captions_follow_the_words_and_clear_within_a_second() -> None:
    made = stage()
    made.add(performance(text="It holds plenty", pictures=50))
    made.schedule("p1", 100)
    place = made.layout.captions
    empty = cut(made, drawn(made, 99), place)
    pictures = {n: cut(made, drawn(made, n), place) for n in (100, 103, 109, 110, 111, 149, 160, 167, 168)}
    assert not np.array_equal(empty, pictures[100])
    assert not np.array_equal(pictures[100], pictures[103])
    assert np.array_equal(pictures[103], pictures[109])
    assert not np.array_equal(pictures[109], pictures[110])
    assert np.array_equal(pictures[110], pictures[111])
    assert np.array_equal(pictures[149], pictures[160])
    assert not np.array_equal(pictures[167], empty)
    assert np.array_equal(pictures[168], empty)


@pytest.mark.parametrize(("width", "height"), [(720, 1280), (1280, 720)])
def test_the_card_stays_after_its_line_and_the_next_slides_over_it(width: int, height: int) -> None:
    made = stage(width, height)
    place = made.layout.card
    made.add(performance("a", product_id="bottle", pictures=20))
    made.add(performance("b", product_id="mug", pictures=20))
    made.schedule("a", 10)
    made.schedule("b", 200)
    bare = cut(made, drawn(made, 9), place)
    shown = cut(made, drawn(made, 40), place)
    assert np.abs(shown.astype(int) - bare).mean() > 60
    assert np.array_equal(shown, cut(made, drawn(made, 199), place))
    steps = [cut(made, drawn(made, n), place) for n in range(199, 215)]
    moved = [not np.array_equal(a, b) for a, b in itertools.pairwise(steps)]
    assert moved == [True] * 9 + [False] * 6
    half = steps[1][: place.height // 4, : place.width // 4]
    assert np.array_equal(half, shown[: place.height // 4, : place.width // 4])


def test_a_new_price_is_on_the_next_picture_and_a_lost_product_leaves() -> None:
    made = stage()
    place = made.layout.card
    made.add(performance())
    made.schedule("p1", 0)
    bare = cut(stage(), drawn(stage(), 60), place)
    before = cut(made, drawn(made, 60), place)
    made.set_cards([card("bottle", "$17.99")])
    assert not np.array_equal(before, cut(made, drawn(made, 60), place))
    made.set_cards([])
    assert np.array_equal(bare, cut(made, drawn(made, 60), place))


def test_the_question_is_shown_while_it_is_answered() -> None:
    made = stage()
    place = made.layout.question
    made.add(performance(question=Question("q", "Ana", "Does it fit a car cup holder?"), pictures=50))
    made.schedule("p1", 100)
    bare, shown, after = (cut(made, drawn(made, n), place) for n in (99, 120, 150))
    assert (shown > 225).mean() - (bare > 225).mean() > 0.3
    assert np.array_equal(bare, after)


def test_a_withdrawn_performance_is_off_the_next_picture() -> None:
    made = stage()
    made.add(performance())
    made.schedule("p1", 100)
    place = made.layout.captions
    bare = cut(made, drawn(made, 99), place)
    assert not np.array_equal(bare, cut(made, drawn(made, 120), place))
    made.withdraw(["p1"])
    assert np.array_equal(bare, cut(made, drawn(made, 121), place))


def test_a_missing_product_picture_shows_the_initial_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    made = stage()
    made.set_cards([card("bottle", picture="none.png")])
    with caplog.at_level(logging.WARNING):
        made.add(performance())
        made.add(performance("p2"))
    assert [r.getMessage() for r in caplog.records] == [
        "product bottle: picture 'none.png' is missing; its initial is shown"
    ]
    made.schedule("p1", 0)
    luma = cut(made, drawn(made, 60), made.layout.card)
    assert luma.std() > 10


def test_long_names_and_prices_stay_inside_the_card() -> None:
    plain, full = stage(), stage()
    full.set_cards(
        [card("bottle", "$123456.99", name="An extraordinarily long product name " * 3, details="fact · " * 40,
              was_price="$999999.99", stock="Only 3 left in stock at this price " * 3)]
    )  # fmt: skip
    for made in (plain, full):
        made.add(performance())
        made.schedule("p1", 0)
    a, b = drawn(plain, 60), drawn(full, 60)
    box = plain.layout.card
    right = Rect(box.right - 20, box.y, 20, box.height)
    assert np.array_equal(cut(plain, a, right), cut(full, b, right))
    below = Rect(box.x, box.bottom, box.width, 20)
    assert np.array_equal(cut(plain, a, below), cut(full, b, below))


def test_a_performance_of_another_rate_and_a_wrong_buffer_are_refused() -> None:
    made = stage()
    with pytest.raises(StageError, match="30 pictures a second"):
        made.add(replace(performance(), fps=30))
    with pytest.raises(StageError, match="contiguous"):
        made.draw(0, np.zeros((1280, 720), np.uint8))
    with pytest.raises(StageError, match="contiguous"):
        made.slate(np.zeros((1280, 720), np.uint8))


def test_backdrops(tmp_path: Path) -> None:
    with pytest.raises(StageError, match=r"no backdrop “beach”.*studio"):
        Stage(channel(backdrop="beach"), BoxBody())
    file = tmp_path / "room.png"
    Image.new("RGB", (300, 200), (0, 0, 255)).save(file)
    made = Stage(channel(backdrop=str(file)), BoxBody())
    bgr = cv2.cvtColor(drawn(made, 0), cv2.COLOR_YUV2BGR_I420)
    assert np.abs(bgr[500, 20].astype(int) - (255, 0, 0)).max() <= 4
    file.write_bytes(b"not a picture")
    with pytest.raises(StageError, match="cannot be read"):
        Stage(channel(backdrop=str(file)), BoxBody())


def test_the_host_stands_beside_the_card_in_landscape() -> None:
    made = stage(1280, 720)
    bgr = cv2.cvtColor(drawn(made, 0), cv2.COLOR_YUV2BGR_I420)
    box = (np.abs(bgr[300].astype(int) - (60, 90, 140)).max(axis=1) <= 4).nonzero()[0]
    assert abs((box[0] + box[-1]) / 2 - made.layout.host_x) <= 2
    assert box[-1] < made.layout.card.x


def test_only_a_body_that_hears_gets_the_lines_sound_from_the_pictures_beginning_on() -> None:
    for hears in (False, True):
        body = BoxBody()
        body.hears = hears
        stage = Stage(channel(), body)
        stage.add(performance(pictures=50))
        stage.schedule("p1", 10)
        for picture in (9, 10, 13, 59, 60):
            drawn(stage, picture)
        samples = [each.sample if each is not None else None for each in body.heard]
        assert samples == ([None, 0, 3 * 1920, 49 * 1920, None] if hears else [None] * 5)
