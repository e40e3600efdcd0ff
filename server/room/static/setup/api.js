/** The room's API, and the texts in the page's language. */

/** An answer that is no success: `code` for texts, `detail` for people, and the whole `answer`. */
export class ApiError extends Error {
  constructor(status, answer) {
    super(answer.message ?? String(status));
    Object.assign(this, { status, code: answer.error ?? "failed", detail: answer.detail ?? "", answer });
  }
}

/** The answer's JSON. A body that is FormData is sent as it is, anything else as JSON. */
export async function api(method, path, body, signal) {
  const isForm = body instanceof FormData;
  const headers = body === undefined || isForm ? {} : { "Content-Type": "application/json" };
  const answer = await fetch(path, { method, headers, signal, body: isForm ? body : body === undefined ? undefined : JSON.stringify(body) });
  if (answer.status === 401) location.assign("/signin");
  const said = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (!answer.ok) throw new ApiError(answer.status, said);
  return said;
}

let texts = {};
/** Load the texts of a language; `t` works from then on. */
export async function loadTexts(language) {
  texts = await api("GET", `/api/setup/texts/${language}`);
}

/** The text of a key with its {parts} filled in; `otherwise`, or the key, where there is none. */
export function t(key, values = {}, otherwise = key) {
  return (texts[key] ?? otherwise).replace(/\{(\w+)\}/g, (part, name) => values[name] ?? part);
}
export const hasText = (key) => key in texts;

/** What an error means, in words. */
export function reason(error) {
  if (!(error instanceof ApiError)) return t("error.away");
  return t(`error.${error.code}`, { detail: error.detail }, t("error.failed", { detail: error.detail || error.message }));
}
