// The live list of exchanges, newest first: filters, pause, clear.

import { remove, tenantPath } from "./api.js";
import { badge, byId, make } from "./dom.js";
import { closeExchange, openExchange, statusBadge } from "./exchange_view.js";
import { change, leadingTo, state } from "./url_state.js";
import { duration, plural, searchWords, shortGrant, timeOfDay } from "./words.js";

// The same limit as the server's journal.
const MOST = 1000;
const ANNOUNCE_EVERY_MS = 3000;

const list = byId("exchanges");
const form = byId("filters");
const FACETS = ["q", "endpoint", "grant", "status", "fault"];

let tenant = "";
let entries = []; // oldest first: { exchange, item, text }
let waitingForResume = []; // arrived while the list was paused
let paused = false;
let unannounced = [];
let announcer = null;
let waiting = null;
let armedNames = [];
let opened = null; // the number in the URL that was opened last

export function startList(name) {
  tenant = name;
  entries = [];
  waitingForResume = [];
  list.replaceChildren();
  opened = null;
  render();
}

export function cleared() {
  entries = [];
  waitingForResume = [];
  list.replaceChildren();
  if (state().open) change({ open: "" }, { replace: true });
  render();
}

export function arrived(exchange) {
  if (paused) waitingForResume.push(exchange);
  else add(exchange);
  unannounced.push(exchange);
  announcer ??= setTimeout(announce, entries.length > 1 ? ANNOUNCE_EVERY_MS : 0);
  renderSoon();
}

// Many exchanges may arrive within one frame; the list is rendered once for all of them.
function renderSoon() {
  waiting ??= requestAnimationFrame(() => { waiting = null; render(); });
}

function add(exchange) {
  const entry = { exchange, item: row(exchange), text: null };
  if (String(exchange.sequence) === state().open) opened = null;
  entry.item.hidden = !fits(entry, state());
  entries.push(entry);
  list.prepend(entry.item);
  while (entries.length > MOST) entries.shift().item.remove();
}

function row(exchange) {
  const { sequence, endpoint, grant_type: grant, client_id: client, faults } = exchange;
  const link = make(
    "a",
    { href: leadingTo({ view: "exchanges", open: String(sequence) }), "data-sequence": sequence },
    make("span", { class: "what" }, make("b", {}, endpoint), grant ? ` ${shortGrant(grant)}` : ` ${exchange.request.method}`),
    statusBadge(exchange),
    make(
      "span",
      { class: "more" },
      make("span", { class: "who" }, `#${sequence} `, make("span", { title: timeOfDay(exchange.received_at, { exact: true }) }, timeOfDay(exchange.received_at)), client ? ` ${client}` : ""),
      ...faults.map((fault) => badge(`⚡ ${fault}`, "fault")),
      make("span", { class: "took" }, duration(exchange.duration_s)),
    ),
  );
  return make("li", {}, link);
}

function fits(entry, filters) {
  const { exchange } = entry;
  if (filters.endpoint && exchange.endpoint !== filters.endpoint) return false;
  if (filters.grant && exchange.grant_type !== filters.grant) return false;
  if (filters.status === "none" ? exchange.response : filters.status && String(exchange.response?.status)[0] !== filters.status) return false;
  if (filters.fault === "*" && !exchange.faults.length) return false;
  if (filters.fault === "-" && exchange.faults.length) return false;
  if (filters.fault.length > 1 && !exchange.faults.includes(filters.fault)) return false;
  const words = searchWords(filters.q);
  if (!words.length) return true;
  entry.text ??= textOf(exchange).toLowerCase();
  return words.every((word) => entry.text.includes(word));
}

function textOf(exchange) {
  const side = (message) => (message ? [message.headers.map((pair) => pair.join(": ")).join("\n"), message.body] : []);
  const { request, response } = exchange;
  return [
    `#${exchange.sequence} ${request.method} ${request.target} ${response?.status ?? "no response"} ${response?.reason ?? ""}`,
    exchange.endpoint, exchange.grant_type, exchange.client_id, exchange.error, ...exchange.faults, ...side(request), ...side(response),
  ].join("\n");
}

// Applies the filters and the opened exchange of the URL to the list.
export function applyFilters() {
  const filters = state();
  for (const name of FACETS) {
    const field = form.elements[name];
    if (name === "fault") offerFaults(filters.fault);
    if (field.value !== filters[name]) field.value = filters[name];
    if (field.tagName === "SELECT" && field.selectedIndex < 0) field.value = "";
  }
  for (const entry of entries) entry.item.hidden = !fits(entry, filters);
  render();
}

function render() {
  openFromState();
  const { open } = state();
  let count = 0;
  for (const { exchange, item } of entries) {
    count += !item.hidden;
    const link = item.firstElementChild;
    if (String(exchange.sequence) === open) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  byId("nothing").hidden = !entries.length || count > 0;
  byId("first").hidden = entries.length > 0 || waitingForResume.length > 0;
  byId("shown").textContent = entries.length ? `${count === entries.length ? plural(count, "exchange") : `${count} of ${plural(entries.length, "exchange")}`}` : "";
  byId("pause").textContent = paused ? (waitingForResume.length ? `Resume (${waitingForResume.length} new)` : "Resume") : "Pause";
  byId("pause").setAttribute("aria-pressed", String(paused));
  offerFaults(state().fault);
}

// The filter offers the faults that fired and the armed ones.
export function knowArmed(names) {
  armedNames = names;
  offerFaults(state().fault);
}

function offerFaults(chosen) {
  const select = form.elements.fault;
  const names = new Set([...armedNames, ...entries.flatMap(({ exchange }) => exchange.faults)]);
  if (chosen.length > 1) names.add(chosen);
  const wanted = [...names].sort();
  const there = [...select.options].slice(3).map((option) => option.value);
  if (wanted.join("\n") === there.join("\n")) return;
  while (select.options.length > 3) select.options[3].remove();
  select.append(...wanted.map((name) => make("option", {}, name)));
  select.value = chosen;
}

// Announces new exchanges to screen readers, at most one message for each interval.
function announce() {
  announcer = null;
  if (!unannounced.length || paused) {
    unannounced = [];
    return;
  }
  const { endpoint, response, faults } = unannounced.at(-1);
  const by = faults.length ? ` by ${faults.join(", ")}` : "";
  byId("announcement").textContent = `${plural(unannounced.length, "new exchange")}; the last: ${endpoint}, ${response?.status ?? "no response"}${by}`;
  unannounced = [];
}

// Opens the exchange that the URL names.
function openFromState() {
  const { open, view } = state();
  if (view !== "exchanges" || open === opened) return;
  opened = open;
  if (!open) closeExchange();
  else if (entries.some(({ exchange }) => String(exchange.sequence) === open)) openExchange(tenant, open);
  else closeExchange(`Exchange #${open} is not in the journal.`);
}

function step(by) {
  const visible = entries.filter(({ item }) => !item.hidden).reverse();
  if (!visible.length) return;
  const at = visible.findIndex(({ exchange }) => String(exchange.sequence) === state().open);
  const next = visible[at < 0 ? 0 : Math.min(Math.max(at + by, 0), visible.length - 1)];
  change({ open: String(next.exchange.sequence) }, { replace: true });
  next.item.firstElementChild.focus();
}

function pause() {
  paused = !paused;
  if (!paused) {
    waitingForResume.forEach(add);
    waitingForResume = [];
  }
  render();
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", () => {
  change(Object.fromEntries(FACETS.map((name) => [name, form.elements[name].value])), { replace: true });
});
const resetFilters = () => change(Object.fromEntries(FACETS.map((name) => [name, ""])), { replace: true });
form.addEventListener("reset", (event) => { event.preventDefault(); resetFilters(); });
byId("show-all").addEventListener("click", () => { resetFilters(); form.elements.q.focus(); });
byId("pause").addEventListener("click", pause);
byId("clear").addEventListener("click", () => remove(tenantPath(tenant, "/journal")));
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (state().view !== "exchanges") return;
  const act = { "/": () => form.elements.q.focus(), j: () => step(1), k: () => step(-1), p: pause }[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});
