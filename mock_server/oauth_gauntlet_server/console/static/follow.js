// Follows a tenant by server-sent events. It reads them from a fetch, because EventSource cannot send the control token.

import { ApiError, request, tenantPath, withQuery } from "./api.js";

const LONGEST_WAIT_MS = 5000;
const HIDDEN_MS = 5000;

// Yields [name, data, id] of each event in a stream (the part of HTML Living Standard §9.2.6 that our server uses).
export async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      buffer += value;
      const blocks = buffer.split("\n\n");
      buffer = blocks.pop();
      for (const block of blocks) {
        const fields = {};
        for (const line of block.split("\n")) {
          const colon = line.indexOf(": ");
          if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 2);
        }
        if (fields.event) yield [fields.event, JSON.parse(fields.data), fields.id];
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

// Follows a tenant until the returned function is called. It calls onEvent(name, data) for each event, and
// onStatus(status, reason), where status is "live", "off" or "asleep".
export function follow(tenant, onEvent, onStatus) {
  const stopped = new AbortController();
  let connection = null;
  let since = 0;
  let wake = () => {};
  let sleeper = null;

  // A hidden tab closes its connection, because a browser opens at most six connections to a server.
  const visibility = () => {
    clearTimeout(sleeper);
    if (document.hidden) sleeper = setTimeout(() => connection?.abort(), HIDDEN_MS);
    else wake();
  };
  document.addEventListener("visibilitychange", visibility, { signal: stopped.signal });
  stopped.signal.addEventListener("abort", () => { clearTimeout(sleeper); connection?.abort(); wake(); });

  const pause = (milliseconds) => new Promise((resolve) => {
    const timer = milliseconds === null ? null : setTimeout(resolve, milliseconds);
    wake = () => { clearTimeout(timer); resolve(); };
  });

  async function connect() {
    connection = new AbortController();
    const response = await request(withQuery(tenantPath(tenant, "/journal/stream"), { since }), { signal: connection.signal });
    if (!response.ok) throw new ApiError(response.status, await response.json().catch(() => ({})));
    onStatus("live", "");
    for await (const [name, data, id] of eventsOf(response)) {
      if (stopped.signal.aborted) return "stopped";
      if (id !== undefined) since = Number(id);
      onEvent(name, data);
      if (name === "gone") return "gone";
    }
    return "ended";
  }

  (async () => {
    let wait = 250;
    while (!stopped.signal.aborted) {
      let reason = "the server does not answer";
      try {
        const end = await connect();
        if (end === "gone") return;
        wait = 250;
        reason = "";
      } catch (error) {
        if (error instanceof ApiError) reason = error.message;
      }
      if (stopped.signal.aborted) return;
      if (document.hidden) {
        onStatus("asleep", "");
        await pause(null);
        continue;
      }
      if (reason) onStatus("off", reason);
      await pause(wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
  })();

  return () => stopped.abort();
}
