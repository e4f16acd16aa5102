// The tabs and filters of the matrix. Reads the page and adds no markup. Comes after page.js and view.js.
(() => {
  "use strict";

  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const nothing = document.getElementById("nothing");
  const more = document.getElementById("more");
  const mostShared = 12;
  const red = ["violation", "hazard"];
  const fields = ["q", "client", "category", "language"];
  const facets = ["verdict", "level"];
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const tabs = all("input[name=language]");
  const boxes = Object.fromEntries(facets.map((name) => [name, all(`input[name=${name}]`, form)]));
  const usual = boxes.verdict.filter((box) => "default" in box.dataset).map((box) => box.value);
  const rows = all("#matrix tbody tr");
  const entry = (element, place) => ({
    element,
    place,
    counts: all(".count", element),
    text: all("summary .name, summary .platform-name", element).map((part) => part.textContent.toLowerCase()).join(" "),
    clients: all("ul > li", element),
  });
  const shared = all("#shared > li").map(entry);
  const platforms = document.getElementById("platforms");
  const ofPlatforms = platforms ? all("ol > li", platforms).map(entry) : [];
  const clients = all("section.client").map((element) => ({
    element,
    categories: all(":scope > .category", element).map((category) => ({
      element: category,
      finds: all(":scope > .find", category).map((find) => ({ element: find, text: null })),
    })),
  }));
  let allShared = false;

  const usualOf = (name) => (name === "verdict" ? usual : []);

  function usualState() {
    return { q: "", client: "", category: "", language: "", verdict: usual, level: [] };
  }

  function stateOfForm() {
    const state = Object.fromEntries(fields.map((name) => [name, form.elements[name].value]));
    for (const name of facets) state[name] = boxes[name].filter((box) => box.checked).map((box) => box.value);
    return state;
  }

  function stateToForm(state) {
    for (const name of ["q", "client", "category"]) form.elements[name].value = state[name];
    for (const name of ["client", "category"]) {
      if (form.elements[name].selectedIndex < 0) form.elements[name].value = "";
    }
    (tabs.find((tab) => tab.value === state.language) ?? tabs[0]).checked = true;
    for (const name of facets) {
      for (const box of boxes[name]) box.checked = state[name].includes(box.value);
    }
  }

  function stateOfUrl() {
    const state = usualState();
    const given = new URLSearchParams(location.hash.slice(1));
    for (const name of fields) state[name] = given.get(name) || "";
    for (const name of facets) {
      const value = given.get(name);
      if (value !== null) state[name] = value === "all" ? [] : value.split(" ");
    }
    return { state, open: given.get("open") || "" };
  }

  function urlOfState(state) {
    const given = new URLSearchParams();
    for (const name of fields) {
      if (state[name]) given.set(name, state[name]);
    }
    for (const name of facets) {
      if (!sameValues(state[name], usualOf(name))) given.set(name, state[name].length ? state[name].join(" ") : "all");
    }
    return String(given);
  }

  const fits = (chosen, value) => !chosen.length || chosen.includes(value);
  const ofClient = (state, { client, language }) =>
    (!state.client || client === state.client) && (!state.language || language === state.language);

  // Hides the clients of an entry that the filters exclude, and returns the others.
  function visibleClients(each, state, sought) {
    const { level, category } = each.element.dataset;
    const matches =
      fits(state.level, level) && (!state.category || category === state.category) && sought.every((word) => each.text.includes(word));
    for (const client of each.clients) {
      const { verdict } = client.dataset;
      client.hidden = !(matches && ofClient({ ...state, client: "" }, client.dataset) && fits(state.verdict, verdict));
    }
    return each.clients.filter((client) => !client.hidden);
  }

  // Clients of one platform count as one where it decides the requirement.
  const unit = ({ dataset }) => (dataset.platform ? `platform ${dataset.platform}` : `client ${dataset.client}`);
  const counted = (clients) => new Set(clients.map(unit)).size;

  function applyToPlatforms(state, sought) {
    let rows = 0;
    for (const each of ofPlatforms) {
      const number = visibleClients(each, state, sought).length;
      each.counts[0].textContent = plural(number, "client");
      each.element.hidden = !number;
      rows += number > 0;
    }
    if (platforms) platforms.hidden = !rows;
  }

  function applyToShared(state, sought) {
    for (const each of shared) {
      const visible = visibleClients(each, state, sought);
      each.number = counted(visible);
      each.failing = counted(visible.filter((client) => red.includes(client.dataset.verdict)));
      [each.failing, each.number - each.failing].forEach((number, place) => {
        each.counts[place].textContent = number;
        each.counts[place].parentElement.hidden = !number;
      });
    }
    shared.sort((one, other) => other.failing - one.failing || other.number - one.number || one.place - other.place);
    const list = document.getElementById("shared");
    let count = 0;
    for (const each of shared) {
      each.element.hidden = !each.number || (!allShared && count >= mostShared);
      count += each.number > 0;
      list.append(each.element);
    }
    if (more) {
      more.hidden = count <= mostShared;
      more.textContent = allShared ? `Show the first ${mostShared}` : `Show all ${count}`;
    }
  }

  function applyToFindings(state, sought) {
    const requirements = new Set();
    let having = 0;
    let count = 0;
    for (const client of clients) {
      const wanted = ofClient(state, client.element.dataset);
      let inClient = 0;
      for (const category of client.categories) {
        const here = wanted && (!state.category || category.element.dataset.category === state.category);
        let inCategory = 0;
        for (const each of category.finds) {
          const { verdict, level, id } = each.element.dataset;
          const visible = here && fits(state.verdict, verdict) && fits(state.level, level) && matches(each, sought);
          each.element.hidden = !visible;
          inCategory += visible;
          if (visible && id) {
            requirements.add(id);
            count += 1;
          }
        }
        category.element.hidden = !inCategory;
        inClient += inCategory;
      }
      client.element.hidden = !inClient;
      having += inClient > 0;
    }
    shown.textContent = `${plural(having, "client")}, ${plural(requirements.size, "requirement")}, ${plural(count, "finding")} shown`;
    nothing.hidden = having > 0;
  }

  function matches(each, sought) {
    if (!sought.length) return true;
    each.text ??= each.element.textContent.toLowerCase();
    return sought.every((word) => each.text.includes(word));
  }

  function apply() {
    const state = stateOfForm();
    const sought = searchedWords(state.q);
    for (const row of rows) row.hidden = !ofClient({ ...state, client: "" }, row.dataset);
    applyToShared(state, sought);
    applyToPlatforms(state, sought);
    applyToFindings(state, sought);
    return state;
  }

  function remember() {
    replaceFragment(urlOfState(apply()));
  }

  function reset() {
    stateToForm(usualState());
    remember();
  }

  function fromUrl() {
    const { state, open } = stateOfUrl();
    if (location.hash && !location.hash.includes("=")) return;
    stateToForm(state);
    apply();
    const client = clients.map((each) => each.element).find((each) => each.dataset.client === state.client);
    if (!client) return;
    const finds = all(".find[data-id]", client);
    const target = open ? finds.find((each) => each.dataset.id === open) : null;
    if (target) {
      target.open = true;
      target.querySelector("summary").focus({ preventScroll: true });
      target.scrollIntoView({ block: "start" });
      return;
    }
    client.querySelector("h3").focus({ preventScroll: true });
    client.scrollIntoView({ block: "start" });
  }

  // The tabs belong to the form but are not inside it.
  document.addEventListener("input", (event) => {
    if (event.target.form === form) remember();
  });
  more?.addEventListener("click", () => {
    allShared = !allShared;
    apply();
  });
  connectFilters(form, { reset, fragment: () => urlOfState(stateOfForm()), fromUrl });

  stateToForm(usualState());
  fromUrl();
})();
