/** Small helpers to build elements; text is always text. */

/** An element: props beginning with "on" are listeners, "data"/"style" objects, known properties set, others attributes. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name in node && !["list", "form", "type", "role"].includes(name)) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** A picture of icons.svg, for the eye only. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/room-static/setup-icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** A button with a picture and a text. */
export function button(text, name, onclick, classes = "") {
  return el("button", { type: "button", class: `button ${classes}`, onclick }, name && icon(name), el("span", {}, text));
}

/**
 * A dialog that is gone when it is closed. A click beside it closes it, unless it has the class "stays". Clicks on its own
 * rim, and those that begin inside and end beside it, have the dialog as their target too, but close nothing.
 */
export function dialog(title, ...content) {
  const node = el("dialog", { class: "sheet", "aria-label": title }, el("h2", {}, title), ...content);
  node.addEventListener("close", () => node.remove());
  const isBeside = ({ target, clientX, clientY }) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    return target === node && (clientX < left || clientX > right || clientY < top || clientY > bottom);
  };
  let began = false;
  node.addEventListener("pointerdown", (event) => { began = isBeside(event); });
  node.addEventListener("click", (event) => began && isBeside(event) && !node.classList.contains("stays") && node.close());
  document.querySelector("main").append(node);
  node.showModal();
  return node;
}

/** A place to drop a file on, or to choose one: `take(file)` gets it. `picker` of the node is its input. */
export function dropPlace(text, kinds, accept, take) {
  const picker = el("input", { type: "file", class: "for-ears", accept, "aria-label": text, onchange: () => { take(picker.files[0]); picker.value = ""; } });
  const drop = el("label", { class: "drop" }, picker, icon("upload"), el("span", {}, text), el("small", {}, kinds));
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); drop.classList.remove("over"); take(event.dataTransfer.files[0]); });
  return Object.assign(drop, { picker });
}

let number = 0;
/** An id that no other element of the page has. */
export const newId = () => `s${++number}`;

/** Calls `work` once it was not asked for during `ms`. */
export function settled(work, ms) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, ms);
  };
}
