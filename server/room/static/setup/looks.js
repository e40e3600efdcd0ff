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

/** The hosts there are as pictures. */
export function hosts(all, chosen, changed) {
  const place = el("div", { class: "hosts", role: "radiogroup", "aria-label": t("choose_host") });
  const cards = all.map((host) => {
    const input = el("input", { type: "radio", name: "host", value: host.name, checked: host.name === chosen, onchange: () => changed(host.name) });
    return el("label", { class: "host" }, input, el("img", { src: `/api/setup/hosts/${encodeURIComponent(host.name)}/portrait.jpg`, alt: "", loading: "lazy", width: 90, height: 160 }), el("span", {}, host.name));
  });
  place.append(...cards);
  return place;
}

/** Sliders, styles and colours of a host file. Gives {node, fields}. */
export function looks(specs, valueOf, changed) {
  const taken = new Set();
  const fields = [];
  const groups = GROUPS.map(([name, belongs], i) => {
    const own = specs.filter(({ key }) => !taken.has(key) && belongs(key)).sort((one, other) => isFirst(other.key) - isFirst(one.key));
    own.forEach(({ key }) => taken.add(key));
    const made = own.map((spec) => field(widget(spec), valueOf(spec), (value) => changed(spec.key, value)));
    fields.push(...made);
    return el("details", { class: "group", open: i < 2, data: { group: name } }, el("summary", {}, t(`group.${name}`)), el("div", { class: "grid" }, made.map(({ node }) => node)));
  });
  return { node: el("div", { class: "groups" }, groups), fields };
}

/** Numbers with a range are sliders, all but the seed; styles are lists. */
const widget = (spec) => ({ ...spec, kind: spec.kind === "number" && spec.key !== "seed" ? "slider" : spec.kind });
