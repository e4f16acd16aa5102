// Who the tenant knows: clients, users, issuers of assertions. All three are listed, registered and deleted alike.

import { Refusal, get, post, remove, schemaOf, tenantPath, withQuery } from "./api.js";
import { byId, make } from "./dom.js";
import { schemaForm, showRefusal } from "./schema_form.js";
import { shortGrant } from "./words.js";

const KINDS = [
  {
    plural: "clients", key: "client_id", schema: "Client", title: "Clients", one: "client",
    about: "Who may ask for tokens. A strict tenant knows no others; a lenient one takes any.",
    facts: (each) => [["secret", each.client_secret], ["authenticates by", each.token_endpoint_auth_methods?.join(", ")], ["grants", each.grant_types?.map(shortGrant).join(", ")], ["scope", each.scope]],
  },
  {
    plural: "users", key: "username", schema: "User", title: "Users", one: "user",
    about: "Resource owners, for the password grant.",
    facts: (each) => [["password", each.password], ["sub", each.sub]],
  },
  {
    plural: "issuers", key: "issuer", schema: "AssertionIssuer", title: "Issuers of assertions", one: "issuer",
    about: "Whose JWTs are taken as grants (RFC 7523).",
    facts: (each) => [["keys", String(each.public_keys?.length ?? 0)], ["may speak for", each.subjects ? each.subjects.join(", ") : "anybody"], ["audiences", each.audiences?.join(", ")]],
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
  const said = make("p", { class: "said", role: "status" });
  const form = schemaForm(await schemaOf(kind.schema));
  const refresh = async () => {
    const found = (await get(tenantPath(tenant, `/${kind.plural}`)))[kind.plural];
    list.replaceChildren(...found.map((each) => item(kind, each, refresh)));
    if (!found.length) list.append(make("li", { class: "quiet" }, "None yet."));
  };
  const register = make("form", {}, form.element, make("p", { class: "buttons" }, make("button", { type: "submit", class: "primary" }, "Register"), said));
  register.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "";
    const document = form.read();
    if (!document) return;
    try {
      await post(tenantPath(tenant, `/${kind.plural}`), document);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!showRefusal(form, error)) said.textContent = error.message;
      return;
    }
    said.textContent = `Registered: ${document[kind.key]}`;
    form.show({});
    await refresh();
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
  const away = make("button", { type: "button", class: "small", "aria-label": `Delete ${kind.one} ${name}` }, "Delete");
  away.addEventListener("click", async () => {
    await remove(withQuery(tenantPath(tenant, `/${kind.plural}`), { [kind.key]: name }));
    await refresh();
  });
  const facts = kind.facts(each).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return make("li", {}, make("div", {}, make("b", {}, name), make("dl", { class: "facts" }, ...facts.map(([term, value]) => make("div", {}, make("dt", {}, term), make("dd", {}, String(value)))))), away);
}
