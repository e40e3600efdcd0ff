/** Editors of lists: weights of products, hours, campaigns, packs of rules. Each gives {node, problems, value changes}. */
import { button, el, icon } from "./dom.js";
import { t } from "./api.js";
import { framed } from "./fields.js";

const MOST_WEIGHT = 9;

/** Weights of products as sliders of 0 to 9; 1 is what those have that are not named. */
export function weights(products, value, changed) {
  // What is no block of weights stays in the file until some are set.
  const now = typeof value === "object" && !Array.isArray(value) ? { ...value } : {};
  const tell = () => changed({ ...now });
  const rows = el("div", { class: "weights" });
  const row = (id) => {
    const told = el("output", { class: "told" }, String(now[id] ?? 1));
    const input = el("input", { type: "range", class: "slider", min: 0, max: MOST_WEIGHT, step: 1, value: now[id] ?? 1, "aria-label": nameOf(products, id) });
    const fill = () => input.style.setProperty("--at", `${(input.value / MOST_WEIGHT) * 100}%`);
    fill();
    input.addEventListener("input", () => {
      told.textContent = input.value === "0" ? t("never") : input.value;
      fill();
      if (input.value === "1") delete now[id];
      else now[id] = Number(input.value);
      tell();
    });
    if (Number(now[id]) === 0) told.textContent = t("never");
    return el("div", { class: "weight" }, el("span", { class: "name" }, nameOf(products, id)), input, told);
  };
  const ids = [...new Set([...products.map(({ id }) => id), ...Object.keys(now)])];
  rows.append(...(ids.length ? ids.map(row) : [el("p", { class: "none" }, t("no_products_yet"))]));
  return rows;
}
export const nameOf = (products, id) => products.find((product) => product.id === id)?.name ?? id;

/** A list of cards with a button to add one. `card(entry, tell)` gives what is in a card. */
function cards(value, changed, make, card, addText) {
  const entries = Array.isArray(value) ? structuredClone(value) : [];
  const place = el("div", { class: "cards" });
  const tell = () => changed(structuredClone(entries));
  const show = () => {
    place.replaceChildren(
      ...entries.map((entry, i) => el("div", { class: "entry", data: { index: i } }, ...card(entry, tell, i), el("button", { type: "button", class: "icon-button remove", "aria-label": t("remove"), onclick: () => { entries.splice(i, 1); tell(); show(); } }, icon("trash")), el("div", { class: "mistakes" }))),
      button(addText, "plus", () => { entries.push(make(entries)); tell(); show(); }),
    );
  };
  show();
  return { node: place, show, entries };
}

const input = (entry, key, tell, props, label) => {
  const node = el("input", { class: "input", value: entry[key] ?? "", oninput: () => { entry[key] = node.value; tell(); }, ...props });
  return el("label", { class: "part" }, el("span", { class: "label" }, label), node);
};

/** Weights that hold at times of the day. */
export const hours = (products, value, changed) =>
  cards(value, changed, () => ({ begin: "18:00", end: "22:00", weights: products.length ? { [products[0].id]: 3 } : {} }), (entry, tell) => [
    el("div", { class: "parts" }, input(entry, "begin", tell, { type: "time" }, t("begin")), input(entry, "end", tell, { type: "time" }, t("end"))),
    weights(products, entry.weights, (next) => { entry.weights = next; tell(); }),
  ], t("add_hours"));

/** Campaigns: weights and a sentence from a day to another. */
export const campaigns = (products, value, changed) =>
  cards(value, changed, (entries) => ({ name: t("campaign_name", { n: entries.length + 1 }), begin: soon(1), end: soon(8), text: "" }), (entry, tell) => [
    el("div", { class: "parts" }, input(entry, "name", tell, { maxLength: 40 }, t("name")), input(entry, "begin", tell, { type: "datetime-local" }, t("begin")), input(entry, "end", tell, { type: "datetime-local" }, t("end"))),
    input(entry, "text", tell, { maxLength: 160 }, t("campaign_text")),
    el("details", {}, el("summary", {}, t("field.show.weights")), weights(products, entry.weights, (next) => { if (Object.keys(next).length) entry.weights = next; else delete entry.weights; tell(); })),
  ], t("add_campaign"));
const soon = (days) => new Date(Date.now() + days * 86400e3).toISOString().slice(0, 11) + "08:00";

/** Packs of rules to tick, also one that the file has and nobody knows; nothing ticked leaves it to the language. */
export function packs(known, value, changed) {
  const written = [value ?? []].flat().map(String);
  const chosen = new Set(written);
  const all = [...new Set([...known, ...written])];
  const tick = (name) => {
    const box = el("input", { type: "checkbox", checked: chosen.has(name), onchange: () => { if (box.checked) chosen.add(name); else chosen.delete(name); changed(chosen.size ? all.filter((each) => chosen.has(each)) : null); } });
    return el("label", { class: "set-tick" }, box, el("span", {}, known.includes(name) ? t(`pack.${name}`, {}, name) : t("as_written", { value: name })));
  };
  return framed("policy.packs", t("field.policy.packs"), el("div", { class: "ticks" }, all.map(tick)), { hint: t("hint.policy.packs"), wide: true, group: true });
}
