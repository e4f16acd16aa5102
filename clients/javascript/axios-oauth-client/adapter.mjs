// Adapter for axios-oauth-client: its functions for three grants, over the application's axios instance.
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import axios, { AxiosError, isAxiosError, VERSION } from "axios";
import { clientCredentials, ownerCredentials, refreshToken } from "axios-oauth-client";
import { Failure, serve, token } from "../../../harness/oauth_gauntlet/starters/javascript/adapter-loop.mjs";

const { version } = JSON.parse(readFileSync(new URL("./node_modules/axios-oauth-client/package.json", import.meta.url)));

let given, ask, held;

const text = (value) => (typeof value === "string" ? value : null);

// The library has no errors of its own: the application gets those of axios, with the codes that axios documents.
async function guarded(call) {
  try {
    return await call();
  } catch (cause) {
    // Documented as a code; it is an error of the platform.
    if (cause?.code === AxiosError.ERR_INVALID_URL) throw new Failure("config", cause);
    if (!isAxiosError(cause)) throw cause;
    const status = cause.response?.status ?? null;
    const document = cause.response?.data;
    if (typeof document?.error === "string")
      throw new Failure("oauth", cause, {
        oauth_error: document.error,
        oauth_error_description: text(document.error_description),
        oauth_error_uri: text(document.error_uri),
        http_status: status,
      });
    if (cause.code === AxiosError.ECONNABORTED || cause.code === AxiosError.ETIMEDOUT) throw new Failure("timeout", cause);
    throw new Failure("transport", cause, { http_status: status });
  }
}

// The library returns the document unchanged and stores nothing. The application stores the refresh token, and a null or an
// empty one replaces none.
function exposed(document) {
  const members = document !== null && typeof document === "object" ? document : {};
  held = members.refresh_token || held;
  return token(members);
}

const refreshed = (scope) => guarded(async () => exposed(await ask.refresh_token(held, scope)));

serve({
  hello: () => ({
    client: {
      name: "axios-oauth-client",
      version,
      language: "javascript",
      runtime: `node ${process.versions.node}, axios ${VERSION}`,
      url: "https://github.com/compwright/axios-oauth-client",
    },
    grants: ["refresh_token", "client_credentials", "password"],
    token_endpoint_auth_methods: ["client_secret_post"],
    parameters: ["scope", "ca_file", "timeout"],
    // Not describe: it has functions and plain documents, and no object of its own.
    capabilities: ["refresh", "parallel", "tls", "proxy"],
  }),
  configure(config) {
    given = config;
    held = config.refresh_token;
    const instance = axios.create({
      ...(config.ca_file === undefined ? {} : { httpsAgent: new Agent({ ca: readFileSync(config.ca_file) }) }),
      ...(config.timeout === undefined ? {} : { timeout: config.timeout * 1000 }),
    });
    const party = [instance, config.token_url, config.client_id, config.client_secret];
    ask = {
      client_credentials: clientCredentials(...party),
      password: ownerCredentials(...party),
      refresh_token: refreshToken(...party),
    };
  },
  get_token() {
    if (given.grant_type === "client_credentials")
      return guarded(async () => exposed(await ask.client_credentials(given.scope)));
    if (given.grant_type === "password")
      return guarded(async () => exposed(await ask.password(given.username, given.password, given.scope)));
    return refreshed(given.scope);
  },
  refresh() {
    if (!held) throw new Failure("config", "there is no refresh token");
    // The scope is sent with the configured grant only; a later refresh keeps the granted scope (RFC 6749 section 6).
    return refreshed(given.grant_type === "refresh_token" ? given.scope : undefined);
  },
});
