// Adapter for google-auth-library: an OAuth2Client with a refresh token; its token endpoint is an option.
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { inspect } from "node:util";
import { gaxios, OAuth2Client } from "google-auth-library";
import { Failure, serve, token } from "../../../harness/oauth_gauntlet/starters/javascript/adapter-loop.mjs";

const { version } = JSON.parse(
  readFileSync(new URL("./node_modules/google-auth-library/package.json", import.meta.url)),
);

let client, stored;

const text = (value) => (typeof value === "string" ? value : null);

// Errors about the configuration and about the response are plain errors, recognised by their texts.
const refusals = new Set([
  "No refresh token is set.",
  "No refresh token or refresh handler callback is set.",
  "URL is required.",
]);
const rejected = "Could not refresh access token.";

// An agent is for one scheme: a request or redirect to plain http gets Node's own, as without ca_file.
const agentFor = (https) => (url) => (url.protocol === "https:" ? https : undefined);

// The application gets the errors of the HTTP client, gaxios; they contain the server's document.
async function guarded(call) {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof gaxios.GaxiosError) {
      const document = cause.response?.data;
      const more = { http_status: cause.status ?? null };
      if (typeof document?.error === "string")
        throw new Failure("oauth", cause, {
          ...more,
          oauth_error: document.error,
          oauth_error_description: text(document.error_description),
          oauth_error_uri: text(document.error_uri),
        });
      throw new Failure(cause.code === "TimeoutError" ? "timeout" : "transport", cause, more);
    }
    if (refusals.has(cause.message)) throw new Failure("config", cause);
    if (cause.message === rejected) throw new Failure("protocol", cause);
    throw cause;
  }
}

// The library's credentials, with the refresh token of its last tokens event, for which its
// documentation recommends a database.
function exposed() {
  const { expiry_date, ...members } = client.credentials;
  return token({
    ...members,
    refresh_token: stored,
    ...(expiry_date === undefined ? {} : { expires_at: expiry_date / 1000 }),
  });
}

serve({
  hello: () => ({
    client: {
      name: "google-auth-library",
      version,
      language: "javascript",
      runtime: `node ${process.versions.node}, gaxios`,
      url: "https://github.com/googleapis/google-cloud-node",
    },
    // Not the JWT grant: for it the library has only Google's token endpoint, and no option for another one.
    grants: ["refresh_token"],
    token_endpoint_auth_methods: ["client_secret_post", "none"],
    parameters: ["ca_file", "timeout"],
    capabilities: [
      "cache",
      "auto_refresh",
      "refresh",
      "resource",
      "retry_401",
      "parallel",
      "process_clock",
      "tls",
      "describe",
    ],
  }),
  configure(config) {
    client = new OAuth2Client({
      clientId: config.client_id,
      clientSecret: config.client_secret,
      endpoints: { oauth2TokenUrl: config.token_url },
      // Off by default: a new token after 401, declared as retry_401.
      forceRefreshOnFailure: true,
      transporterOptions: {
        ...(config.ca_file === undefined ? {} : { agent: agentFor(new Agent({ ca: readFileSync(config.ca_file) })) }),
        ...(config.timeout === undefined ? {} : { timeout: config.timeout * 1000 }),
      },
    });
    stored = config.refresh_token;
    client.on("tokens", (tokens) => (stored = tokens.refresh_token || stored));
    client.setCredentials({ refresh_token: stored });
  },
  get_token: () =>
    guarded(async () => {
      await client.getAccessToken();
      return exposed();
    }),
  refresh() {
    if (!client.credentials.refresh_token) throw new Failure("config", "there is no refresh token");
    return guarded(async () => {
      await client.refreshAccessToken();
      return exposed();
    });
  },
  request: (method, url, headers, body) =>
    guarded(async () => {
      const response = await client.request({ method, url, headers, data: body ?? undefined, responseType: "text" });
      return { status: response.status, headers: [...response.headers], body: response.data };
    }),
  describe: () => [inspect(client)],
});
