/** Who the host is and how she looks: hosts to begin with, then sliders, styles and colours in groups. */
import { el } from "./dom.js";
import { t } from "./api.js";
import { field } from "./fields.js";

const GROUPS = [
  ["person", (key) => key.startsWith("person.")],
  ["hair", (key) => /^(hair|brows|beard)\./.test(key) || key === "seed"],
  ["outfit", (key) => /^(outfit|glasses|earrings)\./.test(key)],
  ["skin", (key) => /^(skin|makeup)\./.test(key) || key === "eyes"],
  ["eyes", (key) => /^face\.(eye|brow)/.test(key)],
  ["nose", (key) => /^face\.(nose|nostrils)/.test(key)],
  ["mouth", (key) => /^face\.(mouth|upper_lip|lower_lip)/.test(key)],
  ["shape", (key) => key.startsWith("face.")],
];

/** Styles come first in their group. */
const isFirst = (key) => Number(/^(hair|outfit)\./.test(key));

/**
 * The hosts there are as pictures. One that is none of them but stands in the channel's file is shown first, as
 * `written` ({name, portrait}), and its name for `changed` is "". `choose(name)` of the place puts the mark elsewhere.
 */
export function hosts(all, chosen, changed, written = null) {
  const place = el("div", { class: "hosts", role: "radiogroup", "aria-label": t("choose_host") });
  const card = (name, portrait, ...title) => {
    const input = el("input", { type: "radio", name: "host", value: name, checked: name === chosen, onchange: () => changed(name) });
    const image = el("img", { src: portrait, alt: "", loading: "lazy", width: 90, height: 160, onerror: () => image.replaceWith(el("div", { class: "nobody" })) });
    return el("label", { class: "host", data: { host: name } }, input, image, el("span", {}, title));
  };
  if (written) place.append(card("", written.portrait, written.name, el("small", {}, t("host_written"))));
  place.append(...all.map(({ name }) => card(name, `/api/setup/hosts/${encodeURIComponent(name)}/portrait.jpg`, name)));
  place.choose = (name) => place.querySelectorAll("input").forEach((input) => { input.checked = input.value === name; });
  return place;
}

/** Sliders, styles and colours of a host file, and the logo, of which `source(value)` is the address. Gives {node, fields}. */
export function looks(specs, valueOf, changed, source) {
  const taken = new Set();
  const fields = [];
  const groups = GROUPS.map(([name, belongs], i) => {
    const own = specs.filter(({ key }) => !taken.has(key) && belongs(key)).sort((one, other) => isFirst(other.key) - isFirst(one.key));
    own.forEach(({ key }) => taken.add(key));
    const made = own.map((spec) => field({ ...widget(spec), source }, valueOf(spec), (value) => changed(spec.key, value)));
    fields.push(...made);
    return el("details", { class: "group", open: i < 2, data: { group: name } }, el("summary", {}, t(`group.${name}`)), el("div", { class: "grid" }, made.map(({ node }) => node)));
  });
  return { node: el("div", { class: "groups" }, groups), fields };
}

/** Numbers with a range are sliders, all but the seed; styles are lists; a picture has a row of its own. */
const widget = (spec) => ({ ...spec, wide: spec.kind === "picture", kind: spec.kind === "number" && spec.key !== "seed" ? "slider" : spec.kind });
