// Numbers, instants and triggers as text; search words.

// The words of a search, in lower case.
export const searchWords = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

export const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

export const shortGrant = (grant) => grant?.startsWith("urn:") ? grant.split(":").pop() : grant;

const two = (number, digits = 2) => String(Math.trunc(number)).padStart(digits, "0");

// The time of day in UTC, from seconds since 1970; `exact` adds milliseconds.
export function timeOfDay(seconds, { exact = false } = {}) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  const text = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return exact ? `${text}.${two(date.getUTCMilliseconds(), 3)}` : text;
}

export function instant(seconds) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  return `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())} ${timeOfDay(seconds)} UTC`;
}

export function duration(seconds) {
  if (seconds < 1) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
}

// A span such as "1 h 5 min", to the second.
export function span(seconds) {
  let left = Math.round(Math.abs(seconds));
  const parts = [];
  for (const [size, unit] of [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]]) {
    const count = Math.floor(left / size);
    if (count && parts.length < 2) parts.push(`${count} ${unit}`);
    left -= count * size;
  }
  return parts.join(" ") || "0 s";
}

const ordinal = (number) => {
  const last = number % 100 > 10 && number % 100 < 14 ? 0 : number % 10;
  return `${number}${{ 1: "st", 2: "nd", 3: "rd" }[last] ?? "th"}`;
};

// A condition of a trigger on the values of a header field or parameter: "TEXT", "=TEXT", "!TEXT", "!=TEXT".
function conditionWords(condition) {
  const not = condition.startsWith("!");
  const rest = not ? condition.slice(1) : condition;
  if (rest === "") return not ? "is missing" : "is there";
  if (rest.startsWith("=")) return `${not ? "is not" : "is"} "${rest.slice(1)}"`;
  return `${not ? "lacks" : "contains"} "${rest}"`;
}

// Which requests an armed fault changes, from its trigger (member `when`).
export function triggerWords(when) {
  let text = "all requests";
  if (when.times === 1) text = "the next request";
  else if (when.times) text = `the next ${when.times} requests`;
  else if (when.nth) text = `the ${ordinal(when.nth)} request`;
  else if (when.every) text = `every ${ordinal(when.every)} request`;
  else if (typeof when.probability === "number") text = `${Math.round(when.probability * 100)} % of requests`;
  text += when.endpoint ? ` to ${when.endpoint}` : " to any endpoint";
  if (when.grant) text += `, ${shortGrant(when.grant)}`;
  if (when.client_id) text += `, client ${when.client_id}`;
  for (const kind of ["header", "parameter"]) {
    for (const [name, condition] of Object.entries(when[kind] ?? {})) text += `, ${kind} ${name} ${conditionWords(condition)}`;
  }
  if (when.status) text += `, answered ${when.status}`;
  return text;
}

// Whether an armed fault can never fire again.
export const isSpent = ({ when, matched }) => matched >= (when.times ?? when.nth ?? Infinity);
