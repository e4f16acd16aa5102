// Makes elements from text and other elements. Nothing that came over the wire is ever parsed as markup.

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "value") element.value = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((each) => each !== null && each !== undefined && each !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

let last = 0;
export const newId = (stem) => `${stem}-${++last}`;

// Replaces what a detail pane shows. On a narrow screen the pane is below the list, so it is scrolled into view.
export function fillPane(pane, children) {
  pane.replaceChildren(...children);
  pane.scrollTop = 0;
  if (pane.getBoundingClientRect().top > innerHeight * 0.7) pane.scrollIntoView({ block: "start" });
}

export function badge(text, kind = "none", title = null) {
  return make("span", { class: `badge ${kind}`, title }, text);
}

// Documentation is plain text with ``code`` and RFC sections. A link always leads to the RFC editor: the text never
// chooses the host.
const PIECES = /``(.+?)``|`([^`]+)`|RFC (\d{3,5})(?: §([\d.]*\d))?/g;

export function prose(text) {
  return text.split(/\n\s*\n/).map((paragraph) => make("p", {}, ...pieces(paragraph.replace(/\s+/g, " ").trim())));
}

function pieces(text) {
  const found = [];
  let place = 0;
  for (const match of text.matchAll(PIECES)) {
    found.push(text.slice(place, match.index));
    const [whole, double, single, rfc, section] = match;
    if (rfc) {
      const href = `https://www.rfc-editor.org/rfc/rfc${rfc}${section ? `#section-${section}` : ""}`;
      found.push(make("a", { href, rel: "noreferrer noopener", target: "_blank" }, whole));
    } else {
      found.push(make("code", {}, double ?? single));
    }
    place = match.index + whole.length;
  }
  found.push(text.slice(place));
  return found.filter(Boolean);
}
