// Reads {url, seconds} from each line of standard input, requests a token there with fetch on a new connection,
// and prints the response or the error as one line of JSON.
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
