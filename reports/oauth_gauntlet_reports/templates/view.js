// The parts that all pages with filters share: the view is kept in the URL's fragment. Comes after page.js.

function plural(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function sameValues(one, other) {
  return one.length === other.length && one.every((value) => other.includes(value));
}

function searchedWords(query) {
  return query.toLowerCase().split(/\s+/).filter(Boolean);
}

function replaceFragment(fragment) {
  history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
}

// Connects the form, the buttons "Reset", "Reset the filters" and "Copy link to this view", the key "/" and links within the page.
// `reset` sets the default filters; `fragment` returns the view as a fragment; `fromUrl` shows the view that the URL describes.
function connectFilters(form, { reset, fragment, fromUrl }) {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    reset();
  });
  document.getElementById("widen").addEventListener("click", () => {
    reset();
    form.elements.q.focus();
  });
  document.getElementById("share").addEventListener("click", (event) => {
    const view = fragment();
    copyText(location.href.split("#")[0] + (view ? `#${view}` : ""), event.currentTarget);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    // A second click on the same link does not change the fragment, so there is no hashchange event.
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
}
