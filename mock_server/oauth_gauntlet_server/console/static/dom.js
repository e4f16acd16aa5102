// Elements, made of text and of other elements: nothing that came over the wire is ever read as markup.

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value") element.value = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((each) => each !== null && each !== undefined && each !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

let last = 0;
export const newId = (stem) => `${stem}-${++last}`;

export function badge(text, kind = "none", title = null) {
  return make("span", { class: `badge ${kind}`, title }, text);
}

// Documentation is text with ``code`` and RFC sections in it; the host of a link is never the text's.
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
