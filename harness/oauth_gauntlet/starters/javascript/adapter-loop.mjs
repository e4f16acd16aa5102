// The adapter protocol's loop, for Node clients: requests on stdin, answers on stdout. Keep it next to your adapter.
//
// Call serve({hello, configure, get_token, ...}). Throw a Failure for each error that your client documents; any other
// exception is answered with kind "unexpected".
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

export class Failure extends Error {
  constructor(kind, cause, more = {}) {
    super(cause?.message ?? String(cause));
    this.answer = error(kind, cause, more);
  }
}

function error(kind, cause, more = {}) {
  return {
    kind,
    message: cause?.message ?? String(cause),
    type: cause?.code ? `${cause.name} ${cause.code}` : (cause?.name ?? ""),
    oauth_error: null,
    oauth_error_description: null,
    oauth_error_uri: null,
    http_status: null,
    retry_after: null,
    ...more,
  };
}

const fits = {
  token_type: (value) => typeof value === "string",
  expires_in: Number.isFinite,
  expires_at: Number.isFinite,
  refresh_token: (value) => typeof value === "string",
  scope: (value) => typeof value === "string",
};

// Returns the protocol's token for the members that the client returns to its application. A member of a type other
// than the protocol's goes into extra, unchanged.
export function token(members) {
  const answer = { access_token: members.access_token ?? null, extra: {} };
  for (const name of Object.keys(fits)) answer[name] = fits[name](members[name]) ? members[name] : null;
  for (const [name, value] of Object.entries(members))
    if (name !== "access_token" && answer[name] !== value && value !== undefined && value !== null)
      answer.extra[name] = value;
  return answer;
}

const pause = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));

const LEAD_MS = 100;

// An exception that no caller can catch ends an application. During an operation it becomes the answer here, and the
// client continues in its present state. Between two operations it ends the adapter, as it would end an application.
class Uncaught {
  constructor(cause) {
    this.answer = error("unexpected", cause, { message: `uncaught, which ends an application: ${cause?.message ?? cause}` });
  }
}

const asking = new Set();

function uncaught(cause) {
  if (asking.size === 0) {
    console.error(cause);
    process.exit(1);
  }
  for (const fail of asking) fail(new Uncaught(cause));
}

async function asked(call) {
  let fail;
  const failure = new Promise((_, reject) => (fail = reject));
  asking.add(fail);
  try {
    return await Promise.race([call(), failure]);
  } finally {
    asking.delete(fail);
  }
}

function failed(cause, signal) {
  if (cause instanceof Failure || cause instanceof Uncaught) return cause.answer;
  // By the rule of the platform, an aborted call rejects with the reason of its signal.
  return error(signal?.aborted && cause === signal.reason ? "cancelled" : "unexpected", cause);
}

async function outcome(client, signal) {
  try {
    return { token: await asked(() => client.get_token(signal)) };
  } catch (cause) {
    return { error: failed(cause, signal) };
  }
}

// Makes `count` concurrent calls. The first `cancel` calls start LEAD_MS before the others, and are aborted LEAD_MS after
// the others have started. Only these calls get a signal.
async function together(client, count, cancel = 0) {
  const controllers = Array.from({ length: cancel }, () => new AbortController());
  const first = controllers.map(({ signal }) => outcome(client, signal));
  if (cancel) await pause(LEAD_MS);
  const others = Array.from({ length: count - cancel }, () => outcome(client));
  if (cancel) await pause(LEAD_MS);
  for (const controller of controllers) controller.abort();
  return Promise.all([...first, ...others]);
}

const operations = {
  get_token: async (client) => ({ token: await asked(() => client.get_token()) }),
  get_tokens: async (client, args) => ({ results: await together(client, args.count, args.cancel) }),
  refresh: async (client) => ({ token: await asked(() => client.refresh()) }),
  request: (client, args) => asked(() => client.request(args.method, args.url, args.headers, args.body)),
  advance_clock: async (client, args) => (await client.advance_clock(args.seconds), {}),
  describe: async (client) => ({ texts: await client.describe() }),
};

// The short sleep shows that sleeping works while the clock is moved from outside.
const now = async () => (await pause(1), { now: Date.now() / 1000 });

// What is nested too deeply to be encoded again is left out: the client has accepted it, and only that matters.
function encoded(reply) {
  try {
    return JSON.stringify(reply);
  } catch (cause) {
    if (!(cause instanceof RangeError) || !reply.ok?.token) throw cause;
    return JSON.stringify({ ...reply, ok: { token: { ...reply.ok.token, extra: {} } } });
  }
}

async function answer(op, args) {
  try {
    const state = await instance(args.instance ?? "a");
    const { client } = state;
    if (op === "hello") {
      const hello = await client.hello();
      return { ok: { protocol: 1, ...hello, capabilities: [...(hello.capabilities ?? []), "instances"] } };
    }
    if (op === "configure") {
      state.configured = false;
      await client.configure(args.config);
      state.configured = true;
      return { ok: {} };
    }
    if (op === "now") return { ok: await now() };
    const wanted = op === "get_tokens" ? "get_token" : op;
    if (!Object.hasOwn(operations, op) || typeof client[wanted] !== "function")
      return { error: error("unexpected", `unknown operation ${op}`) };
    if (!state.configured) return { error: error("config", "the client is not configured") };
    return { ok: await operations[op](client, args) };
  } catch (cause) {
    return { error: failed(cause) };
  }
}

// The clients of this process by name. The harness may ask for further ones (capability instances): for each the loop
// imports the adapter's module once more, so that each has its own module variables; the modules that it imports are shared.
const instances = new Map();
let made;

async function instance(name) {
  if (!instances.has(name)) {
    await import(`${pathToFileURL(process.argv[1]).href}?instance=${encodeURIComponent(name)}`);
    instances.set(name, { client: made, configured: false });
  }
  return instances.get(name);
}

export async function serve(client) {
  made = client;
  if (instances.size > 0) return;
  instances.set("a", { client, configured: false });
  // stdout is for answers only: what the client logs goes to stderr.
  console.log = console.info = console.debug = console.error;
  process.on("uncaughtException", uncaught);
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    const reply = request.op === "close" ? { ok: {} } : await answer(request.op, request.args ?? {});
    process.stdout.write(encoded({ id: request.id, ...reply }) + "\n");
    if (request.op === "close") break;
  }
  process.exit(0);
}
