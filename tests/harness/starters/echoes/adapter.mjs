// An adapter whose client answers an authorised request with what it was asked. The configured client_id selects the members
// of its token.
import { Failure, serve, token } from "./adapter-loop.mjs";

let behaviour;

const tokens = {
  numbers: { expires_in: 3600n, expires_at: 1800.5, scope: "a", size: 5n },
  odd: { expires_in: ["soon"], refresh_token: 5, scope: ["secret"], token_type: "Bearer" },
};

let met = [];

const errors = {
  "odd error": () => Object.assign(new Error(), { name: ["a"], message: { error: "a" }, code: 5n, stack: null }),
  "unreadable error": () => Object.create(null, { message: { get: () => Symbol("a").description.nothing.at } }),
  "odd details": () => new Failure("oauth", { message: 5 }, { oauth_error: ["a"], http_status: "400", retry_after: NaN, message: 5 }),
};

// Resolves for all three callers when the third has come.
const three = () =>
  new Promise((wake) => {
    met.push(wake);
    if (met.length < 3) return;
    for (const each of met) each();
    met = [];
  });

const aborted = (signal) => new Promise((_, fail) => signal.addEventListener("abort", () => fail(signal.reason)));

serve({
  hello: () => ({ client: { name: "echoes" }, grants: [], capabilities: ["resource", "parallel", "cancel"] }),
  configure: (config) => (behaviour = config.client_id),
  get_token: () => {
    if (errors[behaviour]) throw errors[behaviour]();
    return token(behaviour === "nothing" ? undefined : { access_token: "one", ...tokens[behaviour] });
  },
  request: async (method, url, headers, body, signal) => {
    if (url === "meets") await three();
    if (url === "waits") await aborted(signal);
    if (url === "fails") throw new Failure("protocol", body);
    return { status: 200, headers: Object.entries(headers), body: `${method} ${url} ${body}` };
  },
});
