/**
 * <time-chart src unit digits names every>: figures over time, drawn as SVG from the API.
 *
 * src gives {step_s, end, lines: [{process, figure, values}]}; names is JSON from "process figure" to what the line is
 * called. It is asked again every `every` seconds while it is in sight. A hand or the arrow keys read the values.
 */
import { clock, day, moment } from "/room-static/moments.js";

const NS = "http://www.w3.org/2000/svg";
const HIGH = 170, LEFT = 46, RIGHT = 8, TOP = 10, LOW = 24;
const COLOURS = 6;
/* From so many seconds on, the time of the day says too little at the axis. */
const DAYS_S = 2 * 86400;

function make(tag, attributes = {}, words) {
  const made = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (words !== undefined) made.textContent = words;
  return made;
}

/** A round number above `most`, whose half is round too. */
function ceiling(most) {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 6, 8, 10].find((each) => each * power >= most * 1.0001) * power || 10 * power;
}

class TimeChart extends HTMLElement {
  connectedCallback() {
    this.sight ??= new IntersectionObserver(([{ isIntersecting }]) => this.run(isIntersecting));
    this.sight.observe(this);
    this.shape ??= new ResizeObserver(() => this.data && this.wide !== this.clientWidth && this.draw(this.data));
    this.shape.observe(this);
  }

  disconnectedCallback() {
    this.sight.disconnect();
    this.shape.disconnect();
    this.run(false);
  }

  static observedAttributes = ["src"];

  attributeChangedCallback(_name, before) {
    if (before !== null && this.timer) this.load();
  }

  run(on) {
    clearInterval(this.timer);
    this.timer = 0;
    if (!on) return;
    this.load();
    this.timer = setInterval(() => this.load(), 1000 * Number(this.getAttribute("every") || 15));
  }

  async load() {
    try {
      const answer = await fetch(this.getAttribute("src"));
      if (answer.ok) this.draw(await answer.json());
    } catch {
      /* The page's alert says that the connection is gone. */
    }
  }

  format(value) {
    return `${value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: Number(this.getAttribute("digits") || 0) })} ${this.getAttribute("unit")}`.trim();
  }

  draw(data) {
    this.data = data;
    this.wide = this.clientWidth;
    const names = JSON.parse(this.getAttribute("names") || "{}");
    const lines = data.lines.filter(({ values }) => values.some((value) => value !== null));
    this.lines = lines;
    if (!lines.length) {
      this.replaceChildren(Object.assign(document.createElement("p"), { className: "none", textContent: this.getAttribute("none") ?? "" }));
      return;
    }
    // As wide as it is shown, so that letters have their own size on every page.
    const WIDE = Math.max(280, this.clientWidth);
    const size = Math.max(...lines.map(({ values }) => values.length));
    const top = ceiling(Math.max(...lines.flatMap(({ values }) => values.map((value) => value ?? 0))));
    const low = Math.min(0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0)));
    const x = (i) => LEFT + ((WIDE - LEFT - RIGHT) * i) / Math.max(1, size - 1);
    const y = (value) => TOP + (HIGH - TOP - LOW) * (1 - (value - low) / (top - low));
    const svg = make("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", tabindex: "0", "aria-label": this.getAttribute("label") ?? "" });
    for (let k = 0; k <= 2; k++) {
      const value = low + ((top - low) * k) / 2;
      svg.append(make("line", { x1: LEFT, x2: WIDE - RIGHT, y1: y(value), y2: y(value), class: "grid" }));
      svg.append(make("text", { x: LEFT - 7, y: y(value) + 4, class: "tick", "text-anchor": "end" }, Number(value.toPrecision(3)).toLocaleString(document.documentElement.lang)));
    }
    const whole = size * data.step_s;
    for (let k = 0; k <= 3; k++) {
      const i = ((size - 1) * k) / 3;
      const write = whole > DAYS_S ? day : k === 0 ? moment : clock;
      const anchor = k === 0 ? "start" : k === 3 ? "end" : "middle";
      svg.append(make("text", { x: x(i), y: HIGH - 6, class: "tick", "text-anchor": anchor }, write(data.end - (size - 1 - i) * data.step_s)));
    }
    lines.forEach(({ values }, n) => {
      let path = "", pen = false;
      values.forEach((value, i) => {
        if (value === null) { pen = false; return; }
        path += `${pen ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
        // A value with nothing around it is a dot.
        if (!pen && (values[i + 1] ?? null) === null) path += "h.01";
        pen = true;
      });
      svg.append(make("path", { d: path, class: `line-${n % COLOURS}` }));
    });
    this.hair = make("line", { y1: TOP, y2: HIGH - LOW, class: "hair", visibility: "hidden" });
    svg.append(this.hair);
    const legend = document.createElement("ul");
    legend.className = "legend";
    this.values = lines.map(({ process, figure, values }, n) => {
      const item = document.createElement("li");
      item.className = `key-${n % COLOURS}`;
      const value = document.createElement("b");
      item.append(`${names[`${process} ${figure}`] ?? names[process] ?? process} `, value);
      legend.append(item);
      return { value, values };
    });
    this.moment = document.createElement("li");
    this.moment.className = "moment";
    legend.append(this.moment);
    this.replaceChildren(svg, legend);
    this.size = size;
    this.x = x;
    this.read(this.at ?? null);
    const pick = (event) => {
      const box = svg.getBoundingClientRect();
      const i = Math.round((((event.clientX - box.left) / box.width) * WIDE - LEFT) / ((WIDE - LEFT - RIGHT) / Math.max(1, size - 1)));
      this.read(Math.min(size - 1, Math.max(0, i)));
    };
    svg.addEventListener("pointermove", pick);
    svg.addEventListener("pointerdown", pick);
    svg.addEventListener("pointerleave", () => this.read(null));
    svg.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.read(Math.min(size - 1, Math.max(0, (this.at ?? size) + step)));
    });
    svg.addEventListener("blur", () => this.read(null));
  }

  /** Show the values of step `i`, or (null) the newest ones. */
  read(i) {
    this.at = i;
    for (const { value, values } of this.values) {
      const told = i === null ? values.findLast((each) => each !== null) : values[i];
      value.textContent = told === null || told === undefined ? "–" : this.format(told);
    }
    this.moment.textContent = i === null ? "" : moment(this.data.end - (this.size - 1 - i) * this.data.step_s);
    this.hair.setAttribute("visibility", i === null ? "hidden" : "visible");
    if (i !== null) for (const end of ["x1", "x2"]) this.hair.setAttribute(end, this.x(i));
  }
}

customElements.define("time-chart", TimeChart);
