// The tenant's clock: shown as it runs, and moved.

import { Refusal, get, post, tenantPath } from "./api.js";
import { byId } from "./dom.js";
import { instant, span, timeOfDay } from "./words.js";

let tenant = "";
let known = null; // { now, frozen, at }: what the clock said, and when

export async function readClock(name) {
  tenant = name;
  take(await get(tenantPath(name, "/clock")));
}

function take(document) {
  known = { ...document, at: performance.now() / 1000 };
  show();
}

const now = () => known.now + (known.frozen ? 0 : performance.now() / 1000 - known.at);

function show() {
  if (!known) return;
  const away = now() - Date.now() / 1000;
  const shifted = Math.abs(away) >= 2;
  const words = [known.frozen && "frozen", shifted && `${span(away)} ${away > 0 ? "ahead" : "behind"}`].filter(Boolean).join(", ");
  const short = [known.frozen && "frozen", shifted && `${away > 0 ? "+" : "−"}${span(away)}`].filter(Boolean).join(", ");
  byId("clock").textContent = `${timeOfDay(now())} UTC${short && ` ${short}`}`;
  byId("clock").classList.toggle("moved", Boolean(words));
  byId("now").textContent = instant(now());
  byId("offset").textContent = words || "real time";
  byId("freeze").textContent = known.frozen ? "Let it run" : "Freeze";
}

// An exchange tells what the clock said: somebody else may have moved it.
export function heard(receivedAt) {
  if (known && Math.abs(receivedAt - now()) > 3) readClock(tenant).catch(() => {});
}

async function move(name, document = {}) {
  try {
    take(await post(tenantPath(tenant, `/clock/${name}`), document));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    byId("offset").textContent = error.message;
  }
}

byId("moves").addEventListener("click", (event) => {
  const { seconds } = event.target.dataset;
  if (seconds) move("advance", { seconds: Number(seconds) });
});
byId("freeze").addEventListener("click", () => move(known?.frozen ? "unfreeze" : "freeze"));
byId("reset-clock").addEventListener("click", () => move("reset"));
byId("advance").addEventListener("submit", (event) => {
  event.preventDefault();
  move("advance", { seconds: Number(event.target.elements.seconds.value) });
});
byId("set-clock").addEventListener("submit", (event) => {
  event.preventDefault();
  move("set", { epoch_s: Date.parse(`${event.target.elements.instant.value}Z`) / 1000 });
});
setInterval(show, 1000);
