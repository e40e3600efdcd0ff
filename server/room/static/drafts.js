/**
 * What was typed into a wish's form and not sent: it outlives a reload of the page, in this tab only.
 *
 * A form is known by its page, its wish, and what its dialog was filled with. Selects, ticks and text are kept; hidden
 * fields and reasons are not.
 */
const KEPT = "everhost-drafts";
const MOST = 20;
const FORM = ".wish-form";

const all = () => JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
const nameOf = ({ dataset }, fill) => [location.pathname, dataset.path, dataset.wish, fill].join(" ");
const isTick = ({ type }) => type === "checkbox";
const isDefault = (field) => (isTick(field) ? field.checked === field.defaultChecked : field.value === (field.defaultValue ?? ""));

function put(form, fill, values) {
  const mine = nameOf(form, fill);
  const others = Object.entries(all()).filter(([name]) => name !== mine);
  const drafts = values ? [...others, [mine, values]] : others;
  sessionStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(drafts.slice(-MOST))));
}

function keep(form) {
  const fields = [...form.elements].filter(({ name, type }) => name && name !== "why" && type !== "hidden");
  const values = fields.map((field) => [field.name, isTick(field) ? field.checked : field.value]);
  put(form, form.dataset.fill, fields.every(isDefault) ? null : Object.fromEntries(values));
}

/** What was typed for `fill` was sent, or given up. */
export const forget = (form, fill) => put(form, fill, null);

/** Put back what was typed. A product that is not offered (yet) is left alone. */
export function restore(form) {
  for (const [name, value] of Object.entries(all()[nameOf(form, form.dataset.fill)] ?? {})) {
    const field = form.elements[name];
    if (!field || (field.options && ![...field.options].some((option) => option.value === value))) continue;
    if (isTick(field)) field.checked = value;
    else if (field.value !== value) field.value = value;
  }
}

document.addEventListener("input", ({ target }) => target.form?.matches(FORM) && keep(target.form));

document.addEventListener("close", ({ target }) => {
  const form = target.querySelector(FORM);
  if (form) forget(form, form.dataset.fill);
}, true);

/* Who comes after must not find it. */
document.addEventListener("submit", ({ target }) => target.getAttribute("action") === "/signout" && sessionStorage.removeItem(KEPT));

/* The page is built after this script ran, and parts of it are built anew now and then. */
new MutationObserver((changes) => {
  const forms = new Set();
  for (const { target, addedNodes } of changes) {
    if (addedNodes.length) forms.add(target.closest?.(FORM));
    for (const node of addedNodes) {
      if (node.matches?.(FORM)) forms.add(node);
      for (const form of node.querySelectorAll?.(FORM) ?? []) forms.add(form);
    }
  }
  forms.delete(null);
  forms.forEach(restore);
}).observe(document.body, { childList: true, subtree: true });
