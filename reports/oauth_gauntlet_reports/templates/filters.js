// Filters, kept in the URL's fragment; opening and closing. Reads the page, adds no markup to it. Comes after page.js.
(() => {
  "use strict";

  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const nothing = document.getElementById("nothing");
  const facets = ["verdict", "level", "grant"];
  const boxes = Object.fromEntries(facets.map((name) => [name, [...form.querySelectorAll(`input[name=${name}]`)]]));
  const usual = boxes.verdict.filter((box) => "default" in box.dataset).map((box) => box.value);
  const causes = [...document.querySelectorAll("#causes > .cause")].map((element) => ({
    element,
    level: element.dataset.level,
    category: element.dataset.category,
    head: null,
    rows: [...element.querySelectorAll(":scope > .scenarios > li")].map((row) => ({
      row,
      verdict: row.dataset.verdict,
      grant: row.dataset.grant,
      text: null,
    })),
  }));
  const total = causes.reduce((sum, cause) => sum + cause.rows.length, 0);
  // A run without findings would otherwise begin with an empty page.
  const start = usual.length ? usual : [];
  let here = "";

  const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const same = (one, other) => one.length === other.length && one.every((value) => other.includes(value));

  function usualState() {
    return { q: "", category: "", verdict: start, level: [], grant: [] };
  }

  function stateOfForm() {
    const state = { q: form.elements.q.value, category: form.elements.category.value };
    for (const name of facets) {
      state[name] = boxes[name].filter((box) => box.checked).map((box) => box.value);
    }
    return state;
  }

  function stateToForm(state) {
    form.elements.q.value = state.q;
    form.elements.category.value = state.category;
    if (form.elements.category.selectedIndex < 0) {
      form.elements.category.value = "";
    }
    for (const name of facets) {
      for (const box of boxes[name]) {
        box.checked = state[name].includes(box.value);
      }
    }
  }

  function stateOfUrl() {
    const state = usualState();
    const fragment = location.hash.slice(1);
    let open = "";
    if (fragment.includes("=")) {
      const words = new URLSearchParams(fragment);
      state.q = words.get("q") || "";
      state.category = words.get("category") || "";
      for (const name of facets) {
        const value = words.get(name);
        if (value !== null) {
          state[name] = value === "all" ? [] : value.split(" ");
        }
      }
      open = words.get("open") || "";
    } else if (fragment) {
      try {
        open = decodeURIComponent(fragment);
      } catch {
        open = "";
      }
    }
    return { state, open };
  }

  function urlOfState(state, open) {
    const words = new URLSearchParams();
    if (state.q) words.set("q", state.q);
    if (state.category) words.set("category", state.category);
    for (const name of facets) {
      if (!same(state[name], name === "verdict" ? start : [])) {
        words.set(name, state[name].length ? state[name].join(" ") : "all");
      }
    }
    if (open) words.set("open", open);
    return String(words);
  }

  function matches(cause, each, words) {
    if (!words.length) return true;
    cause.head ??= [".tags", "h3", ".meta", ":scope > .reason"]
      .map((selector) => cause.element.querySelector(selector)?.textContent ?? "")
      .join(" ")
      .toLowerCase();
    each.text ??= `${each.row.dataset.grant} ${each.row.textContent}`.toLowerCase();
    return words.every((word) => cause.head.includes(word) || each.text.includes(word));
  }

  function apply() {
    const state = stateOfForm();
    const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    let rows = 0;
    let requirements = 0;
    for (const cause of causes) {
      const fits =
        (!state.category || cause.category === state.category) && (!state.level.length || state.level.includes(cause.level));
      let count = 0;
      for (const each of cause.rows) {
        const visible =
          fits &&
          (!state.verdict.length || state.verdict.includes(each.verdict)) &&
          (!state.grant.length || state.grant.includes(each.grant)) &&
          matches(cause, each, words);
        each.row.hidden = !visible;
        count += visible;
      }
      cause.element.hidden = !count;
      rows += count;
      requirements += count > 0;
    }
    shown.textContent = `${plural(requirements, "requirement")}, ${rows} of ${plural(total, "scenario")} shown`;
    nothing.hidden = rows > 0;
    return state;
  }

  function remember(open) {
    const fragment = urlOfState(apply(), open);
    history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
  }

  function visibleDetails() {
    return causes
      .filter((cause) => !cause.element.hidden)
      .flatMap((cause) => cause.rows.filter((each) => !each.row.hidden))
      .map((each) => each.row.querySelector("details"))
      .filter(Boolean);
  }

  function show(id) {
    document.querySelector(".cause.here")?.classList.remove("here");
    const target = id ? document.getElementById(id) : null;
    if (!target) return;
    if (target.classList.contains("cause")) {
      if (target.hidden) {
        stateToForm({ ...usualState(), verdict: [] });
        remember(id);
      }
      target.classList.add("here");
      const first = target.querySelector(".scenarios > li:not([hidden]) > details");
      if (first) first.open = true;
      target.querySelector("h3").focus({ preventScroll: true });
    }
    target.scrollIntoView({ block: "start" });
  }

  function fromUrl() {
    const { state, open } = stateOfUrl();
    // A link to a place in the page leaves the filters alone, unless they hide it.
    if (location.hash.includes("=") || !location.hash) stateToForm(state);
    apply();
    here = open;
    if (open) {
      show(open);
    } else if (location.hash) {
      document.getElementById("findings").scrollIntoView({ block: "start" });
    }
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => remember(""));
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    stateToForm(usualState());
    remember("");
  });
  document.getElementById("widen").addEventListener("click", () => {
    stateToForm(usualState());
    remember("");
    form.elements.q.focus();
  });
  document.getElementById("open").addEventListener("click", () => visibleDetails().forEach((each) => { each.open = true; }));
  document.getElementById("close").addEventListener("click", () => visibleDetails().forEach((each) => { each.open = false; }));
  document.getElementById("share").addEventListener("click", (event) => {
    const fragment = urlOfState(stateOfForm(), here);
    copyText(location.href.split("#")[0] + (fragment ? `#${fragment}` : ""), event.currentTarget);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    // The same link twice changes no fragment, so that no event would tell.
    if (link && link.getAttribute("href") === location.hash) fromUrl();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      form.elements.q.focus();
    }
  });
  window.addEventListener("hashchange", fromUrl);

  stateToForm(usualState());
  fromUrl();
})();
