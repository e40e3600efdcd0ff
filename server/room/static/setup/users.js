import { api, loadTexts, reason, t } from "./api.js";
import { button, dialog, el, icon } from "./dom.js";

const ROLES = ["viewer", "operator", "admin"];

/** <setup-users language>: users with roles, sessions and invitations, and tokens for programs. */
class SetupUsers extends HTMLElement {
  async connectedCallback() {
    if (this.started) return;
    this.started = true;
    await loadTexts(this.getAttribute("language"));
    await this.show();
  }

  async show() {
    try {
      const [users, tokens] = await Promise.all([api("GET", "/api/users"), api("GET", "/api/tokens")]);
      this.replaceChildren(
        this.part(t("users"), t("about.users"), button(t("add_user"), "plus", () => this.addUser(), "go"), users.map((user) => this.userRow(user))),
        this.part(t("tokens"), t("about.tokens"), button(t("add_token"), "plus", () => this.addToken(), "go"), tokens.map((token) => this.tokenRow(token)), t("no_tokens")));
    } catch (error) {
      this.replaceChildren(el("p", { class: "card mistake" }, reason(error)));
    }
  }

  part(title, about, add, rows, none) {
    return el("section", { class: "card people" }, el("header", {}, el("h2", {}, title), add), el("p", { class: "about" }, about), el("ul", {}, rows), rows.length ? null : el("p", { class: "none" }, none));
  }

  /** Do something, then show what is so; what it throws is shown at the row. */
  async act(row, work) {
    try {
      await work();
      await this.show();
    } catch (error) {
      row.querySelector(".mistakes").replaceChildren(el("p", { class: "mistake" }, reason(error)));
    }
  }

  userRow(user) {
    const path = `/api/users/${encodeURIComponent(user.name)}`;
    const state = user.invited ? t("user_invited") : user.disabled ? t("user_disabled") : user.sessions === 0 ? t("no_session") : t(user.sessions === 1 ? "one_session" : "sessions", { n: user.sessions });
    const role = el("select", { class: "input role", "aria-label": t("role_label"), disabled: user.invited || user.you, onchange: () => this.act(row, () => api("PATCH", path, { role: role.value })) }, ROLES.map((each) => el("option", { value: each, selected: each === user.role }, t(`role.${each}`))));
    const small = (text, work, classes = "") => el("button", { type: "button", class: `small ${classes}`, onclick: () => this.act(row, work) }, text);
    const row = el("li", { class: user.disabled ? "off" : "", data: { user: user.name } }, el("span", { class: "face", "aria-hidden": "true" }, user.name.slice(0, 1).toUpperCase()),
      el("div", { class: "names" }, el("b", {}, user.name), user.you ? el("span", { class: "tag soft" }, t("you")) : null, el("small", {}, state)), role,
      el("div", { class: "row-buttons" },
        !user.invited && user.sessions > 0 && !user.you ? small(t("end_sessions"), () => api("DELETE", `${path}/sessions`)) : null,
        !user.invited && !user.you ? small(t(user.disabled ? "enable" : "disable"), () => api("PATCH", path, { disabled: !user.disabled })) : null,
        user.invited ? small(t("invite_again"), async () => this.tellAddress(await api("POST", "/api/users", { name: user.name, role: user.role }))) : null,
        !user.you ? el("button", { type: "button", class: "icon-button", "aria-label": t("remove_name", { name: user.name }), onclick: () => this.sure(t("remove_name", { name: user.name }), () => this.act(row, () => api("DELETE", path))) }, icon("trash")) : null),
      el("div", { class: "mistakes" }));
    return row;
  }

  tokenRow(token) {
    const row = el("li", { data: { token: token.label } }, el("span", { class: "face", "aria-hidden": "true" }, icon("key")), el("div", { class: "names" }, el("b", {}, token.label), el("small", {}, t(`role.${token.role}`))), el("span", {}),
      el("div", { class: "row-buttons" }, el("button", { type: "button", class: "icon-button", "aria-label": t("revoke_name", { name: token.label }), onclick: () => this.sure(t("revoke_name", { name: token.label }), () => this.act(row, () => api("DELETE", `/api/tokens/${encodeURIComponent(token.label)}`))) }, icon("trash"))),
      el("div", { class: "mistakes" }));
    return row;
  }

  sure(question, work) {
    const sheet = dialog(question, el("p", { class: "about" }, t("sure_text")), el("div", { class: "sheet-buttons" }, button(t("close"), "", () => sheet.close()), button(t("yes"), "trash", () => { sheet.close(); work(); }, "stop")));
  }

  /** A dialog that asks for a name, a role and, for users, perhaps a password. */
  ask(title, label, withPassword, work) {
    const name = el("input", { class: "input", maxLength: 40, autocomplete: "off", autocapitalize: "none", required: true });
    const role = el("select", { class: "input" }, ROLES.map((each) => el("option", { value: each, selected: each === "operator" }, t(`role.${each}`))));
    const password = el("input", { class: "input", type: "password", autocomplete: "new-password", maxLength: 256 });
    const said = el("p", { class: "mistake", role: "alert" });
    const labelled = (text, input, hint) => el("label", { class: "part" }, el("span", { class: "label" }, text), input, hint ? el("span", { class: "set-hint" }, hint) : null);
    const send = async (event) => {
      event.preventDefault();
      said.textContent = "";
      try {
        const made = await work(name.value.trim(), role.value, password.value);
        sheet.close();
        await this.show();
        made?.();
      } catch (error) {
        said.textContent = reason(error);
      }
    };
    const form = el("form", { class: "asking", onsubmit: send }, labelled(label, name), labelled(t("role_label"), role, t("role_hint")), withPassword ? labelled(t("password"), password, t("password_hint")) : null, said,
      el("div", { class: "sheet-buttons" }, button(t("close"), "", () => sheet.close()), el("button", { type: "submit", class: "button go" }, icon("plus"), el("span", {}, title))));
    const sheet = dialog(title, form);
    name.focus();
  }

  addUser() {
    this.ask(t("add_user"), t("name"), true, async (name, role, password) => {
      const made = await api("POST", "/api/users", { name, role, password });
      return made.address ? () => this.tellAddress(made) : null;
    });
  }

  addToken() {
    this.ask(t("add_token"), t("label"), false, async (label, role) => {
      const made = await api("POST", "/api/tokens", { label, role });
      return () => this.tellOnce(t("token_title", { name: label }), t("token_text"), made.token);
    });
  }

  tellAddress({ name, address, hours }) {
    if (address) this.tellOnce(t("invited_title", { name }), t("invited_text", { hours }), address);
  }

  tellOnce(title, text, secret) {
    const field = el("input", { class: "input code once", readOnly: true, value: secret, "aria-label": title, onfocus: () => field.select() });
    const copy = button(t("copy"), "copy", async () => {
      field.select();
      await navigator.clipboard.writeText(secret).then(() => copy.querySelector("span").replaceChildren(t("copied")), () => {});
    });
    const sheet = dialog(title, el("p", { class: "about" }, text), el("div", { class: "once-row" }, field, copy), el("div", { class: "sheet-buttons" }, button(t("close"), "", () => sheet.close(), "go")));
    sheet.classList.add("stays");
    field.focus();
  }
}

customElements.define("setup-users", SetupUsers);
