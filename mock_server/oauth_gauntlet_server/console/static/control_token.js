// Asking for the control token, which a server beyond loopback wants; it is kept in this tab only.

import { keepToken, onTokenWanted } from "./api.js";
import { byId } from "./dom.js";

const dialog = byId("token-dialog");
const form = byId("token-form");

onTokenWanted((refused) => new Promise((resolve) => {
  byId("token-refused").hidden = !refused;
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
