import { api, loadTexts, reason, t } from "./api.js";
import { el, icon } from "./dom.js";

/** <setup-list language>: every channel file as a card, and the way to a new one. */
class SetupList extends HTMLElement {
  async connectedCallback() {
    if (this.started) return;
    this.started = true;
    try {
      await loadTexts(this.getAttribute("language"));
      const files = await api("GET", "/api/setup/channels");
      this.replaceChildren(
        el("div", { class: "list-title" }, el("h2", { class: "page-title" }, t("all_channels")), el("a", { class: "button go", href: "/setup/new" }, icon("plus"), el("span", {}, t("new_channel")))),
        el("div", { class: "files" }, files.map((file) => this.card(file))));
    } catch (error) {
      this.replaceChildren(el("p", { class: "card mistake" }, reason(error)));
    }
  }

  card(file) {
    const path = encodeURIComponent(file.id);
    const picture = el("img", { src: `/api/setup/channels/${path}/portrait.jpg`, alt: "", loading: "lazy", width: 120, height: 150, onerror: () => picture.classList.add("gone") });
    return el("a", { class: "card file", href: `/setup/${path}` }, picture, el("div", {}, el("h3", {}, file.name), el("p", {}, el("code", {}, file.file)),
      el("p", { class: "tags" }, el("span", { class: "tag soft" }, t(`option.language.${file.language}`, {}, file.language)), file.running ? el("span", { class: "tag good" }, t("running")) : null)));
  }
}

customElements.define("setup-list", SetupList);
