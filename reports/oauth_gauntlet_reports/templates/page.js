// Shared by all pages: the theme and the copy buttons. Reads the page and adds no markup.
"use strict";

async function copyText(text, button) {
  const before = button.textContent;
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "unseen";
    document.body.append(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.textContent = done ? "Copied" : "Cannot copy";
  setTimeout(() => { button.textContent = before; }, 1500);
}

(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".copy");
    if (button) copyText(button.parentElement.querySelector("code").textContent, button);
  });

  const themes = ["system", "light", "dark"];
  const toggle = document.getElementById("theme");
  function theme(name) {
    if (name === "system") {
      delete root.dataset.theme;
    } else {
      root.dataset.theme = name;
    }
    toggle.textContent = `Theme: ${name}`;
  }
  let chosen = "system";
  try {
    const kept = localStorage.getItem("oauth-gauntlet-theme");
    if (themes.includes(kept)) chosen = kept;
  } catch { /* A page from a file, or in a strict browser, may have no storage. */ }
  theme(chosen);
  toggle.addEventListener("click", () => {
    chosen = themes[(themes.indexOf(chosen) + 1) % themes.length];
    theme(chosen);
    try {
      localStorage.setItem("oauth-gauntlet-theme", chosen);
    } catch { /* Without storage, the choice lasts as long as the page. */ }
  });
})();
