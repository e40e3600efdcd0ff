/**
 * <alarm-bell active newest text-…>: how many alarms last, and a sound for each new one.
 *
 * Browsers allow sound after a first touch or key, and may take it back (a call, a locked phone): each one wakes it. A
 * finger that goes down does not count for them, one that goes up does. Muted is kept in this browser.
 */
const KEY = "everhost-alarm-sound";
const TONES = [[880, 0], [660, 0.18], [880, 0.36]];

class AlarmBell extends HTMLElement {
  static observedAttributes = ["active", "newest"];

  connectedCallback() {
    if (this.link) return;
    this.link = Object.assign(document.createElement("a"), { className: "choice bell-link", href: "/health#alarms" });
    this.count = Object.assign(document.createElement("span"), { className: "bell-count" });
    this.link.append(drawing("bell"), this.count);
    this.button = Object.assign(document.createElement("button"), { type: "button", className: "choice bell-sound" });
    this.button.addEventListener("click", () => this.mute(!this.muted));
    this.append(this.link, this.button);
    // Alarms from before this page was opened are shown, but make no noise.
    this.heard = Number(this.getAttribute("newest"));
    this.mute(localStorage.getItem(KEY) === "off");
    for (const kind of ["pointerup", "click", "keydown"]) document.addEventListener(kind, () => this.wake(), true);
    this.show();
  }

  attributeChangedCallback(name, _before, now) {
    if (!this.link) return;
    this.show();
    if (name !== "newest" || Number(now) <= this.heard) return;
    this.heard = Number(now);
    this.ring();
  }

  show() {
    const active = Number(this.getAttribute("active"));
    this.dataset.on = active ? "yes" : "no";
    this.count.textContent = active || "";
    const words = active ? this.getAttribute("text-alarms-some") : this.getAttribute("text-alarms-none");
    this.link.setAttribute("aria-label", (words ?? "").replace("#", active));
    this.link.title = this.link.getAttribute("aria-label");
  }

  get muted() {
    return this.dataset.muted === "yes";
  }

  mute(on) {
    this.dataset.muted = on ? "yes" : "no";
    localStorage.setItem(KEY, on ? "off" : "on");
    this.button.replaceChildren(drawing(on ? "muted" : "sound"));
    this.button.setAttribute("aria-pressed", String(!on));
    this.button.setAttribute("aria-label", this.getAttribute(on ? "text-sound-off" : "text-sound-on"));
    this.button.title = this.button.getAttribute("aria-label");
  }

  wake() {
    this.sound ??= new AudioContext();
    if (this.sound.state !== "running") this.sound.resume().catch(() => {});
  }

  ring() {
    this.dataset.rang = String(Number(this.dataset.rang ?? 0) + 1);
    if (this.muted || !this.sound || this.sound.state !== "running") return;
    const begin = this.sound.currentTime;
    for (const [hertz, after] of TONES) {
      const tone = new OscillatorNode(this.sound, { frequency: hertz });
      const level = new GainNode(this.sound, { gain: 0 });
      level.gain.setTargetAtTime(0.18, begin + after, 0.01);
      level.gain.setTargetAtTime(0, begin + after + 0.1, 0.03);
      tone.connect(level).connect(this.sound.destination);
      tone.start(begin + after);
      tone.stop(begin + after + 0.3);
    }
    this.dataset.sounded = String(Number(this.dataset.sounded ?? 0) + 1);
  }
}

function drawing(name) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  picture.append(use);
  return picture;
}

customElements.define("alarm-bell", AlarmBell);
