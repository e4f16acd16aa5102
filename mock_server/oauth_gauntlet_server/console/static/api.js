// Requests to the control API. The page reads and changes everything through it, so curl can do the same.

const BASE = new URL("../_control", document.baseURI).href;
const KEY = "oauth-gauntlet-control-token";

export class ApiError extends Error {
  // An answer with an error status; its body is a problem document (RFC 9457).
  constructor(status, problem) {
    super(problem.detail || problem.title || `the server answered ${status}`);
    this.status = status;
    this.member = problem.member ?? null;
  }
}

let askForToken = async () => null;

// Sets the function that asks the user for the control token. It gets whether the server rejected the last one,
// and resolves to the new one.
export function onTokenRequired(ask) {
  askForToken = ask;
}

function storedToken() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function keepToken(token) {
  try {
    sessionStorage.setItem(KEY, token);
  } catch { /* The browser forbids storage: the token lasts as long as the page. */ }
  memory = token;
}

let memory = null;
let asking = null;

async function token() {
  if (document.documentElement.dataset.controlToken !== "required") return null;
  memory ??= storedToken();
  return memory ?? ask(false);
}

function ask(rejected) {
  // The user is asked once, even if several requests wait for the token.
  asking ??= askForToken(rejected).finally(() => { asking = null; });
  return asking;
}

// Returns the response. A 401 asks the user for the token and sends the request again.
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
  if (!response.ok) throw new ApiError(response.status, answer);
  return answer;
}

export const get = (path) => call("GET", path);
export const post = (path, document = {}) => call("POST", path, document);
export const put = (path, document) => call("PUT", path, document);
export const patch = (path, document) => call("PATCH", path, document);
export const remove = (path) => call("DELETE", path);

export const tenantPath = (tenant, rest = "") => `/tenants/${encodeURIComponent(tenant)}${rest}`;

export function withQuery(path, query) {
  const words = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== null && value !== undefined));
  return String(words) ? `${path}?${words}` : path;
}

let described = null;

// Returns a component's schema from the OpenAPI document, with its references replaced by what they refer to.
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
