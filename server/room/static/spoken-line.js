/**
 * <spoken-line quiet="…">: the line on air, each word lit in its time.
 *
 * Its property `line` is {id, text, words: [[text, start, end], …], seconds, elapsed_s}, or null between two lines.
 * The page is told at the start of a line and counts on by itself.
 */
class SpokenLine extends HTMLElement {
  connectedCallback() {
    this.render();
    const tick = () => {
      this.light();
      this.frame = requestAnimationFrame(tick);
    };
    tick();
  }

  disconnectedCallback() {
    cancelAnimationFrame(this.frame);
  }

  get line() {
    return this.told ?? null;
  }

  set line(told) {
    const same = this.told && told && this.told.id === told.id;
    this.told = told;
    this.began = performance.now() / 1000 - (told?.elapsed_s ?? 0);
    if (!same && this.isConnected) this.render();
  }

  render() {
    this.words = [];
    this.classList.toggle("quiet", !this.told);
    if (!this.told) {
      this.textContent = this.getAttribute("quiet") ?? "";
      return;
    }
    const words = this.told.words.length ? this.told.words : [[this.told.text, 0, this.told.seconds]];
    const spaced = !/[\u3400-\u9fff]/.test(this.told.text);
    this.words = words.map(([text, start, end]) => {
      const span = document.createElement("span");
      span.className = "word";
      span.textContent = text;
      return { span, start, end };
    });
    this.replaceChildren(...this.words.flatMap(({ span }, n) => (n && spaced ? [" ", span] : [span])));
  }

  light() {
    if (!this.words?.length) return;
    const now = performance.now() / 1000 - this.began;
    for (const { span, start, end } of this.words) {
      span.classList.toggle("said", now >= start);
      span.classList.toggle("now", now >= start && now < end);
    }
    this.style.setProperty("--done", Math.min(1, now / this.told.seconds));
  }
}

customElements.define("spoken-line", SpokenLine);
