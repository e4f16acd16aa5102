// The theme: the system's, or light or dark as the user chose.

const KEY = "oauth-gauntlet-theme";
const THEMES = ["system", "light", "dark"];
const toggle = document.getElementById("theme");
let chosen = "system";

function show() {
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  document.getElementById("theme-name").textContent = toggle.title = `Theme: ${chosen}`;
}

try {
  const kept = localStorage.getItem(KEY);
  if (THEMES.includes(kept)) chosen = kept;
} catch { /* The browser forbids storage: the choice lasts as long as the page. */ }

toggle.addEventListener("click", () => {
  chosen = THEMES[(THEMES.indexOf(chosen) + 1) % THEMES.length];
  show();
  try {
    localStorage.setItem(KEY, chosen);
  } catch { /* As above. */ }
});

show();
