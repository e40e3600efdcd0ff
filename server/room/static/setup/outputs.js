import { button, el, icon } from "./dom.js";
import { api, reason, t } from "./api.js";
import { mistakeLine } from "./fields.js";

const REQUIRED = new Set(["name", "url", "folder"]);
const NOT_SENT = new Set(["key_from", "backup_key_from"]);
/** Gigabytes of a new recording: a day is about 31. */
const FIRST_BUDGET_GB = 20;
const FIRST_NAME = { rtmp: "platform", whip: "webrtc", recording: "recording" };

/** What tells an output from the others of its file, and where its keys come from. */
const TOLD = ["kind", "name", "url", "folder", "key_from", "backup_key_from"];

/** An output as it is sent: without what the room told about its keys, but for what it was. */
export const sent = (entry) => Object.fromEntries(Object.entries(entry).filter(([key]) => !NOT_SENT.has(key)));

/**
 * The outputs of the file, each with what it `was`: by that the room finds its keys, also in a file that somebody else
 * has changed meanwhile. One that was added here was nothing.
 */
export const ofFile = (value) => (Array.isArray(value) ? value : []).map((entry) => ({ ...entry, was: Object.fromEntries(TOLD.filter((key) => entry?.[key] !== undefined).map((key) => [key, entry[key]])) }));

/**
 * Where the show is sent: platforms (RTMP), WebRTC servers (WHIP) and recordings. The first two can be tried; a stream
 * key is typed here and never shown. `value` is `ofFile`, or what `changed` was told last.
 */
export function outputs(channel, value, platforms, changed) {
  const entries = structuredClone(value);
  const place = el("div", { class: "cards" });
  const tell = () => changed(entries.map(sent));
  const part = (entry, key, label, props = {}) => {
    const node = el("input", { class: "input", value: entry[key] ?? "", autocomplete: "off", spellcheck: false, data: { part: key }, oninput: () => { entry[key] = node.value; if (!node.value && !REQUIRED.has(key)) delete entry[key]; tell(); }, ...props });
    return el("label", { class: "part" }, el("span", { class: "label" }, label), node);
  };
  /** A number that may be left out. What is none is sent as it is, so that the check can say so. */
  const amount = (entry, key, label) => part(entry, key, label, { inputMode: "decimal", oninput: (event) => {
    const text = event.target.value.trim();
    if (text === "") delete entry[key];
    else entry[key] = Number.isFinite(Number(text)) ? Number(text) : text;
    tell();
  } });
  const keyHint = (from) => (from === "file" ? t("key_in_file") : from ? t("key_kept", { name: from }) : t("key_none"));
  const secret = (entry, key, label, from) => part(entry, key, label, { type: "password", autocomplete: "new-password", placeholder: from ? "••••••••" : "" });
  /** A button that tries an address with its key, and what came of it. */
  const trial = (entry, { url, key, backup = false }) => {
    const result = el("p", { class: "tried", role: "status" });
    const attempt = async () => {
      result.className = "tried";
      result.textContent = t("trying");
      attemptButton.disabled = true;
      try {
        const told = await api("POST", "/api/setup/outputs/try", { url: url() ?? "", key: key() ?? "", channel, was: entry.was ?? null, backup });
        result.classList.add(told.code === "output_good" ? "good" : "bad");
        result.textContent = t(`error.${told.code}`, { detail: told.detail, ms: told.milliseconds }) + (told.private ? ` ${t("output_private")}` : "");
      } catch (error) {
        result.classList.add("bad");
        result.textContent = reason(error);
      } finally {
        attemptButton.disabled = false;
      }
    };
    const attemptButton = button(t(backup ? "try_backup" : "try_output"), "plug", attempt);
    return el("div", { class: "try" }, attemptButton, result);
  };
  const platform = (entry) => {
    const now = entry.platform ?? platforms[0];
    const all = platforms.includes(now) ? platforms : [...platforms, now];
    const node = el("select", { class: "input", data: { part: "platform" }, onchange: () => { entry.platform = all[node.selectedIndex]; tell(); } },
      all.map((each) => el("option", { value: each, selected: each === now }, platforms.includes(each) ? t(`platform.${each}`, {}, each) : t("as_written", { value: each }))));
    return el("label", { class: "part" }, el("span", { class: "label" }, t("output_platform")), node);
  };
  const second = (entry) => el("details", { class: "second", open: Boolean(entry.backup_url) }, el("summary", {}, t("output_second")),
    el("p", { class: "set-hint" }, t("output_second_hint")),
    el("div", { class: "parts" }, part(entry, "backup_url", t("output_url"), { placeholder: "rtmps://backup.example.com/app", inputMode: "url" }), secret(entry, "new_backup_key", t("output_key"), entry.was?.backup_key_from)),
    trial(entry, { url: () => entry.backup_url, key: () => entry.new_backup_key ?? entry.new_key, backup: true }));
  const card = (entry, i) => {
    const isRtmp = entry.kind === "rtmp";
    const isSent = isRtmp || entry.kind === "whip";
    const remove = el("button", { type: "button", class: "icon-button remove", "aria-label": t("remove"), onclick: () => { entries.splice(i, 1); tell(); show(); } }, icon("trash"));
    return el("div", { class: "entry output", data: { index: i } }, el("h3", {}, t(`output.${entry.kind}`, {}, entry.kind)), remove,
      el("div", { class: "parts" }, part(entry, "name", t("name"), { maxLength: 40 }), isRtmp && platform(entry), isSent ? part(entry, "url", t("output_url"), { placeholder: isRtmp ? "rtmps://live.example.com/app" : "https://live.example.com/whip", inputMode: "url" }) : part(entry, "folder", t("output_folder"))),
      !isSent && el("div", { class: "parts" }, amount(entry, "budget_gb", t("output_budget")), amount(entry, "keep_days", t("output_keep_days"))),
      !isSent && el("p", { class: "set-hint" }, t("output_keep_hint")),
      isSent && secret(entry, "new_key", t(isRtmp ? "output_key" : "output_token"), entry.was?.key_from),
      isSent && el("p", { class: "set-hint" }, keyHint(entry.was?.key_from)),
      isSent && trial(entry, { url: () => entry.url, key: () => entry.new_key }),
      isRtmp && second(entry),
      el("div", { class: "mistakes" }));
  };
  const nameOf = (kind) => {
    const taken = entries.map(({ name }) => name);
    let name = FIRST_NAME[kind];
    for (let n = 2; taken.includes(name); n++) name = `${name.replace(/-\d+$/, "")}-${n}`;
    return name;
  };
  const add = (entry) => { entries.push(entry); tell(); show(); };
  const show = () => place.replaceChildren(
    ...(entries.length ? entries.map(card) : [el("p", { class: "none" }, t("no_outputs"))]),
    el("div", { class: "adders" },
      button(t("add_rtmp"), "plus", () => add({ kind: "rtmp", name: nameOf("rtmp"), url: "" })),
      button(t("add_whip"), "plus", () => add({ kind: "whip", name: nameOf("whip"), url: "" })),
      button(t("add_recording"), "plus", () => add({ kind: "recording", name: nameOf("recording"), folder: "../var/recordings", budget_gb: FIRST_BUDGET_GB }))),
  );
  show();
  return { node: place, problems: (list) => atEntries(place, list, "outputs") };
}

/** Puts mistakes of a list under the entries that they belong to. */
export function atEntries(place, list, key) {
  for (const entry of place.querySelectorAll(":scope > .entry")) {
    const own = list.filter((problem) => problem.key.startsWith(`${key}[${entry.dataset.index}]`));
    entry.querySelector(":scope > .mistakes").replaceChildren(...own.map(mistakeLine));
    entry.classList.toggle("wrong", own.length > 0);
  }
}
