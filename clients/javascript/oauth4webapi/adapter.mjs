// Adapter for oauth4webapi: its request and response functions for the refresh token and client credentials grants.
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import * as oauth from "oauth4webapi";
import { Failure, serve, token } from "../../../harness/oauth_gauntlet/starters/javascript/adapter-loop.mjs";

const { version } = JSON.parse(readFileSync(new URL("./node_modules/oauth4webapi/package.json", import.meta.url)));

let given, discovered, client, authentication, held;

const text = (value) => (typeof value === "string" ? value : null);

// Codes of errors about the configuration.
const refusals = new Set([
  oauth.HTTP_REQUEST_FORBIDDEN,
  oauth.REQUEST_PROTOCOL_FORBIDDEN,
  oauth.INVALID_SERVER_METADATA,
  oauth.MISSING_SERVER_METADATA,
]);

// The library documents these classes, and a code for each error.
function translated(cause) {
  if (cause instanceof oauth.ResponseBodyError)
    return new Failure("oauth", cause, {
      oauth_error: cause.error,
      oauth_error_description: text(cause.error_description),
      oauth_error_uri: text(cause.cause?.error_uri),
      http_status: cause.status,
    });
  if (cause instanceof oauth.WWWAuthenticateChallengeError)
    return new Failure("protocol", cause, { http_status: cause.status });
  if (cause instanceof oauth.OperationProcessingError && refusals.has(cause.code)) return new Failure("config", cause);
  if (cause instanceof oauth.OperationProcessingError || cause instanceof oauth.UnsupportedOperationError)
    return new Failure("protocol", cause, { http_status: cause.cause instanceof Response ? cause.cause.status : null });
  // fetch reports a time limit and a failed connection like this.
  if (cause instanceof DOMException && cause.name === "TimeoutError") return new Failure("timeout", cause);
  if (cause instanceof TypeError && cause.message === "fetch failed") return new Failure("transport", cause);
  // The library rejects an argument with a TypeError that has a code.
  if (cause instanceof TypeError && cause.code?.startsWith("ERR_INVALID_ARG")) return new Failure("config", cause);
  return cause;
}

async function guarded(call) {
  try {
    return await call();
  } catch (cause) {
    throw translated(cause);
  }
}

// One signal for both time limit and cancellation. Not AbortSignal.any: Node's garbage collector removes
// a time limit that only such a signal refers to (nodejs/node#57736), and then the call does not end.
function ending(signal) {
  if (given.timeout === undefined) return signal;
  const limit = AbortSignal.timeout(given.timeout * 1000);
  if (!signal) return limit;
  const either = new AbortController();
  for (const each of [signal, limit]) each.addEventListener("abort", () => either.abort(each.reason));
  return either.signal;
}

const options = (signal) => ({ signal: ending(signal), [oauth.allowInsecureRequests]: given.allow_http === true });

const parameters = () => ({ ...(given.scope === undefined ? {} : { scope: given.scope }), ...given.additional_payload });

// The scope is sent with the configured grant only; a later refresh keeps the granted scope (RFC 6749 section 6).
const refreshParameters = () => (given.grant_type === "client_credentials" ? { ...given.additional_payload } : parameters());

// The library stores nothing: like an application, the adapter stores what the next call needs.
function exposed(tokens) {
  held = { access_token: tokens.access_token, refresh_token: tokens.refresh_token ?? held.refresh_token };
  return token(tokens);
}

// An application has the server's metadata when it starts, from its configuration or by discovery. If discovery fails, it
// tries again.
function metadata() {
  discovered ??= discovery().catch((cause) => {
    discovered = undefined;
    throw cause;
  });
  return discovered;
}

async function discovery() {
  const issuer = new URL(given.issuer);
  const asked = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...options() });
  return oauth.processDiscoveryResponse(issuer, asked);
}

const granted = (signal) =>
  guarded(async () => {
    const server = await metadata();
    const asked = await oauth.clientCredentialsGrantRequest(server, client, authentication, parameters(), options(signal));
    return exposed(await oauth.processClientCredentialsResponse(server, client, asked));
  });

const refreshed = (signal) =>
  guarded(async () => {
    const server = await metadata();
    const more = { ...options(signal), additionalParameters: refreshParameters() };
    const asked = await oauth.refreshTokenGrantRequest(server, client, authentication, held.refresh_token, more);
    return exposed(await oauth.processRefreshTokenResponse(server, client, asked));
  });

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
      name: "oauth4webapi",
      version,
      language: "javascript",
      runtime: `node ${process.versions.node}, fetch`,
      url: "https://github.com/panva/oauth4webapi",
    },
    // The password and JWT grants would be the library's genericTokenEndpointRequest with the adapter's own parameters.
    grants: ["refresh_token", "client_credentials"],
    token_endpoint_auth_methods: ["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"],
    parameters: ["scope", "additional_payload", "allow_http", "timeout", "issuer"],
    // Not describe: it has functions and plain documents, and no object of its own.
    capabilities: ["refresh", "resource", "parallel", "cancel"],
  }),
  async configure(config) {
    given = config;
    held = { refresh_token: config.refresh_token };
    // The audience of a client assertion is the issuer.
    const known = { issuer: config.jwt_audience ?? "https://server.invalid", token_endpoint: config.token_url };
    discovered = config.issuer === undefined ? Promise.resolve(known) : undefined;
    client = { client_id: config.client_id };
    const methods = {
      client_secret_basic: oauth.ClientSecretBasic,
      client_secret_post: oauth.ClientSecretPost,
      client_secret_jwt: oauth.ClientSecretJwt,
      private_key_jwt: oauth.PrivateKeyJwt,
      none: oauth.None,
    };
    // The application selects the method; the library's examples use ClientSecretPost.
    const method = config.token_endpoint_auth_method ?? (config.client_secret === undefined ? "none" : "client_secret_post");
    const own = method === "private_key_jwt" ? config.private_key && (await cryptoKey(config.private_key)) : config.client_secret;
    authentication = await guarded(() => methods[method](own));
  },
  get_token: (signal) => (given.grant_type === "client_credentials" ? granted(signal) : refreshed(signal)),
  refresh() {
    if (!held.refresh_token) throw new Failure("config", "there is no refresh token");
    return refreshed();
  },
  async request(method, url, headers, body, signal) {
    if (!held.access_token) await this.get_token(signal);
    const response = await guarded(() =>
      oauth.protectedResourceRequest(held.access_token, method, new URL(url), new Headers(headers), body, options(signal)),
    );
    return { status: response.status, headers: [...response.headers], body: await response.text() };
  },
});
