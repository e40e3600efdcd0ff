/**
 * Wishes of an operator: buttons and forms with `data-wish` become requests of the documented API.
 *
 * data-wish is the wish without what the form's fields hold, data-channel the channel, data-path another address than
 * the channel's steering. What is refused is shown in the form, or on the page's alert; where a reason helps, the form
 * asks for it. A button with data-open fills the form in that dialog with data-fill, shows it, and wishes data-first; the
 * dialog is not modal, so that stop stays within reach. A form whose wish is granted tells it by the event "granted".
 * Each press of a button with data-again is a wish, also before the one before it is answered.
 */
import { forget, restore } from "/room-static/drafts.js";
import { composes, sayText, text } from "/room-static/room.js";
import { slipped } from "/room-static/steady.js";
import { within } from "/static/deadline.js";

/* A little longer than the room itself waits for the studio (steering.py); what is spoken takes longest. */
const ANSWER_MS = 8000;
const SPOKEN_ANSWER_MS = 23000;
const SPOKEN = ["say", "edit", "answer", "manner"];

async function send(path, wish) {
  const body = JSON.stringify(wish);
  return within(SPOKEN.includes(wish.type) ? SPOKEN_ANSWER_MS : ANSWER_MS, async (signal) => {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body, signal });
    if (answer.status === 401) location.assign("/signin");
    return { ok: answer.ok, told: await answer.json().catch(() => ({})) };
  });
}

const pathOf = (element) => element.dataset.path || `/api/channels/${encodeURIComponent(element.dataset.channel)}/steer`;

/** What went wrong, in the page's language where it has words for it. */
function reasons(told) {
  const found = told.findings ?? [];
  if (found.length) return found.map(({ rule, message, words }) => (text(`rule_${rule}`) || text(`rule_${rule.split(".").pop()}`) || message) + (words ? ` “${words}”` : ""));
  return [text(`refusal_${told.code || told.error}`) || told.message || text("action_failed")];
}

async function byButton(button) {
  button.disabled = button.dataset.again === undefined;
  try {
    const { ok, told } = await send(pathOf(button), JSON.parse(button.dataset.wish));
    sayText(ok ? "" : reasons(told).join(" · "));
  } catch {
    sayText(text("action_failed"));
  } finally {
    button.disabled = false;
  }
}

function valuesOf(form) {
  const wish = JSON.parse(form.dataset.wish);
  for (const field of form.elements) {
    if (!field.name) continue;
    if (field.name === "why") {
      if (form.dataset.insisting) wish.why = field.value;
    } else if (field.type === "checkbox") wish[field.name] = field.checked;
    else if (field.type === "number" && field.step === "1") wish[field.name] = Number(field.value);
    else wish[field.name] = field.dataset.empty === "null" && !field.value ? null : field.value;
  }
  return wish;
}

/** Whether the form still holds the wish that was `sent`; the reason for it does not count. */
const holds = (form, sent) => JSON.stringify({ ...valuesOf(form), why: "" }) === JSON.stringify({ ...sent, why: "" });

/** Take back what the form says about the last try. A field that is hidden again but required would block the form. */
function settle(form) {
  delete form.dataset.insisting;
  delete form.dataset.refused;
  if (form.elements.why) form.elements.why.required = false;
  form.querySelector(".findings")?.replaceChildren();
}

function refuse(form, told) {
  settle(form);
  form.dataset.refused = "yes";
  form.querySelector(".findings")?.replaceChildren(...reasons(told).map((reason) => Object.assign(document.createElement("li"), { textContent: reason })));
  const why = form.elements.why;
  if (told.may_insist && why) {
    form.dataset.insisting = "yes";
    why.required = true;
    why.focus();
  }
}

function done(form) {
  settle(form);
  form.reset();
  form.closest("dialog")?.close();
}

async function byForm(form) {
  const button = form.querySelector("[type=submit]");
  if (button.disabled) return;
  const { fill } = form.dataset;
  const sent = valuesOf(form);
  button.disabled = true;
  try {
    const { ok, told } = await send(pathOf(form), sent);
    // Meanwhile its dialog may have been opened for something else, or another text typed.
    const isOther = form.dataset.fill !== fill;
    const isSame = !isOther && holds(form, sent);
    if (!ok) return isSame ? refuse(form, told) : sayText(reasons(told).join(" · "));
    if (isSame || isOther) forget(form, fill);
    if (isSame) done(form);
    else if (!isOther) settle(form);
    sayText(text("done"), { good: true });
    form.dispatchEvent(new CustomEvent("granted"));
  } catch {
    refuse(form, {});
  } finally {
    button.disabled = false;
  }
}

function open(button) {
  const dialog = document.querySelector(button.dataset.open);
  const form = dialog.querySelector("form");
  form.reset();
  settle(form);
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.fill))) {
    const field = form.elements[name];
    if (field) field.value = value ?? "";
    const about = dialog.querySelector(`[data-about="${name}"]`);
    if (about) about.textContent = value ?? "";
  }
  form.dataset.fill = button.dataset.fill;
  restore(form);
  if (!dialog.open) dialog.show();
  if (button.dataset.first) send(pathOf(button), JSON.parse(button.dataset.first)).catch(() => {});
  (form.querySelector("textarea") ?? form.elements[0]).focus();
}

document.addEventListener("click", (event) => {
  if (slipped(event)) {
    sayText(text("refusal_moved"));
    return;
  }
  const button = event.target.closest?.("button");
  if (!button) return;
  if (button.dataset.open) open(button);
  else if (button.dataset.close !== undefined) button.closest("dialog").close();
  else if (button.dataset.wish) byButton(button);
});

document.addEventListener("submit", (event) => {
  if (!event.target.dataset?.wish) return;
  event.preventDefault();
  byForm(event.target);
});

/* A choice that is a wish by itself. */
document.addEventListener("change", async (event) => {
  const field = event.target;
  if (!field.dataset?.choose) return;
  const wish = JSON.parse(field.dataset.choose);
  wish[field.name] = field.value || null;
  try {
    const { ok, told } = await send(pathOf(field), wish);
    sayText(ok ? "" : reasons(told).join(" · "));
  } catch {
    sayText(text("action_failed"));
  }
});

/* What was said about the last try is about another text now. */
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.refused && event.target.name !== "why") settle(form);
});

document.addEventListener("keydown", (event) => {
  if (composes(event)) return;
  if (event.key === "Escape") event.target.closest?.("dialog[open]")?.close();
  if (event.key === "Enter" && !event.shiftKey && event.target.matches?.("textarea")) {
    event.preventDefault();
    if (!event.repeat) event.target.form.requestSubmit();
  }
});
