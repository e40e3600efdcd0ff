import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from .scene import ROOT

IDS = (
    "bottle", "lamp", "blanket", "kettle", "earbuds", "backpack",
    "mug", "mat", "candle", "powerbank", "pan", "notebook",
)  # fmt: skip


@pytest.mark.parametrize("product_id", IDS)
def test_each_demo_product_has_a_small_square_picture(product_id: str) -> None:
    file = ROOT / "assets" / "products" / f"{product_id}.png"
    assert file.stat().st_size < 150_000
    with Image.open(file) as image:
        assert image.size == (640, 640)


def test_the_script_draws_the_picture_that_is_committed(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(ROOT / "scripts" / "draw_products.py"), str(tmp_path), "powerbank"], check=True)
    drawn, kept = (
        np.asarray(Image.open(folder / "powerbank.png"), np.int16)
        for folder in (tmp_path, ROOT / "assets" / "products")
    )
    assert np.abs(drawn - kept).max() <= 2
