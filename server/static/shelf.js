import { t } from "./strings.js";

const SVG = "http://www.w3.org/2000/svg";

export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/** Tell the shop that its link was opened: which product, and phone or desk; nothing about the viewer. */
function tellClick(product) {
  const viewer = matchMedia("(pointer: coarse)").matches ? "phone" : "desk";
  navigator.sendBeacon("/api/click", new Blob([JSON.stringify({ product, viewer })], { type: "application/json" }));
}

/** The shelf of products. A product that stays keeps its element, so that pictures do not flicker. */
export class Shelf {
  constructor() {
    this.list = document.getElementById("products");
    this.rows = new Map();
    this.onAir = null;
  }

  show(cards) {
    const rows = new Map();
    for (const card of cards) {
      const told = JSON.stringify(card);
      const old = this.rows.get(card.id);
      rows.set(card.id, old?.told === told ? old : { told, row: this.row(card) });
    }
    this.rows = rows;
    this.list.replaceChildren(...[...rows.values()].map(({ row }) => row));
    document.getElementById("product-count").textContent = cards.length || "";
    document.getElementById("bag-count").textContent = cards.length || "";
    document.getElementById("no-products").hidden = cards.length > 0;
    this.mark(this.onAir);
  }

  /** Mark the product on air and bring it into view when it has changed. */
  mark(id) {
    const changed = id !== this.onAir;
    this.onAir = id;
    for (const [each, { row }] of this.rows) row.setAttribute("aria-current", String(each === id));
    const row = this.rows.get(id)?.row;
    if (changed && row && !this.list.matches(":hover, :focus-within")) {
      this.list.scrollTo({ top: row.offsetTop - this.list.offsetTop - 8, behavior: "smooth" });
    }
  }

  row(card) {
    const row = element("li", "product");
    row.dataset.id = card.id;
    const photo = element("img", "photo");
    Object.assign(photo, { src: card.picture, alt: "", loading: "lazy", width: 92, height: 92 });
    const money = element("p", "money");
    money.append(element("span", "price", card.price));
    if (card.was_price) {
      const was = element("s", "was", card.was_price);
      was.setAttribute("aria-label", t("was", { price: card.was_price }));
      money.append(was);
    }
    const foot = element("div", "foot");
    foot.append(element("span", "stock", card.stock));
    if (card.link) foot.append(this.link(card));
    row.append(photo, element("span", "onair", t("onAir")), element("h3", "", card.name), element("p", "details", card.details), money, foot, element("span", "number", `#${card.number}`));
    return row;
  }

  link(card) {
    const link = element("a", "shop", t("inShop"));
    Object.assign(link, { href: card.link, target: "_blank", rel: "noopener noreferrer" });
    link.setAttribute("aria-label", `${t("inShop")}: ${card.name}`);
    link.append(icon("out"));
    link.addEventListener("click", () => tellClick(card.id));
    link.addEventListener("auxclick", (event) => { if (event.button === 1) tellClick(card.id); });
    return link;
  }
}
