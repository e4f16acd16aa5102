// The console's entry point: chooses tenant and view, and passes events on to the views.

import { ApiError, get, tenantPath } from "./api.js";
import { showArmed } from "./armed_faults.js";
import { checkClock, readClock } from "./clock.js";
import "./control_token.js";
import "./copy.js";
import { byId, make } from "./dom.js";
import { applyFilters, arrived, cleared, knowArmed, startList } from "./exchange_list.js";
import { showFaults } from "./faults.js";
import { follow } from "./follow.js";
import { showOutside } from "./outside.js";
import { showParties } from "./parties.js";
import { offerNewTenant, onTenantChanged, showTenant } from "./tenant_view.js";
import "./theme.js";
import { showTokens } from "./tokens.js";
import { change, leadingTo, onChange, state } from "./url_state.js";

// A test run may create thousands of tenants. The select offers the newest ones only.
const MOST_TENANTS = 200;

const select = byId("tenant");
let tenant = null; // the control API's Tenant that is shown
let stop = () => {};
let entered = 0;

function showProblem(words) {
  byId("problem").textContent = words;
  byId("problem").hidden = !words;
}

function live(status, words) {
  const names = { live: "live", off: "off", connecting: "…", asleep: "asleep" };
  byId("live").dataset.state = status;
  byId("live").textContent = names[status];
  showProblem(status === "off" && words ? `The list is not live: ${words}.` : "");
}

async function readTenants() {
  const { tenants } = await get("/tenants");
  const names = tenants.map(({ name }) => name);
  const offered = names.slice(-MOST_TENANTS);
  const wanted = state().tenant;
  if (wanted && !offered.includes(wanted)) offered.push(wanted);
  select.replaceChildren(...offered.map((name) => make("option", { value: name }, name)));
  return names;
}

// Shows the tenant of that name; without a name the tenant "default", or else the newest.
async function enter(name) {
  const turn = ++entered;
  stop();
  live("connecting", "");
  const names = await readTenants();
  const chosen = name || (names.includes("default") ? "default" : names.at(-1) ?? "");
  if (!chosen) {
    showProblem("There is no tenant yet. Create one.");
    if (state().view === "outside") await showView();
    else change({ view: "tenant" }, { replace: true });
    return;
  }
  let found;
  try {
    found = await get(tenantPath(chosen));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    tenant = null;
    startList("");
    showArmed("", []);
    live("off", "");
    showProblem(error.message);
    return;
  }
  // The user may have chosen another tenant meanwhile.
  if (turn !== entered) return;
  tenant = found;
  if (state().tenant !== tenant.name) change({ tenant: tenant.name }, { replace: true });
  if (!names.includes(tenant.name)) await readTenants();
  select.value = tenant.name;
  document.title = `${tenant.name} · Console · oauth-gauntlet`;
  byId("first-command").textContent = `curl -i -u demo-client:demo-secret ${tenant.token_url} -d grant_type=client_credentials`;
  startList(tenant.name);
  showArmed(tenant.name, []);
  const here = tenant.name;
  stop = follow(here, (kind, data) => { if (tenant?.name === here) onEvent(kind, data); }, live);
  await Promise.all([readClock(here), showView()]);
}

function onEvent(kind, data) {
  if (kind === "exchange") {
    arrived(data);
    checkClock(data.received_at);
  } else if (kind === "faults") {
    showArmed(tenant.name, data.faults);
    knowArmed(data.faults.map(({ fault }) => fault));
  } else if (kind === "cleared") {
    cleared();
  } else if (kind === "gone") {
    gone(tenant.name);
  }
}

// The tenant was deleted, or replaced by a new one with the same name.
async function gone(name) {
  if ((await readTenants()).includes(name)) {
    await enter(name);
    return;
  }
  tenant = null;
  live("off", `the tenant ${name} was deleted`);
}

async function showView() {
  const { view } = state();
  for (const panel of document.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== view;
  for (const link of document.querySelectorAll("[data-view]")) {
    link.href = leadingTo({ view: link.dataset.view });
    if (link.dataset.view === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.body.dataset.view = view;
  if (view === "outside") await showOutside();
  if (!tenant && view !== "tenant") return;
  if (view === "exchanges") applyFilters();
  if (view === "faults") await showFaults(tenant);
  if (view === "parties") await showParties(tenant.name);
  if (view === "tokens") await showTokens(tenant.name);
  if (view === "tenant" && tenant) await showTenant(tenant);
}

onChange((now, changed) => guarded(async () => {
  if (changed.includes("tenant") && now.tenant !== tenant?.name) {
    await enter(now.tenant);
    return;
  }
  await showView();
}));

onTenantChanged((what) => guarded(async () => {
  if (typeof what === "string") change({ tenant: what, open: "" });
  else if (what) {
    tenant = what;
    await showTenant(tenant);
  } else {
    stop();
    change({ tenant: "", open: "" });
  }
}));

select.addEventListener("change", () => change({ tenant: select.value, open: "" }));
select.addEventListener("focus", () => guarded(async () => { await readTenants(); select.value = tenant?.name ?? ""; }));

// Shows an error of `work` on the page; without this it would be visible in the browser's console only.
async function guarded(work) {
  try {
    await work();
  } catch (error) {
    showProblem(error instanceof ApiError ? error.message : `The server does not answer (${error.message}).`);
  }
}

window.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  showProblem(event.reason instanceof ApiError ? event.reason.message : `Something went wrong: ${event.reason?.message ?? event.reason}`);
});

applyFilters();
guarded(() => enter(state().tenant));
guarded(offerNewTenant);
