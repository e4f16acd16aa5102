// Adapter for simple-oauth2: ClientCredentials, ResourceOwnerPassword, and AccessToken.refresh().
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { inspect } from "node:util";
import { AuthorizationCode, ClientCredentials, ResourceOwnerPassword } from "simple-oauth2";
import { Failure, serve, token } from "../../../harness/oauth_gauntlet/starters/javascript/adapter-loop.mjs";

const version = JSON.parse(
  readFileSync(new URL("./node_modules/simple-oauth2/package.json", import.meta.url)),
).version;

let given, client, held;

// The library passes on Boom errors of its HTTP client, and Joi's errors about its options.
function guarded(promise) {
  return promise.catch((cause) => {
    if (cause.isBoom) {
      const payload = cause.data?.payload;
      const status = cause.data?.res?.statusCode ?? null;
      if (cause.data?.isResponseError && typeof payload?.error === "string")
        throw new Failure("oauth", cause, {
          oauth_error: payload.error,
          oauth_error_description: text(payload.error_description),
          oauth_error_uri: text(payload.error_uri),
          http_status: status,
        });
      if (cause.output.statusCode === 504 && status === null) throw new Failure("timeout", cause);
      if (cause.data?.isResponseError || status === null)
        throw new Failure("transport", cause, { http_status: status });
      // The HTTP client could not read the response: content type, JSON.
      throw new Failure("protocol", cause, { http_status: status });
    }
    throw cause;
  });
}

const text = (value) => (typeof value === "string" ? value : null);

function exposed(accessToken) {
  held = accessToken;
  const at = accessToken.token.expires_at;
  return token(at === undefined ? accessToken.token : { ...accessToken.token, expires_at: at.getTime() / 1000 });
}

const scope = () => (given.scope === undefined ? {} : { scope: given.scope });

// The scope is sent with the configured grant only; a later refresh keeps the granted scope (RFC 6749 section 6).
const refreshScope = () => (["client_credentials", "password"].includes(given.grant_type) ? {} : scope());

const refresh = () => guarded((async () => held.refresh({ ...refreshScope(), ...given.additional_payload }))()).then(exposed);

serve({
  hello: () => ({
    client: {
      name: "simple-oauth2",
      version,
      language: "javascript",
      runtime: `node ${process.versions.node}, @hapi/wreck`,
      url: "https://github.com/lelylan/simple-oauth2",
    },
    grants: ["refresh_token", "client_credentials", "password"],
    token_endpoint_auth_methods: ["client_secret_basic", "client_secret_post"],
    parameters: ["scope", "additional_payload", "ca_file", "timeout"],
    capabilities: ["refresh", "parallel", "process_clock", "tls", "describe"],
  }),
  configure(config) {
    given = config;
    const options = { client: { id: config.client_id, secret: config.client_secret }, auth: {}, http: {}, options: {} };
    if (config.token_url !== undefined) {
      // The library requires host and path separately, and joins them.
      const [, host, path] = /^([^:]*:\/\/[^/?#]*)(.*)$/s.exec(config.token_url) ?? [null, config.token_url, ""];
      options.auth.tokenHost = host;
      options.auth.tokenPath = path || "/";
    }
    if (config.token_endpoint_auth_method)
      options.options.authorizationMethod = config.token_endpoint_auth_method === "client_secret_post" ? "body" : "header";
    if (config.ca_file !== undefined) options.http.agent = new Agent({ ca: readFileSync(config.ca_file) });
    if (config.timeout !== undefined) options.http.timeout = config.timeout * 1000;
    const kinds = { client_credentials: ClientCredentials, password: ResourceOwnerPassword };
    try {
      client = new (kinds[config.grant_type] ?? AuthorizationCode)(options);
      held = kinds[config.grant_type] ? null : client.createToken({ refresh_token: config.refresh_token });
    } catch (cause) {
      if (cause.isJoi || cause.name === "ValidationError" || cause.name === "AssertionError")
        throw new Failure("config", cause);
      throw cause;
    }
  },
  get_token() {
    if (given.grant_type === "client_credentials")
      return guarded((async () => client.getToken({ ...scope(), ...given.additional_payload }))()).then(exposed);
    if (given.grant_type === "password") {
      const credentials = { username: given.username, password: given.password };
      return guarded(
        (async () => client.getToken({ ...credentials, ...scope(), ...given.additional_payload }))(),
      ).then(exposed);
    }
    return refresh();
  },
  refresh() {
    if (!held?.token.refresh_token) throw new Failure("config", "there is no refresh token");
    return refresh();
  },
  describe: () => [inspect(client), ...(held ? [inspect(held)] : [])],
});
