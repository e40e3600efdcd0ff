import { within } from "./deadline.js";
import { Player } from "./player.js";
import { element } from "./shelf.js";
import { Socket } from "./socket.js";
import { t, translate } from "./strings.js";

const root = document.documentElement;
const byId = (id) => document.getElementById(id);
const video = byId("video");

translate();

/* Live preview: the same packets that viewers get. */
const screen = byId("screen");
screen.style.setProperty("--ratio", screen.dataset.width / screen.dataset.height);
const player = new Player(video, (state) => {
  root.dataset.state = state;
  byId("veil").textContent = state === "playing" ? "" : t(state);
});
player.start();
screen.addEventListener("click", () => player.play());
byId("mute").addEventListener("click", () => {
  video.muted = !video.muted;
  byId("mute").setAttribute("aria-pressed", String(!video.muted));
  byId("mute-icon").setAttribute("href", `/static/icons.svg#${video.muted ? "muted" : "sound"}`);
});

/* Stop, resume, skip. */
const ORDER_MS = 3000;
async function act(action) {
  try {
    const answer = await within(ORDER_MS, (signal) => fetch("/api/control", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ action }), signal }));
    alarm(answer.ok ? "" : t(answer.status === 401 ? "locked" : "actionFailed"));
  } catch {
    alarm(t("actionFailed"));
  }
}
const alarm = (text) => { byId("alert").textContent = text; };
for (const action of ["stop", "resume", "skip"]) byId(action).addEventListener("click", () => act(action));
document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" || event.key.toLowerCase() === "s") act("stop");
});

/* What is said now, each word lit in its time. The state comes a few times a second; in between the page counts. */
let line = null;
function showLine(now, elapsed) {
  const at = performance.now() / 1000 - elapsed;
  if (line?.id === now?.id && line?.text === now?.text) {
    if (line) line.began = Math.abs(line.began - at) > 0.15 ? at : line.began;
    return;
  }
  line = now && { ...now, began: at };
  const place = byId("line");
  place.classList.toggle("quiet", !now);
  if (!now) place.textContent = t("quiet");
  else place.replaceChildren(...words(now).flatMap(([text], n) => [n ? " " : "", element("span", "word", text)]));
  for (const [id, text] of [["kind", now && kind(now.kind)], ["product", now?.productName], ["writer", now && byModel(now)]]) {
    byId(id).hidden = !text;
    byId(id).textContent = text ?? "";
  }
  byId("facts").replaceChildren(...(now?.facts.length ? now.facts.map(factRow) : [element("li", "none", t("noFacts"))]));
}
const byModel = (each) => (each.writer === "template" ? "" : t("writtenBy", { writer: each.writer }));
const words = (now) => (now.words.length ? now.words : now.text.split(" ").map((text) => [text, 0, 0]));
const kind = (name) => t(`kind_${name}`);
function factRow(fact) {
  const row = element("li");
  row.append(element("code", "", fact.id), element("span", "", fact.text));
  return row;
}
function light() {
  if (line) {
    const now = performance.now() / 1000 - line.began;
    const spans = byId("line").children;
    words(line).forEach(([, start, end], n) => {
      spans[n].classList.toggle("said", now >= start);
      spans[n].classList.toggle("now", now >= start && now < end);
    });
    byId("progress").style.width = `${Math.min(100, (now / line.seconds) * 100)}%`;
  } else byId("progress").style.width = "0";
  requestAnimationFrame(light);
}
requestAnimationFrame(light);

function showNext(upcoming) {
  const seconds = upcoming.reduce((sum, each) => sum + each.seconds, 0);
  byId("ahead").textContent = upcoming.length ? t("ahead", { n: seconds.toFixed(0) }) : "";
  byId("upcoming").replaceChildren(...(upcoming.length ? upcoming.map(nextRow) : [element("li", "none", t("nothingNext"))]));
}
/* A line, and beneath it who wrote it, where that is a language model. */
function textBy(each) {
  const text = element("span", "", each.text);
  if (byModel(each)) text.append(element("span", "by", byModel(each)));
  return text;
}
function nextRow(each) {
  const row = element("li");
  row.append(element("span", `kind ${each.kind}`, kind(each.kind)), textBy(each), element("span", "seconds", `${each.seconds.toFixed(1)} s`));
  return row;
}

/* Chat: a question and what became of it. */
const asked = new Map();
function showChat(entries) {
  const log = byId("log");
  for (const entry of entries) {
    const row = asked.get(entry.id) ?? element("li");
    row.className = entry.kind;
    const who = element("p", "who");
    who.append(element("span", "", entry.name), element("span", "state", t(`chat_${entry.kind}`)));
    row.replaceChildren(who, element("p", "", entry.text));
    if (entry.reply) row.append(element("p", "reply", entry.reply));
    if (!asked.has(entry.id)) log.prepend(row);
    asked.set(entry.id, row);
    if (asked.size > 100) {
      const [oldest, gone] = asked.entries().next().value;
      gone.remove();
      asked.delete(oldest);
    }
  }
  if (!log.childElementCount) log.append(element("li", "none", t("noChat")));
  else if (asked.size) log.querySelector(".none")?.remove();
}

/* Processes and figures. */
const BUSY = /connect|start|wait|retry|back|restart/i;
function processRow(each) {
  const row = element("li", each.fresh ? (BUSY.test(each.state) ? "busy" : "fresh") : "");
  const state = each.fresh || each.age_s === null ? each.state : t("silent", { n: Math.round(each.age_s) });
  row.append(element("span", "dot"), element("span", "name", each.name), element("span", "state", state));
  const more = [each.detail, each.restarts ? t("restarts", { n: each.restarts }) : ""].filter(Boolean).join(" · ");
  if (more) row.append(element("span", "more", more));
  return row;
}
const round = (value, digits) => value.toFixed(digits);
function showFigures(told) {
  const master = told.processes.find((each) => each.name === "master");
  const cpu = told.processes.map((each) => each.rates.cpu).filter((v) => v !== undefined);
  const tiles = [
    [t("tile_fps"), master?.rates.fps, (v) => round(v, 1)],
    [t("tile_repeated"), master?.figures.repeated, (v) => round(v, 0)],
    [t("tile_encode_ms"), master?.figures.encode_cpu_seconds, (v) => `${round(v * 1000, 1)} ms`],
    [t("tile_ahead"), master?.figures.queue_seconds, (v) => `${round(v, 1)} s`],
    [t("tile_viewers"), told.viewers, (v) => `${v} / ${told.max_viewers}`],
    [t("tile_cpu"), cpu.length ? cpu.reduce((a, b) => a + b, 0) : undefined, (v) => round(v, 2)],
  ];
  byId("tiles").replaceChildren(...tiles.filter(([, value]) => value !== undefined).map(([name, value, show]) => {
    const tile = element("div");
    tile.append(element("dt", "", name), element("dd", "", show(value)));
    return tile;
  }));
}

function showAir(told) {
  const air = !told.master_fresh ? "off" : !told.on_air ? "waiting" : told.on_air.stopped ? "stopped" : told.on_air.slate ? "slate" : "on";
  root.dataset.air = air;
  byId("air-text").textContent = t(`air_${air}`);
  byId("stop").hidden = air === "stopped";
  byId("resume").hidden = air !== "stopped";
}

const socket = new Socket("/ws/control", (told) => {
  showAir(told);
  const now = told.on_air?.now;
  showLine(now && { ...now, productName: told.products[now.product] }, told.on_air?.elapsed_s ?? 0);
  showNext(told.on_air?.upcoming ?? []);
  showChat(told.chat);
  byId("viewers").textContent = told.viewers ? t("watching", { n: told.viewers }) : "";
  byId("processes").replaceChildren(...told.processes.map(processRow));
  showFigures(told);
}, (open) => alarm(open ? "" : t("feedGone")));
window.everhost = { get pc() { return player.pc; }, player, socket, stats: () => player.stats() };
