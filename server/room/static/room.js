/** What every page of the room does by itself: orders by button and key, language, light or dark, and the alert. */

import { within } from "/static/deadline.js";

/** A text of the page's language by its key, or undefined: the texts that scripts need are in one element. */
let known = null;
export function text(key) {
  known ??= JSON.parse(document.getElementById("texts")?.dataset.texts ?? "{}");
  return known[key];
}

/**
 * Whether a key only ends or goes on with a word that is being composed, such as one of Chinese characters. Safari ends it
 * before it tells the key; the key's code still says so (WebKit bug 165004).
 */
export const composes = (event) => event.isComposing || event.keyCode === 229;

const YEAR_S = 31536000;
const root = document.documentElement;
const meta = (name) => document.querySelector(`meta[name="everhost-${name}"]`)?.content;

root.lang = meta("language") || root.lang || "en";

const SAID_MS = 8000;
let fading = 0;
/** Put a text on the alert, for a while or until it is taken away; `good` news look otherwise. */
export function sayText(words, { stays = false, good = false } = {}) {
  const line = document.getElementById("alert");
  if (!line) return;
  line.textContent = words;
  line.dataset.good = good ? "yes" : "no";
  clearTimeout(fading);
  if (words && !stays) fading = setTimeout(() => sayText(""), SAID_MS);
}

/* Orders go to the API, each checked there; a page whose feed is gone can still stop. */
const ORDER_MS = 3000;
async function order(channel, action) {
  const body = JSON.stringify({ action });
  const answer = await within(ORDER_MS, (signal) => fetch(`/api/channels/${encodeURIComponent(channel)}/control`, { method: "POST", headers: { "Content-Type": "application/json" }, body, signal }));
  if (answer.status === 401) location.assign("/signin");
  if (!answer.ok) throw new Error(`order ${answer.status}`);
}
async function act(button) {
  const { action, channels } = button.dataset;
  const done = await Promise.allSettled(JSON.parse(channels).map((channel) => order(channel, action)));
  if (done.some(({ status }) => status === "rejected")) sayText(text("action_failed"));
  else sayText(action === "stop" ? text("stopped_said") : "");
}

const remember = (name, value) => { document.cookie = `everhost_${name}=${value}; path=/; max-age=${YEAR_S}; SameSite=Strict`; };

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-action], [data-language], [data-look]");
  if (!button) return;
  if (button.dataset.action) act(button);
  else if (button.dataset.language) {
    remember("language", button.dataset.language);
    location.reload();
  } else {
    const dark = getComputedStyle(root).colorScheme === "dark" || (meta("look") === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    remember("look", dark ? "light" : "dark");
    location.reload();
  }
});

/* S and Escape stop. Who types stops by Escape only, and in a dialog Escape closes it first. A letter among others is
   text, wherever it goes: its field may have gone under the hands that type, with a page that was read anew. */
const TYPING_MS = 3000;
const LOADING_MS = 10000;
const TYPED = "everhost-typed";
let typed = Number(sessionStorage.getItem(TYPED));
function typesNow() {
  typed = Date.now();
  sessionStorage.setItem(TYPED, typed);
}
if (Date.now() - typed < LOADING_MS) typesNow();
document.addEventListener("input", ({ target }) => target.matches?.("textarea, input:not([type=checkbox], [type=radio], [type=range])") && typesNow(), true);

/** Whether a letter that went into no field means to stop. Who presses S only is taken at the word in the end. */
function isOrder(letter) {
  if (letter.toLowerCase() !== "s") {
    typesNow();
    return false;
  }
  const isTyping = Date.now() - typed < TYPING_MS;
  if (isTyping) sayText(text("not_stopped"));
  return !isTyping;
}
document.addEventListener("keydown", (event) => {
  const stop = document.getElementById("stop");
  if (!stop || event.repeat || composes(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  const { key, target } = event;
  const isIn = (places) => target.closest?.(places);
  const stops = key === "Escape" ? !isIn("dialog") : /^\p{L}$/u.test(key) && !isIn("input, textarea, select, [contenteditable], dialog") && isOrder(key);
  if (stops) act(stop);
});

/* Whether the feed of this page is there. The socket waits longer and longer between its tries, and a try that hangs
   holds it up for 20 s: as soon as the room answers a plain request, it begins anew. */
const NUDGE_MS = 4000;
let gone = false;
let nudged = 0;
async function nudge() {
  nudged = Date.now();
  try {
    await within(NUDGE_MS / 2, (signal) => fetch("/room-static/room.css", { method: "HEAD", cache: "no-store", signal }));
  } catch {
    nudged = 0;
    return;
  }
  if (!window.socket.connected) window.socket.disconnect().connect();
}
setInterval(() => {
  const now = window.socket !== undefined && !window.socket.connected;
  if (now !== gone) sayText(now ? text("connection_gone") : "", { stays: now });
  if (now && gone && Date.now() - nudged > NUDGE_MS) nudge();
  gone = now;
}, 1000);
