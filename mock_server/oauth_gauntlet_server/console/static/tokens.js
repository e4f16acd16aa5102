// The tokens view: mint a token as the tenant would issue it, inspect it, revoke it.

import { ApiError, post, schemaOf, tenantPath } from "./api.js";
import { copyButton } from "./copy.js";
import { byId, make } from "./dom.js";
import { partCard } from "./parts.js";
import { schemaForm, submitForm } from "./schema_form.js";

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
    const message = make("p", { class: "message", role: "status" });
    const minting = make("form", { id: operation }, form.element, make("p", { class: "buttons" }, make("button", { type: "submit", class: "primary" }, "Mint"), message));
    minting.addEventListener("submit", (event) => {
      event.preventDefault();
      submitForm(form, message, async (document) => {
        const { token } = await post(tenantPath(tenant, `/tokens/${operation}`), document);
        inspection.elements.token.value = token;
        await inspect();
      });
    });
    return make("details", { class: "card", open: index === 0 }, make("summary", {}, title), minting);
  })));
}


async function inspect() {
  const token = inspection.elements.token.value.trim();
  if (!token) return;
  try {
    const { parts } = await post(tenantPath(tenant, "/tokens/decode"), { token });
    byId("token-parts").replaceChildren(make("p", { class: "buttons" }, copyButton(token, "Copy the token")), ...parts.map(partCard));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    byId("token-parts").replaceChildren(make("p", { class: "bad" }, error.message));
  }
}

inspection.addEventListener("submit", (event) => { event.preventDefault(); inspect(); });
byId("revoke-token").addEventListener("click", async () => {
  const token = inspection.elements.token.value.trim();
  if (!token) return;
  await post(tenantPath(tenant, "/tokens/revoke"), { token });
  await inspect();
});
