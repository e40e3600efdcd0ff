import { element, icon } from "./shelf.js";
import { known, t } from "./strings.js";

const KEPT = 120;
const KNOWN = 500;
/* The server echoes or refuses a message at once; a socket on a dead path swallows it and says nothing for minutes. */
const ECHO_MS = 5000;

/** Whether an id has come before; it is kept among the last ones. */
function isKnown(ids, id) {
  const known = ids.has(id);
  ids.add(id);
  if (ids.size > KNOWN) ids.delete(ids.values().next().value);
  return known;
}

/** The chat's list, its composer and the one-line ticker of a phone. All text is put in as text, never as markup. */
export class ChatBox {
  /**
   * `send` says whether the socket stands; `renew` opens it anew. What is said on a later socket adds to the list, and
   * what was private comes again there: messages and replies are known by their ids.
   */
  constructor(send, renew) {
    this.sendOut = send;
    this.renew = renew;
    this.list = document.getElementById("messages");
    this.form = document.getElementById("composer");
    this.text = document.getElementById("text");
    this.name = document.getElementById("name");
    this.hint = document.getElementById("hint");
    /** The viewer's own messages that wait, by id, and the ids of all that was shown. */
    this.rows = new Map();
    this.asked = new Set();
    this.answered = new Set();
    /** Shown to the server on the next socket, which then knows whose page this is. */
    this.token = "";
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

  /** A socket stands: everything that was answered before it. The first one's token is this page's. */
  hello({ token, history }) {
    for (const reply of history) this.reply(reply);
    if (this.token) this.sendOut({ again: this.token });
    else this.token = token;
  }

  /** The server has taken this page for the one that had the token; if not, it knows nothing of what waits here. */
  again({ token }) {
    if (token !== this.token) for (const row of this.rows.values()) row.classList.remove("waiting");
    this.token = token;
  }

  /** The viewer's own message, accepted; or told `again` in case its first word was lost with the socket. */
  message({ id, name, text, again = false }) {
    if (!again) this.heard();
    else if (this.gaveBack && this.text.value === text) {
      this.text.value = "";
      this.gaveBack = false;
      this.say("");
    }
    if (isKnown(this.asked, id) || this.answered.has(id)) return;
    const row = this.add(element("li", "message mine waiting"));
    const who = element("p", "who");
    who.append(element("span", "", name || t("you")));
    row.append(who, element("p", "bubble", text));
    this.rows.set(id, row);
    this.tick(t("you"), text);
  }

  /** The host's reply, to this viewer or another. */
  reply({ id, name, question, text, spoken }) {
    if (isKnown(this.answered, id)) return;
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
