/** Puts the invitation, which stands behind the address's "#", into the form; kept in the tab for a second try. */
const field = document.querySelector("[name=invitation]");
if (location.hash.length > 1) sessionStorage.setItem("everhost_invitation", location.hash.slice(1));
field.value = sessionStorage.getItem("everhost_invitation") ?? "";
if (location.hash) history.replaceState(null, "", location.pathname);
