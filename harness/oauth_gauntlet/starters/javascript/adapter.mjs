// An adapter to fill in: at each "fill in", call your client as its documentation shows, and nothing more.
// It runs as it is; `oauth-gauntlet adapter check "cmd:node adapter.mjs"` says what is missing.
import { Failure, serve, token } from "./adapter-loop.mjs";

let config;

serve({
  // What is not declared here is not judged; docs/adapter-protocol.md lists the names.
  hello: () => ({
    client: { name: "fill in", version: "", language: "javascript", runtime: `node ${process.versions.node}`, url: "" },
    grants: ["client_credentials"],
    token_endpoint_auth_methods: [],
    parameters: [],
    capabilities: [],
  }),

  // Forget everything and build your client from the keys that are there; send nothing yet.
  // Fill in: throw new Failure("config", cause) where your client refuses a configuration.
  configure(given) {
    config = given;
  },

  // Fill in: return token({access_token, token_type, expires_in, refresh_token, scope, ...}) of what your client hands
  // its application. Throw new Failure(kind, cause, {oauth_error, http_status}) for each error that it documents (kind
  // oauth, protocol, transport, timeout); let everything else pass. With the capability cancel, hand the AbortSignal
  // to your client.
  async get_token(signal) {
    throw new Error(`fill in get_token: ask ${config.token_url} for a token by means of your client`);
  },

  // Fill in, each with a capability of its own, or leave out:
  // refresh: async () => token({...}),                                  "refresh"
  // request: async (method, url, headers, body) =>
  //   ({ status, headers: [[name, value], ...], body: text }),          "resource"
  // describe: () => [String(client)],                                   "describe"
});
