// Copies text to the clipboard, and shows on the button that it is done.

import { make } from "./dom.js";

// Returns a small button that copies `text`. `label` is its accessible name, if the caption is not enough.
export function copyButton(text, caption, label = null) {
  const button = make("button", { type: "button", class: "small", "aria-label": label }, caption);
  button.addEventListener("click", () => copyText(text, button));
  return button;
}

export async function copyText(text, button) {
  const before = button.dataset.before ?? button.textContent;
  button.dataset.before = before;
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Browsers offer navigator.clipboard to https and loopback pages only.
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "unseen";
    (button.closest("dialog") ?? document.body).append(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.textContent = done ? "Copied" : "Cannot copy";
  setTimeout(() => { button.textContent = before; }, 1500);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button.copy");
  if (button) copyText(document.getElementById(button.dataset.copy).textContent, button);
});
