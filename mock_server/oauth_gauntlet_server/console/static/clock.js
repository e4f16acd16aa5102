// Shows the tenant's clock, and moves it.

import { ApiError, get, post, tenantPath } from "./api.js";
import { byId } from "./dom.js";
import { instant, span, timeOfDay } from "./words.js";

let tenant = "";
let known = null; // { now, frozen, at }: the clock's last known time, and when it was read

export async function readClock(name) {
  tenant = name;
  update(await get(tenantPath(name, "/clock")));
}

function update(document) {
  known = { ...document, at: performance.now() / 1000 };
  show();
}

const now = () => known.now + (known.frozen ? 0 : performance.now() / 1000 - known.at);

function show() {
  if (!known) return;
  const offset = now() - Date.now() / 1000;
  const shifted = Math.abs(offset) >= 2;
  const words = [known.frozen && "frozen", shifted && `${span(offset)} ${offset > 0 ? "ahead" : "behind"}`].filter(Boolean).join(", ");
  const short = [known.frozen && "frozen", shifted && `${offset > 0 ? "+" : "−"}${span(offset)}`].filter(Boolean).join(", ");
  byId("clock").textContent = `${timeOfDay(now())} UTC${short && ` ${short}`}`;
  byId("clock").classList.toggle("moved", Boolean(words));
  byId("now").textContent = instant(now());
  byId("offset").textContent = words || "real time";
  byId("freeze").textContent = known.frozen ? "Unfreeze" : "Freeze";
}

// Reads the clock again if an exchange's time shows that somebody else has moved it.
export function checkClock(receivedAt) {
  if (known && Math.abs(receivedAt - now()) > 3) readClock(tenant).catch(() => {});
}

async function move(name, document = {}) {
  try {
    update(await post(tenantPath(tenant, `/clock/${name}`), document));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
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
