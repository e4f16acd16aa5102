// The tenant's armed faults, with live counters.

import { post, remove, tenantPath } from "./api.js";
import { byId, make } from "./dom.js";
import { leadingTo } from "./url_state.js";
import { isSpent, triggerWords } from "./words.js";

let tenant = "";
let before = new Map();

export function showArmed(name, armed) {
  if (name !== tenant) before = new Map();
  tenant = name;
  byId("none-armed").hidden = armed.length > 0;
  byId("disarm").hidden = armed.length === 0;
  byId("armed").replaceChildren(...armed.map(chip));
  before = new Map(armed.map((each) => [each.id, each.fired]));
}

function chip(armed) {
  const { id, fault, when, matched, fired } = armed;
  const spent = isSpent(armed);
  const fresh = before.has(id) && before.get(id) < fired;
  const clear = make("button", { type: "button", class: "small", "aria-label": `Clear ${fault}` }, "×");
  clear.addEventListener("click", () => remove(tenantPath(tenant, `/faults/${id}`)));
  const counter = make("span", { class: "counter", title: `matched ${matched}, fired ${fired}` }, `fired ${fired}`);
  return make(
    "li",
    { class: `${spent ? "spent" : ""} ${fresh ? "fresh" : ""}`.trim() || null, "data-id": id },
    make("a", { href: leadingTo({ view: "faults", name: fault }) }, `⚡ ${fault}`),
    make("span", { class: "quiet" }, spent ? `${triggerWords(when)}: done` : triggerWords(when)),
    counter,
    clear,
  );
}

export function arm(name, document) {
  return post(tenantPath(name, "/faults"), document);
}

// Arms the faults of an exchange again, each for the next matching request.
export async function armAgain(name, fired) {
  for (const fault of fired) await arm(name, { ...fault, when: { times: 1 } });
}

byId("disarm").addEventListener("click", () => remove(tenantPath(tenant, "/faults")));
