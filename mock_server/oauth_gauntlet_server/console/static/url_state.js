// Keeps the state of the view in the URL's fragment, so that it can be shared and the browser's back button works.

const DEFAULTS = { view: "exchanges", tenant: "", open: "", q: "", endpoint: "", grant: "", status: "", fault: "", name: "" };

// A change of one of these adds an entry to the browser's history; a change of the others does not.
const STEPS = new Set(["view", "tenant", "open", "name"]);

const listeners = [];
let current = read();

function read() {
  const words = new URLSearchParams(location.hash.slice(1));
  const given = Object.fromEntries(Object.keys(DEFAULTS).map((key) => [key, words.get(key) ?? DEFAULTS[key]]));
  if (!document.querySelector(`[data-panel="${CSS.escape(given.view)}"]`)) given.view = DEFAULTS.view;
  return given;
}

function fragment() {
  const words = new URLSearchParams();
  for (const [key, value] of Object.entries(current)) {
    if (value !== DEFAULTS[key]) words.set(key, value);
  }
  return `#${words}`;
}

// Returns the href of a link that makes these changes. It also names the tenant, so that the link works in another tab.
export const leadingTo = (changes) => `#${new URLSearchParams({ tenant: current.tenant, ...changes })}`;

export const state = () => current;

export function change(changes, { replace = false } = {}) {
  const before = current;
  current = { ...current, ...changes };
  const changed = Object.keys(current).filter((key) => current[key] !== before[key]);
  if (!changed.length) return;
  const step = !replace && changed.some((key) => STEPS.has(key));
  history[step ? "pushState" : "replaceState"](null, "", fragment());
  notify(changed);
}

export function onChange(listener) {
  listeners.push(listener);
}

function notify(changed) {
  for (const listener of listeners) listener(current, changed);
}

function fromUrl() {
  const before = current;
  current = read();
  // A URL without a tenant is about the current one.
  current.tenant ||= before.tenant;
  notify(Object.keys(current).filter((key) => current[key] !== before[key]));
}

window.addEventListener("popstate", fromUrl);

// A link within the page names what it changes; the rest of the view stays.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if ("skip" in link.dataset) {
    document.getElementById(link.hash.slice(1)).focus();
    return;
  }
  const words = new URLSearchParams(link.hash.slice(1));
  change(Object.fromEntries([...words].filter(([key]) => key in DEFAULTS)));
});
