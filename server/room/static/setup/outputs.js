/** Where the show is sent: recordings and RTMP addresses, each to try. A stream key is typed here and never shown. */
import { button, el, icon } from "./dom.js";
import { api, reason, t } from "./api.js";
import { mistakeLine } from "./fields.js";

export function outputs(channel, value, changed) {
  const entries = structuredClone(value ?? []).map((entry, i) => ({ ...entry, was: i }));
  const place = el("div", { class: "cards" });
  const tell = () => changed(entries.map(({ key_from: _, ...entry }) => ({ ...entry })));
  const part = (entry, key, label, props = {}) => {
    const node = el("input", { class: "input", value: entry[key] ?? "", autocomplete: "off", spellcheck: false, data: { part: key }, oninput: () => { entry[key] = node.value; if (key === "new_key" && !node.value) delete entry.new_key; tell(); }, ...props });
    return el("label", { class: "part" }, el("span", { class: "label" }, label), node);
  };
  const keyHint = (entry) => (entry.key_from === "file" ? t("key_in_file") : entry.key_from ? t("key_kept", { name: entry.key_from }) : t("key_none"));
  const card = (entry, i) => {
    const isRtmp = entry.kind === "rtmp";
    const isSent = isRtmp || entry.kind === "whip";
    const result = el("p", { class: "tried", role: "status" });
    const attempt = async () => {
      result.className = "tried";
      result.textContent = t("trying");
      attemptButton.disabled = true;
      try {
        const told = await api("POST", "/api/setup/outputs/try", { url: entry.url ?? "", key: entry.new_key ?? "", channel, output: entry.was ?? -1 });
        result.classList.add(told.code === "output_good" ? "good" : "bad");
        result.textContent = t(`error.${told.code}`, { detail: told.detail, ms: told.milliseconds }) + (told.private ? ` ${t("output_private")}` : "");
      } catch (error) {
        result.classList.add("bad");
        result.textContent = reason(error);
      } finally {
        attemptButton.disabled = false;
      }
    };
    const attemptButton = button(t("try_output"), "plug", attempt);
    const remove = el("button", { type: "button", class: "icon-button remove", "aria-label": t("remove"), onclick: () => { entries.splice(i, 1); tell(); show(); } }, icon("trash"));
    return el("div", { class: "entry output", data: { index: i } }, el("h3", {}, t(`output.${entry.kind}`, {}, entry.kind)), remove,
      el("div", { class: "parts" }, part(entry, "name", t("name"), { maxLength: 40 }), isSent ? part(entry, "url", t("output_url"), { placeholder: isRtmp ? "rtmps://live.example.com/app" : "https://live.example.com/whip", inputMode: "url" }) : part(entry, "folder", t("output_folder"))),
      isSent && part(entry, "new_key", t(isRtmp ? "output_key" : "output_token"), { type: "password", autocomplete: "new-password", placeholder: entry.key_from ? "••••••••" : "" }),
      isSent && el("p", { class: "set-hint" }, keyHint(entry)),
      isRtmp && el("div", { class: "try" }, attemptButton, result),
      el("div", { class: "mistakes" }));
  };
  const nameOf = (kind) => {
    const taken = entries.map(({ name }) => name);
    let name = kind === "rtmp" ? "platform" : "recording";
    for (let n = 2; taken.includes(name); n++) name = `${name.replace(/-\d+$/, "")}-${n}`;
    return name;
  };
  const add = (entry) => { entries.push(entry); tell(); show(); };
  const show = () => place.replaceChildren(
    ...(entries.length ? entries.map(card) : [el("p", { class: "none" }, t("no_outputs"))]),
    el("div", { class: "adders" },
      button(t("add_rtmp"), "plus", () => add({ kind: "rtmp", name: nameOf("rtmp"), url: "" })),
      button(t("add_recording"), "plus", () => add({ kind: "recording", name: nameOf("recording"), folder: "../var/recordings" }))),
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
