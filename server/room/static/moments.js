/** Times as the reader's own clock tells them: in the browser's zone, with the date unless it is today. */
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY = { month: "short", day: "numeric" };

/** The page's language, as it is written where the browser is from. */
function locale() {
  const { lang } = document.documentElement;
  return navigator.languages.find((each) => each.split("-")[0] === lang) ?? lang;
}
const told = (seconds, parts) => new Date(seconds * 1000).toLocaleString(locale(), parts);
const isToday = (seconds) => new Date(seconds * 1000).toDateString() === new Date().toDateString();

/** Hour and minute of a time in seconds since the epoch. */
export const clock = (seconds) => told(seconds, CLOCK);

/** Month and day. */
export const day = (seconds) => told(seconds, DAY);

/** The whole time; `exact` with seconds. */
export const moment = (seconds, { exact = false } = {}) => told(seconds, { ...(isToday(seconds) ? {} : DAY), ...CLOCK, ...(exact ? { second: "2-digit" } : {}) });
