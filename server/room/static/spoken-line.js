/**
 * <spoken-line quiet="…">: the line on air, each word lit in its time.
 *
 * Its property `line` is {id, text, words: [[text, start, end], …], seconds, elapsed_s}, or null between two lines.
 * The page is told at the start of a line and counts on by itself: from one word's edge to the next, since a page that
 * draws itself sixty times a second costs a third of a core where no graphics card helps.
 */
class SpokenLine extends HTMLElement {
  connectedCallback() {
    this.render();
    this.light();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  get line() {
    return this.told ?? null;
  }

  set line(told) {
    const same = this.told && told && this.told.id === told.id;
    this.told = told;
    this.began = performance.now() / 1000 - (told?.elapsed_s ?? 0);
    if (!this.isConnected) return;
    if (!same) this.render();
    this.light();
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
    clearTimeout(this.timer);
    if (!this.words.length) return;
    const now = performance.now() / 1000 - this.began;
    for (const { span, start, end } of this.words) {
      span.classList.toggle("said", now >= start);
      span.classList.toggle("now", now >= start && now < end);
    }
    this.style.setProperty("--done", Math.min(1, now / this.told.seconds));
    this.follow(this.words.findLast(({ start }) => now >= start)?.span);
    const next = Math.min(...this.words.flatMap(({ start, end }) => [start, end]).filter((edge) => edge > now));
    if (next < Infinity) this.timer = setTimeout(() => this.light(), 1000 * (next - now) + 1);
  }

  /** Keep the word that is said in sight, with the row before it, where the line has more rows than its place. */
  follow(word = this.words[0].span) {
    if (this.scrollHeight > this.clientHeight) this.scrollTop = word.offsetTop - word.offsetHeight;
  }
}

customElements.define("spoken-line", SpokenLine);
