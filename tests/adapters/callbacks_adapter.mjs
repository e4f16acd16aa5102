// The adapter of the client with callbacks, with the loop of the JavaScript starter.
import { Failure, serve, token } from "../../harness/oauth_gauntlet/starters/javascript/adapter-loop.mjs";
import { getToken } from "./callbacks.mjs";

let config;

serve({
  hello: () => ({
    client: { name: "callbacks", language: "javascript", runtime: `node ${process.versions.node}` },
    grants: ["client_credentials"],
    token_endpoint_auth_methods: ["client_secret_post"],
  }),
  configure: (given) => (config = given),
  get_token: () =>
    new Promise((answer, refuse) =>
      getToken(config, (failed, access_token, results) => {
        if (process.argv[2] === "breaks in a callback") return answer(config.nothing.at_all);
        if (failed) return refuse(new Failure("protocol", failed));
        return answer(token({ ...results, access_token }));
      }),
    ),
});
