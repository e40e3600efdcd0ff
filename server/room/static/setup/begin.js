/** The first step of a new channel: name, language, file name, host. */
import { button, el } from "./dom.js";
import { reason, t } from "./api.js";
import { framed } from "./fields.js";
import { hosts } from "./looks.js";

const slug = (name) => name.toLowerCase().normalize("NFKD").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 40);

/** `go({id, name, language, host})` begins; what it throws is shown. */
export function begin(choices, go) {
  let host = choices.hosts[0]?.name ?? "";
  let ownId = false;
  const name = el("input", { class: "input", maxLength: 40, autocomplete: "off", oninput: () => { if (!ownId) id.value = slug(name.value); tell(); } });
  const id = el("input", { class: "input code", maxLength: 40, autocomplete: "off", spellcheck: false, oninput: () => { ownId = id.value !== ""; tell(); } });
  const language = (value, text, checked) => el("label", {}, el("input", { type: "radio", name: "language", value, checked }), el("span", {}, text));
  const languages = el("div", { class: "set-segments" }, language("en", t("option.language.en"), document.documentElement.lang !== "zh"), language("zh", t("option.language.zh"), document.documentElement.lang === "zh"));
  const said = el("p", { class: "mistake", role: "alert" });
  const start = button(t("begin_button"), "save", async () => {
    start.disabled = true;
    said.textContent = "";
    try {
      await go({ id: id.value, name: name.value.trim(), language: languages.querySelector(":checked").value, host });
    } catch (error) {
      said.textContent = reason(error);
      start.disabled = false;
    }
  }, "go");
  const tell = () => { start.disabled = !name.value.trim() || !id.value; };
  tell();
  return el("div", { class: "card begin" }, el("a", { class: "back", href: "/setup" }, t("all_channels")), el("h2", { class: "who" }, t("new_channel")), el("p", { class: "about" }, t("about.begin")),
    el("div", { class: "grid" }, framed("name", t("field.name"), name, { hint: t("hint.name") }).node, framed("id", t("field.id"), id, { hint: t("hint.id") }).node,
      framed("language", t("field.language"), languages, { group: true }).node, framed("body", t("field.body"), hosts(choices.hosts, host, (next) => { host = next; }), { wide: true, group: true }).node),
    said, el("div", { class: "begin-buttons" }, start));
}
