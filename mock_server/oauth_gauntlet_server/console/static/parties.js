// The tenant's clients, users and issuers of assertions. All three are listed, registered and deleted in the same way.

import { get, post, remove, schemaOf, tenantPath, withQuery } from "./api.js";
import { byId, make } from "./dom.js";
import { schemaForm, submitForm } from "./schema_form.js";
import { shortGrant } from "./words.js";

const KINDS = [
  {
    plural: "clients", key: "client_id", schema: "Client", title: "Clients", one: "client",
    about: "Clients that may request tokens. A strict tenant rejects all others; a lenient tenant accepts any client.",
    facts: (each) => [["secret", each.client_secret], ["authenticates by", each.token_endpoint_auth_methods?.join(", ")], ["grants", each.grant_types?.map(shortGrant).join(", ")], ["scope", each.scope]],
  },
  {
    plural: "users", key: "username", schema: "User", title: "Users", one: "user",
    about: "Resource owners, for the password grant.",
    facts: (each) => [["password", each.password], ["sub", each.sub]],
  },
  {
    plural: "issuers", key: "issuer", schema: "AssertionIssuer", title: "Issuers of assertions", one: "issuer",
    about: "Issuers of JWTs that the tenant accepts as grants (RFC 7523).",
    facts: (each) => [["keys", String(each.public_keys?.length ?? 0)], ["subjects", each.subjects ? each.subjects.join(", ") : "any"], ["audiences", each.audiences?.join(", ")]],
  },
];

let tenant = null;

export async function showParties(name) {
  tenant = name;
  const sections = await Promise.all(KINDS.map((kind) => section(kind)));
  if (tenant === name) byId("parties").replaceChildren(...sections);
}

async function section(kind) {
  const list = make("ul", { class: "parties" });
  const message = make("p", { class: "message", role: "status" });
  const form = schemaForm(await schemaOf(kind.schema));
  const refresh = async () => {
    const found = (await get(tenantPath(tenant, `/${kind.plural}`)))[kind.plural];
    list.replaceChildren(...found.map((each) => item(kind, each, refresh)));
    if (!found.length) list.append(make("li", { class: "quiet" }, "None yet."));
  };
  const register = make("form", {}, form.element, make("p", { class: "buttons" }, make("button", { type: "submit", class: "primary" }, "Register"), message));
  register.addEventListener("submit", (event) => {
    event.preventDefault();
    submitForm(form, message, async (document) => {
      await post(tenantPath(tenant, `/${kind.plural}`), document);
      message.textContent = `Registered: ${document[kind.key]}`;
      form.show({});
      await refresh();
    });
  });
  await refresh();
  return make(
    "section",
    { class: "card" },
    make("h2", {}, kind.title),
    make("p", { class: "quiet" }, kind.about),
    list,
    make("details", {}, make("summary", {}, `Register ${kind.one === "issuer" ? "an" : "a"} ${kind.one}`), register),
  );
}

function item(kind, each, refresh) {
  const name = each[kind.key];
  const deletion = make("button", { type: "button", class: "small", "aria-label": `Delete ${kind.one} ${name}` }, "Delete");
  deletion.addEventListener("click", async () => {
    await remove(withQuery(tenantPath(tenant, `/${kind.plural}`), { [kind.key]: name }));
    await refresh();
  });
  const facts = kind.facts(each).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return make("li", {}, make("div", {}, make("b", {}, name), make("dl", { class: "facts" }, ...facts.map(([term, value]) => make("div", {}, make("dt", {}, term), make("dd", {}, String(value)))))), deletion);
}
