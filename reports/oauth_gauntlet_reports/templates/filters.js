// The filters of a report; "Open all" and "Close all". Reads the page and adds no markup. Comes after page.js and view.js.
(() => {
  "use strict";

  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const nothing = document.getElementById("nothing");
  const facets = ["verdict", "level", "grant"];
  const boxes = Object.fromEntries(facets.map((name) => [name, [...form.querySelectorAll(`input[name=${name}]`)]]));
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
  // Without findings, no verdict is selected and the page shows all results.
  const usual = boxes.verdict.filter((box) => "default" in box.dataset).map((box) => box.value);
  let here = "";

  function usualState() {
    return { q: "", category: "", verdict: usual, level: [], grant: [] };
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
      if (!sameValues(state[name], name === "verdict" ? usual : [])) {
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
    const words = searchedWords(state.q);
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
    replaceFragment(urlOfState(apply(), open));
  }

  function reset() {
    stateToForm(usualState());
    remember("");
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
    // A link to an element of the page does not change the filters, unless they hide the element.
    if (location.hash.includes("=") || !location.hash) stateToForm(state);
    apply();
    here = open;
    if (open) {
      show(open);
    } else if (location.hash) {
      document.getElementById("findings").scrollIntoView({ block: "start" });
    }
  }

  form.addEventListener("input", () => remember(""));
  document.getElementById("open").addEventListener("click", () => visibleDetails().forEach((each) => { each.open = true; }));
  document.getElementById("close").addEventListener("click", () => visibleDetails().forEach((each) => { each.open = false; }));
  connectFilters(form, { reset, fragment: () => urlOfState(stateOfForm(), here), fromUrl });

  stateToForm(usualState());
  fromUrl();
})();
