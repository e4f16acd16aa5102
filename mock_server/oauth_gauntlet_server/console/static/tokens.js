// Tokens without a request: minted as the tenant would issue them, inspected, revoked.

import { Refusal, post, schemaOf, tenantPath } from "./api.js";
import { copyText } from "./copy.js";
import { byId, make } from "./dom.js";
import { partCard } from "./parts.js";
import { schemaForm, showRefusal } from "./schema_form.js";

const KINDS = [
  ["mint_access_token", "NewAccessToken", "Access token"],
  ["mint_refresh_token", "NewRefreshToken", "Refresh token"],
  ["mint_jwt_access_token", "NewJwtAccessToken", "Access token, a JWT (RFC 9068)"],
];

const inspection = byId("inspect-token");
let tenant = null;

export async function showTokens(name) {
  tenant = name;
  if (byId("mint").childElementCount) return;
  byId("mint").replaceChildren(...await Promise.all(KINDS.map(async ([operation, schema, title], index) => {
    const form = schemaForm(await schemaOf(schema));
    const said = make("p", { class: "said bad", role: "status" });
    const minting = make("form", { id: operation }, form.element, make("p", { class: "buttons" }, make("button", { type: "submit", class: "primary" }, "Mint"), said));
    minting.addEventListener("submit", (event) => { event.preventDefault(); mint(operation, form, said); });
    return make("details", { class: "card", open: index === 0 }, make("summary", {}, title), minting);
  })));
}

async function mint(operation, form, said) {
  said.textContent = "";
  const document = form.read();
  if (!document) return;
  try {
    const { token } = await post(tenantPath(tenant, `/tokens/${operation}`), document);
    inspection.elements.token.value = token;
    await inspect();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (!showRefusal(form, error)) said.textContent = error.message;
  }
}

async function inspect() {
  const token = inspection.elements.token.value.trim();
  if (!token) return;
  try {
    const { parts } = await post(tenantPath(tenant, "/tokens/decode"), { token });
    const copy = make("button", { type: "button", class: "small" }, "Copy the token");
    copy.addEventListener("click", () => copyText(token, copy));
    byId("told").replaceChildren(make("p", { class: "buttons" }, copy), ...parts.map(partCard));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    byId("told").replaceChildren(make("p", { class: "bad" }, error.message));
  }
}

inspection.addEventListener("submit", (event) => { event.preventDefault(); inspect(); });
byId("revoke-token").addEventListener("click", async () => {
  const token = inspection.elements.token.value.trim();
  if (!token) return;
  await post(tenantPath(tenant, "/tokens/revoke"), { token });
  await inspect();
});
