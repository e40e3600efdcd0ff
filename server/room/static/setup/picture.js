/** A picture of the shop's own, such as its logo: what there is now, another one to choose or drop, and none. */
import { api, reason, t } from "./api.js";
import { button, dropPlace, el } from "./dom.js";

const KINDS = ".png,.jpg,.jpeg,.webp";

/** The file's name of a path, or of what was picked. */
const nameOf = (path) => path.replace(/^.*[/\\]/, "");

/** `spec.source(value)` is the address of the picture that a value names. What is picked is uploaded at once, and saved with the form. */
export function pictureField(spec, value, changed) {
  let now = String(value ?? "");
  let name = nameOf(now);
  const status = el("p", { class: "tried", role: "status" });
  const tell = (text, isBad = false) => { status.className = isBad ? "tried bad" : "tried"; status.textContent = text; };
  const shown = el("div", { class: "picture-now" });
  const remove = button(t("remove"), "trash", () => { set(""); tell(""); changed(""); place.picker.focus(); });
  const upload = async (file) => {
    if (!file) return;
    const form = new FormData();
    form.append("file", file);
    tell(t("reading_picture"));
    try {
      const told = await api("POST", "/api/setup/logos", form);
      tell("");
      set(told.value, file.name);
      changed(told.value);
    } catch (error) {
      tell(reason(error), true);
    }
  };
  const place = dropPlace(t("picture_drop"), t("picture_kinds"), KINDS, upload);
  const show = () => {
    remove.hidden = !now;
    if (!now) {
      shown.replaceChildren(el("p", { class: "none" }, t("picture_none")));
      return;
    }
    const image = el("img", { src: spec.source(now), alt: t("picture_of", { name }), onerror: () => image.replaceWith(el("p", { class: "mistake" }, t("picture_missing"))) });
    shown.replaceChildren(image, el("code", {}, name));
  };
  function set(next, known) {
    now = String(next ?? "");
    name = known ?? nameOf(now);
    show();
  }
  show();
  return { node: el("div", { class: "picture" }, shown, place, remove, status), set, group: true };
}
