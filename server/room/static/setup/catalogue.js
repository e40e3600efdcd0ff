/** The catalogue: what it is now, and another one to read, look through and approve. */
import { button, dropPlace, el } from "./dom.js";
import { api, hasText, reason, t } from "./api.js";

const FACTS_SHOWN = 8;

/** `context()` gives {channel, language, shop, currency}; `changed(path, products)` is told of what was approved. */
export function catalogue(current, context, changed) {
  const now = el("p", { class: "current" });
  const result = el("div", { class: "import" });
  const status = el("p", { class: "tried", role: "status" });
  const mistakes = el("div", { class: "mistakes" });
  const tellNow = (path) => now.replaceChildren(path ? el("span", {}, t("catalogue_now"), " ", el("code", {}, path)) : t("catalogue_none"));
  tellNow(current);

  const read = async (form) => {
    const { language, shop, currency } = context();
    for (const [key, value] of Object.entries({ language, shop, currency })) form.append(key, value ?? "");
    status.className = "tried";
    status.textContent = t("reading");
    result.replaceChildren();
    try {
      const told = await api("POST", "/api/setup/catalogues", form);
      status.textContent = "";
      result.replaceChildren(table(told));
    } catch (error) {
      status.classList.add("bad");
      status.textContent = reason(error);
    }
  };
  const upload = (file) => {
    if (!file) return;
    const form = new FormData();
    form.append("file", file);
    read(form);
  };
  const drop = dropPlace(t("catalogue_drop"), t("catalogue_kinds"), ".csv,.tsv,.xlsx,.json,.yaml,.yml", upload);
  const address = el("input", { class: "input", type: "url", placeholder: "https://shop.example/products.json", "aria-label": t("catalogue_address") });
  const ask = button(t("catalogue_read"), "link", () => { const form = new FormData(); form.append("address", address.value); read(form); });
  const follow = button(t("catalogue_follow"), "turn", () => { if (address.value) { changed(address.value.trim(), null); tellNow(address.value.trim()); } });

  function table(told) {
    const keep = new Map(told.products.map((product) => [product.id, new Set(product.facts.map((fact) => fact.id))]));
    const count = el("p", { class: "counted" });
    const tellCount = () => {
      const facts = [...keep.values()].reduce((sum, set) => sum + set.size, 0);
      count.textContent = t("approved_count", { products: [...keep.values()].filter((set) => set.size).length, facts });
      approve.disabled = facts === 0 || told.problems.length > 0;
    };
    const approve = button(t("approve"), "save", async () => {
      approve.disabled = true;
      try {
        const body = { channel: context().channel, keep: Object.fromEntries([...keep].filter(([, set]) => set.size).map(([id, set]) => [id, [...set]])) };
        const made = await api("POST", `/api/setup/catalogues/${told.id}/approve`, body);
        status.className = "tried good";
        status.textContent = t("approved", made);
        result.replaceChildren();
        tellNow(made.catalogue);
        changed(made.catalogue, told.products.filter(({ id }) => keep.get(id)?.size).map(({ id, name }) => ({ id, name })));
      } catch (error) {
        status.className = "tried bad";
        status.textContent = reason(error);
        approve.disabled = false;
      }
    }, "go");
    const productCard = (product) => {
      const set = keep.get(product.id);
      const boxes = product.facts.map((fact) => {
        const box = el("input", { type: "checkbox", checked: true, onchange: () => { if (box.checked) set.add(fact.id); else set.delete(fact.id); whole.checked = set.size > 0; tellCount(); } });
        return [fact, box];
      });
      const whole = el("input", { type: "checkbox", checked: true, "aria-label": t("approve_product", { name: product.name }), onchange: () => { for (const [fact, box] of boxes) { box.checked = whole.checked; if (whole.checked) set.add(fact.id); else set.delete(fact.id); } tellCount(); } });
      const price = `${product.price} ${product.currency}`;
      const rows = boxes.map(([fact, box]) => el("label", { class: "fact understood" }, box, el("span", { class: "says" }, told.language === "zh" ? fact.text : `${t("it")} ${fact.text}`), el("span", { class: "tag soft" }, t(`fact.${fact.type}`, {}, fact.type)), el("small", {}, fact.source)));
      return el("section", { class: "entry set-product" }, el("header", {}, el("label", { class: "set-tick" }, whole, el("b", {}, product.name)), el("span", { class: "set-price" }, price, product.was_price ? el("s", {}, ` ${product.was_price}`) : null)),
        ...rows.slice(0, FACTS_SHOWN), rows.length > FACTS_SHOWN ? el("details", {}, el("summary", {}, t("more_facts", { n: rows.length - FACTS_SHOWN })), ...rows.slice(FACTS_SHOWN)) : null);
    };
    // The room's own reason, in English, names the very words.
    const why = (note) => (document.documentElement.lang !== "en" && hasText(`why.${note.code}`) ? t(`why.${note.code}`) : note.reason);
    const odd = told.not_understood.map((note) => el("li", { class: "odd" }, el("b", {}, note.product || note.where), el("q", {}, note.text.slice(0, 200)), el("span", { class: "set-why" }, why(note)), el("small", {}, note.where)));
    const wrong = told.problems.map((problem) => el("p", { class: "mistake" }, problem.message, problem.hint ? el("span", { class: "set-right" }, ` → ${problem.hint}`) : null, el("code", {}, `${problem.file}${problem.line ? `${problem.unit === "product" ? " #" : ":"}${problem.line}` : ""} ${problem.key}`)));
    tellCount();
    return el("div", { class: "approval" },
      el("h3", {}, t("understood_title", { n: told.products.length, file: told.name })), el("p", { class: "set-hint" }, t("understood_text")),
      wrong.length ? el("div", { class: "mistakes" }, wrong) : null,
      ...told.products.map(productCard),
      el("h3", {}, t("odd_title", { n: odd.length })), odd.length ? el("ul", { class: "odds" }, odd) : el("p", { class: "none" }, t("odd_none")),
      el("div", { class: "approve" }, count, approve));
  }

  const node = el("div", { class: "goods" }, now, mistakes, drop, el("div", { class: "address" }, address, ask, follow), el("p", { class: "set-hint" }, t("catalogue_follow_hint")), status, result);
  return { node, mistakes };
}
