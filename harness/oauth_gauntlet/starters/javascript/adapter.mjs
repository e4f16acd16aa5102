// An adapter to complete: at each "fill in", call your client as its documentation shows, and do nothing else.
// It runs unchanged; `oauth-gauntlet adapter check "cmd:node adapter.mjs"` reports what is missing.
import { Failure, serve, token } from "./adapter-loop.mjs";

let config;

serve({
  // Scenarios judge only what is declared here; docs/adapter-protocol.md lists the names.
  hello: () => ({
    client: { name: "fill in", version: "", language: "javascript", runtime: `node ${process.versions.node}`, url: "" },
    grants: ["client_credentials"],
    token_endpoint_auth_methods: [],
    parameters: [],
    capabilities: [],
  }),

  // Discard all state, and create your client from the keys that are present; send nothing yet.
  // Fill in: throw new Failure("config", cause) if your client rejects a configuration.
  configure(given) {
    config = given;
  },

  // Fill in: return token({access_token, token_type, expires_in, refresh_token, scope, ...}) with what your client
  // returns to its application. Throw new Failure(kind, cause, {oauth_error, http_status}) for each error that it
  // documents (kind oauth, protocol, transport, timeout); do not catch any other. With the capability cancel, pass the
  // AbortSignal to your client, here and in request.
  async get_token(signal) {
    throw new Error(`fill in get_token: ask ${config.token_url} for a token with your client`);
  },

  // Fill in or delete; each has its own capability:
  // refresh: async () => token({...}),                                  "refresh"
  // request: async (method, url, headers, body, signal) =>
  //   ({ status, headers: [[name, value], ...], body: text }),          "resource"
  // describe: () => [inspect(client)], with inspect of node:util        "describe"
});
