// The control API: everything that the page knows and does goes through here, so that curl can do it too.

const BASE = new URL("../_control", document.baseURI).href;
const KEY = "oauth-gauntlet-control-token";

export class Refusal extends Error {
  // What the server answered in place of what was asked: a problem document (RFC 9457).
  constructor(status, problem) {
    super(problem.detail || problem.title || `the server answered ${status}`);
    this.status = status;
    this.member = problem.member ?? null;
  }
}

let askForToken = async () => null;

// `ask` is called when the server wants a token, with whether it refused one; it resolves to the next one.
export function onTokenWanted(ask) {
  askForToken = ask;
}

function kept() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function keepToken(token) {
  try {
    sessionStorage.setItem(KEY, token);
  } catch { /* A strict browser: the token lasts as long as the page. */ }
  memory = token;
}

let memory = null;
let asking = null;

async function token() {
  if (document.documentElement.dataset.controlToken !== "wanted") return null;
  memory ??= kept();
  return memory ?? ask(false);
}

function ask(refused) {
  // However many requests wait for it, it is asked for once.
  asking ??= askForToken(refused).finally(() => { asking = null; });
  return asking;
}

// The response, whatever its status but 401.
export async function request(path, options = {}) {
  let secret = await token();
  for (;;) {
    const headers = { ...options.headers };
    if (secret) headers.Authorization = `Bearer ${secret}`;
    const response = await fetch(BASE + path, { ...options, headers, cache: "no-store", redirect: "error" });
    if (response.status !== 401) return response;
    if (secret === memory) memory = null;
    secret = memory ?? await ask(true);
  }
}

async function call(method, path, document) {
  const options = { method };
  if (document !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(document);
  }
  const response = await request(path, options);
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(response.status, answer);
  return answer;
}

export const get = (path) => call("GET", path);
export const post = (path, document = {}) => call("POST", path, document);
export const patch = (path, document) => call("PATCH", path, document);
export const remove = (path) => call("DELETE", path);

export const tenantPath = (tenant, rest = "") => `/tenants/${encodeURIComponent(tenant)}${rest}`;

export function withQuery(path, query) {
  const words = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== null && value !== undefined));
  return String(words) ? `${path}?${words}` : path;
}

let described = null;

// The schema of a component of the OpenAPI document, its references followed as they are met.
export async function schemaOf(name) {
  described ??= get("/openapi.json").catch((error) => {
    described = null;
    throw error;
  });
  const schemas = (await described).components.schemas;
  const resolved = (schema) => {
    if (!schema || typeof schema !== "object") return schema;
    if (Array.isArray(schema)) return schema.map(resolved);
    if (typeof schema.$ref === "string") return resolved(schemas[schema.$ref.split("/").pop()]);
    return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, resolved(value)]));
  };
  return resolved(schemas[name]);
}
