import { ChatBox } from "./chat.js";
import { Player } from "./player.js";
import { Shelf } from "./shelf.js";
import { Socket } from "./socket.js";
import { t, translate } from "./strings.js";

const root = document.documentElement;
const video = document.getElementById("video");
const screen = document.getElementById("screen");
const status = document.getElementById("status");
const mute = document.getElementById("mute");
const start = document.getElementById("start");

translate();
screen.style.setProperty("--ratio", screen.dataset.width / screen.dataset.height);
root.style.setProperty("--ratio", screen.dataset.width / screen.dataset.height);

/* Picture and sound: muted play is always allowed; sound comes with the first tap. */
let stopped = false;
function showStatus() {
  const state = root.dataset.state;
  const isBlocked = state === "blocked";
  status.textContent = state === "playing" ? (stopped ? t("stopped") : "") : isBlocked ? "" : t(state);
  start.lastElementChild.textContent = t(isBlocked ? "blocked" : "tapForSound");
}
const player = new Player(video, (state) => {
  root.dataset.state = state;
  showStatus();
  // Without a ticket the server has another page, which says what is missing.
  if (state === "uninvited") location.reload();
});
function setSound(on) {
  video.muted = !on;
  root.dataset.sound = on ? "on" : "muted";
  mute.setAttribute("aria-pressed", String(on));
  player.play();
}
start.addEventListener("click", () => setSound(root.dataset.sound !== "muted"));
mute.addEventListener("click", () => setSound(video.muted));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") openPanel("");
  if (event.key === "m" && !event.target.matches("input")) setSound(video.muted);
});
player.start();

/* Sheets of a phone. */
const openers = { shelf: document.getElementById("bag"), chat: document.getElementById("ticker") };
function openPanel(name) {
  const before = root.dataset.panel;
  root.dataset.panel = name;
  for (const [panel, opener] of Object.entries(openers)) opener.setAttribute("aria-expanded", String(panel === name));
  if (name === "" && before) openers[before].focus({ preventScroll: true });
}
for (const [panel, opener] of Object.entries(openers)) opener.addEventListener("click", () => openPanel(root.dataset.panel === panel ? "" : panel));
for (const each of document.querySelectorAll("[data-close]")) each.addEventListener("click", () => openPanel(""));
video.addEventListener("click", () => openPanel(""));
const dock = document.querySelector(".dock");
new ResizeObserver(() => root.style.setProperty("--dock-height", `${dock.offsetHeight}px`)).observe(dock);

/* Chat, products, what is on air. */
const shelf = new Shelf();
const air = (told) => {
  shelf.mark(told.product);
  stopped = told.stopped;
  showStatus();
};
const watching = (count) => { document.getElementById("watching").textContent = count > 0 ? t("watching", { n: count }) : ""; };
const hears = {
  hello(told) {
    document.getElementById("text").maxLength = told.max_length;
    document.getElementById("text").disabled = !told.enabled;
    if (!told.enabled) chat.say(t("closed"));
    chat.hello(told);
    shelf.show(told.cards);
    air(told.air);
    watching(told.viewers);
  },
  cards: (told) => shelf.show(told.cards),
  onair: air,
  viewers: (told) => watching(told.count),
  message: (told) => chat.message(told),
  again: (told) => chat.again(told),
  reply: (told) => chat.reply(told),
  refused: (told) => chat.refused(told),
};
const chat = new ChatBox((payload) => socket.send(payload), () => socket.renew());
const socket = new Socket("/ws/chat", (told) => hears[told.type]?.(told), (open) => {
  root.dataset.chat = open ? "open" : "away";
  if (open) chat.back();
  else chat.lost();
});

/** For tests and for people with a console. */
window.everhost = { get pc() { return player.pc; }, player, stats: () => player.stats() };
