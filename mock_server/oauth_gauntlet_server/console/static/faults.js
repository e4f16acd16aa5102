// The catalogue of faults: search, documentation, a form that arms a fault, and the presets with their URLs.

import { get } from "./api.js";
import { arm } from "./armed_faults.js";
import { copyButton } from "./copy.js";
import { byId, fillPane, make, prose } from "./dom.js";
import { schemaForm, submitForm } from "./schema_form.js";
import { leadingTo, state } from "./url_state.js";
import { plural, searchWords, triggerWords } from "./words.js";

const pane = byId("fault");
const hint = pane.firstElementChild;
const search = byId("fault-search");
let known = null;
let shown = null;
let tenant = null;

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
// The first sentence of a family names it; what follows explains it.
const familyName = (family) => capital(family.split(". ")[0].split(", with or")[0]);

async function load() {
  if (known) return;
  const { faults, presets, preset_paths: paths } = await get("/faults");
  known = faults.map((each) => ({
    ...each,
    presets: Object.entries(presets).filter(([, preset]) => preset.fault === each.fault).map(([name, preset]) => ({ name, preset, path: paths[name] })),
  }));
  for (const each of known) {
    each.text = [each.fault, each.family, each.documentation, ...each.presets.map(({ name }) => name)].join("\n").toLowerCase();
  }
}

function fits(each) {
  return searchWords(search.elements.q.value).every((word) => each.text.includes(word) || each.text.includes(word.replaceAll("-", "_")));
}

const weight = (faults) => faults.reduce((sum, each) => sum + each.presets.length, 0);

function renderList() {
  const found = known.filter(fits);
  const families = new Map();
  for (const each of found) families.set(each.family, [...(families.get(each.family) ?? []), each]);
  byId("fault-count").textContent = `${plural(found.length, "fault")}, ${plural(weight(found), "preset")}`;
  // Families with many presets are used most, so they come first.
  byId("fault-list").replaceChildren(...[...families].sort(([, one], [, other]) => weight(other) - weight(one)).map(([family, members]) => make(
    "section",
    {},
    make("h3", {}, familyName(family)),
    make("ul", {}, ...members.map((each) => make("li", {}, make(
      "a",
      { href: leadingTo({ view: "faults", name: each.fault }), "aria-current": each.fault === state().name ? "true" : null },
      make("b", {}, each.fault),
      make("span", {}, each.documentation.split("\n")[0]),
    )))),
  )));
}

// Shows the view for a tenant; `document` is the control API's Tenant.
export async function showFaults(document) {
  tenant = document;
  await load();
  renderList();
  const chosen = known.find((each) => each.fault === state().name);
  if (!chosen) {
    shown = null;
    pane.replaceChildren(hint);
    return;
  }
  const wanted = `${tenant.name} ${chosen.fault}`;
  if (shown === wanted) return;
  shown = wanted;
  fillPane(pane, view(chosen));
}

function view(fault) {
  const schema = {
    properties: Object.fromEntries(fault.parameters.map((each) => [each.name, "default" in each ? { ...each.schema, default: each.default } : each.schema])),
    required: fault.parameters.filter((each) => each.required).map((each) => each.name),
  };
  const parameters = schemaForm(schema);
  const trigger = byId("trigger").content.cloneNode(true);
  const message = make("p", { class: "message", role: "status" });
  const form = make(
    "form",
    { class: "arm" },
    parameters.isEmpty ? make("p", { class: "quiet" }, "It has no parameters.") : make("fieldset", {}, make("legend", {}, "Parameters"), parameters.element),
    trigger,
    make("p", { class: "buttons" }, make("button", { type: "submit", class: "primary" }, "Arm"), message),
  );
  const own = form.elements.endpoint.options[0];
  own.textContent = `the fault's own: ${fault.endpoint ?? "any"}`;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submitForm(parameters, message, async (document) => {
      const { faults } = await arm(tenant.name, { ...document, fault: fault.fault, when: triggerOf(form) });
      message.classList.add("pass");
      message.textContent = `Armed for ${triggerWords(faults[0].when)}.`;
    });
  });
  return [
    make("header", {}, make("h2", {}, `⚡ ${fault.fault}`), make("p", { class: "quiet" }, familyName(fault.family))),
    make("div", { class: "documentation" }, ...prose(fault.documentation)),
    form,
    fault.presets.length > 0 && presetList(fault, parameters),
  ].filter(Boolean);
}

function triggerOf(form) {
  const fields = form.elements;
  const when = {};
  const count = fields.count.value;
  if (count) when[count] = Number(fields[count].value);
  if (fields.endpoint.value !== "own") when.endpoint = fields.endpoint.value || null;
  if (fields.grant.value) when.grant = fields.grant.value;
  if (fields.client_id.value) when.client_id = fields.client_id.value;
  return when;
}

function presetList(fault, parameters) {
  const rows = fault.presets.map(({ name, preset, path }) => {
    // The path names the tenant "default"; the issuer contains the server's address and this tenant's name.
    const url = path.includes("/.well-known/") || path.startsWith("/default/") ? tenant.issuer + path.slice("/default".length) : path;
    const fill = make("button", { type: "button", class: "small" }, "Use");
    fill.addEventListener("click", () => {
      parameters.show(preset);
      pane.querySelector(".arm").scrollIntoView({ block: "nearest" });
    });
    fill.setAttribute("aria-label", `Fill the form with the preset ${name}`);
    return make("li", {}, make("b", {}, name), make("code", { class: "url" }, url), fill, copyButton(url, "Copy URL"));
  });
  return make("section", { class: "presets" }, make("h3", {}, "Presets"), make("p", { class: "quiet" }, "A preset is a fault with fixed parameters. Give its URL to the client instead of the endpoint's URL: the fault applies to every request there, without arming anything. Or press Use to put its parameters into the form."), make("ul", {}, ...rows));
}

search.addEventListener("submit", (event) => event.preventDefault());
search.addEventListener("input", () => { if (known) renderList(); });
