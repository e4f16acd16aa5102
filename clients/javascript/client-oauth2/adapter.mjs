// Adapter for client-oauth2: its owner and credentials flows, a token's refresh() and sign(), over its own transport.
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import ClientOAuth2 from "client-oauth2";
import { fetch } from "popsicle";
import { Failure, serve, token } from "../../../harness/oauth_gauntlet/starters/javascript/adapter-loop.mjs";

const { version } = JSON.parse(readFileSync(new URL("./node_modules/client-oauth2/package.json", import.meta.url)));

let given, client, held;

const text = (value) => (typeof value === "string" ? value : null);

// The error codes of the library and its transport, popsicle, and the texts of errors without a code.
const transport = new Set(["EUNAVAILABLE", "EMAXREDIRECTS", "ECONNRESET"]);
const refusals = /^Expected "\w+" to exist$|^No refresh token$/;

async function guarded(call) {
  try {
    return await call();
  } catch (cause) {
    if (cause.code === "EAUTH")
      throw new Failure("oauth", cause, {
        oauth_error: text(cause.body.error),
        oauth_error_description: text(cause.body.error_description),
        oauth_error_uri: text(cause.body.error_uri),
      });
    if (cause.code === "ESTATUS") throw new Failure("transport", cause, { http_status: cause.status });
    if (transport.has(cause.code)) throw new Failure("transport", cause);
    if (refusals.test(cause.message)) throw new Failure("config", cause);
    if (cause.message === "Unable to sign without access token") throw new Failure("protocol", cause);
    throw cause;
  }
}

function exposed(owned) {
  held = owned;
  const expires_at = owned.expires.getTime() / 1000;
  return token({
    ...owned.data,
    access_token: owned.accessToken,
    refresh_token: owned.refreshToken,
    token_type: owned.tokenType,
    ...(Number.isFinite(expires_at) ? { expires_at } : {}),
  });
}

// refresh() omits the scopes; with the refresh token grant, a scope is an additional parameter of the body.
const narrowed = () =>
  given.grant_type === "refresh_token" && given.scope !== undefined
    ? { body: { ...given.additional_payload, scope: given.scope } }
    : {};

const refreshed = () => guarded(async () => exposed(await held.refresh(narrowed())));

serve({
  hello: () => ({
    client: {
      name: "client-oauth2",
      version,
      language: "javascript",
      runtime: `node ${process.versions.node}, popsicle`,
      url: "https://github.com/mulesoft/js-client-oauth2",
    },
    grants: ["refresh_token", "client_credentials", "password"],
    token_endpoint_auth_methods: ["client_secret_basic"],
    parameters: ["scope", "additional_payload"],
    // Not parallel: its transport gives two concurrent requests the same free connection, which ends the process.
    capabilities: ["refresh", "resource", "process_clock", "describe"],
  }),
  configure(config) {
    given = config;
    client = new ClientOAuth2({
      clientId: config.client_id,
      clientSecret: config.client_secret,
      accessTokenUri: config.token_url,
      ...(config.scope === undefined ? {} : { scopes: config.scope.split(" ") }),
      ...(config.additional_payload === undefined ? {} : { body: config.additional_payload }),
    });
    held = config.grant_type === "refresh_token" ? client.createToken({ refresh_token: config.refresh_token }) : null;
  },
  get_token() {
    if (given.grant_type === "client_credentials") return guarded(async () => exposed(await client.credentials.getToken()));
    if (given.grant_type === "password")
      return guarded(async () => exposed(await client.owner.getToken(given.username, given.password)));
    return refreshed();
  },
  refresh() {
    if (!held?.refreshToken) throw new Failure("config", "there is no refresh token");
    return refreshed();
  },
  // The library signs a request; in its documentation popsicle sends it.
  async request(method, url, headers, body) {
    if (!held?.accessToken) await this.get_token();
    return guarded(async () => {
      const signed = held.sign({ method, url, headers });
      const response = await fetch(signed.url, { method, headers: signed.headers, body: body ?? undefined });
      return { status: response.status, headers: [...response.headers.entries()], body: await response.text() };
    });
  },
  describe: () => [inspect(client), ...(held ? [inspect(held)] : [])],
});
