// Adapter for openid-client: back-channel grants of its functional API.
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import * as client from "openid-client";
import { Failure, serve, token } from "../../../harness/oauth_gauntlet/starters/javascript/adapter-loop.mjs";

const version = JSON.parse(
  readFileSync(new URL("./node_modules/openid-client/package.json", import.meta.url)),
).version;

let given, clientArguments, discovered, held;

const text = (value) => (typeof value === "string" ? value : null);

// Codes of errors about the configuration.
const refusals = new Set([
  "OAUTH_HTTP_REQUEST_FORBIDDEN",
  "OAUTH_REQUEST_PROTOCOL_FORBIDDEN",
  "OAUTH_INVALID_SERVER_METADATA",
  "OAUTH_MISSING_SERVER_METADATA",
]);

// The library documents these classes, and a code for each error.
function guarded(promise) {
  return promise.catch((cause) => {
    if (cause instanceof client.ResponseBodyError)
      throw new Failure("oauth", cause, {
        oauth_error: cause.error,
        oauth_error_description: text(cause.error_description),
        oauth_error_uri: text(cause.cause?.error_uri),
        http_status: cause.status,
      });
    if (cause instanceof client.WWWAuthenticateChallengeError)
      throw new Failure("protocol", cause, { http_status: cause.status });
    if (cause instanceof client.ClientError) {
      if (cause.code === "OAUTH_TIMEOUT") throw new Failure("timeout", cause);
      if (refusals.has(cause.code)) throw new Failure("config", cause);
      const status = cause.cause instanceof Response ? cause.cause.status : null;
      throw new Failure("protocol", cause, { http_status: status });
    }
    // fetch reports a failed connection as a TypeError.
    if (cause instanceof TypeError && cause.message === "fetch failed") throw new Failure("transport", cause);
    // The library rejects an argument with a TypeError that has a code.
    if (cause instanceof TypeError && cause.code?.startsWith("ERR_INVALID_ARG")) throw new Failure("config", cause);
    throw cause;
  });
}

// The library stores nothing: like an application, the adapter stores what the next call needs.
function exposed(tokens) {
  held = { access_token: tokens.access_token, refresh_token: tokens.refresh_token ?? held.refresh_token };
  return token(tokens);
}

// As an object or, with several resources, as the URLSearchParams that the library accepts too.
function parameters(scope) {
  const { resource, additional_payload } = given;
  const named = { ...(scope === undefined ? {} : { scope }), ...additional_payload };
  if (resource === undefined) return named;
  return new URLSearchParams([...Object.entries(named), ...[resource].flat().map((each) => ["resource", each])]);
}

// The scope is sent with the configured grant only; a later refresh keeps the granted scope (RFC 6749 section 6).
const refreshParameters = () => parameters(given.grant_type === "client_credentials" ? undefined : given.scope);

const refresh = () =>
  guarded((async () => client.refreshTokenGrant(await configuration(), held?.refresh_token, refreshParameters()))()).then(
    exposed,
  );

// An application creates its configuration when it starts, with the server's metadata or by discovery. If discovery fails,
// it tries again.
function configuration() {
  discovered ??= discovery().catch((cause) => {
    discovered = undefined;
    throw cause;
  });
  return discovered;
}

function discovery() {
  const { issuer, client_id, timeout, allow_http } = given;
  return client.discovery(new URL(issuer), client_id, ...clientArguments, {
    algorithm: "oauth2",
    ...(timeout === undefined ? {} : { timeout }),
    execute: allow_http ? [client.allowInsecureRequests] : [],
  });
}

// An application reads its key with the platform: the library accepts a CryptoKey.
async function cryptoKey(pem) {
  const key = createPrivateKey(pem);
  const algorithm = { rsa: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, ec: { name: "ECDSA", namedCurve: "P-256" } };
  const der = key.export({ type: "pkcs8", format: "der" });
  return crypto.subtle.importKey("pkcs8", der, algorithm[key.asymmetricKeyType], false, ["sign"]);
}

serve({
  hello: () => ({
    client: {
      name: "openid-client",
      version,
      language: "javascript",
      runtime: `node ${process.versions.node}, fetch`,
      url: "https://github.com/panva/openid-client",
    },
    // It has no function for the password grant; a generic grant request would test the adapter's parameters.
    grants: ["refresh_token", "client_credentials"],
    token_endpoint_auth_methods: ["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"],
    parameters: ["scope", "resource", "additional_payload", "allow_http", "timeout", "issuer"],
    capabilities: ["refresh", "resource", "parallel", "describe"],
  }),
  async configure(config) {
    given = config;
    held = { refresh_token: config.refresh_token };
    const methods = {
      client_secret_basic: client.ClientSecretBasic,
      client_secret_post: client.ClientSecretPost,
      client_secret_jwt: client.ClientSecretJwt,
      private_key_jwt: client.PrivateKeyJwt,
      none: client.None,
    };
    const method = methods[config.token_endpoint_auth_method];
    const own = method === client.PrivateKeyJwt ? config.private_key && (await cryptoKey(config.private_key)) : config.client_secret;
    discovered = undefined;
    try {
      const secret = method || config.client_secret === undefined ? undefined : { client_secret: config.client_secret };
      clientArguments = [secret, method?.(own)];
      if (config.issuer !== undefined) return;
      const made = new client.Configuration(
        // The audience of a client assertion is the issuer.
        { issuer: config.jwt_audience ?? "https://server.invalid", token_endpoint: config.token_url },
        config.client_id,
        ...clientArguments,
      );
      if (config.timeout !== undefined) made.timeout = config.timeout;
      if (config.allow_http) client.allowInsecureRequests(made);
      discovered = Promise.resolve(made);
    } catch (cause) {
      if (cause instanceof TypeError) throw new Failure("config", cause);
      throw cause;
    }
  },
  get_token() {
    if (given.grant_type === "client_credentials")
      return guarded(
        (async () => client.clientCredentialsGrant(await configuration(), parameters(given.scope)))(),
      ).then(exposed);
    return refresh();
  },
  refresh() {
    if (!held?.refresh_token) throw new Failure("config", "there is no refresh token");
    return refresh();
  },
  async request(method, url, headers, body) {
    if (!held.access_token) await this.get_token();
    const response = await guarded(
      client.fetchProtectedResource(
        await configuration(),
        held.access_token,
        new URL(url),
        method,
        body ?? undefined,
        new Headers(headers),
      ),
    );
    return { status: response.status, headers: [...response.headers], body: await response.text() };
  },
  describe: async () => [inspect(await configuration())],
});
