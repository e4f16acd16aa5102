// One tenant: its URLs, settings and signing keys, and how it came about and goes.

import { Refusal, get, patch, post, remove, schemaOf, tenantPath } from "./api.js";
import { copyText } from "./copy.js";
import { badge, byId, make } from "./dom.js";
import { schemaForm, showRefusal } from "./schema_form.js";

let tenant = null;
let tell = () => {};

// `listener` takes the name of a tenant that was made, null when the present one was deleted, and a document when
// its settings changed.
export function onTenantChanged(listener) {
  tell = listener;
}

export async function showTenant(document) {
  tenant = document;
  const keys = get(tenantPath(tenant.name, "/keys"));
  const settings = await settingsForm();
  if (tenant !== document) return;
  byId("urls").replaceChildren(...urlRows());
  byId("settings").replaceChildren(settings);
  showKeys((await keys).keys);
}

function urlRows() {
  const names = Object.keys(tenant).filter((name) => name !== "name" && name !== "settings");
  return names.map((name) => {
    const copy = make("button", { type: "button", class: "small" }, "Copy");
    copy.setAttribute("aria-label", `Copy ${name}`);
    copy.addEventListener("click", () => copyText(tenant[name], copy));
    return make("div", {}, make("dt", {}, name), make("dd", {}, make("code", {}, tenant[name]), " ", copy));
  });
}

async function settingsForm() {
  const { name, settings } = tenant;
  const form = schemaForm(await schemaOf("ChangedSettings"));
  form.show(settings);
  const said = make("p", { class: "said", role: "status" });
  const deletion = make("button", { type: "button", class: "danger" }, `Delete the tenant ${name}`);
  deletion.addEventListener("click", async () => {
    if (deletion.dataset.sure) {
      await remove(tenantPath(name));
      tell(null);
    } else {
      // The second press means it: no dialog, and nothing lost by a slip.
      deletion.dataset.sure = "yes";
      deletion.textContent = "Press again: everything of it is forgotten";
    }
  });
  const element = make("form", { class: "card" }, form.element, make("p", { class: "buttons" }, make("button", { type: "submit", class: "primary" }, "Save"), said, make("span", { class: "spacer" }), deletion));
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wanted = form.read();
    if (!wanted) return;
    const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
    const changed = Object.fromEntries(Object.entries(wanted).filter(([key, value]) => !same(value, settings[key])));
    try {
      await tell(await patch(tenantPath(name), changed));
      byId("settings").querySelector(".said").textContent = Object.keys(changed).length ? `Saved: ${Object.keys(changed).join(", ")}.` : "Nothing has changed.";
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!showRefusal(form, error)) said.textContent = error.message;
    }
  });
  return element;
}

// Shows the form for another tenant, which is there before there is any.
export async function offerNewTenant() {
  const schema = await schemaOf("NewTenant");
  const form = schemaForm({ ...schema, properties: { name: schema.properties.name, strict: schema.properties.strict } });
  const said = make("p", { class: "said bad", role: "status" });
  const element = make("form", {}, form.element, make("p", { class: "buttons" }, make("button", { type: "submit" }, "Create"), said), make("p", { class: "quiet" }, "Without a name it gets one. A tenant of that name is replaced."));
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "";
    const document = form.read();
    if (!document) return;
    if (document.name === "") delete document.name;
    try {
      const made = await post("/tenants", document);
      form.show({});
      tell(made.name);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!showRefusal(form, error)) said.textContent = error.message;
    }
  });
  byId("new-tenant").replaceChildren(element);
}

function showKeys(keys) {
  const rotate = make("button", { type: "button" }, "Rotate the key in use");
  rotate.addEventListener("click", async () => showKeys((await post(tenantPath(tenant.name, "/keys/rotate"))).keys));
  byId("keys").replaceChildren(
    make("ul", { class: "parties" }, ...keys.map((key) => make("li", {}, make("code", {}, key.kid), badge(key.algorithm), key.in_use && badge("signs", "pass")))),
    make("p", { class: "buttons" }, rotate),
  );
}
