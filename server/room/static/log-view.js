/**
 * <log-view src none>: the newest entries of a channel's log that have every word of the search; text only.
 *
 * The form before it has the fields text, level and process.
 */
import { moment } from "/room-static/moments.js";

const WAIT_MS = 250;
const AGAIN_MS = 10000;

class LogView extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("section").querySelector("form");
    this.again = () => {
      clearTimeout(this.wait);
      this.wait = setTimeout(() => this.load(), WAIT_MS);
    };
    this.form.addEventListener("input", this.again);
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.load(); });
    this.sight = new IntersectionObserver(([{ isIntersecting }]) => {
      clearInterval(this.timer);
      if (isIntersecting) {
        this.load();
        this.timer = setInterval(() => this.load(), AGAIN_MS);
      }
    });
    this.sight.observe(this);
  }

  disconnectedCallback() {
    this.sight.disconnect();
    clearInterval(this.timer);
  }

  async load() {
    const asked = new URLSearchParams(new FormData(this.form));
    const answer = await fetch(`${this.getAttribute("src")}?${asked}&limit=200`).catch(() => null);
    if (!answer?.ok) return;
    const list = document.createElement("ol");
    for (const { at, process, level, text } of (await answer.json()).reverse()) {
      const row = document.createElement("li");
      row.dataset.level = level;
      for (const [tag, words] of [["time", moment(at, { exact: true })], ["b", process], ["span", text]]) {
        row.append(Object.assign(document.createElement(tag), { textContent: words }));
      }
      list.append(row);
    }
    if (!list.children.length) list.append(Object.assign(document.createElement("li"), { className: "none", textContent: this.getAttribute("none") }));
    this.replaceChildren(list);
  }
}

customElements.define("log-view", LogView);
