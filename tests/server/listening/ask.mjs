// Reads URLs, one a line; asks for a token at each with fetch, a connection of its own each time; answers with what came of it.
import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin })) {
  const { url, seconds } = JSON.parse(line);
  let answer;
  try {
    const response = await fetch(url, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "client_credentials" }),
      headers: { Authorization: "Basic YTpi", Connection: "close" },
      signal: AbortSignal.timeout(seconds * 1000),
    });
    answer = { status: response.status, document: await response.json() };
  } catch (error) {
    answer = { error: error.name, code: error.cause?.code ?? null, message: String(error.cause?.message ?? error.message) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
