// Adapter for @badgateway/oauth2-client: the OAuth2Fetch that stores and renews the token of an OAuth2Client.
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { OAuth2Client, OAuth2Error, OAuth2Fetch } from "@badgateway/oauth2-client";
import { Failure, serve, token } from "../../../harness/oauth_gauntlet/starters/javascript/adapter-loop.mjs";

const { version } = JSON.parse(
  readFileSync(new URL("./node_modules/@badgateway/oauth2-client/package.json", import.meta.url)),
);

let wrapper, client, held;

const text = (value) => (typeof value === "string" ? value : null);

// Errors about the configuration and about the response are plain errors, recognised by their texts.
const refusals = /^A clientSecret must be provided|^Could not determine the location/;
const rejections = new Set([
  "We received an invalid token response from an OAuth2 server.",
  "Unable to obtain OAuth2 tokens, a full reauth may be needed",
]);

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
    if (rejections.has(cause.message)) throw new Failure("protocol", cause);
    if (refusals.test(cause.message)) throw new Failure("config", cause);
    // fetch reports a failed connection, before or within the response, as a TypeError.
    if (cause instanceof TypeError && ["fetch failed", "terminated"].includes(cause.message))
      throw new Failure("transport", cause);
    throw cause;
  }
}

function exposed({ accessToken, expiresAt, refreshToken, scope, extraParams }) {
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
      name: "@badgateway/oauth2-client (OAuth2Fetch)",
      version,
      language: "javascript",
      runtime: `node ${process.versions.node}, fetch`,
      url: "https://github.com/badgateway/oauth2-client",
    },
    grants: ["refresh_token", "client_credentials", "password"],
    token_endpoint_auth_methods: ["client_secret_basic", "client_secret_post", "none"],
    // Not scope: only the grants accept it; the wrapper's renewals send none.
    parameters: [],
    capabilities: ["cache", "auto_refresh", "refresh", "resource", "retry_401", "parallel", "process_clock", "describe"],
  }),
  configure(config) {
    const method = config.token_endpoint_auth_method;
    // The wrapper renews its token with a timer that cannot be stopped: requests of an old wrapper are rejected.
    const mine = new OAuth2Client({
      fetch: (...request) => (client === mine ? fetch(...request) : Promise.reject(new Error("a new configuration replaced this one"))),
      clientId: config.client_id,
      clientSecret: config.client_secret,
      tokenEndpoint: config.token_url,
      // Without a secret the library always sends the client id in the body.
      ...(method === undefined || method === "none" ? {} : { authenticationMethod: method }),
    });
    client = mine;
    const { username, password } = config;
    const grants = {
      client_credentials: () => mine.clientCredentials(),
      password: () => mine.password({ username, password }),
      // The wrapper renews a stored session; if that fails, the user would have to sign in again.
      refresh_token: () => null,
    };
    const stored = config.grant_type === "refresh_token" ? config.refresh_token : undefined;
    held = stored;
    wrapper = new OAuth2Fetch({
      client,
      getNewToken: grants[config.grant_type],
      getStoredToken: () => (stored === undefined ? null : { accessToken: "", expiresAt: 0, refreshToken: stored }),
      storeToken: ({ refreshToken }) => (held = client === mine ? refreshToken : held),
    });
  },
  get_token: () => guarded(async () => exposed(await wrapper.getToken())),
  refresh() {
    if (!held) throw new Failure("config", "there is no refresh token");
    return guarded(async () => exposed(await wrapper.refreshToken()));
  },
  request: (method, url, headers, body) =>
    guarded(async () => {
      const response = await wrapper.fetch(url, { method, headers, body });
      return { status: response.status, headers: [...response.headers], body: await response.text() };
    }),
  describe: () => [inspect(client), inspect(wrapper)],
});
