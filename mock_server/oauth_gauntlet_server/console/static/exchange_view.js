// The opened exchange: its facts, both sides of the wire (decoded and raw), and its snippets.

import { ApiError, get, tenantPath, withQuery } from "./api.js";
import { copyText } from "./copy.js";
import { badge, byId, fillPane, make } from "./dom.js";
import { armAgain } from "./armed_faults.js";
import { partCard } from "./parts.js";
import { leadingTo } from "./url_state.js";
import { duration, instant, shortGrant } from "./words.js";

const pane = byId("exchange");
const hint = pane.firstElementChild;
let shown = null;

export function statusBadge(exchange) {
  if (!exchange.response) return badge("no response", "error");
  const { status } = exchange.response;
  const kind = { 2: "pass", 3: "warn", 4: "warn", 5: "fail" }[String(status)[0]] ?? "none";
  return badge(exchange.error ? `${status} ${exchange.error}` : String(status), kind);
}

export function closeExchange(words = "") {
  shown = null;
  pane.replaceChildren(words ? make("p", { class: "quiet hint" }, words) : hint);
}

export async function openExchange(tenant, sequence) {
  const wanted = `${tenant} ${sequence}`;
  if (shown === wanted) return;
  shown = wanted;
  let found;
  try {
    found = await get(tenantPath(tenant, `/journal/exchanges/${encodeURIComponent(sequence)}`));
  } catch (error) {
    if (shown === wanted) {
      const words = error instanceof ApiError ? error.message : "The server does not answer.";
      pane.replaceChildren(make("p", { class: "quiet" }, words));
      shown = null;
    }
    return;
  }
  if (shown !== wanted) return;
  fillPane(pane, view(tenant, found));
}

function view(tenant, { exchange, sent, received, fired }) {
  const faultLinks = fired.map((fault) => make("a", { class: "badge fault", href: leadingTo({ view: "faults", name: fault.fault }), title: "What it does, and which real servers do it" }, `⚡ ${fault.fault}`));
  const heading = make("h2", {}, make("span", { class: "number" }, `#${exchange.sequence}`), ` ${exchange.request.method} `, make("code", {}, exchange.request.target));
  const facts = [
    ["Received", instant(exchange.received_at)],
    ["Took", duration(exchange.duration_s)],
    ["Endpoint", exchange.endpoint],
    ["Grant", shortGrant(exchange.grant_type)],
    ["Client", exchange.client_id],
  ];
  return [
    make("header", {}, heading, make("p", { class: "tags" }, statusBadge(exchange), ...faultLinks)),
    fired.length > 0 && firedNote(tenant, fired),
    make("dl", { class: "facts" }, ...facts.filter(([, value]) => value).map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)))),
    snippetBar(tenant, exchange.sequence),
    make("div", { class: "sides" }, side("The client sent", sent), received ? side("The server sent", received) : noResponse()),
  ].filter(Boolean);
}

function firedNote(tenant, fired) {
  const again = make("button", { type: "button" }, "Arm again");
  again.addEventListener("click", async () => {
    await armAgain(tenant, fired);
    again.textContent = "Armed for the next request";
  });
  return make("div", { class: "fired" }, make("p", {}, "Faults that fired: ", ...fired.flatMap((fault, index) => [index ? ", then " : "", ...faultWords(fault)])), again);
}

// A fault with its parameters, except those that are null or empty.
function faultWords({ fault, ...parameters }) {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== "" && JSON.stringify(value) !== "{}" && JSON.stringify(value) !== "[]");
  return [make("b", {}, fault), ...given.flatMap(([name, value], index) => [index ? ", " : ": ", `${name} `, make("code", {}, JSON.stringify(value).slice(0, 300))])];
}

function snippetBar(tenant, sequence) {
  const buttons = byId("snippets").content.cloneNode(true);
  for (const button of buttons.querySelectorAll("button")) {
    button.addEventListener("click", async () => {
      const path = tenantPath(tenant, `/journal/exchanges/${sequence}/snippet`);
      const { text } = await get(withQuery(path, { format: button.dataset.format }));
      await copyText(text, button);
      preview.firstElementChild.textContent = text;
      preview.hidden = false;
    });
  }
  const preview = make("pre", { class: "preview", tabindex: "0", hidden: true, "aria-label": "What was copied" }, make("code", {}));
  return make("div", { class: "snippets" }, make("span", { class: "quiet" }, "Copy as"), buttons, preview);
}

function side(title, { wire, octets, exact, parts }) {
  const size = `${octets} octets${exact ? "" : ", rebuilt from the parsed message"}`;
  return make(
    "section",
    { class: "side" },
    make("h3", {}, title),
    ...parts.map(partCard),
    make("details", { class: "wire", open: true }, make("summary", {}, "On the wire ", make("span", { class: "quiet" }, size)), make("pre", { tabindex: "0" }, make("code", {}, wire))),
  );
}

function noResponse() {
  return make("section", { class: "side" }, make("h3", {}, "The server sent"), make("p", { class: "finding none" }, "Nothing: it closed the connection without a response."));
}
