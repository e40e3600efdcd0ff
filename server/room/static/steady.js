/**
 * Whether the page moved under a finger.
 *
 * Rows come, go and change places by themselves while somebody aims at one. A press counts for a button that wishes
 * something only if the button had stood in its place for SETTLE_MS, and is the one that the finger went down on. Keys
 * act on what has the focus, wherever it stands, and orders such as stop (room.js) do not ask here.
 */
const SETTLE_MS = 400;
const NEAR_PX = 4;
const WATCHED = "main button[data-wish], main button[data-open]";

/** What a button does: a row that is built anew keeps its buttons' names. */
const nameOf = ({ dataset }) => [dataset.path, dataset.wish, dataset.open, dataset.fill].join(" ");

/** Where each button stands, and since when (ms of the page's clock), by the button and by its name. */
let places = new Map();
let isDue = false;
let pressed = null;

/** `top` is in the window and `depth` in its list: who scrolls changes the one, a row that goes above changes both. */
function placeOf(button, before, now) {
  const { left, top } = button.getBoundingClientRect();
  const depth = top + scrollY + (button.closest("ol")?.scrollTop ?? 0);
  const isFar = (one, other) => Math.abs(one - other) > NEAR_PX;
  const stays = before && !isFar(left, before.left) && !(isFar(top, before.top) && isFar(depth, before.depth));
  return { left, top, depth, since: stays ? before.since : now };
}

function look() {
  isDue = false;
  // What the page begins with has been there for ever.
  const now = places.size ? performance.now() : -Infinity;
  const found = new Map();
  for (const button of document.querySelectorAll(WATCHED)) {
    const name = nameOf(button);
    const place = placeOf(button, places.get(button) ?? places.get(name), now);
    found.set(button, place).set(name, place);
  }
  places = found;
}

/** Look once the page is drawn: only then has the browser scrolled a list so that what is in sight stays in its place. */
function lookSoon() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => setTimeout(() => isDue && look()));
}

new MutationObserver(lookSoon).observe(document.body, {
  subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["class", "style", "open"],
});
addEventListener("scroll", lookSoon, { capture: true, passive: true });
addEventListener("resize", lookSoon);

addEventListener("pointerdown", ({ target, timeStamp, isPrimary }) => {
  if (!isPrimary) return;
  const button = target.closest?.(WATCHED);
  pressed = button ? { button, name: nameOf(button), at: timeStamp } : null;
}, true);

/** Whether a click is not what was meant, because the page moved. A finger that leaves its button means nothing. */
export function slipped({ target, detail }) {
  if (detail === 0) return false;
  if (isDue) look();
  const down = pressed;
  pressed = null;
  const button = target.closest?.(WATCHED);
  if (!button) return down !== null && !(places.get(down.name)?.since <= down.at);
  return down?.name !== nameOf(button) || places.get(button).since > down.at - SETTLE_MS;
}
