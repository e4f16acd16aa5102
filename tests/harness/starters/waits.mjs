// An adapter with the loop of the JavaScript starter; the configured client_id selects the behaviour of its client.
import { Failure, serve, token } from "../../../harness/oauth_gauntlet/starters/javascript/adapter-loop.mjs";
import * as client from "./waits_client.mjs";

const pause = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));

let config;

const behaviours = {
  // Waits for a second, or until its signal aborts.
  "waits": async (signal) => {
    await new Promise((wake, fail) => {
      setTimeout(wake, 1000);
      signal?.addEventListener("abort", () => fail(signal.reason));
    });
    return token({ access_token: signal ? "with a signal" : "without one" });
  },
  "throws at once": () => client.throwAtOnce(),
  "throws in a timer": () => client.throwInATimer(1),
  "rejects a promise that is not awaited": () => client.rejectAlone(),
  "throws after its answer": async () => {
    client.throwInATimer(100);
    return token({ access_token: "one" });
  },
  "an adapter that throws in a timer": () => new Promise(() => setTimeout(() => null.nothing, 1)),
  "reports details of other types": () => {
    const details = { oauth_error: ["a"], http_status: "400", retry_after: 1.5 };
    throw new Failure("oauth", new Error("refused"), details);
  },
  "returns members of other types": () => token({ access_token: "one", expires_in: NaN, scope: ["a"], token_type: null }),
  "returns deep nesting": () => {
    let nested = [];
    for (let depth = 0; depth < 100_000; depth += 1) nested = [nested];
    return token({ access_token: "one", nested });
  },
  "prints": async () => {
    console.log("a line");
    await pause(1);
    return token({ access_token: "one" });
  },
};

serve({
  hello: () => ({ client: { name: "waits" }, grants: ["client_credentials"], capabilities: ["parallel", "cancel"] }),
  configure: (given) => (config = given),
  get_token: (signal) => behaviours[config.client_id](signal),
});
