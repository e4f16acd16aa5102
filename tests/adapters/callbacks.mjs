// A client with callbacks, as node-oauth's: no callback if the response is cut short, and an uncaught TypeError on null.
import { request } from "node:http";

export function getToken({ token_url, client_id, client_secret }, callback) {
  const form = new URLSearchParams({ grant_type: "client_credentials", client_id, client_secret }).toString();
  const headers = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Content-Length": form.length,
    Accept: "application/json",
    Connection: "close",
  };
  const sent = request(token_url, { method: "POST", headers }, (response) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("error", () => {});
    response.on("data", (piece) => (text += piece));
    response.on("end", () => {
      let results;
      try {
        results = JSON.parse(text);
      } catch {
        return callback(new SyntaxError("no JSON"));
      }
      // A TypeError for null, which no caller can catch.
      if (results.error) return callback(new Error(results.error));
      return callback(null, results.access_token, results);
    });
  });
  sent.on("error", callback);
  sent.end(form);
}
