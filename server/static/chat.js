import { element, icon } from "./shelf.js";
import { known, t } from "./strings.js";

const KEPT = 120;
/* The server echoes or refuses a message at once; a socket on a dead path swallows it and says nothing for minutes. */
const ECHO_MS = 5000;

/** The chat's list, its composer and the one-line ticker of a phone. All text is put in as text, never as markup. */
export class ChatBox {
  /** `send` says whether the socket stands; `renew` opens it anew. */
  constructor(send, renew) {
    this.sendOut = send;
    this.renew = renew;
    this.list = document.getElementById("messages");
    this.form = document.getElementById("composer");
    this.text = document.getElementById("text");
    this.name = document.getElementById("name");
    this.hint = document.getElementById("hint");
    this.rows = new Map();
    /** What was sent and is neither echoed nor refused yet, oldest first. */
    this.unheard = [];
    this.gaveBack = false;
    this.text.placeholder = t("askPlaceholder");
    this.name.value = localStorage.getItem("everhost-name") ?? "";
    this.name.addEventListener("change", () => localStorage.setItem("everhost-name", this.name.value.trim()));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.text.addEventListener("input", () => {
      this.gaveBack = false;
      this.say("");
    });
    this.tick("", t("tickerEmpty"));
  }

  send() {
    const text = this.text.value.trim();
    if (!text) return this.say(t("empty"));
    if (!this.sendOut({ text, name: this.name.value.trim() })) return this.say(t("chatGone"));
    this.unheard.push({ text, timer: setTimeout(() => this.renew(), ECHO_MS) });
    this.gaveBack = false;
    this.text.value = "";
    return this.say("");
  }

  /** The server has answered the oldest message: its text. */
  heard() {
    const { text, timer } = this.unheard.shift() ?? { text: "" };
    clearTimeout(timer);
    return text;
  }

  /** The socket is gone: what it did not bring to the server goes back into the field. */
  lost() {
    const texts = this.unheard.map(({ text, timer }) => {
      clearTimeout(timer);
      return text;
    });
    this.unheard = [];
    if (texts.length && !this.text.value) {
      this.text.value = texts.join(" ");
      this.gaveBack = true;
    }
    this.say(t("chatGone"));
  }

  /** The socket stands again. Where a text was given back, what happened to it stays to be read. */
  back() {
    if (!this.gaveBack) this.say("");
  }

  say(text) {
    this.hint.textContent = text;
  }

  /** Everything that was answered before this page came. */
  history(replies) {
    this.rows.clear();
    this.list.replaceChildren();
    for (const reply of replies) this.reply(reply);
  }

  /** The viewer's own message, accepted. */
  message({ id, name, text }) {
    this.heard();
    const row = this.add(element("li", "message mine waiting"));
    const who = element("p", "who");
    who.append(element("span", "", name || t("you")));
    row.append(who, element("p", "bubble", text));
    this.rows.set(id, row);
    this.tick(t("you"), text);
  }

  /** The host's reply, to this viewer or another. */
  reply({ id, name, question, text, spoken }) {
    const own = this.rows.get(id);
    own?.classList.remove("waiting");
    this.rows.delete(id);
    if (!own && question) {
      const asked = this.add(element("li", "message"));
      const who = element("p", "who");
      who.append(element("span", "", name));
      asked.append(who, element("p", "bubble", question));
    }
    if (!text) return;
    const row = this.add(element("li", "message host"), own);
    const who = element("p", "who");
    who.append(element("span", "", document.body.dataset.host), element("span", "ai", t("aiHost")));
    row.append(who, element("p", "bubble", text));
    if (spoken) {
      const live = element("p", "live");
      live.append(icon("sound"), element("span", "", t("answersLive")));
      row.append(live);
    }
    this.tick(document.body.dataset.host, text);
  }

  /** A message was not taken: say why, politely, and give the text back. */
  refused({ reason, limit }) {
    const text = this.heard();
    this.say(known(reason) ? t(reason, { limit }) : t("malformed"));
    if (!this.text.value) this.text.value = text;
  }

  /** Add a row at the end, or under the row `after` so that an answer stands by its question. */
  add(row, after = null) {
    const atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
    if (after?.isConnected) after.after(row);
    else this.list.append(row);
    while (this.list.childElementCount > KEPT) this.list.firstElementChild.remove();
    if (atEnd) requestAnimationFrame(() => { this.list.scrollTop = this.list.scrollHeight; });
    return row;
  }

  tick(name, text) {
    document.getElementById("ticker-name").textContent = name ? `${name}:` : "";
    document.getElementById("ticker-text").textContent = text;
  }
}
