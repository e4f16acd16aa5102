// Adapter for simple-oauth2: ClientCredentials, ResourceOwnerPassword, and AccessToken.refresh().
import { readFileSync } from "node:fs";
import { AuthorizationCode, ClientCredentials, ResourceOwnerPassword } from "simple-oauth2";
import { Failure, serve } from "../adapter-loop.mjs";

const version = JSON.parse(
  readFileSync(new URL("./node_modules/simple-oauth2/package.json", import.meta.url)),
).version;

let given, client, held;

// The library hands on Boom errors of its HTTP client, and Joi's for its options.
function guarded(promise) {
  return promise.catch((cause) => {
    if (cause.isBoom) {
      const payload = cause.data?.payload;
      const answered = cause.data?.isResponseError === true;
      if (answered && typeof payload?.error === "string")
        throw new Failure("oauth", cause, {
          oauth_error: payload.error,
          oauth_error_description: payload.error_description ?? null,
          oauth_error_uri: payload.error_uri ?? null,
          http_status: cause.output.statusCode,
        });
      if (cause.output?.statusCode === 504) throw new Failure("timeout", cause);
      throw new Failure("transport", cause, { http_status: answered ? cause.output.statusCode : null });
    }
    throw cause;
  });
}

function exposed(accessToken) {
  held = accessToken;
  const { access_token, token_type, expires_in, expires_at, refresh_token, scope, ...extra } = accessToken.token;
  const at = expires_at === undefined || expires_at === null ? NaN : new Date(expires_at).getTime() / 1000;
  return {
    access_token: access_token ?? null,
    token_type: token_type ?? null,
    expires_in: typeof expires_in === "number" ? expires_in : null,
    expires_at: Number.isFinite(at) ? at : null,
    refresh_token: refresh_token ?? null,
    scope: scope ?? null,
    extra,
  };
}

const scope = () => (given.scope === undefined ? {} : { scope: given.scope });

// The scope is for the grant that was configured; a later refresh keeps what was granted (RFC 6749 section 6).
const refreshScope = () => (["client_credentials", "password"].includes(given.grant_type) ? {} : scope());

const refresh = () => guarded((async () => held.refresh({ ...refreshScope(), ...given.additional_payload }))()).then(exposed);

serve({
  hello: () => ({
    protocol: 1,
    client: {
      name: "simple-oauth2",
      version,
      language: "javascript",
      runtime: `node ${process.versions.node}`,
      url: "https://github.com/lelylan/simple-oauth2",
    },
    grants: ["refresh_token", "client_credentials", "password"],
    token_endpoint_auth_methods: ["client_secret_basic", "client_secret_post"],
    parameters: ["scope", "additional_payload", "allow_http", "timeout"],
    capabilities: ["refresh", "parallel", "describe"],
  }),
  configure(config) {
    given = config;
    const options = { client: { id: config.client_id, secret: config.client_secret }, auth: {}, http: {}, options: {} };
    if (config.token_url !== undefined) {
      // The library wants host and path apart, and joins them again.
      const url = URL.canParse(config.token_url) ? new URL(config.token_url) : null;
      options.auth.tokenHost = url ? url.origin : config.token_url;
      if (url) options.auth.tokenPath = config.token_url.slice(config.token_url.indexOf(url.host) + url.host.length);
    }
    if (config.token_endpoint_auth_method)
      options.options.authorizationMethod = config.token_endpoint_auth_method === "client_secret_post" ? "body" : "header";
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
  describe: () => [String(client), JSON.stringify(client) ?? "", String(held)],
});
