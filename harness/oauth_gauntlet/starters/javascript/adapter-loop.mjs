// The adapter protocol's loop, for Node clients: requests on stdin, answers on stdout. Keep it next to your adapter.
//
// Call serve({hello, configure, get_token, ...}). Throw a Failure for each error that your client documents; any other
// exception is answered with kind "unexpected". An exception that no caller can catch ends the process, as it ends an
// application: it is the client's, unless your adapter has thrown it.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

export class Failure extends Error {
  constructor(kind, cause, more = {}) {
    const answer = error(kind, cause, more);
    super(answer.message);
    this.answer = answer;
  }
}

const isText = (value) => typeof value === "string";

const details = {
  oauth_error: isText,
  oauth_error_description: isText,
  oauth_error_uri: isText,
  http_status: Number.isInteger,
  retry_after: Number.isFinite,
};

// Returns what `read` returns, as text. A client may have taken any part of an error from what a server sent: it may be of any
// type, and some values cannot be converted to a text.
function textOf(read) {
  let value;
  try {
    value = read();
    return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
  } catch {
    return `a value of type ${typeof value}`;
  }
}

// A detail of a type other than the protocol's becomes null, and stderr names it.
function error(kind, cause, more = {}) {
  const name = textOf(() => cause?.name ?? "");
  const answer = {
    ...more,
    kind,
    message: textOf(() => cause?.message ?? String(cause)),
    type: cause?.code ? `${name} ${textOf(() => cause.code)}` : name,
  };
  for (const [name, fitting] of Object.entries(details)) {
    const value = answer[name] ?? null;
    if (value !== null && !fitting(value)) console.error(`adapter-loop: ${name} is a ${typeof value}, and is reported as null`);
    answer[name] = fitting(value) ? value : null;
  }
  return answer;
}

// The calls at which an exception was thrown, without its message, which may contain secrets.
const frames = (cause) => textOf(() => cause?.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));

const fits = {
  token_type: isText,
  expires_in: Number.isFinite,
  expires_at: Number.isFinite,
  refresh_token: isText,
  scope: isText,
};

// Returns the protocol's token for the members that the client returns to its application. A member of a type other
// than the protocol's becomes null, with a note on stderr, and goes into extra, unchanged. A client that returns nothing in place
// of a token has handed out a token without members.
export function token(members) {
  const answer = { access_token: members?.access_token ?? null, extra: {} };
  for (const name of Object.keys(fits)) answer[name] = null;
  for (const [name, given] of Object.entries(members ?? {})) {
    // JSON has one type of number.
    const value = typeof given === "bigint" ? Number(given) : given;
    if (name === "access_token" || value === undefined || value === null) continue;
    const known = Object.hasOwn(fits, name);
    if (known && fits[name](value)) {
      answer[name] = value;
      continue;
    }
    answer.extra[name] = value;
    // The type only: the value may be a token.
    const type = Array.isArray(value) ? "array" : Number.isNaN(value) ? "NaN" : typeof value;
    const wanted = name.startsWith("expires_") ? "a finite number" : "a text";
    if (known)
      console.error(`adapter-loop: ${name} is a value of type ${type}, not ${wanted}, and is reported as null`);
  }
  return answer;
}

const pause = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));

const LEAD_MS = 100;

// The exit code that says that the adapter itself broke, and not the client.
const ADAPTER_BROKE = 70;

// An exception that no caller can catch ends an application, and so this process. The first frame of a file says whose it is.
function uncaught(cause) {
  console.error(cause);
  const first = frames(cause).find((line) => !/<anonymous>|node:/.test(line)) ?? "";
  const ours = [import.meta.url, pathToFileURL(process.argv[1]).href].some((place) => first.includes(place));
  process.exit(ours ? ADAPTER_BROKE : 1);
}

function failed(cause, signal) {
  if (cause instanceof Failure) return cause.answer;
  // By the rule of the platform, an aborted call rejects with the reason of its signal.
  if (signal?.aborted && cause === signal.reason) return error("cancelled", cause);
  const name = textOf(() => cause?.name ?? typeof cause);
  console.error([`adapter-loop: ${name}, thrown here (the last call is first):`, ...frames(cause)].join("\n"));
  return error("unexpected", cause);
}

async function outcome(call, signal) {
  try {
    return await call(signal);
  } catch (cause) {
    return { error: failed(cause, signal) };
  }
}

// Makes all calls at the same time. The first `cancel` calls start LEAD_MS before the others, and are aborted LEAD_MS after
// the others have started. Only these calls get a signal.
async function together(calls, cancel = 0) {
  const controllers = Array.from({ length: cancel }, () => new AbortController());
  const first = controllers.map(({ signal }, place) => outcome(calls[place], signal));
  if (cancel) await pause(LEAD_MS);
  const others = calls.slice(cancel).map((call) => outcome(call));
  if (cancel) await pause(LEAD_MS);
  for (const controller of controllers) controller.abort();
  return { results: await Promise.all([...first, ...others]) };
}

const getToken = async (client, signal) => ({ token: await client.get_token(signal) });

const request = (client, { method, url, headers, body }, signal) => client.request(method, url, headers, body, signal);

const operations = {
  get_token: (client) => getToken(client),
  get_tokens: (client, args) =>
    together(Array(args.count).fill((signal) => getToken(client, signal)), args.cancel),
  refresh: async (client) => ({ token: await client.refresh() }),
  request: (client, args) => request(client, args),
  requests: (client, args) =>
    together(
      args.requests.map((each) => async (signal) => ({ response: await request(client, each, signal) })),
      args.cancel,
    ),
  advance_clock: async (client, args) => (await client.advance_clock(args.seconds), {}),
  describe: async (client) => ({ texts: await client.describe() }),
};

// Operations that make several calls of another one at the same time.
const ofOneCaller = { get_tokens: "get_token", requests: "request" };

// The short sleep shows that sleeping works while the clock is moved from outside.
const now = async () => (await pause(1), { now: Date.now() / 1000, utc_offset: -60 * new Date().getTimezoneOffset() });

// JSON has one type of number.
const plain = (_, value) => (typeof value === "bigint" ? Number(value) : value);

// What cannot be encoded again, as deep nesting, is left out: the client has accepted it, and only that matters.
function encoded(reply) {
  try {
    return JSON.stringify(reply, plain);
  } catch (cause) {
    if (!reply.ok?.token) throw cause;
    return JSON.stringify({ ...reply, ok: { token: { ...reply.ok.token, extra: {} } } }, plain);
  }
}

async function answer(op, args) {
  try {
    const state = await instance(args.instance ?? "a");
    const { client } = state;
    if (op === "hello") {
      const hello = await client.hello();
      return { ok: { protocol: 1, catches: true, ...hello, capabilities: [...(hello.capabilities ?? []), "instances", "time_zone"] } };
    }
    if (op === "configure") {
      state.configured = false;
      await client.configure(args.config);
      state.configured = true;
      return { ok: {} };
    }
    if (op === "now") return { ok: await now() };
    if (!Object.hasOwn(operations, op) || typeof client[ofOneCaller[op] ?? op] !== "function")
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
  try {
    for await (const line of createInterface({ input: process.stdin })) {
      const request = JSON.parse(line);
      const reply = request.op === "close" ? { ok: {} } : await answer(request.op, request.args ?? {});
      process.stdout.write(encoded({ id: request.id, ...reply }) + "\n");
      if (request.op === "close") break;
    }
    process.exit(0);
  } catch (cause) {
    console.error(cause);
    process.exit(ADAPTER_BROKE);
  }
}
