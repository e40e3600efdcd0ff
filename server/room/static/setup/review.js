/** What is shown before and after a save: the difference, when it works, who changed the file meanwhile, versions. */
import { api, ApiError, reason, t } from "./api.js";
import { button, dialog, el } from "./dom.js";
import { mistakeLine } from "./fields.js";

const POLL_MS = 1500;

/** Lines of a difference. */
function rows(list) {
  return el("div", { class: "diff", tabIndex: 0 }, list.map(({ kind, line, text }) => el("div", { class: { "+": "plus", "-": "minus", "@": "gap" }[kind] ?? "" }, el("span", { class: "n" }, line || ""), el("span", { class: "sign" }, kind === "@" ? "⋯" : kind), el("code", {}, text))));
}

const labelOf = (key) => t(`field.${key}`, {}, t(`field.${key.replace(/^.*\./, "")}`, {}, key));

/** Which changes work at once and which after a restart; nothing to say of a channel that does not run. */
function effectList(form, effects) {
  if (!form.form.running) return form.form.revision ? null : el("p", { class: "note" }, t("effect_start", { file: form.form.file }));
  const restart = Object.keys(effects).filter((key) => effects[key] === "restart");
  const now = Object.keys(effects).filter((key) => effects[key] === "now");
  if (form.goodsChanged) now.push("catalogue_content");
  return el("div", { class: "effects" },
    now.length ? el("p", {}, el("b", {}, t("effect_now")), " ", now.map(labelOf).join(", ")) : null,
    restart.length ? el("p", {}, el("b", {}, t("effect_restart")), " ", restart.map(labelOf).join(", ")) : null);
}

async function open(form) {
  const told = await form.checkNow();
  if (!told) return;
  if (told.problems.length) {
    const sheet = dialog(t("mistakes_title"), el("p", { class: "about" }, t("mistakes_text")), el("div", { class: "mistakes" }, told.problems.map((problem) => {
      const line = mistakeLine(problem);
      const made = problem.looks ? form.fields.get(`looks:${problem.key}`) : form.fieldOf(problem.key);
      if (made?.node) line.prepend(el("button", { type: "button", class: "jump", onclick: () => { sheet.close(); form.show(made.node.closest("[role=tabpanel]").dataset.section); made.node.scrollIntoView({ block: "center" }); made.node.querySelector("input, select, textarea")?.focus(); } }, labelOf(problem.key.replace(/\[.*/, ""))));
      return line;
    })), el("div", { class: "sheet-buttons" }, button(t("close"), "", () => sheet.close())));
    return;
  }
  const said = el("p", { class: "mistake", role: "alert" });
  const progress = el("p", { class: "progress", role: "status" });
  const save = button(t("save"), "save", async () => {
    save.disabled = true;
    said.textContent = "";
    try {
      const done = await api("PUT", form.path, form.wish);
      if (done.job) {
        progress.textContent = t("making_host");
        progress.classList.add("busy");
        sheet.classList.add("stays");
        await finished(done.job);
      }
      sheet.close();
      await form.saved(told.effects);
    } catch (error) {
      progress.textContent = "";
      save.disabled = false;
      if (error instanceof ApiError && ["problems", "changed_meanwhile"].includes(error.code)) {
        sheet.close();
        form.refused(error);
      } else said.textContent = reason(error);
    }
  }, "go");
  const sheet = dialog(t("review_title"), el("p", { class: "about" }, t("review_text", { file: form.form.file })),
    told.difference.length ? rows(told.difference) : el("p", { class: "none" }, t("file_same")),
    told.looks_difference.length ? [el("h3", {}, t("looks_change")), rows(told.looks_difference)] : null,
    told.makes_host ? el("p", { class: "note" }, t("makes_host")) : null,
    effectList(form, told.effects), progress, said,
    el("div", { class: "sheet-buttons" }, button(t("close"), "", () => sheet.close()), save));
  save.focus();
}

/** Waits for a job; throws what it failed of. */
async function finished(id) {
  for (;;) {
    const job = await api("GET", `/api/setup/jobs/${id}`);
    if (job.state === "done") return;
    if (job.state === "failed") throw new ApiError(422, { error: job.code, detail: job.detail });
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}

function done(form, effects) {
  const needsRestart = form.form.running && Object.values(effects).includes("restart");
  const toast = el("div", { class: "toast", role: "status" }, el("span", {}, t(needsRestart ? "saved_restart" : "saved")), needsRestart ? button(t("restart_now"), "turn", () => { toast.remove(); restart(form); }) : null, button(t("close"), "", () => toast.remove()));
  form.goodsChanged = false;
  document.querySelector("main").append(toast);
  if (!needsRestart) setTimeout(() => toast.remove(), 5000);
}

function restart(form) {
  const said = el("div", { class: "mistakes", role: "alert" });
  const go = button(t("restart_now"), "turn", async () => {
    go.disabled = true;
    said.replaceChildren();
    try {
      await api("POST", `/api/setup/channels/${encodeURIComponent(form.channel)}/restart`);
      sheet.close();
      const toast = el("div", { class: "toast", role: "status" }, el("span", {}, t("restarting")), el("a", { class: "button", href: `/channels/${encodeURIComponent(form.channel)}` }, t("watch_channel")));
      document.querySelector("main").append(toast);
      setTimeout(() => toast.remove(), 15000);
    } catch (error) {
      go.disabled = false;
      const problems = error instanceof ApiError && error.code === "problems" ? error.answer.problems : [];
      said.replaceChildren(...(problems.length ? problems.map(mistakeLine) : [el("p", { class: "mistake" }, reason(error))]));
    }
  }, "stop");
  const sheet = dialog(t("restart"), el("p", { class: "about" }, t("restart_text")), said, el("div", { class: "sheet-buttons" }, button(t("close"), "", () => sheet.close()), go));
}

/** Somebody else changed the file: `go(keeps)` fills the form again, with or without what was changed here. */
function meanwhile(answer, go) {
  if (document.querySelector("dialog.meanwhile")) return;
  const choose = (keeps) => { sheet.close(); go(keeps); };
  const sheet = dialog(t("meanwhile_title"), el("p", { class: "about" }, t("meanwhile_text", { file: answer.file })), answer.difference ? rows(answer.difference) : el("p", { class: "none" }, t("meanwhile_unknown")),
    el("div", { class: "sheet-buttons" }, button(t("meanwhile_drop"), "", () => choose(false)), button(t("meanwhile_keep"), "save", () => choose(true), "go")));
  sheet.classList.add("meanwhile");
}

/** Earlier versions of the file, each with what would change. */
export async function versions(form) {
  const place = el("div", { class: "versions" });
  const said = el("p", { class: "mistake", role: "alert" });
  const sheet = dialog(t("versions"), el("p", { class: "about" }, t("versions_text")), place, said, el("div", { class: "sheet-buttons" }, button(t("close"), "", () => sheet.close())));
  const names = await api("GET", `${form.path}/versions`);
  const when = (name) => new Date(name.replace(/^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d).*/, "$1-$2-$3T$4:$5:$6Z")).toLocaleString(document.documentElement.lang);
  if (!names.length) place.append(el("p", { class: "none" }, t("versions_none")));
  for (const name of names) {
    const details = el("details", {}, el("summary", {}, when(name)));
    details.addEventListener("toggle", async () => {
      if (!details.open || details.children.length > 1) return;
      const list = await api("GET", `${form.path}/versions/${name}`);
      const back = button(t("put_back"), "turn", async () => {
        try {
          await api("POST", `${form.path}/versions/${name}`, { revision: form.form.revision });
          sheet.close();
          await form.saved({ name: "restart" });
        } catch (error) {
          said.textContent = error instanceof ApiError && error.code === "problems" ? error.answer.problems.map((each) => `${each.key}: ${each.message}`).join("\n") : reason(error);
        }
      });
      details.append(list.length ? rows(list) : el("p", { class: "none" }, t("file_same")), back);
    });
    place.append(details);
  }
}

export const review = { open, done, restart, meanwhile };
