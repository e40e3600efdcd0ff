/** The voices there are, each to listen to. */
import { el, icon } from "./dom.js";
import { t } from "./api.js";

/** Kokoro's voices have their language and gender in front of the name: "zf_xiaobei". */
const shortName = (name) => name.replace(/^[a-z][fm]_/, "");
const kindOf = (name) => ({ f: [t("voice_woman")], m: [t("voice_man")] })[/^[a-z]([fm])_/.exec(name)?.[1]] ?? [];

/** `context()` gives {language, speed, host}. A chosen voice that is not among `all` (an endpoint's, or one made of
 * weights) was written into the channel's file; it is shown first and can be kept, and is heard on air only. */
export function voices(known, chosen, context, changed) {
  const isChosen = (voice) => voice.backend === chosen.backend && voice.name === chosen.name;
  const written = known.some(isChosen) ? [] : [{ ...chosen, languages: [context().language], written: true }];
  const all = [...written, ...known];
  const audio = el("audio", { preload: "none" });
  const said = el("p", { class: "tried", role: "status" });
  let playing = null;
  const stop = () => {
    audio.pause();
    playing?.classList.remove("playing", "waiting");
    playing = null;
  };
  audio.addEventListener("ended", stop);
  audio.addEventListener("playing", () => playing?.classList.replace("waiting", "playing"));
  audio.addEventListener("error", () => {
    if (!playing) return;
    said.className = "tried bad";
    said.textContent = t("error.sample_failed", { detail: "" });
    stop();
  });
  const listen = (voice, sign) => {
    const again = playing === sign;
    stop();
    said.textContent = "";
    if (again) return;
    playing = sign;
    sign.classList.add("waiting");
    const { language, speed, host } = context();
    const spoken = voice.languages.includes(language) ? language : voice.languages[0];
    audio.src = `/api/setup/voices/${voice.backend}/${voice.name}/sample.wav?${new URLSearchParams({ language: spoken, speed, host })}`;
    audio.play().catch(() => {});
  };
  const speaks = (voice) => voice.languages.includes(context().language);
  const card = (voice) => {
    const input = el("input", { type: "radio", name: "voice", checked: isChosen(voice), onchange: () => changed(voice) });
    const sign = voice.written ? null : el("button", { type: "button", class: "icon-button listen", "aria-label": t("listen", { name: voice.name }), onclick: (event) => { event.preventDefault(); listen(voice, sign); } }, icon("play"));
    return el("label", { class: "voice", data: { voice: voice.name } }, input, el("span", { class: "voice-name" }, voice.written ? el("b", {}, voice.name) : el("b", { class: "known" }, shortName(voice.name)), el("small", {}, [...voice.languages.map((each) => t(`option.language.${each}`, {}, each)), ...(voice.written ? [voice.backend, t("voice_written")] : kindOf(voice.name))].join(" · "))), sign);
  };
  const grid = (some) => el("div", { class: "voice-grid" }, some.map(card));
  const others = all.filter((voice) => !speaks(voice));
  const isOther = others.some(isChosen);
  return el("div", { class: "voices" }, grid(all.filter(speaks)), others.length ? el("details", { open: isOther }, el("summary", {}, t("more_voices")), grid(others)) : null, audio, said);
}
