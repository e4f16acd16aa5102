// A small correct Node client that caches its token by the clock of its process; used to test libfaketime.
import { Failure, serve, token } from "../../harness/oauth_gauntlet/starters/javascript/adapter-loop.mjs";

let config, held, until;

async function ask() {
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  form.set("client_id", config.client_id);
  form.set("client_secret", config.client_secret);
  const answer = await fetch(config.token_url, { method: "POST", body: form, redirect: "error" }).catch((cause) => {
    throw new Failure("transport", cause);
  });
  const document = await answer.json().catch((cause) => {
    throw new Failure("protocol", cause);
  });
  if (answer.status !== 200 || typeof document.access_token !== "string")
    throw new Failure("oauth", new Error(document.error ?? "no token"), { http_status: answer.status });
  return document;
}

serve({
  hello: () => ({
    client: { name: "caching", version: "1", language: "javascript" },
    grants: ["client_credentials"],
    token_endpoint_auth_methods: ["client_secret_post"],
    parameters: ["allow_http"],
    capabilities: ["cache", "auto_refresh", "process_clock"],
  }),
  configure: (given) => {
    if (!given.token_url || !given.client_id || !given.client_secret)
      throw new Failure("config", new Error("token_url, client_id and client_secret are mandatory"));
    [config, held] = [given, undefined];
  },
  get_token: async () => {
    if (held === undefined || Date.now() >= until) {
      held = await ask();
      until = Date.now() + (held.expires_in ?? 3600) * 1000;
    }
    return token(held);
  },
});
