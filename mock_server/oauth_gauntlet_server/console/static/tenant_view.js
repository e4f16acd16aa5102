// The view of one tenant: URLs, settings, signing keys, deletion; and the form that creates another tenant.

import { get, patch, post, put, remove, schemaOf, tenantPath } from "./api.js";
import { copyButton } from "./copy.js";
import { badge, byId, make } from "./dom.js";
import { schemaForm, submitForm } from "./schema_form.js";

let tenant = null;
let notify = () => {};

// `listener` gets a name if a tenant was created, null if the current tenant was deleted, and the Tenant document if its
// settings changed.
export function onTenantChanged(listener) {
  notify = listener;
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
    const copy = copyButton(tenant[name], "Copy", `Copy ${name}`);
    return make("div", {}, make("dt", {}, name), make("dd", {}, make("code", {}, tenant[name]), " ", copy));
  });
}

async function settingsForm() {
  const { name, settings } = tenant;
  const form = schemaForm(await schemaOf("ChangedSettings"));
  form.show(settings);
  const message = make("p", { class: "message", role: "status" });
  const deletion = make("button", { type: "button", class: "danger" }, `Delete the tenant ${name}`);
  deletion.addEventListener("click", async () => {
    if (deletion.dataset.sure) {
      await remove(tenantPath(name));
      notify(null);
    } else {
      // A second press confirms, so a slip deletes nothing.
      deletion.dataset.sure = "yes";
      deletion.textContent = "Press again to delete it with all its data";
    }
  });
  const element = make("form", { class: "card" }, form.element, make("p", { class: "buttons" }, make("button", { type: "submit", class: "primary" }, "Save"), message, make("span", { class: "spacer" }), deletion));
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    submitForm(form, message, async (wanted) => {
      const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
      const changed = Object.fromEntries(Object.entries(wanted).filter(([key, value]) => !same(value, settings[key])));
      await notify(await patch(tenantPath(name), changed));
      // The listener has shown the tenant again, with a new form and a new message element.
      byId("settings").querySelector(".message").textContent = Object.keys(changed).length ? `Saved: ${Object.keys(changed).join(", ")}.` : "Nothing has changed.";
    });
  });
  return element;
}

// Shows the form for another tenant. It is there even if the server has no tenant yet.
export async function offerNewTenant() {
  const schema = await schemaOf("NewTenant");
  const form = schemaForm({ ...schema, properties: { name: schema.properties.name, strict: schema.properties.strict } });
  const message = make("p", { class: "message", role: "status" });
  const element = make("form", {}, form.element, make("p", { class: "buttons" }, make("button", { type: "submit" }, "Create"), message), make("p", { class: "quiet" }, "Without a name, the server chooses one."));
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    submitForm(form, message, async (document) => {
      if (document.name === "") delete document.name;
      const show = (created) => {
        form.show({});
        message.replaceChildren();
        notify(created.name);
      };
      try {
        show(await post("/tenants", document));
      } catch (error) {
        if (error.status !== 409) throw error;
        // Somebody may still need the tenant of that name: the user decides.
        const replacement = make("button", { type: "button", class: "danger" }, `Replace ${document.name}, with all its data`);
        const { name, ...settings } = document;
        replacement.addEventListener("click", () => submitForm({ ...form, read: () => settings }, message, async () => show(await put(tenantPath(name), settings))));
        message.replaceChildren(`There is a tenant ${name} already. `, replacement);
      }
    });
  });
  byId("new-tenant").replaceChildren(element);
}

function showKeys(keys) {
  const rotate = make("button", { type: "button" }, "Rotate the signing key");
  rotate.addEventListener("click", async () => showKeys((await post(tenantPath(tenant.name, "/keys/rotate"))).keys));
  byId("keys").replaceChildren(
    make("ul", { class: "parties" }, ...keys.map((key) => make("li", {}, make("code", {}, key.kid), badge(key.algorithm), key.in_use && badge("signs", "pass")))),
    make("p", { class: "buttons" }, rotate),
  );
}
