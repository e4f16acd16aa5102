// Makes a form from a JSON Schema (the part of JSON Schema that the control API uses), and reads it as a JSON document.

import { ApiError } from "./api.js";
import { make, newId } from "./dom.js";

// A control is { element, read(), show(value) }. read() returns the value, or undefined if the member is left out, or
// throws a Mistake. An optional `hint` shows how the typed text is understood.
class Mistake extends Error {}

const kindsOf = (schema) => (schema.type === undefined ? null : [schema.type].flat());
const kindOf = (value) => {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
};
const isOctets = (schema) => schema.oneOf?.some((each) => each.properties?.base64);
const quiet = { autocomplete: "off", spellcheck: "false", autocapitalize: "off" };

function choice(schema, { required }) {
  const options = schema.enum.map((value) => make("option", { value: String(value) }, String(value)));
  if (!required && !("default" in schema)) options.unshift(make("option", { value: "" }, "(by default)"));
  const element = make("select", {}, ...options);
  return {
    element,
    read: () => (element.value === "" ? undefined : schema.enum.find((value) => String(value) === element.value)),
    show: (value) => { element.value = String(value); },
  };
}

function box() {
  const element = make("input", { type: "checkbox" });
  return { element, read: () => element.checked, show: (value) => { element.checked = value === true; } };
}

function number(schema, { required }) {
  const whole = schema.type === "integer";
  const element = make("input", { type: "number", step: whole ? "1" : "any", min: schema.minimum, max: schema.maximum, required, ...quiet });
  return {
    element,
    read() {
      if (element.value === "" && !element.validity.badInput) return undefined;
      const value = Number(element.value);
      if (element.validity.badInput || !Number.isFinite(value)) throw new Mistake("Expected a number.");
      return value;
    },
    show: (value) => { element.value = value ?? ""; },
  };
}

function text(schema, { name, required }) {
  const attributes = { required: required && schema.minLength > 0, class: /secret|password|token/.test(name) ? "secret" : null, ...quiet };
  // A body may contain line breaks, which an input element would drop.
  const element = name === "body" ? make("textarea", { rows: "2", ...attributes }) : make("input", { type: "text", ...attributes });
  return { element, read: () => element.value, show: (value) => { element.value = value ?? ""; } };
}

// Octets as text, as text with JSON escapes (for what a text area cannot keep: CR, NUL), or as base64.
function octets() {
  const area = make("textarea", { rows: "3", ...quiet });
  const coding = make("select", { "aria-label": "how the octets are written" }, make("option", { value: "text" }, "text"), make("option", { value: "escapes" }, "with \\r \\n \\u0000"), make("option", { value: "base64" }, "base64"));
  return {
    element: make("div", { class: "octets" }, area, coding),
    labelled: area,
    read() {
      if (coding.value === "base64") return { base64: area.value.trim() };
      if (coding.value === "text") return area.value;
      try {
        return JSON.parse(`"${area.value.replace(/\\.|["\n]/gs, (each) => ({ '"': '\\"', "\n": "\\n" })[each] ?? each)}"`);
      } catch {
        throw new Mistake("Expected JSON escapes only, such as \\r \\n \\t \\\\ \\u0000.");
      }
    },
    show(value) {
      if (value !== null && typeof value === "object") {
        coding.value = "base64";
        area.value = value.base64;
      } else if (/[^\P{C}\n\t]/u.test(value ?? "")) {
        coding.value = "escapes";
        area.value = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"');
      } else {
        coding.value = "text";
        area.value = value ?? "";
      }
    },
  };
}

function several(schema) {
  const boxes = schema.items.enum.map((value) => [value, make("input", { type: "checkbox" })]);
  return {
    element: make("div", { class: "several", role: "group" }, ...boxes.map(([value, each]) => make("label", { class: "choice" }, each, ` ${value}`))),
    labelled: null,
    read: () => boxes.filter(([, each]) => each.checked).map(([value]) => value),
    show(value) { for (const [name, each] of boxes) each.checked = Boolean(value?.includes(name)); },
  };
}

// Public keys: PEM texts, one after the other, or JSON: one JWK, a list of JWKs, or a JWK Set.
function keys() {
  const element = make("textarea", { rows: "4", placeholder: "PEM, or a JWK as JSON", ...quiet });
  return {
    element,
    read() {
      const written = element.value.trim();
      if (!written) return [];
      if (written.startsWith("-----")) return written.match(/-----BEGIN[\s\S]+?-----END[^-]*-----/g) ?? [written];
      try {
        const found = JSON.parse(written);
        return [found?.keys ?? found].flat();
      } catch (error) {
        throw new Mistake(`Expected PEM or a JWK as JSON: ${error.message}`);
      }
    },
    show(value) { element.value = (value ?? []).map((each) => (typeof each === "string" ? each : JSON.stringify(each, null, 1))).join("\n"); },
  };
}

// A list of names, one on each line. Without any name the value is null, if the schema allows null.
function lines(schema) {
  const element = make("textarea", { rows: "2", placeholder: "one on each line", ...quiet });
  return {
    element,
    read() {
      const found = element.value.split("\n").map((each) => each.trim()).filter(Boolean);
      return found.length || !kindsOf(schema).includes("null") ? found : null;
    },
    show(value) { element.value = (value ?? []).join("\n"); },
  };
}

// Any other schema: JSON, or plain text if the schema allows a string. The hint shows how the text is understood.
function anything(schema, { required }) {
  const kinds = kindsOf(schema);
  const allowed = (value) => kinds === null || kinds.includes(kindOf(value)) || (kindOf(value) === "integer" && kinds.includes("number"));
  const long = kinds?.includes("object") || kinds?.includes("array");
  const hint = make("span", { class: "hint" });
  const element = make(long ? "textarea" : "input", { rows: long ? "2" : null, type: long ? null : "text", ...quiet });

  function understood() {
    if (element.value.trim() === "") {
      if (allowed(null) && (kinds !== null || required)) return null;
      if (required && allowed("")) return "";
      return undefined;
    }
    let value;
    try {
      value = JSON.parse(element.value);
      if (allowed(value)) return value;
    } catch (error) {
      if (!allowed("")) throw new Mistake(`Expected JSON: ${error.message}`);
    }
    if (allowed("")) return element.value;
    throw new Mistake(`Expected ${kinds.join(" or ")}, got ${kindOf(value)}.`);
  }

  function showHint() {
    try {
      const value = understood();
      const kind = { integer: "number ", null: "" }[kindOf(value)] ?? `${kindOf(value)} `;
      hint.textContent = value === undefined ? "left out" : `${kind}${JSON.stringify(value).slice(0, 60)}`;
    } catch (error) {
      hint.textContent = error.message;
    }
  }
  element.addEventListener("input", showHint);
  return {
    element,
    hint,
    read: understood,
    show(value) {
      const ambiguous = typeof value === "string" && (() => { try { JSON.parse(value); return true; } catch { return value.trim() === ""; } })();
      const bare = typeof value === "string" && !ambiguous && !/\p{C}/u.test(value);
      element.value = value === undefined || (value === null && kinds !== null) ? "" : bare ? value : JSON.stringify(value);
      showHint();
    },
  };
}

function control(schema, options) {
  const kinds = kindsOf(schema);
  if (schema.enum && !kinds?.includes("null")) return choice(schema, options);
  if (isOctets(schema)) return octets();
  if (kinds?.length === 1) {
    if (kinds[0] === "boolean") return box();
    if (kinds[0] === "integer" || kinds[0] === "number") return number(schema, options);
    if (kinds[0] === "string") return text(schema, options);
  }
  if (kinds?.includes("array") && schema.items?.enum) return several(schema);
  if (kinds?.includes("array") && schema.items?.oneOf?.some((each) => each.description === "PEM")) return keys();
  if (kinds?.includes("array") && schema.items?.type === "string") return lines(schema);
  return anything(schema, options);
}

// Returns { element, isEmpty, read(), show(document), showError(member, words) } for an object's schema. read() returns
// the document, or shows what is wrong and returns null. showError() returns whether the form has the member.
export function schemaForm(schema) {
  const required = new Set(schema.required ?? []);
  const fields = new Map();
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    if ("const" in member) continue;
    const made = control(member, { name, required: required.has(name) });
    const labelled = "labelled" in made ? made.labelled : made.element;
    const wrong = make("span", { class: "bad", id: newId("wrong"), hidden: true });
    const about = make("span", { class: "about", id: newId("about") }, member.description ?? "");
    if (labelled) {
      labelled.id ||= newId("field");
      labelled.name = name;
      labelled.setAttribute("aria-describedby", `${about.id} ${wrong.id}`);
    } else {
      made.element.setAttribute("aria-label", name);
    }
    const caption = labelled ? make("label", { for: labelled.id }, name) : make("span", { class: "caption" }, name);
    if (required.has(name)) caption.append(make("span", { class: "required", title: "required" }, " *"));
    const inline = labelled?.type === "checkbox";
    const element = make("div", { class: inline ? "field inline" : "field" }, ...(inline ? [made.element, caption] : [caption, made.element]), made.hint, about, wrong);
    fields.set(name, { ...made, labelled, wrong, element, member, optional: !required.has(name) });
  }
  const element = make("div", { class: "fields" }, ...[...fields.values()].map((field) => field.element));

  const form = {
    element,
    isEmpty: fields.size === 0,
    show(document) {
      for (const [name, field] of fields) {
        form.showError(name, "");
        // A default of null means the same as a missing member.
        const value = document && name in document ? document[name] : field.member.default ?? undefined;
        field.show(value);
      }
    },
    showError(name, words) {
      const field = fields.get(name);
      if (!field) return false;
      field.wrong.textContent = words;
      field.wrong.hidden = !words;
      field.labelled?.setAttribute("aria-invalid", String(Boolean(words)));
      if (words) (field.labelled ?? field.element).focus?.();
      return true;
    },
    read() {
      const document = {};
      let valid = true;
      for (const [name, field] of fields) {
        try {
          const value = field.read();
          form.showError(name, "");
          if (value === undefined && !field.optional) throw new Mistake("This member is required.");
          if (value !== undefined && !(field.optional && value === "" && field.member.minLength > 0)) document[name] = value;
        } catch (error) {
          if (!(error instanceof Mistake)) throw error;
          form.showError(name, error.message);
          valid = false;
        }
      }
      return valid ? document : null;
    },
  };
  form.show({});
  return form;
}

// Reads the form and passes the document to `send`. An error of the server is shown next to the member that it is about,
// or else in the element `message`.
export async function submitForm(form, message, send) {
  message.className = "message";
  message.textContent = "";
  const document = form.read();
  if (!document) return;
  try {
    await send(document);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const member = /^\/([^/]+)/.exec(error.member ?? "")?.[1] ?? /^fault \w+: (\w+)\b/.exec(error.message)?.[1];
    if (member !== undefined && form.showError(member, error.message)) return;
    message.classList.add("bad");
    message.textContent = error.message;
  }
}
