/**
 * <alarm-text at what until over>: when, what, and (`over`, where it has “{at}”) when it was over.
 *
 * `at` and `until` are seconds since the epoch; `until` is left out while it lasts.
 */
import { moment } from "/room-static/moments.js";

const AGAIN_MS = 60000;

class AlarmText extends HTMLElement {
  connectedCallback() {
    this.show();
  }

  show() {
    const [what, over] = ["what", "over"].map((name) => this.getAttribute(name));
    const [at, until] = ["at", "until"].map((name) => moment(Number(this.getAttribute(name)), { exact: true }));
    this.textContent = `${at} ${what}${this.hasAttribute("until") ? over.replace("{at}", until) : ""}`;
  }
}

customElements.define("alarm-text", AlarmText);

/* After midnight what was today needs its date. */
setInterval(() => document.querySelectorAll("alarm-text").forEach((each) => each.show()), AGAIN_MS);
