// Light or dark as chosen on the live page, or as the system is set.
const system = matchMedia("(prefers-color-scheme: dark)");
function coxaTheme(turn) {
  const chosen = localStorage.getItem("coxa-theme");
  let dark = chosen ? chosen === "dark" : system.matches;
  if (turn) localStorage.setItem("coxa-theme", (dark = !dark) ? "dark" : "light");
  if (window.Quasar) Quasar.Dark.set(dark);
  else setTimeout(coxaTheme, 20); // until NiceGUI has set itself up
}
system.addEventListener("change", () => coxaTheme());
addEventListener("load", () => coxaTheme());
