// Shows the parts of a decoded message or token. The server decodes; the page only shows the result.

import { make } from "./dom.js";

const STATES = { good: ["pass", "✓", "right"], bad: ["fail", "✗", "wrong"], unknown: ["none", "?", "not known"] };

export function partCard(part) {
  return make(
    "section",
    { class: "part" },
    make("h4", {}, part.title),
    part.finding && finding(part),
    ...[...grouped(part.rows)].map(([group, rows]) => table(group, rows)),
  );
}

function grouped(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
  return groups;
}

function finding(part) {
  const [kind, mark, words] = STATES[part.state] ?? STATES.unknown;
  return make("p", { class: `finding ${kind}` }, make("span", { class: "mark", role: "img", "aria-label": words }, mark), ` ${part.finding}`);
}

function table(group, rows) {
  return make(
    "table",
    { class: "rows" },
    group && make("caption", {}, group),
    make(
      "tbody",
      {},
      ...rows.map((row) => make(
        "tr",
        {},
        make("th", { scope: "row" }, row.name),
        make("td", {}, make("code", {}, row.value), row.note && make("span", { class: "note" }, row.note)),
      )),
    ),
  );
}
