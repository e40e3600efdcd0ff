/** What every page of the room does by itself: orders by button and key, language, light or dark, and the alert. */
const YEAR_S = 31536000;
const root = document.documentElement;
const meta = (name) => document.querySelector(`meta[name="everhost-${name}"]`)?.content;

root.lang = meta("language") || root.lang || "en";

const alertLine = () => document.getElementById("alert");
const SAID_MS = 6000;
let saidUntil = 0;
/** Put one of the alert's own texts on it, for a while or until it is taken away. */
function say(key, stays = false) {
  const line = alertLine();
  if (!line) return;
  line.textContent = key ? line.dataset[key] : "";
  clearTimeout(saidUntil);
  if (key && !stays) saidUntil = setTimeout(() => say(""), SAID_MS);
}

/* Orders go to the API, each checked there; a page whose feed is gone can still stop. */
async function order(channel, action) {
  const body = JSON.stringify({ action });
  const answer = await fetch(`/api/channels/${encodeURIComponent(channel)}/control`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  if (answer.status === 401) location.assign("/signin");
  if (!answer.ok) throw new Error(`order ${answer.status}`);
}
async function act(button) {
  const { action, channels } = button.dataset;
  const done = await Promise.allSettled(channels.split(" ").map((channel) => order(channel, action)));
  if (done.some(({ status }) => status === "rejected")) say("actionFailed");
  else say(action === "stop" ? "stoppedSaid" : "");
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

/* S and Escape stop, unless somebody types or a dialog is open, which Escape closes. */
document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest?.("input, textarea, select, [contenteditable], [role=dialog]");
  if (typing || (event.key !== "Escape" && event.key.toLowerCase() !== "s")) return;
  const stop = document.getElementById("stop");
  if (stop) act(stop);
});

/* Whether the feed of this page is there. */
let gone = false;
setInterval(() => {
  const now = window.socket !== undefined && !window.socket.connected;
  if (now !== gone) say(now ? "connectionGone" : "", now);
  gone = now;
}, 1000);
