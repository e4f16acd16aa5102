// Adapter for @badgateway/oauth2-client: the grants of its OAuth2Client, which stores nothing.
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { OAuth2Client, OAuth2Error } from "@badgateway/oauth2-client";
import { Failure, serve, token } from "../../../harness/oauth_gauntlet/starters/javascript/adapter-loop.mjs";

const { version } = JSON.parse(
  readFileSync(new URL("./node_modules/@badgateway/oauth2-client/package.json", import.meta.url)),
);

let given, client, held;

const text = (value) => (typeof value === "string" ? value : null);

// Errors about the configuration and about the response are plain errors, recognised by their texts.
const refusals = /^A clientSecret must be provided|^Could not determine the location|^This token didn't have a refreshToken/;
const rejected = "We received an invalid token response from an OAuth2 server.";

async function guarded(call) {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof OAuth2Error) {
      const document = cause.parsedBody ?? {};
      throw new Failure(cause.oauth2Code === null ? "transport" : "oauth", cause, {
        oauth_error: text(cause.oauth2Code),
        oauth_error_description: text(document.error_description),
        oauth_error_uri: text(document.error_uri),
        http_status: cause.httpCode ?? null,
      });
    }
    if (cause.message === rejected) throw new Failure("protocol", cause);
    if (refusals.test(cause.message)) throw new Failure("config", cause);
    // fetch reports a failed connection, before or within the response, as a TypeError.
    if (cause instanceof TypeError && ["fetch failed", "terminated"].includes(cause.message))
      throw new Failure("transport", cause);
    throw cause;
  }
}

// Like an application, the adapter stores the token for the next refresh.
function exposed(obtained) {
  held = obtained;
  const { accessToken, expiresAt, refreshToken, scope, extraParams } = obtained;
  return token({
    ...extraParams,
    access_token: accessToken,
    expires_at: expiresAt === null ? null : expiresAt / 1000,
    refresh_token: refreshToken,
    scope: Array.isArray(scope) ? scope.join(" ") : scope,
  });
}

serve({
  hello: () => ({
    client: {
      name: "@badgateway/oauth2-client",
      version,
      language: "javascript",
      runtime: `node ${process.versions.node}, fetch`,
      url: "https://github.com/badgateway/oauth2-client",
    },
    grants: ["refresh_token", "client_credentials", "password"],
    token_endpoint_auth_methods: ["client_secret_basic", "client_secret_post", "none"],
    parameters: ["scope", "resource"],
    // Not additional_payload: only one of the three grants accepts extraParams.
    capabilities: ["refresh", "parallel", "process_clock", "describe"],
  }),
  configure(config) {
    const method = config.token_endpoint_auth_method;
    client = new OAuth2Client({
      clientId: config.client_id,
      clientSecret: config.client_secret,
      tokenEndpoint: config.token_url,
      // Without a secret the library always sends the client id in the body.
      ...(method === undefined || method === "none" ? {} : { authenticationMethod: method }),
    });
    given = config;
    held = { accessToken: "", expiresAt: null, refreshToken: config.refresh_token };
  },
  get_token() {
    const { username, password, resource } = given;
    const scope = given.scope?.split(" ");
    if (given.grant_type === "client_credentials")
      return guarded(async () => exposed(await client.clientCredentials({ scope, resource })));
    if (given.grant_type === "password")
      return guarded(async () => exposed(await client.password({ username, password, scope, resource })));
    return guarded(async () => exposed(await client.refreshToken(held, { scope, resource })));
  },
  refresh() {
    if (!held.refreshToken) throw new Failure("config", "there is no refresh token");
    // The scope is sent with the configured grant only; a later refresh keeps the granted scope (RFC 6749 section 6).
    const scope = given.grant_type === "refresh_token" ? given.scope?.split(" ") : undefined;
    return guarded(async () => exposed(await client.refreshToken(held, { scope, resource: given.resource })));
  },
  describe: () => [inspect(client)],
});
