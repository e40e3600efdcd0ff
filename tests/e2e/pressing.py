"""Pressing buttons of the control room that count only where they have stood still (``steady.js``)."""

from __future__ import annotations

from playwright.sync_api import Locator

STEADY_MS = 500
MOST_TRIES = 20

IS_REFUSED = """() => {
  const { refusal_moved } = JSON.parse(document.getElementById("texts").dataset.texts);
  return document.getElementById("alert").textContent === refusal_moved;
}"""


def press(button: Locator) -> None:
    """Press a button, and again where the page moved just then."""
    for _ in range(MOST_TRIES):
        button.page.evaluate("document.getElementById('alert').textContent = ''")
        button.click()
        if not button.page.evaluate(IS_REFUSED):
            return
        button.page.wait_for_timeout(STEADY_MS)
    raise AssertionError("the page never stands still")
