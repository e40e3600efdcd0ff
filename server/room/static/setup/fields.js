/**
 * One value of a form: label, input, hint, and the mistakes in it.
 *
 * A field is {node, key, set(value), problems(list)}; `changed(value)` is called when somebody changes it.
 */
import { el, newId } from "./dom.js";
import { hasText, t } from "./api.js";
import { pictureField } from "./picture.js";

/** The frame around an input: label above, hint and mistakes below. `place` shows file and line beside a mistake. */
export function framed(key, label, input, { hint = "", wide = false, group = false } = {}) {
  const id = newId();
  const mistakes = el("div", { class: "mistakes", id: `${id}-m`, "aria-live": "polite" });
  const hintLine = hint && el("p", { class: "set-hint", id: `${id}-h` }, hint);
  const described = `${id}-m${hint ? ` ${id}-h` : ""}`;
  const target = input.matches("input, select, textarea") ? input : input.querySelector("input, select, textarea");
  let title;
  if (group || !target) {
    title = el("p", { class: "label", id }, label);
    input.setAttribute("role", "group");
    input.setAttribute("aria-labelledby", id);
  } else {
    target.id = id;
    title = el("label", { class: "label", htmlFor: id }, label);
    target.setAttribute("aria-describedby", described);
  }
  const node = el("div", { class: `set-field ${wide ? "wide" : ""}`, data: { key } }, title, input, hintLine || null, mistakes);
  return {
    node,
    problems(list) {
      mistakes.replaceChildren(...list.map(mistakeLine));
      node.classList.toggle("wrong", list.length > 0);
      target?.setAttribute("aria-invalid", String(list.length > 0));
    },
  };
}

/** A mistake as `everhost check` tells it: what is wrong, what would be right, and where it stands. */
export function mistakeLine(problem) {
  const place = problem.line ? `${problem.file}:${problem.line}` : problem.file;
  return el("p", { class: "mistake" }, problem.message, problem.hint ? el("span", { class: "set-right" }, ` → ${problem.hint}`) : null, el("code", {}, `${place} ${problem.key}`));
}

const labelOf = (key) => t(`field.${key}`);
const hintOf = (key) => (hasText(`hint.${key}`) ? t(`hint.${key}`) : "");
const optionText = (key, option) => t(`option.${key}.${option}`, {}, String(option));

/** A value as the file has it, in words. */
const plain = (value) => (typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? ""));
const isGiven = (value) => value !== undefined && value !== null && value !== "";

/** A field of a spec that the API tells (kind, range, choices); `labels` are other names of choices. */
export function field(spec, value, changed) {
  const made = KINDS[spec.kind](spec, value, changed);
  const frame = framed(spec.key, labelOf(spec.key), made.node, { hint: hintOf(spec.key), wide: spec.wide, group: made.group });
  return { ...frame, key: spec.key, set: made.set, input: made.node };
}

function textField(spec, value, changed) {
  const input = el(spec.long ? "textarea" : "input", { class: "input", maxLength: spec.longest ?? 400, rows: 3, value: value ?? "", autocomplete: "off", oninput: () => changed(input.value) });
  if (spec.choices) {
    const id = newId();
    input.setAttribute("list", id);
    return { node: el("div", {}, input, el("datalist", { id }, spec.choices.map((each) => el("option", { value: each })))), set: (next) => { input.value = next ?? ""; } };
  }
  return { node: input, set: (next) => { input.value = next ?? ""; } };
}

/** What is no number is shown as it stands in the file. */
const shownNumber = (number) => (Number.isFinite(Number(number)) ? String(Math.round(Number(number) * 100) / 100) : plain(number));

function numberField(spec, value, changed) {
  const input = el("input", { class: "input number", inputMode: "decimal", value: value ?? "", autocomplete: "off", oninput: () => changed(parsed(input.value)) });
  return { node: input, set: (next) => { input.value = next ?? ""; } };
}
/** A number if it is one, else the text, so that the check can say what is wrong with it. */
const parsed = (text) => (text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text);

function sliderField(spec, value, changed) {
  const [low, high] = [t(`low.${spec.key}`, {}, ""), t(`high.${spec.key}`, {}, "")];
  const told = el("output", { class: "told" }, shownNumber(value));
  const input = el("input", { type: "range", min: spec.min, max: spec.max, step: spec.step, class: "slider" });
  const fill = () => input.style.setProperty("--at", `${((input.value - spec.min) / (spec.max - spec.min)) * 100}%`);
  const set = (next) => {
    input.value = next ?? spec.default;
    // The slider stands at its end for a value beyond it; what is told is the value.
    told.textContent = shownNumber(next ?? spec.default);
    fill();
  };
  input.addEventListener("input", () => {
    told.textContent = shownNumber(input.value);
    fill();
    changed(Number(input.value));
  });
  input.addEventListener("dblclick", () => { set(spec.default); changed(Number(spec.default)); });
  set(value);
  const ends = low ? el("span", { class: "ends" }, el("span", {}, low), el("span", {}, high)) : null;
  return { node: el("div", { class: "slide" }, input, told, ends), set };
}

/** A choice of few is a row of buttons, one of many a list. A value that is none of the choices is one more, said to be the file's. */
function choiceField(spec, value, changed) {
  const isKnown = (option) => spec.options.some((each) => plain(each) === plain(option));
  const all = isKnown(value) || value === undefined || value === null ? spec.options : [...spec.options, value];
  const text = (option) => (isKnown(option) ? (spec.labels?.[option] ?? optionText(spec.key, option)) : t("as_written", { value: plain(option) || "“”" }));
  if (spec.options.length <= 4 && !spec.compact) {
    const name = newId();
    const inputs = all.map((option) => el("input", { type: "radio", name, value: plain(option), checked: plain(option) === plain(value), onchange: () => changed(option) }));
    const node = el("div", { class: "set-segments" }, all.map((option, i) => el("label", {}, inputs[i], el("span", { class: isKnown(option) ? "" : "as-written" }, text(option)))));
    return { node, group: true, set: (next) => inputs.forEach((input) => { input.checked = input.value === plain(next); }) };
  }
  const select = el("select", { class: "input", onchange: () => changed(all[select.selectedIndex]) });
  select.append(...all.map((option) => el("option", { value: plain(option), selected: plain(option) === plain(value) }, text(option))));
  return { node: select, set: (next) => { select.value = plain(next); } };
}

function colourField(spec, value, changed) {
  const input = el("input", { type: "color", class: "colour" });
  const text = el("input", { class: "input code", maxLength: 7, "aria-label": labelOf(spec.key), spellcheck: false });
  const brand = spec.brand ? el("input", { type: "checkbox" }) : null;
  const set = (next) => {
    const isBrand = next === "brand";
    if (brand) brand.checked = isBrand;
    input.disabled = text.disabled = isBrand;
    if (!isBrand && /^#[0-9a-f]{6}$/i.test(next ?? "")) input.value = next;
    text.value = isBrand ? "" : (next ?? "");
  };
  input.addEventListener("input", () => { text.value = input.value; changed(input.value); });
  text.addEventListener("input", () => { if (/^#[0-9a-f]{6}$/i.test(text.value)) input.value = text.value; changed(text.value); });
  brand?.addEventListener("change", () => { const next = brand.checked ? "brand" : input.value; set(next); changed(next); });
  set(value);
  return { node: el("div", { class: "colours" }, input, text, brand && el("label", { class: "set-tick" }, brand, el("span", {}, t("brand_colour")))), set, group: true };
}

/** Words that settings take for yes and no, as a file may have them. */
const YES = ["true", "yes", "on", "y", "t", "1"];
const NO = ["false", "no", "off", "n", "f", "0"];

function switchField(spec, value, changed) {
  const written = el("span", { class: "set-hint" });
  const input = el("input", { type: "checkbox", role: "switch", class: "set-switch", onchange: () => { written.textContent = ""; changed(input.checked); } });
  const set = (next) => {
    const word = plain(next).toLowerCase();
    input.checked = YES.includes(word);
    written.textContent = isGiven(next) && !YES.includes(word) && !NO.includes(word) ? t("as_written", { value: plain(next) }) : "";
  };
  set(value);
  return { node: el("div", { class: "switched" }, input, written), set };
}

const KINDS = { text: textField, number: numberField, slider: sliderField, choice: choiceField, colour: colourField, switch: switchField, picture: pictureField };
