import pytest

from engine.settings.channel import Canvas
from engine.stage import Layout, Rect, layout_for
from engine.stage.badges import DARK, GROUND_OPACITY, label_style
from engine.stage.colour import BLACK, WHITE, contrast, mix
from engine.stage.typeface import Typeface
from engine.stage.words import WORDS

CANVASES = [(720, 1280), (1280, 720), (1080, 1920), (1920, 1080), (360, 640), (720, 720)]


@pytest.mark.parametrize(("width", "height"), CANVASES)
def test_everything_is_on_the_canvas_and_even(width: int, height: int) -> None:
    layout = layout_for(Canvas(width=width, height=height))
    for rect in (layout.shop, layout.label, layout.question, layout.captions, layout.card, layout.scrim):
        assert rect.inside(layout.canvas)
        assert all(n % 2 == 0 for n in (rect.x, rect.y, rect.width, rect.height))


@pytest.mark.parametrize(("width", "height"), CANVASES)
def test_nothing_covers_the_face_or_each_other(width: int, height: int) -> None:
    layout = layout_for(Canvas(width=width, height=height))
    places = [layout.shop, layout.label, layout.question, layout.captions, layout.card]
    for i, place in enumerate(places):
        assert not place.overlaps(layout.face)
        assert not any(place.overlaps(other) for other in places[i + 1 :])


@pytest.mark.parametrize(("width", "height"), [(720, 1280), (1080, 1920), (360, 640)])
def test_the_label_may_be_on_the_left_of_a_portrait(width: int, height: int) -> None:
    left, right = (layout_for(Canvas(width=width, height=height, label=corner)) for corner in ("left", "right"))
    assert left.label.x == left.canvas.width - right.label.right
    assert not left.label.overlaps(left.shop)
    assert not left.label.overlaps(left.face)
    assert left.card == right.card


def test_in_a_wide_picture_the_label_has_no_room_on_the_left() -> None:
    with pytest.raises(ValueError, match="cover the host"):
        Canvas(width=1280, height=720, label="left")


def test_portrait_numbers() -> None:
    layout = layout_for(Canvas())
    assert layout.card == Rect(24, 1042, 672, 204)
    assert layout.label.right == 696
    assert layout.host_x == 360


def test_a_larger_canvas_is_the_same_layout_scaled() -> None:
    small, large = layout_for(Canvas()), layout_for(Canvas(width=1080, height=1920))
    assert large.unit == 1.5 * small.unit
    for name in ("card", "captions", "label"):
        a, b = getattr(small, name), getattr(large, name)
        assert abs(b.x - 1.5 * a.x) <= 1
        assert abs(b.width - 1.5 * a.width) <= 1


def ink_height(layout: Layout, text: str) -> int:
    rows = Typeface().ink(text, label_style(layout)).coverage.max(axis=1) > 0.5
    return int(rows.sum())


@pytest.mark.parametrize(("width", "height"), [(720, 1280), (1280, 720), (1080, 1920)])
def test_capitals_and_ascenders_of_the_label_reach_5_percent(width: int, height: int) -> None:
    layout = layout_for(Canvas(width=width, height=height))
    need = min(width, height) * 0.05
    assert ink_height(layout, "AI") >= need
    assert ink_height(layout, "d") >= need
    typeface = Typeface()
    for text in (line for words in WORDS.values() for line in words.label):
        assert typeface.width(text, label_style(layout)) <= layout.label.width - layout.px(36)


def test_the_labels_contrast_is_aa_over_anything() -> None:
    for behind in (WHITE, BLACK, (1.0, 1.0, 0.0)):
        assert contrast(WHITE, mix(behind, DARK, GROUND_OPACITY)) >= 4.5
