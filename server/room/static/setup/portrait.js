/** The live portrait: the real body, drawn by a helper of the room. A quick sketch first, then a finer one. */
import { el, settled } from "./dom.js";
import { api, ApiError, reason, t } from "./api.js";

const SETTLE_MS = 250;
const FINE_MS = 1500;

/** `wanted()` gives {host, name, channel, revision, looks, changed, brand, backdrop}: what to draw now. Without `host` it is that of the channel's file. */
export function portrait(wanted) {
  const form = `f${Math.random().toString(36).slice(2, 12)}`;
  const image = el("img", { alt: "", width: 450, height: 800, decoding: "async" });
  const said = el("p", { class: "drawing", role: "status" });
  const node = el("figure", { class: "portrait", data: { state: "empty" } }, image, said);
  let number = 0;
  let fineTimer;

  async function draw(fine) {
    const mine = ++number;
    const { host, name, channel, revision, looks, changed, brand, backdrop } = wanted();
    if (!host && !name) return;
    clearTimeout(fineTimer);
    node.dataset.state = fine ? "finer" : "drawing";
    said.textContent = fine ? "" : t("drawing");
    try {
      let fineNow = true;
      if (!changed || !looks) {
        const place = host ? `hosts/${encodeURIComponent(host)}` : `channels/${encodeURIComponent(channel)}`;
        await load(`/api/setup/${place}/portrait.jpg?${new URLSearchParams({ brand, backdrop, v: revision ?? "" })}`);
      } else {
        const told = await api("POST", "/api/setup/portraits", { form, looks, brand, backdrop, fine, host, channel });
        if (mine !== number) return;
        await load(told.picture);
        fineNow = told.fine;
      }
      if (mine !== number) return;
      node.dataset.state = "ready";
      node.dataset.drawn = String(mine);
      said.textContent = "";
      image.alt = t("portrait_of", { name });
      if (!fineNow) fineTimer = setTimeout(() => draw(true), FINE_MS);
    } catch (error) {
      if (mine !== number || (error instanceof ApiError && error.code === "superseded")) return;
      node.dataset.state = "failed";
      said.textContent = reason(error);
    }
  }
  const load = (src) => new Promise((done, failed) => {
    image.onload = done;
    image.onerror = () => failed(new ApiError(422, { error: "portrait_failed" }));
    image.src = src;
  });
  /** Let the room make ready for sliders: the first sketch takes longest. */
  let warmed = "";
  function warm() {
    const { host, name, channel, looks, brand, backdrop } = wanted();
    if (!looks || warmed === name) return;
    warmed = name;
    api("POST", "/api/setup/portraits", { form: `${form}w`, looks, brand, backdrop, fine: false, host, channel }).catch(() => {});
  }
  return { node, warm, draw: settled(() => draw(false), SETTLE_MS), now: () => draw(false) };
}
