// The live list: what has arrived, the newest first, narrowed by filters; pausing, clearing.

import { remove, tenantPath } from "./api.js";
import { badge, byId, make } from "./dom.js";
import { closeExchange, openExchange, statusBadge } from "./exchange_view.js";
import { change, leadingTo, state } from "./url_state.js";
import { duration, plural, shortGrant, timeOfDay } from "./words.js";

// As many as the server's journal keeps.
const MOST = 1000;
const SAY_EVERY_MS = 3000;

const list = byId("exchanges");
const form = byId("filters");
const FACETS = ["q", "endpoint", "grant", "status", "fault"];

let tenant = "";
let kept = []; // oldest first: { exchange, item, text }
let held = []; // arrived while the list was paused
let paused = false;
let unsaid = [];
let speaker = null;
let waiting = null;
let armedNames = [];
let opened = null; // the number in the URL that was acted on

export function startList(name) {
  tenant = name;
  kept = [];
  held = [];
  list.replaceChildren();
  opened = null;
  render();
}

export function cleared() {
  kept = [];
  held = [];
  list.replaceChildren();
  if (state().open) change({ open: "" }, { replace: true });
  render();
}

export function arrived(exchange) {
  if (paused) held.push(exchange);
  else add(exchange);
  unsaid.push(exchange);
  speaker ??= setTimeout(speak, kept.length > 1 ? SAY_EVERY_MS : 0);
  later();
}

// Many may come within one frame: what depends on all of them is done once.
function later() {
  waiting ??= requestAnimationFrame(() => { waiting = null; render(); });
}

function add(exchange) {
  const entry = { exchange, item: row(exchange), text: null };
  if (String(exchange.sequence) === state().open) opened = null;
  entry.item.hidden = !fits(entry, state());
  kept.push(entry);
  list.prepend(entry.item);
  while (kept.length > MOST) kept.shift().item.remove();
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
  const words = filters.q.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return true;
  entry.text ??= textOf(exchange).toLowerCase();
  return words.every((word) => entry.text.includes(word));
}

function textOf(exchange) {
  const side = (message) => (message ? [message.headers.map((pair) => pair.join(": ")).join("\n"), message.body] : []);
  const { request, response } = exchange;
  return [
    `#${exchange.sequence} ${request.method} ${request.target} ${response?.status ?? "no answer"} ${response?.reason ?? ""}`,
    exchange.endpoint, exchange.grant_type, exchange.client_id, exchange.error, ...exchange.faults, ...side(request), ...side(response),
  ].join("\n");
}

// Brings what is shown into line with the filters and the opened exchange.
export function applyFilters() {
  const filters = state();
  for (const name of FACETS) {
    const field = form.elements[name];
    if (name === "fault") offerFaults(filters.fault);
    if (field.value !== filters[name]) field.value = filters[name];
    if (field.tagName === "SELECT" && field.selectedIndex < 0) field.value = "";
  }
  for (const entry of kept) entry.item.hidden = !fits(entry, filters);
  render();
}

function render() {
  openFromState();
  const { open } = state();
  let count = 0;
  for (const { exchange, item } of kept) {
    count += !item.hidden;
    const link = item.firstElementChild;
    if (String(exchange.sequence) === open) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  byId("nothing").hidden = !kept.length || count > 0;
  byId("first").hidden = kept.length > 0 || held.length > 0;
  byId("shown").textContent = kept.length ? `${count === kept.length ? plural(count, "exchange") : `${count} of ${plural(kept.length, "exchange")}`}` : "";
  byId("pause").textContent = paused ? (held.length ? `Resume (${held.length} new)` : "Resume") : "Pause";
  byId("pause").setAttribute("aria-pressed", String(paused));
  offerFaults(state().fault);
}

// The faults to filter by are those that were seen, and those in force.
export function knowArmed(names) {
  armedNames = names;
  offerFaults(state().fault);
}

function offerFaults(chosen) {
  const select = form.elements.fault;
  const names = new Set([...armedNames, ...kept.flatMap(({ exchange }) => exchange.faults)]);
  if (chosen.length > 1) names.add(chosen);
  const wanted = [...names].sort();
  const there = [...select.options].slice(3).map((option) => option.value);
  if (wanted.join("\n") === there.join("\n")) return;
  while (select.options.length > 3) select.options[3].remove();
  select.append(...wanted.map((name) => make("option", {}, name)));
  select.value = chosen;
}

function speak() {
  speaker = null;
  if (!unsaid.length || paused) {
    unsaid = [];
    return;
  }
  const { endpoint, response, faults } = unsaid.at(-1);
  const by = faults.length ? ` by ${faults.join(", ")}` : "";
  byId("said").textContent = `${plural(unsaid.length, "new exchange")}; the last: ${endpoint}, ${response?.status ?? "no answer"}${by}`;
  unsaid = [];
}

// Opens the exchange that the URL names, once it is there.
function openFromState() {
  const { open, view } = state();
  if (view !== "exchanges" || open === opened) return;
  opened = open;
  if (!open) closeExchange();
  else if (kept.some(({ exchange }) => String(exchange.sequence) === open)) openExchange(tenant, open);
  else closeExchange(`Exchange #${open} is not in the journal.`);
}

function step(by) {
  const visible = kept.filter(({ item }) => !item.hidden).reverse();
  if (!visible.length) return;
  const at = visible.findIndex(({ exchange }) => String(exchange.sequence) === state().open);
  const next = visible[at < 0 ? 0 : Math.min(Math.max(at + by, 0), visible.length - 1)];
  change({ open: String(next.exchange.sequence) }, { replace: true });
  next.item.firstElementChild.focus();
}

function pause() {
  paused = !paused;
  if (!paused) {
    held.forEach(add);
    held = [];
  }
  render();
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", () => {
  change(Object.fromEntries(FACETS.map((name) => [name, form.elements[name].value])), { replace: true });
});
const widen = () => change(Object.fromEntries(FACETS.map((name) => [name, ""])), { replace: true });
form.addEventListener("reset", (event) => { event.preventDefault(); widen(); });
byId("widen").addEventListener("click", () => { widen(); form.elements.q.focus(); });
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
