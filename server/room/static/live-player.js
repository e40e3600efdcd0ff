import { Player } from "/static/player.js";

/**
 * <live-player src ratio hover text-…>: plays a channel while it is in sight, muted until asked.
 *
 * With hover="yes" it is heard while the pointer is over it; a tap or the button keeps the sound on or off.
 */
class LivePlayer extends HTMLElement {
  connectedCallback() {
    if (!this.video) this.build();
    this.style.setProperty("--ratio", this.getAttribute("ratio"));
    this.player = new Player(this.video, (state) => this.show(state), this.getAttribute("src"));
    this.sight = new IntersectionObserver(([{ isIntersecting }]) => (isIntersecting ? this.player.pc || this.player.start() : this.player.rest()));
    this.sight.observe(this);
  }

  disconnectedCallback() {
    this.sight.disconnect();
    this.player.close();
  }

  build() {
    this.video = Object.assign(document.createElement("video"), { muted: true, autoplay: true, playsInline: true });
    this.veil = Object.assign(document.createElement("p"), { className: "veil" });
    this.button = Object.assign(document.createElement("button"), { type: "button", className: "icon-button mute" });
    this.button.setAttribute("aria-label", this.getAttribute("text-sound"));
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    drawing.setAttribute("aria-hidden", "true");
    this.use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    drawing.append(this.use);
    this.button.append(drawing);
    this.append(this.video, this.veil, this.button);
    this.kept = false;
    const toggle = () => this.hear((this.kept = !this.kept));
    this.button.addEventListener("click", toggle);
    this.video.addEventListener("click", toggle);
    if (this.getAttribute("hover") === "yes") {
      this.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && this.hear(true));
      this.addEventListener("pointerleave", () => this.hear(this.kept));
    }
    this.hear(false);
  }

  /** Sound on or off. A browser that allows no sound yet pauses the picture: then it goes on without. */
  hear(on) {
    this.video.muted = !on;
    if (on) this.video.play().catch(() => { this.kept = false; this.hear(false); this.video.play().catch(() => {}); });
    this.use.setAttribute("href", `/static/icons.svg#${on ? "sound" : "muted"}`);
    this.button.setAttribute("aria-pressed", String(on));
  }

  show(state) {
    this.dataset.state = state;
    this.veil.textContent = this.getAttribute(`text-${state}`) ?? "";
  }
}

customElements.define("live-player", LivePlayer);
