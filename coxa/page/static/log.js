// Light or dark as chosen on the live page, or as the system is set.
const system = matchMedia("(prefers-color-scheme: dark)");
let coxaChosen = null; // where the browser keeps nothing it holds for this page
try {
  coxaChosen = localStorage.getItem("coxa-theme");
} catch {}
function coxaTheme(turn) {
  let dark = coxaChosen ? coxaChosen === "dark" : system.matches;
  if (turn) {
    coxaChosen = (dark = !dark) ? "dark" : "light";
    try {
      localStorage.setItem("coxa-theme", coxaChosen);
    } catch {}
  }
  if (window.Quasar) Quasar.Dark.set(dark);
  else setTimeout(coxaTheme, 20); // until NiceGUI has set itself up
}
system.addEventListener("change", () => coxaTheme());
addEventListener("load", () => coxaTheme());
