// Asks the user for the control token, which a server requires if it is reachable from other machines.
// The token is stored for this tab only.

import { keepToken, onTokenRequired } from "./api.js";
import { byId } from "./dom.js";

const dialog = byId("token-dialog");
const form = byId("token-form");

onTokenRequired((rejected) => new Promise((resolve) => {
  byId("token-rejected").hidden = !rejected;
  form.reset();
  dialog.showModal();
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const token = form.elements.token.value.trim();
    form.reset();
    keepToken(token);
    dialog.close();
    resolve(token);
  }, { once: true });
}));
