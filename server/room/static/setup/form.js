import { api, ApiError, hasText, loadTexts, reason, t } from "./api.js";
import { catalogue } from "./catalogue.js";
import { button, el, settled } from "./dom.js";
import { field, framed, mistakeLine } from "./fields.js";
import { campaigns, hours, packs, weights } from "./lists.js";
import { hosts, looks } from "./looks.js";
import { atEntries, ofFile, outputs, sent } from "./outputs.js";
import { portrait } from "./portrait.js";
import { review, versions } from "./review.js";
import { begin } from "./begin.js";
import { voices } from "./voices.js";

const CHECK_MS = 700;
const REFILL_MS = 500;
const SIZES = ["720x1280", "1080x1920", "1280x720", "1920x1080"];
const ZONES = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];

const nested = (data, key) => key.split(".").reduce((value, part) => value?.[part], data);
const isNumber = (value) => typeof value === "number" || (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)));
/** Whether two values mean the same to the settings: a file holds 0.0 where a slider says 0. */
const same = (one, other) => (isNumber(one) && isNumber(other) && Number(one) === Number(other)) || JSON.stringify(one ?? null) === JSON.stringify(other ?? null) || (!Array.isArray(one) && typeof one !== "object" && String(one ?? "") === String(other ?? ""));

/**
 * <setup-form channel language>: everything of one channel, a section at a time, with the host's live portrait.
 *
 * `changes` and `lookChanges` hold what differs from the file by dotted key. They are checked by the room as they
 * would be written, and mistakes stand beside their fields.
 */
class SetupForm extends HTMLElement {
  async connectedCallback() {
    if (this.started) return;
    this.started = true;
    try {
      await loadTexts(this.getAttribute("language"));
      this.choices = await api("GET", "/api/setup/choices");
      if (this.getAttribute("channel")) this.open(await api("GET", this.path));
      else this.replaceChildren(begin(this.choices, (first) => this.beginNew(first)));
    } catch (error) {
      this.replaceChildren(el("p", { class: "card mistake" }, reason(error)));
    }
    addEventListener("beforeunload", (event) => { if (this.dirty && !this.leaving) event.preventDefault(); });
  }

  get path() {
    return `/api/setup/channels/${encodeURIComponent(this.channel ?? this.getAttribute("channel"))}`;
  }

  get dirty() {
    return this.form && (!this.form.revision || Object.keys(this.changes).length + Object.keys(this.lookChanges).length > 0 || this.host !== this.hostOfFile);
  }

  async beginNew({ id, name, language, host }) {
    this.channel = id;
    this.first = { name, language };
    const form = await api("GET", `${this.path}?${new URLSearchParams(this.first)}`);
    this.open(form);
    await this.chooseHost(host);
    this.show("goods");
  }

  /** Fill the form from what the room told; `keep` are changes that stay. */
  open(form, keep) {
    this.channel = form.id;
    this.form = form;
    this.host = keep?.host ?? this.hostOfFile;
    this.hostPart = keep?.hostPart ?? form;
    this.changes = keep?.changes ?? {};
    this.lookChanges = keep?.lookChanges ?? {};
    this.products ??= [];
    this.build();
    this.portrait.now();
    this.check();
  }

  /** The name of the host that the file has; "" for one that is none of those to choose from. */
  get hostOfFile() {
    return this.form.listed ? this.form.host : "";
  }

  // Values.

  valueOf(key) {
    const spec = this.choices.fields.find((each) => each.key === key);
    return key in this.changes ? (this.changes[key] ?? spec?.default) : (nested(this.form.values, key) ?? spec?.default);
  }

  change(key, value) {
    const before = nested(this.form.values, key);
    if (same(value, before) || (before === undefined && same(value, this.choices.fields.find((each) => each.key === key)?.default))) delete this.changes[key];
    else this.changes[key] = value;
    if (key.startsWith("canvas.")) this.portrait.draw();
    this.changed();
  }

  lookOf(spec) {
    return spec.key in this.lookChanges ? this.lookChanges[spec.key] : (nested(this.hostPart.looks ?? {}, spec.key) ?? spec.default);
  }

  changeLook(key, value) {
    const spec = this.choices.looks.find((each) => each.key === key);
    if (same(value, nested(this.hostPart.looks ?? {}, key) ?? spec.default)) delete this.lookChanges[key];
    else this.lookChanges[key] = value;
    this.portrait.draw();
    this.changed();
  }

  /** The looks as a whole, for the portrait. */
  wholeLooks() {
    if (!this.hostPart.looks) return null;
    const whole = structuredClone(this.hostPart.looks);
    for (const [key, value] of Object.entries(this.lookChanges)) {
      const parts = key.split(".");
      const last = parts.pop();
      let block = whole;
      for (const part of parts) block = block[part] ??= {};
      block[last] = value;
    }
    return whole;
  }

  async chooseHost(name) {
    this.host = name;
    this.lookChanges = {};
    this.hostsNode.choose(name);
    const part = name === this.hostOfFile ? this.form : await this.askFor(name);
    if (this.host !== name) return;
    this.hostPart = part;
    this.fillLooks();
    this.tellRights();
    this.portrait.now();
    this.changed();
  }

  /** What the room tells of a host: her looks, who else shows her, her rights. */
  askFor(name) {
    return api("GET", `/api/setup/hosts/${encodeURIComponent(name)}?${new URLSearchParams({ channel: this.channel })}`);
  }

  changed() {
    this.tellBar();
    this.check();
  }

  /** What is sent to be checked or saved. */
  get wish() {
    const isNew = !this.form.revision;
    const sendsHost = isNew || this.host !== this.hostOfFile || Object.keys(this.lookChanges).length > 0;
    return {
      revision: this.form.revision, changes: this.changes, looks: this.lookChanges, looks_revision: this.hostPart.looks_revision ?? "",
      host: sendsHost ? this.host : "", ...(isNew ? this.first : {}),
    };
  }

  // Building.

  build() {
    this.fields = new Map();
    this.portrait = portrait(() => ({
      host: this.host, name: this.hostPart.host, channel: this.channel, revision: this.hostPart.looks_revision, looks: this.wholeLooks(), changed: Object.keys(this.lookChanges).length > 0,
      brand: /^#[0-9a-f]{6}$/i.test(this.valueOf("canvas.brand_colour")) ? this.valueOf("canvas.brand_colour") : "#e63348",
      backdrop: this.valueOf("canvas.backdrop") || "studio",
    }));
    this.sections = {
      host: () => [...this.some("name", "language", "persona.manner", "persona.introduction"), this.hostChooser(), this.rights()],
      looks: () => [this.looksPlace()],
      voice: () => [this.voiceList(), ...this.some("voice.speed")],
      goods: () => [...this.some("shop", "currency"), this.goods()],
      show: () => this.showFields(),
      outputs: () => [this.outputList()],
      rules: () => this.ruleFields(),
      picture: () => [this.size(), ...this.some("canvas.fps", "canvas.brand_colour", "canvas.backdrop", "canvas.label", "canvas.captions")],
      more: () => this.some("server.host", "server.port", "server.max_viewers", "chat.enabled", "chat.max_length", "chat.messages_per_minute", "alarms.outlet_down_s", "alarms.no_speech_s", "alarms.repeated_percent", "alarms.disk_free_percent", "ledger.keep_days", "ledger.chat_days"),
    };
    this.tabs = el("div", { class: "set-tabs", role: "tablist", "aria-label": t("sections") });
    this.panels = el("div", { class: "panels" });
    for (const [name, make] of Object.entries(this.sections)) {
      const tab = el("button", { type: "button", class: "tab", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}`, data: { section: name }, onclick: () => this.show(name) }, t(`section.${name}`), el("span", { class: "dot", hidden: true }));
      this.tabs.append(tab);
      this.panels.append(el("section", { class: "card set-panel", role: "tabpanel", id: `panel-${name}`, "aria-labelledby": tab.id, hidden: true, data: { section: name } },
        el("header", {}, el("h2", {}, t(`section.${name}`))), hasText(`about.${name}`) ? el("p", { class: "about" }, t(`about.${name}`)) : null, el("div", { class: "grid" }, ...make())));
    }
    this.tabs.addEventListener("keydown", (event) => this.step(event));
    this.general = el("div", { class: "mistakes general", "aria-live": "polite" });
    this.note = el("p", { class: "note", hidden: true });
    this.bar = el("div", { class: "save-bar", hidden: true });
    const { form } = this;
    this.replaceChildren(
      el("div", { class: "form-title" }, el("a", { class: "back", href: "/setup" }, t("all_channels")), el("div", {}, el("h2", { class: "who" }, String(form.values.name ?? form.id)), el("p", {}, el("code", {}, form.file), form.revision ? null : el("span", { class: "tag" }, t("new")), form.running ? el("span", { class: "tag good" }, t("running")) : null)),
        el("div", { class: "title-buttons" }, form.revision ? button(t("versions"), "clock", () => versions(this)) : null, form.running ? button(t("restart"), "turn", () => this.restart()) : null)),
      el("div", { class: "form-body" }, el("aside", { class: "stand" }, this.portrait.node, el("p", { class: "set-hint" }, t("portrait_hint"))), el("div", { class: "form-main" }, this.tabs, this.general, this.note, this.panels)),
      this.bar,
    );
    this.show(this.section ?? "host");
    this.tellBar();
  }

  some(...keys) {
    return keys.map((key) => this.add(field(this.spec(key), this.valueOf(key), (value) => this.change(key, value))));
  }

  spec(key) {
    const spec = { ...this.choices.fields.find((each) => each.key === key) };
    if (key === "persona.introduction" || key === "body_rights") Object.assign(spec, { long: true, wide: true });
    if (key === "voice.speed" || key === "show.facts_per_visit") spec.kind = "slider";
    if (key === "voice.speed") spec.step = 0.05;
    if (key === "show.time_zone") spec.choices = ZONES;
    if (key === "canvas.backdrop") Object.assign(spec, { kind: "choice", options: this.choices.backdrops, compact: true });
    if (key === "policy.platform") Object.assign(spec, { kind: "choice", options: ["", ...this.choices.platforms.map(({ id }) => id)], compact: true, labels: { "": t("no_platform"), ...Object.fromEntries(this.choices.platforms.map(({ id, title }) => [id, title])) } });
    return spec;
  }

  add(made) {
    this.fields.set(made.key, made);
    return made.node;
  }

  /** A widget with a place for mistakes, known by `key`. */
  wrap(key, node, options = {}) {
    const made = framed(key, t(`field.${key}`), node, { wide: true, group: true, hint: hasText(`hint.${key}`) ? t(`hint.${key}`) : "", ...options });
    this.fields.set(key, { key, ...made });
    return made.node;
  }

  hostChooser() {
    const { form } = this;
    const hasOwn = form.revision && form.host && !form.listed;
    const written = hasOwn ? { name: form.host, portrait: `/api/setup/channels/${encodeURIComponent(form.id)}/portrait.jpg` } : null;
    this.hostsNode = hosts(this.choices.hosts, this.host, (name) => this.chooseHost(name).catch((error) => this.refused(error)), written);
    return this.wrap("body", this.hostsNode);
  }

  /** The right to a body that may not sell by its own licence; hidden where none is asked for. */
  rights() {
    const made = field(this.spec("body_rights"), this.valueOf("body_rights"), (value) => this.change("body_rights", value));
    this.ownRights = { made, stated: el("div", { class: "stated" }), wrong: false };
    made.node.append(this.ownRights.stated);
    this.tellRights();
    return this.add({ ...made, problems: (list) => { made.problems(list); this.ownRights.wrong = list.length > 0; this.tellRights(); } });
  }

  tellRights() {
    const { made, stated, wrong } = this.ownRights;
    const now = this.valueOf("body_rights") ?? "";
    made.node.hidden = !this.hostPart.forbids && !now && !this.form.values.body_rights && !wrong;
    const offers = this.hostPart.forbids && this.hostPart.stated && !now;
    stated.replaceChildren(...(offers ? [el("p", { class: "set-hint" }, t("rights_stated", { text: this.hostPart.stated })), button(t("rights_take"), "copy", () => { made.set(this.hostPart.stated); this.change("body_rights", this.hostPart.stated); this.tellRights(); made.input.focus(); })] : []));
  }

  looksPlace() {
    this.looksNode = el("div", { class: "wide looks" });
    this.fillLooks();
    return this.looksNode;
  }

  fillLooks() {
    if (!this.looksNode) return;
    for (const key of [...this.fields.keys()].filter((key) => key.startsWith("looks:"))) this.fields.delete(key);
    if (!this.hostPart.looks) {
      this.looksNode.replaceChildren(el("p", { class: "none" }, t("looks_fixed")));
      return;
    }
    const made = looks(this.choices.looks, (spec) => this.lookOf(spec), (key, value) => this.changeLook(key, value), (value) => this.logoAt(value));
    for (const each of made.fields) this.fields.set(`looks:${each.key}`, each);
    const shared = this.hostPart.shipped || this.hostPart.shared_with.length > 0;
    this.looksNode.replaceChildren(shared ? el("p", { class: "note" }, t("looks_own_copy", { host: this.hostPart.host })) : "", made.node);
  }

  /** The address of a logo's picture: an upload's, or that of the host as she is saved. */
  logoAt(value) {
    if (value.startsWith("upload:")) return `/api/setup/logos/${encodeURIComponent(value.slice("upload:".length))}`;
    const place = this.host ? `hosts/${encodeURIComponent(this.host)}` : `channels/${encodeURIComponent(this.channel)}`;
    return `/api/setup/${place}/logo?${new URLSearchParams({ v: this.hostPart.looks_revision })}`;
  }

  voiceList() {
    const chosen = { backend: this.valueOf("voice.backend") ?? "hibari", name: this.valueOf("voice.name") ?? "heart" };
    const context = () => ({ language: this.valueOf("language"), speed: this.valueOf("voice.speed") ?? 1, host: String(this.valueOf("name") ?? "").slice(0, 40) });
    const node = voices(this.choices.voices, chosen, context, (voice) => { this.change("voice.backend", voice.backend); this.change("voice.name", voice.name); });
    return this.wrap("voice", node);
  }

  goods() {
    const context = () => ({ channel: this.channel, language: this.valueOf("language"), shop: this.valueOf("shop") ?? "", currency: this.valueOf("currency") ?? "" });
    const made = catalogue(this.valueOf("catalogue"), context, (path, products) => {
      this.change("catalogue", path);
      if (products) this.setProducts(products);
      this.goodsChanged = true;
    });
    return this.wrap("catalogue", made.node);
  }

  setProducts(products) {
    if (same(products, this.products)) return;
    this.products = products;
    this.refillShow();
  }

  /** Fill the section of the show as soon as nobody types or presses there: it must not go under their hands. */
  refillShow() {
    clearTimeout(this.refilling);
    const panel = this.panels.querySelector("[data-section=show]");
    if (panel.contains(document.activeElement) || panel.matches(":active")) this.refilling = setTimeout(() => this.refillShow(), REFILL_MS);
    else this.fillShow();
  }

  showFields() {
    this.pinnedPlace = el("div", {});
    this.weightsPlace = el("div", { class: "wide" });
    this.hoursPlace = el("div", { class: "wide" });
    this.campaignsPlace = el("div", { class: "wide" });
    this.fillShow();
    return [...this.some("show.rotation", "show.facts_per_visit", "show.gap_ms"), this.pinnedPlace, ...this.some("show.pin_every"), this.weightsPlace, ...this.some("show.time_zone"), this.hoursPlace, this.campaignsPlace];
  }

  fillShow() {
    if (!this.weightsPlace) return;
    const now = this.valueOf("show.pinned") ?? "";
    // Until the products are known any may be one of them.
    const ids = this.products.length || !now ? this.products.map(({ id }) => id) : [now];
    const labels = Object.fromEntries(this.products.map(({ id, name }) => [id, name]));
    const pinned = field({ key: "show.pinned", kind: "choice", compact: true, options: ["", ...ids], labels: { ...(this.products.length ? labels : { [now]: now }), "": t("option.show.pinned.") } }, now, (value) => this.change("show.pinned", value));
    this.pinnedPlace.replaceChildren(this.add(pinned));
    const put = (place, key, made) => {
      place.replaceChildren(this.wrap(key, made.node ?? made));
      if (made.node) {
        const frame = this.fields.get(key);
        this.fields.set(key, { ...frame, problems: (list) => { atEntries(made.node, list, key); frame.problems(list.filter((problem) => !problem.key.startsWith(`${key}[`))); } });
      }
    };
    put(this.weightsPlace, "show.weights", weights(this.products, this.valueOf("show.weights"), (value) => this.change("show.weights", Object.keys(value).length ? value : null)));
    put(this.hoursPlace, "show.hours", hours(this.products, this.valueOf("show.hours"), (value) => this.change("show.hours", value.length ? value : null)));
    put(this.campaignsPlace, "show.campaigns", campaigns(this.products, this.valueOf("show.campaigns"), (value) => this.change("show.campaigns", value.length ? value : null)));
  }

  outputList() {
    const made = outputs(this.form.revision ? this.channel : "", this.changes.outputs ?? ofFile(this.form.values.outputs), this.choices.outlet_platforms, (value) => this.changeOutputs(value));
    const node = this.wrap("outputs", made.node);
    const frame = this.fields.get("outputs");
    this.fields.set("outputs", { ...frame, problems: (list) => { made.problems(list); frame.problems(list.filter((problem) => !problem.key.startsWith("outputs["))); } });
    return node;
  }

  changeOutputs(value) {
    if (same(value, ofFile(this.form.values.outputs).map(sent))) delete this.changes.outputs;
    else this.changes.outputs = value;
    this.changed();
  }

  ruleFields() {
    const ticks = packs(this.choices.packs, this.valueOf("policy.packs"), (value) => this.change("policy.packs", value));
    this.fields.set("policy.packs", { key: "policy.packs", ...ticks });
    const [platform, minutes] = this.some("policy.platform", "policy.notice_every_minutes");
    return [platform, ticks.node, minutes, el("p", { class: "note wide" }, t("notice_note"))];
  }

  size() {
    const now = `${this.valueOf("canvas.width") ?? 720}x${this.valueOf("canvas.height") ?? 1280}`;
    const before = ["canvas.width", "canvas.height"].map((key) => [key, this.changes[key]]);
    const made = field({ key: "canvas.size", kind: "choice", options: SIZES.includes(now) ? SIZES : [...SIZES, now] }, now, (value) => {
      const [width, height] = value.split("x").map(Number);
      this.change("canvas.width", width);
      this.change("canvas.height", height);
      // Back at what it was, which need not be two numbers.
      if (value !== now) return;
      for (const [key, was] of before) {
        if (was === undefined) delete this.changes[key];
        else this.changes[key] = was;
      }
      this.changed();
    });
    this.fields.set("canvas.width", made);
    this.fields.set("canvas.height", made);
    return made.node;
  }

  // Sections.

  show(name) {
    this.section = name;
    this.dataset.section = name;
    if (name === "looks") this.portrait.warm();
    for (const panel of this.panels.children) panel.hidden = panel.dataset.section !== name;
    for (const tab of this.tabs.children) {
      const isHere = tab.dataset.section === name;
      tab.setAttribute("aria-selected", String(isHere));
      tab.tabIndex = isHere ? 0 : -1;
      if (isHere) this.tabs.scrollTo({ left: tab.offsetLeft - 40, behavior: "smooth" });
    }
  }

  step(event) {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way) return;
    const tabs = [...this.tabs.children];
    const next = tabs[(tabs.findIndex((tab) => tab.dataset.section === this.section) + way + tabs.length) % tabs.length];
    this.show(next.dataset.section);
    next.focus();
  }

  // Checking and saving.

  check = settled(() => this.checkNow(), CHECK_MS);

  /** What the room says of the form as it is now, or, where something was changed meanwhile, as it is then; null if it cannot say. */
  checkNow() {
    this.checking = this.checkOnce();
    return this.checking;
  }

  async checkOnce() {
    const mine = (this.checks = (this.checks ?? 0) + 1);
    try {
      const told = await api("POST", `${this.path}/check`, this.wish);
      if (mine !== this.checks) return this.checking;
      this.tell(told);
      return told;
    } catch (error) {
      if (mine !== this.checks) return this.checking;
      this.refused(error);
      return null;
    }
  }

  tell(told) {
    this.told = told;
    if (told.products.length) this.setProducts(told.products);
    this.note.hidden = !told.note;
    this.note.textContent = told.note;
    this.place(told.problems);
    this.tellBar();
    this.dataset.checked = String(this.checks);
  }

  /** Every mistake to its field; those without one above the sections. */
  place(problems) {
    const byField = new Map([...this.fields.values()].map((made) => [made, []]));
    const general = [];
    for (const problem of problems) {
      const known = problem.looks ? this.fields.get(`looks:${problem.key}`) : this.fieldOf(problem.key);
      if (known) byField.get(known).push(problem);
      else general.push(problem);
    }
    for (const [made, list] of byField) made.problems(list);
    this.general.replaceChildren(...general.map(mistakeLine));
    for (const panel of this.panels.children) {
      const count = panel.querySelectorAll(".mistake").length;
      // The form itself bears the section that is shown, so the tab must be asked for as a child.
      const dot = this.tabs.querySelector(`:scope > [data-section="${panel.dataset.section}"] .dot`);
      dot.hidden = count === 0;
      dot.textContent = String(count);
    }
  }

  fieldOf(key) {
    let path = key;
    while (path) {
      if (this.fields.has(path)) return this.fields.get(path);
      path = path.replace(/(\[[^\]]*\]|\.?[^.[\]]+)$/, "");
    }
    return key === "voice.backend" || key === "voice.name" ? this.fields.get("voice") : null;
  }

  refused(error) {
    if (error instanceof ApiError && error.code === "problems") this.place(error.answer.problems);
    else if (error instanceof ApiError && error.code === "changed_meanwhile") this.meanwhile(error.answer);
    else this.general.replaceChildren(el("p", { class: "mistake" }, reason(error)));
  }

  /** The file was changed by somebody else: say what, and keep what was changed here. */
  meanwhile(answer) {
    review.meanwhile(answer, async (keeps) => {
      const form = await api("GET", this.path);
      const { changes, lookChanges, host } = this;
      // A host that was chosen or changed here stays, also where the file has another one now.
      const stays = host && (host !== this.hostOfFile || Object.keys(lookChanges).length > 0);
      const keep = keeps && { changes, lookChanges, ...(stays ? { host, hostPart: await this.askFor(host) } : {}) };
      this.open(form, keep || undefined);
    });
  }

  tellBar() {
    const count = this.form.revision ? Object.keys(this.changes).length + Object.keys(this.lookChanges).length + (this.host !== this.hostOfFile ? 1 : 0) : 0;
    const wrong = this.told?.problems.length ?? 0;
    this.bar.hidden = !this.dirty;
    this.bar.replaceChildren(
      el("p", { class: wrong ? "bad" : "" }, this.form.revision ? t(count === 1 ? "one_change" : "changes", { n: count }) : t("new_unsaved"), wrong ? ` · ${t(wrong === 1 ? "one_mistake" : "mistakes", { n: wrong })}` : ""),
      button(t("discard"), "", () => this.discard()), button(t("review"), "save", () => review.open(this), "go"),
    );
  }

  async discard() {
    if (!this.form.revision) {
      this.leaving = true;
      location.assign("/setup");
      return;
    }
    this.open(await api("GET", this.path));
  }

  /** After a save: fill again from the file. */
  async saved(effects) {
    const isNew = !this.form.revision;
    const form = await api("GET", `/api/setup/channels/${encodeURIComponent(this.channel)}`);
    this.choices = await api("GET", "/api/setup/choices");
    this.open(form);
    if (isNew) history.replaceState(null, "", `/setup/${encodeURIComponent(this.channel)}`);
    review.done(this, effects);
  }

  restart() {
    review.restart(this);
  }
}

customElements.define("setup-form", SetupForm);
