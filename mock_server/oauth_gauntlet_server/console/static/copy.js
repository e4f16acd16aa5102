// Copying to the clipboard, and saying on the button that it is done.

export async function copyText(text, button) {
  const before = button.dataset.before ?? button.textContent;
  button.dataset.before = before;
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without https and beyond loopback there is no clipboard of its own.
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
