// The requests that belong to no tenant: unknown paths, and octets that are no request. Newest first.

import { get, remove } from "./api.js";
import { byId, make } from "./dom.js";
import { statusBadge } from "./exchange_view.js";
import { state } from "./url_state.js";
import { timeOfDay } from "./words.js";

const EVERY_MS = 2000;

let timer = null;

// Shows the list, and reads it again while the view is open.
export async function showOutside() {
  clearTimeout(timer);
  const { exchanges } = await get("/journal");
  byId("outside").replaceChildren(...exchanges.reverse().map(row));
  byId("outside-none").hidden = exchanges.length > 0;
  clearTimeout(timer);
  timer = setTimeout(again, EVERY_MS);
}

async function again() {
  if (state().view !== "outside") return;
  // A server that does not answer now may answer next time.
  await showOutside().catch(() => { timer = setTimeout(again, EVERY_MS); });
}

function row(exchange) {
  const { method, target } = exchange.request;
  return make("li", {}, make("code", {}, `${method} ${target}`), statusBadge(exchange), make("span", { class: "quiet" }, ` ${exchange.endpoint} #${exchange.sequence} ${timeOfDay(exchange.received_at)}`));
}

byId("outside-clear").addEventListener("click", async () => {
  await remove("/journal");
  await showOutside();
});
